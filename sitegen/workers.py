"""Artifacts by several processes of this machine: this one, and others forked with all targets in memory.

This one works from the last target on, the others from the first: lists share the pieces that show a paper,
feeds share their entries, and what a process has made once it uses again. What is made is written at once
to where it waits for the switch, so that only its name crosses from process to process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
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


def made_by_workers(work: Work, jobs: int, maker: Callable[[], Maker]) -> Iterator[Made]:
    """Yield what becomes of each target, in order, made by `jobs` processes.

    `maker` gives what makes artifacts in this one. If a worker dies, this process makes what it had. Raises
    whatever a worker raises.
    """
    lanes = _Lanes(work, jobs - 1)
    make = maker()
    done: dict[int, list[Made]] = {}
    try:
        for start in range(0, len(work.targets), _CHUNK):
            while start not in done:
                mine = lanes.take()
                if mine is None and lanes.some():
                    done |= lanes.finished(wait=True)
                else:
                    mine = start if mine is None else mine
                    done[mine] = _chunk(work, make, mine)
                    done |= lanes.finished(wait=False)
            yield from done.pop(start)
    finally:
        lanes.close()


class _Lanes:
    """Worker processes, and which chunk each of them has."""

    def __init__(self, work: Work, workers: int) -> None:
        forks = "fork" in multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if forks else None)
        self._is_staged = bool(work.staging)
        self._left = deque(range(0, len(work.targets), _CHUNK))
        self._pools = [ProcessPoolExecutor(1, context, _start_worker, (work,)) for _ in range(workers)]
        self._begun: dict[Future[list[Made]], tuple[int, int]] = {}
        for lane in range(workers):
            for _ in range(_AHEAD):
                self._hand_out(lane)

    def take(self) -> int | None:
        """Return the start of a chunk for this process to make; none when there is no more.

        It is the last one; where the artifacts are handed over, and must not heap up, the first.
        """
        if not self._left:
            return None
        return self._left.pop() if self._is_staged else self._left.popleft()

    def some(self) -> bool:
        """Tell whether a worker is at work."""
        return bool(self._begun)

    def finished(self, *, wait: bool) -> dict[int, list[Made]]:
        """Return what workers have finished, by the start of its chunk; with `wait`, when there is some."""
        done: dict[int, list[Made]] = {}
        for future in wait_for(self._begun, None if wait else 0, FIRST_COMPLETED).done:
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

    def close(self) -> None:
        """End all workers; what nobody has begun is not done."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def _hand_out(self, lane: int) -> None:
        """Give a worker its next chunk."""
        if self._left:
            start = self._left.popleft()
            try:
                future = self._pools[lane].submit(_make_chunk, start)
            except BrokenProcessPool:
                self._left.appendleft(start)
                self._lose(lane)
            else:
                self._begun[future] = lane, start

    def _lose(self, lane: int) -> None:
        """Forget a worker that died, and all that it had."""
        self._begun = {future: (mine, start) for future, (mine, start) in self._begun.items() if mine != lane}


def _chunk(work: Work, make: Maker, start: int) -> list[Made]:
    """Return what becomes of the targets from a number on."""
    chunk = enumerate(work.targets[start : start + _CHUNK], start)
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
        make_folder(staging)
        mtime = write_file(f"{staging}/{name}", made.data)
    except OSError:
        return made
    return Staged(made.path, name, content_hash(made.data), len(made.data), mtime, made.rank)


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
    return _chunk(work, make, start)
