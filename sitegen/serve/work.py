"""The work of a preview: build, show, wait for a change, and again.

A build is shown when nothing changed from before it began until it was quiet again: a file that was half
written, or a checkout half done, is never seen. What is shown is always one whole build. Of its files those
that browsers show are made before, the others when they are asked for or when nothing else is to be done.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

from sitegen.build import Draft
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem
from sitegen.model import Artifact
from sitegen.serve.answers import shown_files
from sitegen.serve.bell import Bell
from sitegen.serve.coming import Coming, errors_of
from sitegen.serve.excerpts import show
from sitegen.serve.lookout import Lookout
from sitegen.serve.made import Made, remember
from sitegen.serve.planning import Planner
from sitegen.serve.preview import Preview, count_pages
from sitegen.serve.searching import Searching
from sitegen.serve.server import PreviewServer
from sitegen.serve.sight import Sight, changed
from sitegen.serve.talk import Hooks, Result, Wishes

_QUIET = 0.05
"""Seconds for which nothing may have changed before a build is shown."""
_DOUBT = 0.25
"""So many before a problem is shown: it may be that of a file which is half written."""
_SETTLE = 0.004
"""Seconds before a build is begun: most programs have saved a file by then."""
_SLOW = 0.5
"""Seconds from which on a build is not begun before it is quiet."""
_SOON = _QUIET
"""What can be made in so many seconds from the start of a build is made before it is shown."""
_BREATH, _COURTESY = 0.1, 0.005
"""Seconds for which browsers that load a new preview, and a request, come before what is yet to be made."""
_MANY, _LONG = 20_000, 0.1
"""So many new values are looked at for cycles; in so many seconds, if there are not many old ones."""
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
        self._wishes, self._hooks = wishes, hooks
        self._server, self._bell, self._store = server, bell, server.store
        self._lookout = Lookout(root, bell, is_watching=wishes.watch)
        self._search = Searching(server, place / "search")
        self._planner = Planner(root, place, surroundings, server.server_port, wishes.jobs)
        self._made, self._recorded = made, made
        self._good = Preview()
        """The last one of which every file is made."""
        self._begun: tuple[Result, Coming] | None = None
        """What is shown, while something is yet to be made."""
        self._told: Sight = {}
        """What that was made from of which somebody was told last."""
        self._lost = False
        self._took = 0.0
        server.miss = self._miss
        server.is_watching = wishes.watch

    def run(self) -> None:
        """Build and serve until interrupted."""
        sight, result, coming = self._build({})
        if result.problems and not self._wishes.watch:
            raise BuildError(result.problems)
        self._show(sight, result, coming)
        with self._server.running(), self._search.running(self._hooks.troubled):
            self._hooks.ready(f"http://localhost:{self._server.server_port}{result.preview.base_path}")
            while True:
                news = self._wait(sight)
                sight, result, coming = self._build(sight)
                names = tuple(changed(self._told, sight) or news)
                self._show(sight, replace(result, changed=names), coming)

    def _wait(self, shown: Sight) -> list[str]:
        """Return the names of files that are other than in the build that is shown, once there are any."""
        sight = shown
        while True:
            self._finish(shown)
            self._bell.listen(sight)
            self._bell.wait(self._lookout.pause)
            if self._lost:
                return []
            if self._wishes.watch:
                sight = self._lookout.look(sight)
                if names := changed(shown, sight):
                    time.sleep(_SETTLE if self._took < _SLOW else _QUIET)
                    return names
            if not self._begun:
                self._rest()

    def _rest(self) -> None:
        """Do what can wait: write down what was made, for the next start, and look for cycles."""
        if gc.get_count()[0] > _MANY:
            started = time.perf_counter()
            gc.collect()
            if time.perf_counter() - started > _LONG:
                gc.freeze()  # what is left of so much lives long, and is looked at no more
        if self._recorded is not self._made:
            self._recorded = self._made
            self._planner.save()
            with suppress(OSError):  # the next start only takes longer
                remember(self._place, self._made)

    # ------------------------------------------------------------------------ a build

    def _build(self, sight: Sight) -> tuple[Sight, Result, Coming | None]:
        """Build until nothing changes meanwhile; return what was built from, and what came of it."""
        while True:
            self._bell.listen(sight)
            self._bell.wait(0)  # what it rang for is seen now
            started = time.monotonic()
            before = self._lookout.look(sight)
            result, made, coming = None, self._made, None
            with suppress(_Overtaken):
                result, made, coming = self._attempt(before)
            if self._wishes.watch:
                time.sleep(max(0, started + _QUIET - time.monotonic()))
                if result and result.problems:
                    self._bell.wait(max(0, started + _DOUBT - time.monotonic()))
                sight = self._lookout.look(before)
            is_true = sight == before or not self._wishes.watch
            if is_true:
                self._made = made
            else:
                self._planner.doubt()
            if result and (is_true or not self._server.board.preview.files):
                return before, result, coming
            time.sleep(_SETTLE)

    def _attempt(self, sight: Sight) -> tuple[Result, Made, Coming | None]:
        """Build once; return what came of it, all that is made now, and what is yet to be made."""
        started = time.perf_counter()
        if self._lost:
            self._forget()
        preview, made, coming = self._good, self._made, None
        warnings: tuple[Problem, ...] = ()
        try:
            plan = self._planner.plan(sight)
            made = made.among(plan.draft.planned)
            if not self._server.board.preview.files:
                self._make_all(plan.draft, made, sight)
            coming = Coming(plan.left(made), plan.draft.maker(), made, self._store)
            self._make_first(coming, sight, started + _SOON)
            problems, warnings = coming.problems, plan.draft.report.warnings
            coming = None if coming.is_over else coming
            preview = plan.preview(made, coming)
        except _Overtaken:
            raise
        except Exception as error:
            coming, problems = None, errors_of(error)
        if problems:
            preview = self._failed(problems)
        self._took = time.perf_counter() - started
        return Result(preview, (), 0, self._took, problems, warnings), made, coming

    def _make_all(self, draft: Draft, made: Made, sight: Sight) -> None:
        """Make the whole site while nothing is shown; give up when what it is made from is no longer so."""
        for artifact in self._hooks.track(draft.artifacts(made.vouchers), len(draft.planned)):
            if isinstance(artifact, Artifact):  # what is kept takes no time
                made.add(artifact, self._store)
                self._go_on(sight)

    def _make_first(self, coming: Coming, sight: Sight, until: float) -> None:
        """Make what browsers show, what soon shows mistakes, and more until a time; give up as above."""
        for path in (*shown_files(self._good, self._server.shown), *coming.first()):
            coming.make(path)
            self._go_on(sight)
        while not coming.is_over and time.perf_counter() < until:
            coming.make_next()
            self._go_on(sight)

    def _go_on(self, sight: Sight) -> None:
        if self._is_overtaken(sight):
            raise _Overtaken

    def _is_overtaken(self, sight: Sight, pause: float = 0) -> bool:
        """Tell whether what is being made is no longer wanted."""
        return self._lookout.is_other(sight, pause) or self._lost

    # ------------------------------------------------------------------------ what is shown

    def _show(self, sight: Sight, result: Result, coming: Coming | None) -> None:
        """Put a preview up in one step; when all of it is made, say what came of the build."""
        self._search.show(result.preview)
        self._begun = (result, coming) if coming else None
        if coming:
            return
        pages = count_pages(self._good, result.preview)
        if not result.problems:
            self._good = result.preview
        self._told = sight
        self._search.settle(self._made.files.values())
        self._hooks.built(replace(result, pages=pages))

    def _finish(self, sight: Sight) -> None:
        """Make what is yet to be made of what is shown, until something changes.

        Where a file cannot be made, the last good site comes back at once.
        """
        if not self._begun:
            return None
        result, coming = self._begun
        pause = _BREATH
        while not coming.is_over:
            if self._is_overtaken(sight, pause):
                return self._bell.ring()
            coming.make_next()
            pause = _COURTESY if self._server.busy else 0
            if coming.problems and not result.problems:
                self._bell.wait(_DOUBT)
                if self._lookout.look(sight) != sight:
                    return self._bell.ring()
                result = self._stopped(result, coming)
                self._show(sight, result, coming)
        done = (
            self._stopped(result, coming)
            if coming.problems
            else replace(result, preview=result.preview.whole())
        )
        return self._show(sight, done, None)

    def _stopped(self, result: Result, coming: Coming) -> Result:
        """Return a result that turned out to be none."""
        return replace(result, preview=self._failed(coming.problems), problems=coming.problems)

    def _failed(self, problems: Sequence[Problem]) -> Preview:
        """Return the last good site with what is wrong now."""
        return replace(self._good, problems=show(problems, self._root))

    def _miss(self) -> None:
        """Note that contents were lost, as when somebody removed the cache, and have them made again."""
        self._lost = True
        self._bell.ring()

    def _forget(self) -> None:
        """Forget the contents that were lost."""
        self._lost = False
        self._search.forget()
        self._store.count()
        self._made = self._made.within(self._store)
        self._good = replace(self._good, files=_NOTHING)
