"""The work of a preview: build, show, wait for a change, and again.

A build is shown when nothing changed from before it began until it was quiet again: a file that was half
written, or a checkout half done, is never seen. What is shown is always one whole build: the last good one.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from sitegen.build import rebuild
from sitegen.cache import open_memory, save_memory
from sitegen.config import Surroundings, load_config
from sitegen.errors import BuildError, Problem
from sitegen.model import Artifact, Output, Written
from sitegen.recall import programs
from sitegen.serve.bell import Bell
from sitegen.serve.excerpts import show
from sitegen.serve.made import Made, gather, remember
from sitegen.serve.preview import Preview, count_pages
from sitegen.serve.rules import read_redirects, read_rules
from sitegen.serve.searching import Searching
from sitegen.serve.server import PreviewServer
from sitegen.serve.sight import Sight, changed, inputs_of, look
from sitegen.serve.talk import Hooks, Result, Wishes

_QUIET = 0.05
"""Seconds for which nothing may have changed before a build is shown."""
_DOUBT = 0.25
"""So many before a problem is shown: it may be that of a file which is half written."""
_SETTLE = 0.004
"""Seconds before a build is begun: most programs have saved a file by then."""
_SLOW = 0.5
"""Seconds from which on a build is not begun before it is quiet."""
_GLANCE, _POLL = 1.0, 0.25
"""Seconds between looks when nothing rings: with file events, and without."""
_COST = 20
"""A look that takes long is taken more rarely: at most each 20th second is spent looking."""
_MANY = 50_000
"""So many new values are looked at for cycles."""
_REDIRECTS = "_redirects"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class _Overtaken(Exception):
    """The content changed while it was built."""


class Work:
    """Builds one preview after the other and puts each on the server's board."""

    def __init__(
        self,
        root: Path,
        place: Path,
        surroundings: Surroundings,
        wishes: Wishes,
        hooks: Hooks,
        server: PreviewServer,
        bell: Bell,
        made: Made,
    ) -> None:
        """Keep what is made in the folder `place`; `made` is what is there already."""
        self._root, self._place = root, place
        self._surroundings, self._wishes, self._hooks = surroundings, wishes, hooks
        self._server, self._bell, self._store = server, bell, server.store
        self._search = Searching(server, place / "search")
        self._memory = open_memory(root, programs())
        self._made, self._recorded = made, made
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
                self._rest()
                continue
            started = time.perf_counter()
            sight = look(self._root, sight)
            pause = max(rest, _COST * (time.perf_counter() - started))
            if names := changed(shown, sight):
                time.sleep(_SETTLE if self._took < _SLOW else _QUIET)
                return names
            self._rest()

    def _rest(self) -> None:
        """Do what can wait: write down what was made, for the next start, and look for cycles."""
        if gc.get_count()[0] > _MANY:
            gc.collect()
            gc.freeze()  # what is left lives long, and is looked at no more
        if self._recorded is not self._made:
            self._recorded = self._made
            save_memory(self._root, self._memory)
            with suppress(OSError):  # the next start only takes longer
                remember(self._place, self._made)

    def _build(self, sight: Sight) -> tuple[Sight, Result]:
        """Build until nothing changes meanwhile; return what was built from, and what came of it."""
        while True:
            self._bell.listen(sight)
            self._bell.has_rung()  # what it rang for is seen now
            started = time.monotonic()
            before = look(self._root, sight)
            result, made = None, self._made
            with suppress(_Overtaken):
                result, made = self._attempt(before)
            if self._wishes.watch:
                time.sleep(max(0, started + _QUIET - time.monotonic()))
                if result and result.problems:
                    self._bell.wait(max(0, started + _DOUBT - time.monotonic()))
                sight = look(self._root, before)
            is_true = sight == before or not self._wishes.watch
            if is_true:
                self._made = made
            else:
                self._memory.maker = None  # it may have read templates that are newer than `before`
            if result and (is_true or not self._server.board.preview.files):
                return before, result
            time.sleep(_SETTLE)

    def _attempt(self, sight: Sight) -> tuple[Result, Made]:
        """Build once, and return what came of it and all that is made now; a problem is a result too."""
        started = time.perf_counter()
        old, made = self._server.board.preview, self._made
        lost, self._lost = self._lost, False
        if lost:
            self._search.forget()
            self._store.count()
            self._made = made = made.within(self._store)
        try:
            preview, made, warnings = self._make(sight)
            problems: tuple[Problem, ...] = ()
        except BuildError as error:
            problems, warnings = _errors(error), ()
            kept = _NOTHING if lost else old.files
            preview = replace(old, files=kept, problems=show(problems, self._root))
        seconds = time.perf_counter() - started
        self._took = seconds
        return Result(preview, (), count_pages(old, preview), seconds, problems, warnings), made

    def _make(self, sight: Sight) -> tuple[Preview, Made, tuple[Problem, ...]]:
        """Return the preview of the content as it is, and the warnings about it; raise `BuildError`."""
        try:
            return self._make_preview(sight)
        except (BuildError, _Overtaken):
            raise
        except OSError as error:
            message = f"the preview cannot be kept here: {(error.strerror or str(error)).lower()}."
            raise BuildError([Problem(str(error.filename or self._place), 0, message)]) from error
        except Exception as error:
            # The server outlives a mistake of ours as it outlives one of the author.
            message = f"this is a mistake in sitegen itself: {type(error).__name__}: {error}"
            raise BuildError([Problem("sitegen", 0, message, traceback.format_exc())]) from error

    def _make_preview(self, sight: Sight) -> tuple[Preview, Made, tuple[Problem, ...]]:
        rules = read_rules(self._root)
        base_path = load_config(self._root, self._surroundings).base_path
        surroundings = replace(
            self._surroundings, base_url=f"http://localhost:{self._server.server_port}{base_path}"
        )
        made = Made()

        def put(artifacts: Iterator[Output]) -> Written:
            nonlocal made
            made = gather(artifacts, self._made, self._store)
            return Written((), vouchers=made.vouchers)

        report = rebuild(
            self._root,
            self._place,
            surroundings,
            inputs_of(sight, surroundings),
            self._made.vouchers,
            self._memory,
            put=put,
            jobs=self._wishes.jobs,
            track=lambda artifacts, count: self._track(artifacts, count, sight),
        )
        files = dict(made.files)
        if digest := files.pop(_REDIRECTS, ""):  # a host reads it and does not serve it
            rules = replace(
                rules, redirects=(*read_redirects(self._read(digest), base_path), *rules.redirects)
            )
        return Preview(base_path, MappingProxyType(files), rules, report.search.papers), made, report.warnings

    def _read(self, digest: str) -> str:
        """Return a content; if it was lost, begin again."""
        try:
            return self._store.read(digest).decode()
        except FileNotFoundError:
            self._lost = True
            raise _Overtaken from None

    def _track(self, artifacts: Iterator[Output], count: int, sight: Sight) -> Iterator[Output]:
        """Pass artifacts on; give up when what they are made from is no longer so."""
        if not self._server.board.preview.files:
            artifacts = self._hooks.track(artifacts, count)
        for artifact in artifacts:
            is_new = isinstance(artifact, Artifact)  # what is kept takes no time
            if is_new and self._wishes.watch and self._bell.has_rung() and look(self._root, sight) != sight:
                raise _Overtaken
            yield artifact

    def _show(self, result: Result) -> None:
        """Put a preview up in one step; forget the contents that only the old one had."""
        self._search.show(result.preview, self._made.files.values())
        self._hooks.built(result)

    def _miss(self) -> None:
        """Note that contents were lost, as when somebody removed the cache, and have them made again."""
        self._lost = True
        self._bell.ring()


def _errors(error: BuildError) -> tuple[Problem, ...]:
    """Return what has to be mended before anything else is looked at."""
    return tuple(problem for problem in error.problems if problem.severity == "error") or error.problems
