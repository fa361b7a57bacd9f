"""The work of a preview: build, show, wait for a change, and again.

A build is shown when nothing changed from before it began until it was quiet again: a file that was half
written, or a checkout half done, is never seen. What is shown is always one whole build: the last good one.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sitegen.build import Track, build
from sitegen.config import Surroundings, load_config
from sitegen.errors import BuildError, Problem
from sitegen.manifest import read_manifest
from sitegen.model import Artifact
from sitegen.serve.bell import Bell
from sitegen.serve.excerpts import show
from sitegen.serve.preview import Preview
from sitegen.serve.rules import read_redirects, read_rules
from sitegen.serve.searching import Searching
from sitegen.serve.server import PreviewServer
from sitegen.serve.sight import Sight, changed, look

_QUIET = 0.05
"""Seconds for which nothing may have changed before a build is shown."""
_SETTLE = 0.01
"""Seconds before a build is begun: most programs have saved a file by then."""
_SLOW = 0.5
"""Seconds from which on a build is not begun before it is quiet."""
_GLANCE, _POLL = 1.0, 0.25
"""Seconds between looks when nothing rings: with file events, and without."""
_COST = 20
"""A look that takes long is taken more rarely: at most each 20th second is spent looking."""
_REDIRECTS = "_redirects"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a preview is to be served."""

    port: int | None = None
    is_open: bool = False
    """Whether other machines may see it."""
    watch: bool = True
    poll: bool = False
    """Whether to look now and then only, for drives that tell nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one build came to."""

    preview: Preview
    changed: tuple[str, ...]
    """The files that made it necessary, as the author names them; none at first."""
    pages: int
    """How many pages are other than before, new or gone."""
    seconds: float
    problems: tuple[Problem, ...]
    """Why there is nothing new to see; empty for a build that is shown."""
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Hooks:
    """Whom a preview tells what."""

    ready: Callable[[str], None]
    """Gets the address when the first build has been made."""
    built: Callable[[Result], None]
    track: Track
    """The artifacts of the first build pass through it."""
    waiting: Callable[[str], None]
    """Gets a sentence when another build has to be waited for."""
    troubled: Callable[[tuple[Problem, ...]], None]
    """Gets what is wrong with something that the preview does beside its pages; on a thread of its own."""


class _Overtaken(Exception):
    """The content changed while it was built."""


