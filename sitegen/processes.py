"""Work cut into chunks, for this process and others forked from it: the results in order, whoever makes them.

This process takes chunks too. If another dies, what it had is made here.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
Make = Callable[[int], Result]
"""From the start of a chunk to what is made of it."""

_AHEAD = 2
"""Chunks that each worker has or will have next, so that none waits."""


def can_fork() -> bool:
    """Tell whether a new process begins with all that this one has in memory."""
    return "fork" in multiprocessing.get_all_start_methods()


def by_processes(
    starts: Sequence[int],
    factory: Callable[[], Make[Result]],
    here: Make[Result],
    jobs: int,
    *,
    from_the_end: bool = False,
) -> Iterator[Result]:
    """Yield what is made of each chunk, in order, by `jobs` processes of which this is one.

    `factory` gives each worker what makes chunks, and must be fit for `pickle` where processes cannot be
    forked; `here` makes them in this process, which takes the first that is left, or the last one
    `from_the_end`: then much may wait to be yielded. Raises whatever a worker raises.
    """
    lanes = _Lanes(starts, factory, jobs - 1)
    done: dict[int, Result] = {}
    try:
        for start in starts:
            while start not in done:
                mine = lanes.take(last=from_the_end)
                if mine is None and lanes.are_busy():
                    done |= lanes.finished(wait=True)
                else:
                    mine = start if mine is None else mine
                    done[mine] = here(mine)
                    done |= lanes.finished(wait=False)
            yield done.pop(start)
    finally:
        lanes.close()


class _Lanes(Generic[Result]):
    """Worker processes, and which chunk each of them has."""

    def __init__(self, starts: Sequence[int], factory: Callable[[], Make[Result]], workers: int) -> None:
        context = multiprocessing.get_context("fork" if can_fork() else None)
        self._left = deque(starts)
        self._pools = [ProcessPoolExecutor(1, context, _start_worker, (factory,)) for _ in range(workers)]
        self._begun: dict[Future[Result], tuple[int, int]] = {}
        for lane in range(workers):
            for _ in range(_AHEAD):
                self._hand_out(lane)

    def take(self, *, last: bool) -> int | None:
        """Return a chunk for this process to make; none when there is no more."""
        if not self._left:
            return None
        return self._left.pop() if last else self._left.popleft()

    def are_busy(self) -> bool:
        """Tell whether a worker is at work."""
        return bool(self._begun)

    def finished(self, *, wait: bool) -> dict[int, Result]:
        """Return what workers have made, by the start of its chunk; with `wait`, when there is some."""
        done: dict[int, Result] = {}
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


# ------------------------------------------------------------------------ in a worker

_worker: list[Make[Any]] = []
"""What it makes chunks with."""


def _start_worker(factory: Callable[[], Make[Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself answers an interrupt
    threading.Thread(target=_end_with_the_build, daemon=True).start()
    _worker[:] = [factory()]


def _end_with_the_build() -> None:
    """End this worker when the build is killed, which would leave it waiting for ever."""
    if build := multiprocessing.parent_process():
        wait([build.sentinel])
        signal.raise_signal(signal.SIGTERM)


def _make_chunk(start: int) -> Any:
    return _worker[0](start)
