"""Work cut into chunks, for this process and others forked from it: the results in order, whoever makes them.

This process takes chunks too. If another dies, what it had is made here.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
Make = Callable[[slice], Result]
"""From a part of the work to what is made of it."""

_AHEAD = 3
"""Chunks that each worker has or will have next, so that none waits for this process."""
_LARGEST = 200
_SWITCH = 1e-4
"""Seconds until other threads of this process may work: one takes what workers send, 64 kB a turn."""
_SHARES = 16
"""Work is cut into so many chunks for each process, or more: small ones cost more than they level out."""


def can_fork() -> bool:
    """Tell whether a new process begins with all that this one has in memory."""
    return "fork" in multiprocessing.get_all_start_methods()


def by_processes(
    size: int,
    factory: Callable[[], Make[Result]],
    here: Make[Result],
    jobs: int,
    *,
    from_the_end: bool = False,
) -> Iterator[Result]:
    """Yield what is made of each chunk of `size` pieces of work, by `jobs` processes of which this is one.

    `factory` gives each worker what makes chunks, and must be fit for `pickle` where processes cannot be
    forked; `here` makes them in this process, which takes the first that is left, or the last one
    `from_the_end`: then much may wait to be yielded. Raises whatever a worker raises.
    """
    length = max(1, min(_LARGEST, size // (jobs * _SHARES)))
    chunks = [slice(start, min(start + length, size)) for start in range(0, size, length)]
    lanes = _Lanes(chunks, factory, jobs - 1)
    done: dict[int, Result] = {}
    patience = sys.getswitchinterval()
    if jobs > 1:
        sys.setswitchinterval(_SWITCH)
    try:
        for chunk in chunks:
            while chunk.start not in done:
                mine = lanes.take(last=from_the_end)
                if mine is None and lanes.are_busy():
                    done |= lanes.finished(block=True)
                else:
                    mine = mine or chunk
                    done[mine.start] = here(mine)
                    done |= lanes.finished(block=False)
            yield done.pop(chunk.start)
    finally:
        sys.setswitchinterval(patience)
        lanes.close()


class _Lanes(Generic[Result]):
    """Worker processes, and which chunk each of them has."""

    def __init__(self, chunks: Sequence[slice], factory: Callable[[], Make[Result]], workers: int) -> None:
        context = multiprocessing.get_context("fork" if can_fork() else None)
        self._left = deque(chunks)
        self._pools = [ProcessPoolExecutor(1, context, _start_worker, (factory,)) for _ in range(workers)]
        self._begun: dict[Future[Result], tuple[int, slice]] = {}
        for lane in range(workers):
            for _ in range(_AHEAD):
                self._hand_out(lane)

    def take(self, *, last: bool) -> slice | None:
        """Return a chunk for this process to make; none when there is no more."""
        if not self._left:
            return None
        return self._left.pop() if last else self._left.popleft()

    def are_busy(self) -> bool:
        """Tell whether a worker is at work."""
        return bool(self._begun)

    def finished(self, *, block: bool) -> dict[int, Result]:
        """Return what workers have made, by the start of its chunk; with `block`, when there is some."""
        done: dict[int, Result] = {}
        for future in wait(self._begun, None if block else 0, FIRST_COMPLETED).done:
            if future not in self._begun:  # of a worker that died
                continue
            lane, chunk = self._begun[future]
            try:
                done[chunk.start] = future.result()
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
            chunk = self._left.popleft()
            try:
                future = self._pools[lane].submit(_make_chunk, chunk.start, chunk.stop)
            except BrokenProcessPool:
                self._left.appendleft(chunk)
                self._lose(lane)
            else:
                self._begun[future] = lane, chunk

    def _lose(self, lane: int) -> None:
        """Forget a worker that died, and all that it had."""
        self._begun = {future: begun for future, begun in self._begun.items() if begun[0] != lane}


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
        connection.wait([build.sentinel])
        signal.raise_signal(signal.SIGTERM)


def _make_chunk(start: int, stop: int) -> Any:
    return _worker[0](slice(start, stop))