class Work:
    """Builds one preview after the other and puts each on the server's board."""

    def __init__(
        self,
        root: Path,
        out: Path,
        surroundings: Surroundings,
        wishes: Wishes,
        hooks: Hooks,
        server: PreviewServer,
        bell: Bell,
    ) -> None:
        self._root, self._out = root, out
        self._surroundings, self._wishes, self._hooks = surroundings, wishes, hooks
        self._server, self._bell, self._store = server, bell, server.store
        self._search = Searching(server, out, out.parent / "search")
        self._lost = False
        self._took = 0.0
        server.miss = self._miss
        server.is_watching = wishes.watch

    def run(self) -> None:
        """Build and serve until interrupted."""
        sight, result = self._build({})
        if result.problems and not self._wishes.watch:
            raise BuildError(result.problems)
        self._show(result)
        with self._server.running(), self._search.running(self._hooks.troubled):
            self._hooks.ready(f"http://localhost:{self._server.server_port}{result.preview.base_path}")
            while True:
                news = self._wait(sight)
                before = sight
                sight, result = self._build(sight)
                self._show(replace(result, changed=tuple(changed(before, sight) or news)))

    def _wait(self, shown: Sight) -> list[str]:
        """Return the names of files that are other than in the build that is shown, once there are any."""
        pause = rest = _GLANCE if self._bell.hears_files else _POLL
        sight = shown
        while True:
            self._bell.listen(sight)
            self._bell.wait(pause)
            if self._lost:
                return []
            if not self._wishes.watch:
                continue
            started = time.perf_counter()
            sight = look(self._root, sight)
            pause = max(rest, _COST * (time.perf_counter() - started))
            if names := changed(shown, sight):
                time.sleep(_SETTLE if self._took < _SLOW else _QUIET)
                return names

    def _build(self, sight: Sight) -> tuple[Sight, Result]:
        """Build until nothing changes meanwhile; return what was built from, and what came of it."""
        while True:
            self._bell.listen(sight)
            self._bell.has_rung()  # what it rang for is seen now
            started = time.monotonic()
            before = look(self._root, sight) if self._wishes.watch else {}
            try:
                result = self._attempt(before)
            except _Overtaken:
                result = None
            if not self._wishes.watch:
                assert result
                return {}, result
            time.sleep(max(0, started + _QUIET - time.monotonic()))
            sight = look(self._root, before)
            if result and (sight == before or not self._server.board.preview.files):
                return before, result
            time.sleep(_SETTLE)

    def _attempt(self, sight: Sight) -> Result:
        """Build once; a problem is a result too."""
        started = time.perf_counter()
        old = self._server.board.preview
        lost, self._lost = self._lost, False
        if lost:
            self._search.forget()
        try:
            preview, warnings = self._make(sight)
            problems: tuple[Problem, ...] = ()
        except BuildError as error:
            problems, warnings = _errors(error), ()
            kept = _NOTHING if lost else old.files
            preview = replace(old, files=kept, problems=show(problems, self._root))
        seconds = time.perf_counter() - started
        self._took = seconds
        return Result(preview, (), _count_pages(old, preview), seconds, problems, warnings)

    def _make(self, sight: Sight) -> tuple[Preview, tuple[Problem, ...]]:
        """Return the preview of the content as it is, and the warnings about it; raise `BuildError`."""
        try:
            return self._make_preview(sight)
        except (BuildError, _Overtaken):
            raise
        except OSError as error:
            message = f"the preview cannot be kept here: {(error.strerror or str(error)).lower()}."
            raise BuildError([Problem(str(error.filename or self._out), 0, message)]) from error
        except Exception as error:
            # The server outlives a mistake of ours as it outlives one of the author.
            message = f"this is a mistake in sitegen itself: {type(error).__name__}: {error}"
            raise BuildError([Problem("sitegen", 0, message, traceback.format_exc())]) from error

    def _make_preview(self, sight: Sight) -> tuple[Preview, tuple[Problem, ...]]:
        rules = read_rules(self._root)
        base_path = load_config(self._root, self._surroundings).base_path
        origin = f"http://localhost:{self._server.server_port}"
        report = build(
            self._root,
            self._out,
            replace(self._surroundings, base_url=origin + base_path),
            strict=False,
            notify=self._hooks.waiting,
            track=lambda artifacts, count: self._track(artifacts, count, sight),
            index=False,
        )
        files = dict(read_manifest(self._out).files)
        self._store.take(self._out, files)
        if files.pop(_REDIRECTS, None):  # a host reads it and does not serve it
            text = (self._out / _REDIRECTS).read_text(encoding="utf-8")
            rules = replace(rules, redirects=(*read_redirects(text, base_path), *rules.redirects))
        return Preview(base_path, MappingProxyType(files), rules, report.search.papers), report.warnings

    def _track(self, artifacts: Iterator[Artifact], count: int, sight: Sight) -> Iterator[Artifact]:
        """Pass artifacts on; give up when what they are made from is no longer so."""
        if not self._server.board.preview.files:
            artifacts = self._hooks.track(artifacts, count)
        for artifact in artifacts:
            if self._wishes.watch and self._bell.has_rung() and look(self._root, sight) != sight:
                raise _Overtaken
            yield artifact

    def _show(self, result: Result) -> None:
        """Put a preview up in one step; forget the contents that only the old one had."""
        self._search.show(result.preview)
        self._hooks.built(result)

    def _miss(self) -> None:
        """Note that contents were lost, as when somebody removed the cache, and have them made again."""
        self._lost = True
        self._bell.ring()


def _errors(error: BuildError) -> tuple[Problem, ...]:
    """Return what has to be mended before anything else is looked at."""
    return tuple(problem for problem in error.problems if problem.severity == "error") or error.problems


def _count_pages(before: Preview, after: Preview) -> int:
    names = before.files.keys() | after.files.keys()
    return sum(before.files.get(name) != after.files.get(name) for name in names if name.endswith(".html"))
