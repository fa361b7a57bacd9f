"""Executors: work handed to any piece by piece, its results in order; and that of a dask cluster.

How dask divides the work, what it does when a worker dies and how its parts speak is dask's own affair.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from itertools import islice
from threading import Thread
from typing import TypeVar

from sitegen.errors import BuildError, Problem

DASK = "dask://"
"""What the address of a dask scheduler begins with."""
_CONNECT = 5
"""Seconds in which a scheduler must answer, twice as many to the very end."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_order(
    executor: Executor,
    function: Callable[[Piece], Result],
    pieces: Iterable[Piece],
    ahead: int,
    patience: float | None = None,
) -> Iterator[Result]:
    """Return the results for all pieces, in order; work on the first begins at once.

    At most `ahead` pieces are with the executor or wait to be taken, so that memory stays flat. Whatever the
    executor or the function raises comes out, and `TimeoutError` where a result takes more than `patience`
    seconds from when it is asked for; pieces that nobody has begun are then cancelled.
    """
    coming = iter(pieces)
    waiting = deque(executor.submit(function, piece) for piece in islice(coming, ahead))
    return _drained(executor, function, coming, waiting, patience)


def _drained(
    executor: Executor,
    function: Callable[[Piece], Result],
    coming: Iterator[Piece],
    waiting: deque[Future[Result]],
    patience: float | None,
) -> Iterator[Result]:
    try:
        while waiting:
            result = waiting.popleft().result(patience)
            waiting.extend(executor.submit(function, piece) for piece in islice(coming, 1))
            yield result
    finally:
        for future in waiting:
            future.cancel()


@contextmanager
def open_executor(address: str) -> Iterator[Executor]:
    """Give the executor at an address, `dask://host:port`.

    Raises `BuildError` where the extra is missing, nobody answers, or the cluster has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise _unusable(
            address, "dask.distributed is not installed.", "pip install 'sitegen[scale]'"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what fails there is told by us
    try:
        place = f"tcp://{address.removeprefix(DASK)}"
        client = _within(2 * _CONNECT, lambda: Client(place, timeout=_CONNECT, set_as_default=False))
    except (OSError, ValueError) as error:
        hint = "Is “dask scheduler” running there, and can this machine reach it?"
        message = f"no dask scheduler answers: {' '.join(str(error).split()) or 'it keeps silent'}."
        raise _unusable(address, message, hint) from None
    with client:
        if not client.scheduler_info()["workers"]:
            hint = f"Start some: dask worker {address.removeprefix(DASK)}"
            raise _unusable(address, "this dask scheduler has no workers.", hint)
        yield client.get_executor(pure=False)


def _within(seconds: float, make: Callable[[], Result]) -> Result:
    """Return what is made, or raise `TimeoutError`: dask waits long for a stranger that says nothing."""
    made: Future[Result] = Future()

    def run() -> None:
        try:
            made.set_result(make())
        except Exception as error:
            made.set_exception(error)

    Thread(target=run, daemon=True).start()
    return made.result(seconds)


def _unusable(address: str, message: str, hint: str) -> BuildError:
    return BuildError([Problem(address, 0, message, hint)])
