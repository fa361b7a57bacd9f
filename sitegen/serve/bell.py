"""A bell that rings when a file that a build reads may have changed.

File events only ring it: they come for reads too, come eightfold, come late, and get lost in bursts. What
changed is decided by looking; who waits for the bell looks now and then without it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.serve import rules
from sitegen.serve.sight import TEMPLATES, Sight, folders
from sitegen.sources import CONTENT

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

_CHANGES = {"created", "modified", "moved", "deleted", "closed"}
"""The kinds of events that are no reads."""

_IN_THE_ROOT = {CONTENT, TEMPLATES, rules.PATH}

Place = tuple[str, bool, int]
"""A folder, whether those below it count, and its number on the disk, which a new one of its name lacks."""


class Bell:
    """Rings for file events, and when somebody rings it."""

    def __init__(self, root: Path, *, poll: bool) -> None:
        self._root = root
        self._rung = threading.Event()
        self._watches: dict[Place, Any] = {}
        self._observer = None if poll else _start_observer()

    @property
    def hears_files(self) -> bool:
        """Whether file events ring it."""
        return self._observer is not None

    def ring(self) -> None:
        """Wake who waits, or who will."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Return when it rings, or after some seconds; tell whether it rang since this was asked last."""
        rang = self._rung.wait(seconds)
        self._rung.clear()
        return rang

    def listen(self, sight: Sight) -> None:
        """Listen to the folders that hold these files, those that links lead to as well."""
        if self._observer is None:
            return
        wanted = set(self._places(sight))
        try:
            for place in self._watches.keys() - wanted:
                self._observer.unschedule(self._watches.pop(place))
            for place in sorted(wanted - self._watches.keys()):
                path, recursive, _ = place
                self._watches[place] = self._observer.schedule(self, path, recursive=recursive)
        except OSError:  # the system has no more watches: from now on there is only looking
            self.close()

    def dispatch(self, event: FileSystemEvent) -> None:
        """Ring for an event that may be a change; watchdog calls this, on a thread of its own."""
        if event.event_type not in _CHANGES:
            return
        paths = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if any(self._counts(path) for path in paths):
            self.ring()

    def close(self) -> None:
        """Stop listening to files."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def _counts(self, path: str) -> bool:
        """Tell whether a path can be one that a build reads; a root holds others, such as the output."""
        folder, name = os.path.split(path)
        return Path(folder) != self._root or name in _IN_THE_ROOT

    def _places(self, sight: Sight) -> Iterator[Place]:
        """Yield the folders to listen to."""
        above = [os.path.realpath(folder) for _, folder in folders(self._root)]
        yield from _place(str(self._root), recursive=False)
        for path in above:
            yield from _place(path, recursive=True)
        parents = {os.path.realpath(self._root / name) for name in {os.path.dirname(name) for name in sight}}
        parents |= {os.path.dirname(seen.target) for seen in sight.values() if seen.target}
        for path in parents - {str(self._root)}:
            if not any(path == folder or path.startswith(folder + os.sep) for folder in above):
                yield from _place(path, recursive=False)


def _place(path: str, *, recursive: bool) -> Iterator[Place]:
    try:
        yield path, recursive, os.stat(path).st_ino
    except OSError:
        return


def _start_observer() -> Any:
    """Return watchdog's observer, or nothing where the system has none left."""
    from watchdog.observers import Observer

    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    logging.getLogger("watchdog").propagate = False
    observer = Observer()
    try:
        observer.start()
    except OSError:
        return None
    return observer
