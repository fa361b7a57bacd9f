"""The same bytes for any number of processes; what goes wrong in one of them is told as ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import built, files_of, run, small_project

import sitegen.render
from sitegen.errors import BuildError, Problem


@pytest.fixture(autouse=True)
def _workers_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers be worth while for a small site, in chunks that do not divide it evenly."""
    monkeypatch.setattr(sitegen.render, "WORTH_WORKERS", 1)
    monkeypatch.setattr(sitegen.render, "_CHUNK", 7)


@pytest.mark.parametrize("jobs", [2, 4])
def test_any_number_of_processes_makes_the_same_bytes(tmp_path: Path, jobs: int) -> None:
    root = small_project(tmp_path)
    built(root, "-o", tmp_path / "one", "--jobs", "1")
    built(root, "-o", tmp_path / "many", "--jobs", str(jobs))
    assert files_of(tmp_path / "one") == files_of(tmp_path / "many")


def test_mistake_in_a_template_is_told_from_a_worker(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    (root / "templates").mkdir()
    (root / "templates/paper.html").write_text("<p>{{ page.nothing }}</p>\n", encoding="utf-8")
    outcomes = [run("build", root, "-o", tmp_path / jobs, "--jobs", jobs) for jobs in ("1", "2")]
    assert outcomes[0].status == outcomes[1].status == 1
    assert outcomes[0].err == outcomes[1].err
    assert "templates/paper.html:1: " in outcomes[1].err


def test_death_of_a_worker_costs_time_and_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_project(tmp_path)
    built(root, "-o", tmp_path / "one", "--jobs", "1")
    output_path = sitegen.render.output_path
    mother = os.getpid()

    def deadly_path(url: str) -> str:
        if url == "/themes/" and os.getpid() != mother:
            os._exit(9)
        return output_path(url)

    monkeypatch.setattr(sitegen.render, "output_path", deadly_path)
    built(root, "-o", tmp_path / "many", "--jobs", "2")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "many")


def test_problems_cross_from_process_to_process() -> None:
    import pickle

    error = BuildError([Problem("b", 2, "two"), Problem("a", 1, "one")])
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert str(again) == str(error)
