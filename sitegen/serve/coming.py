"""What a preview does not have yet: made when it is asked for, or in its turn, by the maker of its build.

Requests and the build take turns. A file that cannot be made shows that the build is no good: whoever asked
for it waits for the preview that follows.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen.errors import BuildError, Problem, Stopped
from sitegen.model import Artifact, Asset, Page, Planned
from sitegen.serve.made import Made
from sitegen.serve.store import Store

if TYPE_CHECKING:
    from sitegen.makers import Maker


class Unmade(Exception):
    """A file of a preview cannot be made."""


class Coming:
    """The files that a build has yet to make, and why some cannot be made."""

    def __init__(self, left: Iterable[Planned], make: Maker, made: Made, store: Store) -> None:
        """Make what is `left`; what is made goes into `made`."""
        self._left = {planned.path: planned for planned in left}
        self._turns = iter(tuple(self._left))
        self._failed: set[str] = set()
        self._make, self._made, self._store = make, made, store
        self._stopped = Stopped()
        self._lock = threading.Lock()

    @property
    def left(self) -> tuple[str, ...]:
        """The files that are yet to be made."""
        return tuple(self._left)

    @property
    def is_over(self) -> bool:
        """Whether all is made, or so much cannot be made that the rest need not be tried."""
        return not self._left or self._stopped.is_plain

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why some files cannot be made, as far as they were tried."""
        return self._stopped.problems

    def digest(self, path: str) -> str:
        """Return the hash of a file's content, which is made now if it has to be; raise `Unmade`."""
        self.make(path)
        if path in self._failed:
            raise Unmade
        return self._made.files[path]

    def make(self, path: str) -> None:
        """Make a file, if nobody has."""
        with self._lock:
            if planned := self._left.pop(path, None):
                self._try(planned)

    def make_next(self) -> None:
        """Make the next file in its turn."""
        for path in self._turns:
            if path in self._left:
                return self.make(path)
        return None

    def first(self) -> Iterator[str]:
        """Yield what shows soonest whether the build is good: assets, and one page of each template."""
        templates: set[str] = set()
        for planned in tuple(self._left.values()):
            target = planned.target
            if isinstance(target, Page) and target.template not in templates:
                templates.add(target.template)
                yield planned.path
            elif isinstance(target, Asset):
                yield planned.path

    def _try(self, planned: Planned) -> None:
        try:
            made = self._make(planned.target)
            if isinstance(made, Artifact):
                self._made.add(replace(made, fingerprint=planned.fingerprint), self._store)
                return
            problems = made.problems
        except Exception as error:
            problems = errors_of(error)
            if isinstance(error, OSError):
                self._failed |= self._left.keys()  # it is the same for all others
                self._left.clear()
        self._failed.add(planned.path)
        self._stopped.add(problems, getattr(planned.target, "url", planned.path))


def errors_of(error: Exception) -> tuple[Problem, ...]:
    """Return what has to be mended first; a mistake of ours is a problem too, and the server outlives it."""
    match error:
        case BuildError():
            first = tuple(problem for problem in error.problems if problem.severity == "error")
            return first or error.problems
        case OSError():
            message = f"the preview cannot be kept here: {(error.strerror or str(error)).lower()}."
            return (Problem(str(Path(error.filename or ".").parent), 0, message),)
        case _:
            message = f"this is a mistake in sitegen itself: {type(error).__name__}: {error}"
            trace = "".join(traceback.format_exception(error))
            return (Problem("sitegen", 0, message, trace),)
