"""The hallway: calls the stages in order; when nothing changed since the last build, none of them."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sitegen.cache import open_memory, save_memory
from sitegen.errors import BuildError
from sitegen.lock import locked
from sitegen.manifest import read_manifest
from sitegen.memory import Memory
from sitegen.model import Feed, Manifest, Output, Page, Planned, Report, Searched, Voucher, Written
from sitegen.recall import Inputs, look_back, recall, remember, take_inputs, take_stamps
from sitegen.routes import is_search_file
from sitegen.sources import read_sources, require_content, template_folders
from sitegen.switch import staging_folder

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sitegen.ahead import Ahead
    from sitegen.config import Surroundings
    from sitegen.makers import Maker

Track = Callable[[Iterator[Output], int], Iterator[Output]]
"""Passes artifacts on; the number is how many there will be."""
MANY = 50_000
"""From so many listings on a second process takes more memory than is promised: see benchmarks/README.md."""


class Order(Struct, frozen=True):
    """What a build is asked for."""

    root: Path
    folders: tuple[Path, ...]
    """Of templates."""
    out: Path
    surroundings: Surroundings
    jobs: int
    """The most processes that may work."""
    strict: bool = False
    lap: Callable[[str], None] = lambda _: None
    """Gets the name of each stage when it is done."""
    staging: str = ""
    """The folder to which workers write; empty where they hand over what they make."""
    executor: Executor | None = None
    """Whose workers make pages too."""
    notify: Callable[[str], None] = lambda _: None
    """Is told when it fails."""
    spares_memory: bool = False
    """Whether one process alone makes a site of `MANY` listings."""


class Draft(Struct, frozen=True):
    """A build of which nothing is made yet."""

    planned: Sequence[Planned]
    maker: Callable[[], Maker]
    """Gives what makes the artifact of a target in this process."""
    artifacts: Callable[[Mapping[str, Voucher]], Iterator[Output]]
    """Gives all artifacts in order; those of files with a true voucher are kept."""
    report: Report
    """What is known so far."""

    def searched(self) -> list[str]:
        """Return the paths of the pages that the search finds."""
        from sitegen.plan import is_searched

        return [planned.path for planned in self.planned if is_searched(planned.target)]


def build(
    root: Path,
    out: Path,
    surroundings: Surroundings,
    *,
    strict: bool,
    notify: Callable[[str], None],
    track: Track,
    jobs: int = 1,
    spares_memory: bool = False,
    index: bool = True,
    lap: Callable[[str], None] = lambda _: None,
    memory: Memory | None = None,
    executor: Executor | None = None,
    keep: Callable[[object], None] = lambda _: None,
) -> Report:
    """Build the site of the project at `root` into `out` and return what was done.

    `notify` is told when another build has to be waited for, or `executor` fails; the artifacts pass through
    `track`, which may show how many of them are done; for the rest see `Order`.
    `keep` gets what is in memory at the end: to take it apart takes time, and a process that ends need not.
    Without `index` the search is left as it is. `memory` is what earlier builds of this process left;
    without one, the project's cache is asked. Raises `BuildError` with every mistake of the stage that could
    not go on; with `strict`, also for warnings that nobody accepted. The last good site then stays.
    """
    require_content(root)
    folders = template_folders(root)
    order = Order(
        root,
        folders,
        out,
        surroundings,
        jobs,
        strict=strict,
        lap=lap,
        staging=staging_folder(out),
        executor=executor,
        notify=notify,
        spares_memory=spares_memory,
    )
    with locked(out, notify):
        known = read_manifest(out)
        last = look_back(out, known)
        inputs = take_inputs(root, folders, surroundings, strict)
        lap("look")
        if recalled := recall(out, inputs, last):
            return recalled
        from sitegen.ahead import Ahead

        stamps = take_stamps(root, folders)
        memory = memory or open_memory(root, inputs.programs, holds=False)
        is_true = False
        try:
            with Ahead(out, jobs if index else 1) as ahead:
                with _without_collections():
                    draft = _draft(order, inputs, memory)
                    keep(draft)
                    artifacts = draft.artifacts(last.vouchers)
                    if draft.report.search.papers:
                        artifacts = ahead.watch(artifacts, draft.searched())
                    written = _written(track(artifacts, len(draft.planned)), out, known)
                    lap("render and write")
                report = replace(draft.report, written=written)
                if index:
                    report = _searchable(report, known, ahead)
                    lap("search")
            now = template_folders(root)
            is_true = (
                take_inputs(root, now, surroundings, strict) == inputs and take_stamps(root, now) == stamps
            )
        finally:
            if not is_true:
                memory.maker = None  # it may have read templates that are newer than their fingerprint
        with suppress(OSError):  # the next build only takes longer
            if is_true:
                remember(out, inputs, report, read_manifest(out))
        save_memory(root, memory)
        lap("remember")
        return report


def rebuild(
    root: Path, out: Path, surroundings: Surroundings, inputs: Inputs, memory: Memory, *, jobs: int = 1
) -> Draft:
    """Plan the site for a process that builds again and again, and keeps what it makes itself.

    `inputs` are the fingerprints of what lies in the project: if they are true no more at the end, the
    caller takes nothing of it for made from them, and when there is time it saves the memory. Templates are
    read by now. Raises `BuildError` as `build` does, for all but the making of pages.
    """
    require_content(root)
    folders = template_folders(root)
    order = Order(root, folders, out, surroundings, jobs)
    with _without_collections():
        draft = _draft(order, inputs, memory)
        draft.maker()
        return draft


def _written(artifacts: Iterator[Output], out: Path, known: Manifest) -> Written:
    """Bring the pages of an output folder to these artifacts; return what became of each."""
    from sitegen.write import write

    return write(artifacts, out, known)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Look for no cycles: a build makes few, and millions of values that live until its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _draft(order: Order, inputs: Inputs, memory: Memory) -> Draft:
    """Take the content through the house up to what will be made.

    One line a stage; they are imported here for their weight.
    """
    from sitegen.acceptance import sift, unaccepted
    from sitegen.assemble import assemble
    from sitegen.config import load_config
    from sitegen.fingerprints import Fingerprinter
    from sitegen.identity import forget
    from sitegen.parsers import parse
    from sitegen.plan import make_facts, plan
    from sitegen.render import maker_of, render, take_fingerprints

    lap, folders = order.lap, order.folders
    lap("import")
    config = load_config(order.root, order.surroundings)
    sources, assets, unread = read_sources(order.root, folders)
    lap("read")
    try:
        parsed = parse(sources, memory, order.jobs)
        del sources  # of many papers they take as much memory as the site
        lap("parse")
        jobs = 1 if order.spares_memory and len(parsed.entries) >= MANY else order.jobs
        site = assemble(parsed, assets, config, memory, jobs)
        read, entries = parsed.sources, len(parsed.entries)
        del parsed  # and so do the entries
        if not memory.recent.holds:
            forget()
    except BuildError as error:
        raise BuildError(unaccepted(error.problems, config.accepted)) from None
    warnings, accepted = sift((*unread, *site.warnings), config.accepted)
    if order.strict and warnings:
        raise BuildError(warnings)
    lap("assemble")
    targets = plan(site, config, memory, jobs)
    lap("plan")
    facts = make_facts(site, config)
    fingerprinter = Fingerprinter(facts, inputs.programs, inputs.templates, memory.digests)
    kinds = Counter(map(type, targets))
    report = Report(
        out=order.out,
        base_url=config.base_url,
        sources=read,
        entries=entries,
        papers=len(site.papers) + len(site.withdrawn),
        merged=sum(len(paper.seen) - 1 for paper in (*site.papers, *site.withdrawn) if paper.seen),
        issues=len(site.issues),
        pages=kinds[Page],
        feeds=kinds[Feed],
        written=Written(()),
        warnings=warnings,
        accepted=accepted,
        waiting=site.waiting,
        unrecorded=len(site.unrecorded),
        search=Searched("off", sum(not paper.draft for paper in site.papers) if config.search else 0),
    )
    planned = take_fingerprints(targets, fingerprinter, memory)
    memory.digests = {}  # their work is done
    lap("fingerprints")
    maker = partial(maker_of, facts, order.root, folders, fingerprinter.shared, memory)
    artifacts = partial(
        render,
        planned,
        facts,
        order.root,
        folders,
        jobs,
        maker,
        staging=order.staging,
        executor=order.executor,
        notify=order.notify,
    )
    return Draft(planned, maker, artifacts, report)


def _searchable(report: Report, known: Manifest, ahead: Ahead) -> Report:
    """Return the report of a build whose search is up to date too; nothing that goes wrong there ends it."""
    # As `refresh` would find out, which is worth an import.
    if known.usable and not report.search.papers and not any(is_search_file(path) for path, _ in known.files):
        return report
    from sitegen.search import refresh

    search = refresh(report.out, report.search.papers, is_lost=not known.usable, begun=ahead.indexing)
    return replace(report, search=search, warnings=(*report.warnings, *search.problems))
