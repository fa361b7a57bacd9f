"""Artifacts by several processes of this machine, each of which has all targets in its memory.

This one works from the last target on, the others from the first: lists share the pieces that show a paper,
feeds share their entries, and what a process has made once it uses again. What is made is written at once
to where it waits for the switch, so that only its name crosses from process to process.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sitegen.disk import make_folder, write_file
from sitegen.makers import Made, Maker, artifact_maker
from sitegen.manifest import content_hash
from sitegen.model import Artifact, Facts, Staged, Target
from sitegen.processes import by_processes


class Work(NamedTuple):
    """What a worker is started with."""

    targets: Sequence[Target]
    facts: Facts
    root: Path
    folders: tuple[Path, ...]
    staging: str
    """The folder to write to; empty where the artifacts are handed over themselves."""


def made_by_workers(work: Work, jobs: int, maker: Callable[[], Maker]) -> Iterator[Made]:
    """Yield what becomes of each target, in order, made by `jobs` processes.

    `maker` gives what makes artifacts in this one. Raises whatever a worker raises.
    """
    size, here = len(work.targets), partial(_chunk, work, maker())
    for made in by_processes(size, partial(_factory, work), here, jobs, from_the_end=bool(work.staging)):
        yield from made


def _factory(work: Work) -> Callable[[slice], list[Made]]:
    return partial(_chunk, work, artifact_maker(work.facts, work.root, work.folders))


def _chunk(work: Work, make: Maker, part: slice) -> list[Made]:
    """Return what becomes of some of the targets."""
    if work.staging:
        with suppress(OSError):  # then no file can be written either, and each is handed over
            make_folder(work.staging)
    chunk = enumerate(work.targets[part], part.start)
    return [_staged(make(target), work.staging, number) for number, target in chunk]


def _staged(made: Made, staging: str, number: int) -> Made:
    """Return what is made, written to where it waits; itself where that cannot be, and the build says why.

    The number of the process is in the name: a worker of a build that was killed may write a last file when
    the next has begun.
    """
    if not staging or not isinstance(made, Artifact):
        return made
    name = f"{os.getpid()}w{number}"
    try:
        mtime = write_file(f"{staging}/{name}", made.data)
    except OSError:
        return made
    return Staged(made.path, name, content_hash(made.data), len(made.data), mtime, made.rank)
