"""Targets to artifacts; with several processes where that pays, and with workers elsewhere where asked.

A target whose file is there already, made from the same, is only named: nothing of it is rendered.
Each worker is forked with all targets in its memory, or gets them once; then it is only told which to make.
The artifacts come back in the order of the targets, so the bytes of a site do not depend on their number.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import assert_never

from sitegen.cards import card_renderer
from sitegen.elsewhere import is_sent, pages_elsewhere
from sitegen.executors import in_order
from sitegen.feeds import feed_renderer
from sitegen.fingerprints import Fingerprinter
from sitegen.memory import Memory
from sitegen.model import (
    Artifact,
    Asset,
    Document,
    Facts,
    Feed,
    Kept,
    Listing,
    Page,
    SocialCard,
    Target,
    Twin,
    Voucher,
)
from sitegen.pages import page_renderer
from sitegen.routes import output_path
from sitegen.twins import twin_renderer

ASSETS, PAGES, LISTS, FEEDS, DOCUMENTS = range(5)
"""The ranks in which artifacts are switched in."""

WORTH_WORKERS = 1_000
"""Fewer targets than this are made sooner by one process: see benchmarks/README.md."""
_CHUNK = 50
_AHEAD = 3
"""How many chunks for each worker may wait to be taken, so that memory stays flat."""

Maker = Callable[[Target], Artifact]


def render(
    targets: Sequence[Target],
    facts: Facts,
    root: Path,
    folders: tuple[Path, ...],
    jobs: int,
    fingerprinter: Fingerprinter,
    vouchers: Mapping[str, Voucher],
    memory: Memory,
    executor: Executor | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Iterator[Artifact | Kept]:
    """Yield the artifact of each target, in order; `jobs` is the most processes that may work here.

    An `executor` gets the targets that cost more to make than to send; `notify` is told where it fails.
    `root` is the project, whose cache remembers what is costly; `folders` are those of the templates.
    `vouchers` are those of files that lie in the output folder as they were made; one with the target's own
    fingerprint is `Kept`. `memory` may hold what made the artifacts of the build before. Raises `BuildError`
    for a template that is missing or fails: with its name and line, and the page.
    """
    fingerprints = [fingerprinter.fingerprint(target) for target in targets]
    known = [vouchers.get(_path(target)) for target in targets]
    is_kept = [
        voucher is not None and voucher.fingerprint == mine
        for voucher, mine in zip(known, fingerprints, strict=True)
    ]
    new = [target for target, kept in zip(targets, is_kept, strict=True) if not kept]
    far = [target for target in new if is_sent(target)] if executor else []
    near = [target for target in new if not is_sent(target)] if executor else new
    sent = pages_elsewhere(executor, far, facts, folders, notify) if executor and far else iter(())
    if jobs > 1 and len(near) >= WORTH_WORKERS:
        artifacts = _by_workers(near, facts, root, folders, jobs)
    else:
        artifacts = _by_one(near, lambda: _maker_of(facts, root, folders, fingerprinter.shared, memory))
    for target, mine, voucher, kept in zip(targets, fingerprints, known, is_kept, strict=True):
        if kept and voucher:
            yield Kept(_path(target), voucher)
        elif executor and is_sent(target):
            yield Artifact(_path(target), next(sent), PAGES, mine)
        else:
            yield replace(next(artifacts), fingerprint=mine)


def _path(target: Target) -> str:
    return target.path if isinstance(target, Document) else output_path(target.url)


def _by_one(targets: Sequence[Target], maker: Callable[[], Maker]) -> Iterator[Artifact]:
    """Yield the artifacts in order; without targets no maker is asked for."""
    if targets:
        yield from map(maker(), targets)


def _maker_of(facts: Facts, root: Path, folders: tuple[Path, ...], shared: str, memory: Memory) -> Maker:
    """Return the maker of the build before if it was made from the same, else a new one."""
    if memory.maker is None or memory.maker[0] != shared:
        memory.maker = shared, artifact_maker(facts, root, folders)
    maker: Maker = memory.maker[1]
    return maker


def artifact_maker(facts: Facts, root: Path, folders: tuple[Path, ...]) -> Maker:
    """Return the function from a target to its artifact."""
    render_page = page_renderer(facts, folders)
    render_feed = feed_renderer(facts)
    render_card = card_renderer(root)
    render_twin = twin_renderer(facts)

    def make(target: Target) -> Artifact:
        match target:
            case Page():
                rank = LISTS if isinstance(target.body, Listing) else PAGES
                return Artifact(_path(target), render_page(target), rank)
            case Feed():
                return Artifact(_path(target), render_feed(target), FEEDS)
            case Twin():
                return Artifact(_path(target), render_twin(target), LISTS)
            case Document():
                return Artifact(_path(target), target.text.encode(), DOCUMENTS)
            case Asset():
                return Artifact(_path(target), target.data, ASSETS)
            case SocialCard():
                return Artifact(_path(target), render_card(target), ASSETS)
            case _:
                assert_never(target)

    return make


# ------------------------------------------------------------------------ workers


def _by_workers(
    targets: Sequence[Target], facts: Facts, root: Path, folders: tuple[Path, ...], jobs: int
) -> Iterator[Artifact]:
    """Yield the artifacts in order, made by a pool; if a worker dies, the rest is made here."""
    done = 0
    try:
        for artifacts in _chunks_by_workers(targets, facts, root, folders, jobs):
            yield from artifacts
            done += len(artifacts)
    except BrokenProcessPool:
        yield from map(artifact_maker(facts, root, folders), targets[done:])


def _chunks_by_workers(
    targets: Sequence[Target], facts: Facts, root: Path, folders: tuple[Path, ...], jobs: int
) -> Iterator[list[Artifact]]:
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else None)
    with ProcessPoolExecutor(jobs, context, _start_worker, (targets, facts, root, folders)) as pool:
        try:
            yield from in_order(pool, _make_chunk, range(0, len(targets), _CHUNK), jobs * _AHEAD)
        finally:
            pool.shutdown(cancel_futures=True)


_worker: list[tuple[Sequence[Target], Maker]] = []
"""In a worker alone: what it was started with."""


def _start_worker(targets: Sequence[Target], facts: Facts, root: Path, folders: tuple[Path, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself answers an interrupt
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    _worker.append((targets, artifact_maker(facts, root, folders)))


def _end_with_the_build() -> None:
    """End this worker when the build is killed, which would leave it waiting for ever."""
    if build := multiprocessing.parent_process():
        wait([build.sentinel])
        signal.raise_signal(signal.SIGTERM)


def _make_chunk(start: int) -> list[Artifact]:
    targets, make = _worker[0]
    return [make(target) for target in targets[start : start + _CHUNK]]
