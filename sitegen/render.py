"""Targets to artifacts; with several processes where that pays.

A target whose file is there already, made from the same, is only named: nothing of it is rendered.
Each worker is forked with all targets in its memory, or gets them once; then it is only told which to make.
The artifacts come back in the order of the targets, so the bytes of a site do not depend on their number.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple, assert_never

from sitegen.cards import card_renderer
from sitegen.errors import BuildError, Problem
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

_MANY = 500
"""When a mistake has stopped so many pages, no more are tried."""


class Failed(NamedTuple):
    """A page that its template could not make, and why."""

    url: str
    problems: tuple[Problem, ...]


Made = Artifact | Failed
Maker = Callable[[Target], Made]


def render(
    targets: Sequence[Target],
    facts: Facts,
    root: Path,
    folders: tuple[Path, ...],
    jobs: int,
    fingerprinter: Fingerprinter,
    vouchers: Mapping[str, Voucher],
    memory: Memory,
) -> Iterator[Artifact | Kept]:
    """Yield the artifact of each target, in order; `jobs` is the most processes that may work.

    `root` is the project, whose cache remembers what is costly; `folders` are those of the templates.
    `vouchers` are those of files that lie in the output folder as they were made; one with the target's own
    fingerprint is `Kept`. `memory` may hold what made the artifacts of the build before. Raises `BuildError`
    in the end for templates that are missing or fail: each mistake once, its pages counted and one named.
    """
    fingerprints = [fingerprinter.fingerprint(target) for target in targets]
    known = [vouchers.get(_path(target)) for target in targets]
    is_kept = [
        voucher is not None and voucher.fingerprint == mine
        for voucher, mine in zip(known, fingerprints, strict=True)
    ]
    new = [target for target, kept in zip(targets, is_kept, strict=True) if not kept]
    if jobs > 1 and len(new) >= WORTH_WORKERS:
        artifacts = _by_workers(new, facts, root, folders, jobs)
    else:
        artifacts = _by_one(new, lambda: _maker_of(facts, root, folders, fingerprinter.shared, memory))
    stopped: dict[Problem, list[str]] = {}
    for target, mine, voucher, kept in zip(targets, fingerprints, known, is_kept, strict=True):
        if kept and voucher:
            yield Kept(_path(target), voucher)
            continue
        made = next(artifacts)
        if isinstance(made, Artifact):
            yield replace(made, fingerprint=mine)
        elif _is_enough(stopped, made):
            break
    if stopped:
        raise BuildError(_with_pages(problem, urls) for problem, urls in stopped.items())


def _is_enough(stopped: dict[Problem, list[str]], failed: Failed) -> bool:
    """Note what stopped one more page; tell whether it is plain by now."""
    for problem in failed.problems:
        stopped.setdefault(problem, []).append(failed.url)
    return any(len(urls) >= _MANY for urls in stopped.values())


def _with_pages(problem: Problem, urls: Sequence[str]) -> Problem:
    """Return the problem of a template with what it stopped."""
    number = f"{len(urls)} pages{' or more' if len(urls) >= _MANY else ''}, such as"
    pages = f"It stopped {number if len(urls) > 1 else 'the page'} {urls[0]}."
    return replace(problem, hint=f"{problem.hint} {pages}".lstrip())


def _path(target: Target) -> str:
    return target.path if isinstance(target, Document) else output_path(target.url)


def _by_one(targets: Sequence[Target], maker: Callable[[], Maker]) -> Iterator[Made]:
    """Yield the artifacts in order; without targets no maker is asked for."""
    if targets:
        yield from map(maker(), targets)


def _maker_of(facts: Facts, root: Path, folders: tuple[Path, ...], shared: str, memory: Memory) -> Maker:
    """Return the maker of the build before if it was made from the same, else a new one."""
    if memory.maker is None or memory.maker[0] != shared:
        memory.maker = shared, _maker(facts, root, folders)
    maker: Maker = memory.maker[1]
    return maker


def _maker(facts: Facts, root: Path, folders: tuple[Path, ...]) -> Maker:
    """Return the function from a target to its artifact, or to why there is none."""
    render_page = page_renderer(facts, folders)
    render_feed = feed_renderer(facts)
    render_card = card_renderer(root)
    render_twin = twin_renderer(facts)

    def make(target: Target) -> Made:
        match target:
            case Page():
                rank = LISTS if isinstance(target.body, Listing) else PAGES
                try:
                    return Artifact(_path(target), render_page(target), rank)
                except BuildError as error:
                    return Failed(target.url, error.problems)
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
) -> Iterator[Made]:
    """Yield the artifacts in order, made by a pool; if a worker dies, the rest is made here."""
    done = 0
    try:
        for artifacts in _chunks_by_workers(targets, facts, root, folders, jobs):
            yield from artifacts
            done += len(artifacts)
    except BrokenProcessPool:
        yield from map(_maker(facts, root, folders), targets[done:])


def _chunks_by_workers(
    targets: Sequence[Target], facts: Facts, root: Path, folders: tuple[Path, ...], jobs: int
) -> Iterator[list[Made]]:
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else None)
    waiting: deque[Future[list[Made]]] = deque()
    with ProcessPoolExecutor(jobs, context, _start_worker, (targets, facts, root, folders)) as pool:
        try:
            for start in range(0, len(targets), _CHUNK):
                waiting.append(pool.submit(_make_chunk, start))
                if len(waiting) >= jobs * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


_worker: list[tuple[Sequence[Target], Maker]] = []
"""In a worker alone: what it was started with."""


def _start_worker(targets: Sequence[Target], facts: Facts, root: Path, folders: tuple[Path, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself answers an interrupt
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    _worker.append((targets, _maker(facts, root, folders)))


def _end_with_the_build() -> None:
    """End this worker when the build is killed, which would leave it waiting for ever."""
    if build := multiprocessing.parent_process():
        wait([build.sentinel])
        signal.raise_signal(signal.SIGTERM)


def _make_chunk(start: int) -> list[Made]:
    targets, make = _worker[0]
    return [make(target) for target in targets[start : start + _CHUNK]]
