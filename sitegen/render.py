"""Targets to artifacts; with several processes where that pays.

A target whose file is there already, made from the same, is only named: nothing of it is rendered.
The artifacts come back in the order of the targets, whoever makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import filterfalse
from pathlib import Path
from typing import TypeGuard

from msgspec.structs import replace

from sitegen.errors import BuildError, Stopped
from sitegen.fingerprints import Fingerprinter
from sitegen.makers import Failed, Made, Maker, artifact_maker, path_of
from sitegen.memory import Memory
from sitegen.model import Facts, Kept, Output, Page, Planned, Target, Voucher
from sitegen.workers import Work, made_by_workers

WORTH_WORKERS = 1_000
"""Fewer targets than this are made sooner by one process: see benchmarks/README.md."""


def take_fingerprints(
    targets: Sequence[Target], fingerprinter: Fingerprinter, memory: Memory
) -> list[Planned]:
    """Return each target with its path and its fingerprint, in order.

    A target that is the very one of the build before keeps both; so does one that is equal.
    """
    made_from, known = memory.planned
    before = _beside(targets, known if made_from == fingerprinter.made_from else ())

    def taken(target: Target, last: Planned | None) -> Planned:
        path = path_of(target)
        is_equal = last and last.path == path and last.target == target
        return Planned(
            target, path, last.fingerprint if last and is_equal else fingerprinter.fingerprint(target)
        )

    planned = [
        last if last and last.target is target else taken(target, last)
        for target, last in zip(targets, before, strict=True)
    ]
    memory.keep_planned(fingerprinter.made_from, planned)
    return planned


def _beside(targets: Sequence[Target], known: Sequence[Planned]) -> Sequence[Planned | None]:
    """Return for each target what may be the same in the build before."""
    if len(known) == len(targets):
        return known
    by_number = {id(planned.target): planned for planned in known}  # something came or went, and others moved
    by_path = {planned.path: planned for planned in known}
    return [by_number.get(id(target)) or by_path.get(path_of(target)) for target in targets]


def render(
    planned: Sequence[Planned],
    facts: Facts,
    root: Path,
    folders: tuple[Path, ...],
    jobs: int,
    maker: Callable[[], Maker],
    vouchers: Mapping[str, Voucher],
    staging: str = "",
    executor: Executor | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Iterator[Output]:
    """Yield the artifact of each target, in order; `jobs` is the most processes that may work here.

    An `executor` gets the targets that cost more to make than to send; `notify` is told where it fails.
    `root` is the project, whose cache remembers what is costly; `folders` are those of the templates.
    `maker` gives what makes artifacts in this process. `vouchers` are those of files that lie in the output
    folder as they were made; one with the target's own fingerprint is `Kept`. Into the folder `staging`
    workers write what they make; without one they hand it over. Raises `BuildError` in the end for
    templates that are missing or fail: each mistake once, its pages counted and one named.
    """
    known = [vouchers.get(path) for _, path, _ in planned]
    is_kept = [
        voucher is not None and voucher.fingerprint == mine
        for voucher, (_, _, mine) in zip(known, planned, strict=True)
    ]
    new = [target for (target, _, _), kept in zip(planned, is_kept, strict=True) if not kept]
    near = new
    sent: Iterator[Made] = iter(())
    is_far: Callable[[Target], TypeGuard[Page]] = _is_never
    if executor:
        from sitegen.elsewhere import is_sent, pages_elsewhere

        is_far, near, far = is_sent, [*filterfalse(is_sent, new)], [*filter(is_sent, new)]
        sent = pages_elsewhere(executor, far, facts, folders, maker, notify) if far else sent
    if jobs > 1 and len(near) >= WORTH_WORKERS:
        made_here = made_by_workers(Work(near, facts, root, folders, staging), jobs, maker)
    else:
        made_here = _by_one(near, maker)
    stopped = Stopped()
    for (target, path, mine), voucher, kept in zip(planned, known, is_kept, strict=True):
        if kept and voucher:
            yield Kept(path, voucher)
            continue
        made = next(sent if is_far(target) else made_here)
        if not isinstance(made, Failed):
            yield replace(made, fingerprint=mine)
            continue
        stopped.add(made.problems, made.url)
        if stopped.is_plain:
            break
    if stopped.problems:
        raise BuildError(stopped.problems)


def _is_never(_: Target) -> TypeGuard[Page]:
    """Tell of any target that no other machine makes it."""
    return False


def _by_one(targets: Sequence[Target], maker: Callable[[], Maker]) -> Iterator[Made]:
    """Yield the artifacts in order; without targets no maker is asked for."""
    if targets:
        yield from map(maker(), targets)


def maker_of(facts: Facts, root: Path, folders: tuple[Path, ...], shared: str, memory: Memory) -> Maker:
    """Return the maker of the build before if it was made from the same, else a new one."""
    if memory.maker is None or memory.maker[0] != shared:
        memory.maker = shared, artifact_maker(facts, root, folders)
    maker: Maker = memory.maker[1]
    return maker
