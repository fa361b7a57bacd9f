"""The same bytes for any number of processes; what goes wrong in one of them is told as ever."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from running import built, files_of, lay, run, small_project

import sitegen.build
import sitegen.errors
import sitegen.makers
import sitegen.papermaking
import sitegen.parsers
import sitegen.processes
import sitegen.render
from sitegen.asking import read_site
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem


@pytest.fixture(autouse=True)
def _workers_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers be worth while for a small site, in chunks that do not divide it evenly."""
    for stage in (sitegen.parsers, sitegen.papermaking, sitegen.render):
        monkeypatch.setattr(stage, "WORTH_WORKERS", 1)
    monkeypatch.setattr(sitegen.processes, "_LARGEST", 7)


@pytest.mark.parametrize("jobs", [2, 4])
def test_any_number_of_processes_makes_the_same_bytes(tmp_path: Path, jobs: int) -> None:
    root = small_project(tmp_path)
    built(root, "-o", tmp_path / "one", "--jobs", "1")
    built(root, "-o", tmp_path / "many", "--jobs", str(jobs))
    assert files_of(tmp_path / "one") == files_of(tmp_path / "many")


@pytest.mark.parametrize(("asked", "workers"), [((), 0), (("--jobs", "2"), 1)])
def test_a_huge_site_is_made_by_one_process_unless_more_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], workers: int
) -> None:
    started: list[int] = []
    lanes = sitegen.processes._Lanes

    def counted(chunks: list[slice], factory: Any, number: int) -> Any:
        started.append(number)
        return lanes(chunks, factory, number)

    monkeypatch.setattr(sitegen.processes, "_Lanes", counted)
    monkeypatch.setattr(sitegen.build, "MANY", 3)
    monkeypatch.setattr("sitegen.arguments.publishing.cores", lambda: 2)
    built(small_project(tmp_path), *asked)
    assert max(started[1:]) == workers  # the first are those that parse


def test_mistake_in_a_template_is_told_from_a_worker(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    (root / "templates").mkdir()
    (root / "templates/paper.html").write_text("<p>{{ page.nothing }}</p>\n", encoding="utf-8")
    outcomes = [run("build", root, "-o", tmp_path / jobs, "--jobs", jobs) for jobs in ("1", "2")]
    assert outcomes[0].status == outcomes[1].status == 1
    assert outcomes[0].err == outcomes[1].err
    assert "templates/paper.html:1: " in outcomes[1].err


@pytest.mark.parametrize(
    "mistake", ["{{ page.nothing }}", "{{ page.title|iso }}", "{% include 'none.html' %}"]
)
def test_a_mistake_in_a_template_is_told_once_with_the_number_of_its_pages(
    tmp_path: Path, mistake: str
) -> None:
    root = small_project(tmp_path)
    lay(root, {"templates/paper.html": f"\n{mistake}", "templates/404.html": "{{ lost }}"})
    papers = len(list(read_site(root, Surroundings()).papers))
    for jobs in ("1", "2"):
        outcome = run("build", root, "--jobs", jobs)
        assert outcome.status == 1
        assert outcome.err.count("templates/paper.html:2: ") == 1
        assert re.search(rf"\bIt stopped {papers} pages, such as /papers/[a-z-]+/\.\n", outcome.err)
        assert outcome.err.count("templates/404.html:1: ") == 1
        assert not (root / "public" / "index.html").exists()


def test_a_mistake_of_too_many_pages_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitegen.errors, "_MANY", 3)
    root = small_project(tmp_path)
    lay(root, {"templates/base.html": "{{ lost }}"})
    outcome = run("build", root, "--jobs", "1")
    assert outcome.err.startswith(
        "templates/base.html:1: 'lost' is undefined.\n  It stopped 3 pages or more, "
    )
    assert outcome.err.count("\n") == 2


def test_death_of_a_worker_costs_time_and_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = small_project(tmp_path)
    built(root, "-o", tmp_path / "one", "--jobs", "1")
    output_path = sitegen.makers.output_path
    mother = os.getpid()

    def deadly_path(url: str) -> str:
        if url == "/themes/" and os.getpid() != mother:
            os._exit(9)
        return output_path(url)

    monkeypatch.setattr(sitegen.makers, "output_path", deadly_path)
    built(root, "-o", tmp_path / "many", "--jobs", "2")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "many")


def test_problems_cross_from_process_to_process() -> None:
    import pickle

    error = BuildError([Problem("b", 2, "two"), Problem("a", 1, "one")])
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert str(again) == str(error)
