"""What several processes make is what one makes, and is remembered in the same way."""

from __future__ import annotations

import os

import pytest

from sitegen.apart import remembered
from sitegen.memory import Table, encode
from sitegen.processes import can_fork

VALUES = ["plain", "é", "", "half a letter \ud800", "x" * 10_000] * 20


def key(place: int) -> bytes:
    return encode(place)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order_and_are_remembered(jobs: int) -> None:
    table, keys = Table(), [key(place) for place in range(len(VALUES))]
    made = remembered(table, keys, VALUES.__getitem__, lambda _: str, lambda _: jobs)
    assert made == VALUES
    assert {place: record.data for place, record in table.new.items()} == {
        key(place): encode(value) for place, value in enumerate(VALUES)
    }


def test_only_what_is_new_is_made() -> None:
    table, asked = Table(), []
    table.keep(key(1), "known")

    def processes(new: object) -> int:
        asked.append(new)
        return 1

    made = remembered(table, [key(0), key(1), key(2)], "abc".__getitem__, lambda _: str, processes)
    assert made == ["a", "known", "c"]
    assert asked == [[0, 2]]


@pytest.mark.skipif(not can_fork(), reason="this system has no fork")
def test_several_processes_work() -> None:
    processes = remembered(
        Table(), [key(place) for place in range(200)], lambda _: os.getpid(), lambda _: int, lambda _: 2
    )
    assert len({*processes}) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_mistake_of_ours_passes_through(jobs: int) -> None:
    def make(place: int) -> str:
        return ["a", "b"][place]

    with pytest.raises(IndexError):
        remembered(Table(), [key(place) for place in range(9)], make, lambda _: str, lambda _: jobs)
