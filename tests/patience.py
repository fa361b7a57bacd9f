"""A guard against work that grows with the square of its input: generous, and blind to a busy machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LIMIT = 20
"""Seconds of this process. Linear work on the inputs of these tests takes under two, quadratic minutes."""


def ends_soon(work: Callable[[], T]) -> T:
    """Return what `work` returns; fail if it took more processor time than linear work can."""
    start = time.process_time()
    result = work()
    assert time.process_time() - start < LIMIT, "this takes longer than linear work can"
    return result
