"""Artifacts by several processes of this machine, each forked with all targets in its memory.

Half of them work from the first target on, half from the last: lists share the pieces that show a paper,
feeds share their entries, and what a process has made once it uses again. What is made is written at once
to where it waits for the switch, so that only its name crosses from process to process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

from sitegen.disk import make_folder, write_file
from sitegen.makers import Made, Maker, artifact_maker
from sitegen.manifest import content_hash
from sitegen.model import Artifact, Facts, Staged, Target

_CHUNK = 50
"""Targets that a worker is told to make at a time."""
_AHEAD = 2
"""Chunks that each worker has or will have next, so that none waits."""


class Work(NamedTuple):
    """What a worker is started with."""

    targets: Sequence[Target]
    facts: Facts
    root: Path
    folders: tuple[Path, ...]
    staging: str
    """The folder to write to; empty where the artifacts are handed over themselves."""


def made_by_workers(work: Work, jobs: int) -> Iterator[Made]:
    """Yield what becomes of each target, in order; if a worker dies, others make what it had.

    Raises whatever a worker raises.
    """
    lanes = _Lanes(work, jobs)
    done: dict[int, list[Made]] = {}
    try:
        for start in range(0, len(work.targets), _CHUNK):
            while start not in done and lanes.some():
                done |= lanes.next()
            yield from done.pop(start) if start in done else lanes.here(start)
    finally:
        lanes.close()


class _Lanes:
    """Worker processes, and which chunk each of them has."""

    def __init__(self, work: Work, jobs: int) -> None:
        forks = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if forks else None)
        self._work = work
        self._maker: Maker | None = None
        self._left = deque(range(0, len(work.targets), _CHUNK))
        self._pools = [ProcessPoolExecutor(1, context, _start_worker, (work,)) for _ in range(jobs)]
        self._begun: dict[Future[list[Made]], tuple[int, int]] = {}
        for lane in range(jobs):
            for _ in range(_AHEAD):
                self._hand_out(lane)

    def some(self) -> bool:
        """Tell whether a worker is at work."""
        return bool(self._begun)

    def next(self) -> dict[int, list[Made]]:
        """Wait for a worker, and return what is finished by the start of its chunk."""
        done: dict[int, list[Made]] = {}
        for future in wait_for(self._begun, return_when=FIRST_COMPLETED).done:
            if future not in self._begun:  # of a worker that died
                continue
            lane, start = self._begun[future]
            try:
                done[start] = future.result()
            except BrokenProcessPool:
                self._lose(lane)
            else:
                del self._begun[future]
                self._hand_out(lane)
        return done

    def here(self, start: int) -> Iterator[Made]:
        """Yield what becomes of a chunk whose worker died; it is made by this process."""
        if self._maker is None:
            self._maker = artifact_maker(self._work.facts, self._work.root, self._work.folders)
        yield from map(self._maker, self._work.targets[start : start + _CHUNK])

    def close(self) -> None:
        """End all workers; what nobody has begun is not done."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def _hand_out(self, lane: int) -> None:
        """Give a worker its next chunk: an even one from the front, an odd one from the back."""
        if self._left:
            start = self._left.pop() if lane % 2 else self._left.popleft()
            try:
                future = self._pools[lane].submit(_make_chunk, start)
            except BrokenProcessPool:
                self._left.append(start)
                self._lose(lane)
            else:
                self._begun[future] = lane, start

    def _lose(self, lane: int) -> None:
        """Forget a worker that died; what it had is made here, as it may be what killed it."""
        self._begun = {future: (mine, start) for future, (mine, start) in self._begun.items() if mine != lane}


# ------------------------------------------------------------------------ in a worker

_worker: list[tuple[Work, Maker]] = []
"""What it was started with, and what makes artifacts."""


def _start_worker(work: Work) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself answers an interrupt
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    _worker.append((work, artifact_maker(work.facts, work.root, work.folders)))


def _end_with_the_build() -> None:
    """End this worker when the build is killed, which would leave it waiting for ever."""
    if build := multiprocessing.parent_process():
        wait([build.sentinel])
        signal.raise_signal(signal.SIGTERM)


def _make_chunk(start: int) -> list[Made]:
    work, make = _worker[0]
    chunk = enumerate(work.targets[start : start + _CHUNK], start)
    return [_staged(make(target), work.staging, number) for number, target in chunk]


def _staged(made: Made, staging: str, number: int) -> Made:
    """Return what is made, written to where it waits; itself where that cannot be, and the build says why.

    The number of the build's process is in the name: a worker of one that was killed may write a last file
    when the next build has begun.
    """
    if not staging or not isinstance(made, Artifact):
        return made
    name = f"{os.getppid()}w{number}"
    try:
        make_folder(staging)
        mtime = write_file(f"{staging}/{name}", made.data)
    except OSError:
        return made
    return Staged(made.path, name, content_hash(made.data), len(made.data), mtime, made.rank)
