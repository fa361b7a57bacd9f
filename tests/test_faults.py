"""A sample of the campaign of faults, with a fixed seed; `tests/campaigns/faults.py` does hundreds."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

if sys.platform != "linux":
    pytest.skip("forks, traps and kills as Linux has them", allow_module_level=True)

from campaigns.faults import MOMENTS, OTHERS, Counts, Fault, campaign, kills, report, strike
from campaigns.ground import Ground, Lost, build, ground_folder, healed, prepare, start, with_workers

import sitegen.makers

SEED = "2025"


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    """Return the ground of all these faults."""
    with ground_folder() as folder:
        yield prepare(folder)


@pytest.mark.parametrize("fault", dict.fromkeys((*MOMENTS, *OTHERS)), ids=lambda fault: fault.__name__)
def test_after_a_fault_the_site_is_whole_and_the_next_build_heals(ground: Ground, fault: Fault) -> None:
    counts = Counts()
    strike(fault, ground, SEED, counts)
    assert not counts.broken, report(counts)


def test_the_judge_sees_a_file_that_is_half_gone_strange_or_left_behind(ground: Ground) -> None:
    def harm(name: str, data: bytes | None) -> None:
        start(ground)
        assert build(ground.root).status == 0
        path = ground.out / name
        path.parent.mkdir(exist_ok=True)
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)

    for name, data in {
        "CNAME": b"changed",
        "left.html": b"left",
        ".sitegen/search-1/left": b"",
        "../.sitegen-cache/left.new": b"",
        "../content/notes/turnips.md": b"---\ntitle: Other\n---\n",
    }.items():
        harm(name, data)
        if name.startswith(".sitegen/"):  # the next build clears it away
            healed(ground)
            continue
        with pytest.raises(Lost):
            healed(ground)


def test_kills_are_counted_apart_from_builds_that_came_to_their_end() -> None:
    counts = Counts()
    counts.became.update({"killed_cold: killed": 3, "killed_cold: built": 2, "raced: built": 1})
    assert kills(counts) == 3
    assert not campaign(0, 1).broken


def test_workers_end_with_a_build_that_is_killed(ground: Ground) -> None:
    start(ground)

    def kill_from_a_worker() -> None:
        with_workers()
        mother = os.getpid()
        real = sitegen.makers.output_path

        def deadly(url: str) -> str:
            if os.getpid() != mother:
                os.kill(mother, signal.SIGKILL)
            return real(url)

        sitegen.makers.output_path = deadly

    assert build(ground.root, "--jobs", "2", before=kill_from_a_worker).status == -signal.SIGKILL
