"""`sitegen build`: builds the site once and reports."""

from __future__ import annotations

import argparse
import gc
import shlex
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.build import build
from sitegen.commands.terminal import called, complain, plural, say, track
from sitegen.commands.verifying import compared
from sitegen.config import Surroundings
from sitegen.dates import long_day
from sitegen.errors import BuildError, Problem
from sitegen.model import ChangeKind, Report

if TYPE_CHECKING:
    from concurrent.futures import Executor

_LEFT: list[object] = []
"""What lies in memory when the last build is done, until the process ends."""


def run(arguments: argparse.Namespace, surroundings: Surroundings, started: float) -> int:
    """Build and print the report; return the exit status.

    `started` is when the program began, as `time.perf_counter` counts.
    """
    root: Path = arguments.root
    out: Path = arguments.output or root / "public"
    if _is_below(out, root / "content"):
        hint = "Choose another folder with -o; content/ holds originals and is never written to."
        complain([Problem(str(out), 0, "the site cannot go into content/.", hint)])
        return 2
    laps = _Laps(started)
    gc.disable()  # the process ends with the build: see `build`
    try:
        with _opened(arguments.executor) as executor:
            report = build(
                root,
                out,
                surroundings,
                strict=arguments.strict,
                notify=say,
                track=track,
                jobs=arguments.jobs or arguments.cores,
                spares_memory=arguments.jobs is None,
                lap=laps.end,
                executor=executor,
                keep=_keep,
            )
    except BuildError as error:
        complain(error.problems)
        if arguments.strict and all(problem.severity == "warning" for problem in error.problems):
            say("Not built: with --strict a warning counts as an error.")
        else:
            say("Not built. The site stays as it was.")
        return 1
    complain(report.warnings)
    if not arguments.quiet:
        _print(report, root, time.perf_counter() - started, verbose=arguments.verbose)
        if arguments.verbose:
            say(laps.line())
    failed = arguments.strict and report.search.state == "failed"
    verified = _verify(arguments, out, surroundings) if arguments.verify else 0
    return 1 if failed else verified


def _opened(address: str | None) -> AbstractContextManager[Executor | None]:
    if address is None:
        return nullcontext()
    from sitegen.executors import open_executor

    return open_executor(address)


def _verify(arguments: argparse.Namespace, out: Path, surroundings: Surroundings) -> int:
    """Compare the site with a clean one, print each file that differs; return the exit status."""
    differences, count = compared(arguments.root, out, surroundings, arguments.jobs or arguments.cores)
    complain(differences)
    if differences:
        again = f"Remove {shlex.quote(f'{out}/')} and build again."
        say(f"Not verified: {plural(len(differences), 'file')} not as built from nothing. {again}")
        return 1
    if not arguments.quiet:
        say(f"Verified: {plural(count, 'file')}, each as built from nothing.")
    return 0


class _Laps:
    """The wall time of each stage."""

    def __init__(self, started: float) -> None:
        self._last = started
        self._seconds: dict[str, float] = {}

    def end(self, stage: str) -> None:
        """Note that a stage is done."""
        now = time.perf_counter()
        self._seconds[stage] = now - self._last
        self._last = now

    def line(self) -> str:
        """Return the stages with their seconds, for one line."""
        return f"Seconds: {', '.join(f'{stage} {seconds:.3f}' for stage, seconds in self._seconds.items())}."


def _is_below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _print(report: Report, root: Path, seconds: float, *, verbose: bool) -> None:
    counts = Counter(change.kind for change in report.written.changes)
    if verbose:
        for change in report.written.changes:
            if change.kind != "identical":
                say(f"{change.kind:9} {change.path}")
    merged = f" ({report.merged:,} merged)" if report.merged else ""
    say(
        f"Read {plural(report.sources, 'source')}: {plural(report.entries, 'entry', 'entries')}, "
        f"{plural(report.papers, 'paper')}{merged}, {plural(report.issues, 'issue')}."
    )
    say(f"Made {plural(report.pages, 'page')} and {plural(report.feeds, 'feed')} in {seconds:.2f} s.")
    changed = [f"{counts[kind]} {word}" for kind, word in _CHANGES if counts[kind]]
    same = f"{counts['identical']} identical" if counts["identical"] else ""
    if changed:
        say(f"Files: {', '.join([*changed, *([same] if same else [])])}.")
    else:
        say(f"Nothing changed: {counts['identical']} files identical.")
    if report.search.state in ("made", "kept"):
        took = f"made in {report.search.seconds:.2f} s" if report.search.state == "made" else "kept as it is"
        say(f"Search: {plural(report.search.papers, 'paper')}, index {took}.")
    for path in (*report.written.kept_foreign, *report.search.foreign):
        say(f"Left alone, because nothing proves that sitegen wrote it: {path}")
    if report.accepted:
        say(f"Warnings: {len(report.warnings)}, and {report.accepted} accepted in content/site.toml.")
    for item in report.waiting:
        say(f"Waits for {long_day(item.day)}: {item.what}.")
    if report.unrecorded:
        are = "is" if report.unrecorded == 1 else "are"
        say(
            f"{plural(report.unrecorded, 'paper')} {are} not in content/ids.csv yet. "
            f"Before you publish: {called()} ids --write"
        )
    say(f"The site is in {report.out}/")
    say(f"Look at it: {called()} serve{'' if root == Path() else ' ' + shlex.quote(str(root))}")


_CHANGES: tuple[tuple[ChangeKind, str], ...] = (
    ("create", "created"),
    ("update", "updated"),
    ("delete", "deleted"),
)


def _keep(left: object) -> None:
    _LEFT[:] = [left]
