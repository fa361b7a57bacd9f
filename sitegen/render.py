"""Targets to artifacts; with several processes where that pays.

A target whose file is there already, made from the same, is only named: nothing of it is rendered.
The artifacts come back in the order of the targets, whoever makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path

from sitegen.elsewhere import is_sent, pages_elsewhere
from sitegen.errors import BuildError, Problem
from sitegen.fingerprints import Fingerprinter
from sitegen.makers import Failed, Made, Maker, artifact_maker, path_of
from sitegen.memory import Memory
from sitegen.model import Facts, Kept, Output, Target, Voucher
from sitegen.workers import Work, made_by_workers

WORTH_WORKERS = 1_000
"""Fewer targets than this are made sooner by one process: see benchmarks/README.md."""
_MANY = 500
"""When a mistake has stopped so many pages, no more are tried."""


def render(
    targets: Sequence[Target],
    facts: Facts,
    root: Path,
    folders: tuple[Path, ...],
    jobs: int,
    fingerprinter: Fingerprinter,
    vouchers: Mapping[str, Voucher],
    memory: Memory,
    staging: str = "",
    executor: Executor | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Iterator[Output]:
    """Yield the artifact of each target, in order; `jobs` is the most processes that may work here.

    An `executor` gets the targets that cost more to make than to send; `notify` is told where it fails.
    `root` is the project, whose cache remembers what is costly; `folders` are those of the templates.
    `vouchers` are those of files that lie in the output folder as they were made; one with the target's own
    fingerprint is `Kept`. `memory` may hold what made the artifacts of the build before. Into the folder
    `staging` workers write what they make; without one they hand it over. Raises `BuildError` in the end for
    templates that are missing or fail: each mistake once, its pages counted and one named.
    """
    made_from = fingerprinter.made_from
    paths = [path_of(target) for target in targets]
    fingerprints = [
        memory.recent.of(path, (made_from, target), partial(fingerprinter.fingerprint, target))
        for path, target in zip(paths, targets, strict=True)
    ]
    known = [vouchers.get(path) for path in paths]
    is_kept = [
        voucher is not None and voucher.fingerprint == mine
        for voucher, mine in zip(known, fingerprints, strict=True)
    ]
    new = [target for target, kept in zip(targets, is_kept, strict=True) if not kept]
    far = [target for target in new if is_sent(target)] if executor else []
    near = [target for target in new if not is_sent(target)] if executor else new

    def maker() -> Maker:
        return _maker_of(facts, root, folders, fingerprinter.shared, memory)

    sent = pages_elsewhere(executor, far, facts, folders, maker, notify) if executor and far else iter(())
    if jobs > 1 and len(near) >= WORTH_WORKERS:
        made_here = made_by_workers(Work(near, facts, root, folders, staging), jobs, maker)
    else:
        made_here = _by_one(near, maker)
    stopped: dict[Problem, list[str]] = {}
    each = zip(targets, paths, fingerprints, known, is_kept, strict=True)
    for target, path, mine, voucher, kept in each:
        if kept and voucher:
            yield Kept(path, voucher)
            continue
        made = next(sent if executor and is_sent(target) else made_here)
        if not isinstance(made, Failed):
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


def _by_one(targets: Sequence[Target], maker: Callable[[], Maker]) -> Iterator[Made]:
    """Yield the artifacts in order; without targets no maker is asked for."""
    if targets:
        yield from map(maker(), targets)


def _maker_of(facts: Facts, root: Path, folders: tuple[Path, ...], shared: str, memory: Memory) -> Maker:
    """Return the maker of the build before if it was made from the same, else a new one."""
    if memory.maker is None or memory.maker[0] != shared:
        memory.maker = shared, artifact_maker(facts, root, folders)
    maker: Maker = memory.maker[1]
    return maker
