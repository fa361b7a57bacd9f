"""Pages made by the workers of any executor, and of a real dask cluster on this machine: the same bytes."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import BuiltSite
from running import built, files_of, run, small_project

import sitegen.elsewhere
import sitegen.executors
from sitegen.build import build
from sitegen.config import Surroundings
from sitegen.elsewhere import Kit, Unfit, make_pages
from sitegen.errors import BuildError
from sitegen.executors import in_order
from sitegen.model import Output

Artifacts = Iterator[Output]


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small site have many pieces, of which a few are away at a time."""
    monkeypatch.setattr(sitegen.elsewhere, "_PIECE", 1)
    monkeypatch.setattr(sitegen.elsewhere, "_AHEAD", 3)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path / "project")


@pytest.fixture(scope="module")
def expected(small: BuiltSite) -> dict[str, bytes]:
    """Return the site that one process makes."""
    return files_of(small.out)


def made(
    project: Path,
    executor: Executor,
    track: Callable[[Artifacts, int], Artifacts] = lambda artifacts, _: artifacts,
) -> tuple[dict[str, bytes], list[str]]:
    """Build with an executor; return the site and what was told."""
    told: list[str] = []
    out = project / "public"
    build(project, out, Surroundings(), strict=False, notify=told.append, track=track, executor=executor)
    return files_of(out), told


class Strange(Executor):
    """Does what it is told `good` times, and then something else."""

    def __init__(self, good: int, then: Callable[[Future[Any]], object]) -> None:
        self.sent = 0
        self._good, self._then = good, then

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.sent += 1
        future: Future[Any] = Future()
        if self.sent <= self._good:
            future.set_result(fn(*pickle.loads(pickle.dumps(args)), **kwargs))
        else:
            self._then(future)
        return future


# ------------------------------------------------------------------------ any executor


def test_threads_make_the_same_bytes(project: Path, expected: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert made(project, pool) == (expected, [])


def test_executor_that_fails_costs_time_and_no_page(project: Path, expected: dict[str, bytes]) -> None:
    files, told = made(project, Strange(2, lambda future: future.set_exception(ConnectionError("gone"))))
    assert files == expected
    assert len(told) == 1
    assert told[0].startswith("The executor failed, and this machine makes its other ")
    assert "(ConnectionError: gone)" in told[0]


def test_executor_that_cancels_costs_no_page(project: Path, expected: dict[str, bytes]) -> None:
    assert made(project, Strange(1, Future.cancel))[0] == expected


def test_executor_that_says_nothing_is_given_up(
    project: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitegen.elsewhere, "_PATIENCE", 0.02)
    files, told = made(project, Strange(1, lambda future: None))
    assert files == expected
    assert "TimeoutError" in told[0]


def test_only_new_pages_are_sent(project: Path) -> None:
    executor = Strange(1_000, lambda future: None)
    made(project, executor)
    first = executor.sent
    assert first > 3
    note = project / "content/notes/candles.md"
    note.write_text(note.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    made(project, executor)
    assert executor.sent == first + 1


def test_mistake_in_a_template_is_told_as_ever(project: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates/paper.html").write_text("<p>{{ page.nothing }}</p>\n", encoding="utf-8")
    told = run("build", project, "--jobs", "1").err
    with pytest.raises(BuildError) as caught:
        made(project, Strange(1_000, lambda future: None))
    assert told.startswith(str(caught.value).partition("\n")[0])


def test_worker_of_another_version_stops_the_build(project: Path) -> None:
    with pytest.raises(Unfit, match="where the build has sitegen 0"):
        make_pages((Kit(("sitegen 0.0.1",), b""), b""))
    with pytest.raises(BuildError, match="old") as caught:
        made(project, Strange(1, lambda future: future.set_exception(Unfit("old"))))
    assert "Install the same sitegen" in caught.value.problems[0].hint


def test_results_are_in_order_and_few_are_away() -> None:
    away: list[Future[int]] = []

    class Slow(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            away.append(Future())
            return away[-1]

    results = in_order(Slow(), abs, range(9), 3)
    assert len(away) == 3, "the work begins at once"
    for number in (2, 1, 0):
        away[number].set_result(number)
    assert [next(results), next(results)] == [0, 1]
    assert len(away) == 5
    results.close()  # type: ignore[attr-defined]
    assert all(future.cancelled() for future in away[3:])


# ------------------------------------------------------------------------ a dask cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Return a cluster of two processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as cluster:
        yield cluster


def address_of(cluster: Any) -> str:
    return str(cluster.scheduler_address).replace("tcp://", "dask://")


def test_cluster_makes_the_same_bytes(cluster: Any, project: Path, expected: dict[str, bytes]) -> None:
    outcome = built(project, "--executor", address_of(cluster))
    assert files_of(project / "public") == expected
    assert "executor failed" not in outcome.out


def test_cluster_uses_the_templates_of_the_project(cluster: Any, project: Path, tmp_path: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates/paper.html").write_text("<p>{{ page.title }}</p>\n", encoding="utf-8")
    built(project, "-o", tmp_path / "one")
    built(project, "--executor", address_of(cluster))
    assert files_of(project / "public") == files_of(tmp_path / "one")


def test_death_of_a_worker_costs_a_retry(cluster: Any, project: Path, expected: dict[str, bytes]) -> None:
    pids = [worker.pid for worker in cluster.workers.values()]

    def killing(artifacts: Artifacts, _: int) -> Artifacts:
        for artifact in artifacts:
            if artifact.path.startswith("papers/") and pids:
                os.kill(pids.pop(), signal.SIGKILL)
            yield artifact

    with sitegen.executors.open_executor(address_of(cluster)) as executor:
        assert made(project, executor, killing) == (expected, [])
    assert len(pids) == 0


def test_cluster_of_another_version_is_named(
    cluster: Any, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitegen.elsewhere, "_programs", lambda: ("sitegen 9.9.9",))
    outcome = run("build", project, "--executor", address_of(cluster))
    assert outcome.status == 1
    assert "where the build has sitegen 9.9.9" in outcome.err


def test_lost_scheduler_costs_no_page(
    project: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(sitegen.elsewhere, "_PATIENCE", 2)  # dask may not tell of what it lost
    cluster = distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address=":0", protocol="tcp", silence_logs=50
    )

    def losing(artifacts: Artifacts, _: int) -> Artifacts:
        for artifact in artifacts:
            if artifact.path.startswith("papers/"):
                cluster.close()
            yield artifact

    with sitegen.executors.open_executor(address_of(cluster)) as executor:
        files, told = made(project, executor, losing)
    assert files == expected
    assert len(told) == 1


def test_cluster_without_workers_is_named(project: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=0, processes=False, dashboard_address=":0", protocol="tcp", silence_logs=50
    ) as cluster:
        outcome = run("build", project, "--executor", address_of(cluster))
    assert outcome.status == 1
    assert "this dask scheduler has no workers." in outcome.err
    assert not (project / "public").exists()


def test_scheduler_that_does_not_answer_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(sitegen.executors, "_CONNECT", 0.3)
    outcome = run("build", project, "--executor", "dask://127.0.0.1:9")
    assert outcome.status == 1
    assert outcome.err.startswith("dask://127.0.0.1:9: no dask scheduler answers")
    assert "Not built. The site stays as it was." in outcome.out


def test_stranger_that_keeps_silent_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(sitegen.executors, "_CONNECT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        outcome = run("build", project, "--executor", f"dask://127.0.0.1:{stranger.getsockname()[1]}")
    assert outcome.status == 1
    assert "no dask scheduler answers" in outcome.err


def test_missing_extra_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    outcome = run("build", project, "--executor", "dask://127.0.0.1:8786")
    assert outcome.status == 1
    assert "pip install 'sitegen[scale]'" in outcome.err


@pytest.mark.parametrize("wrong", ["", "localhost:8786", "dask://localhost", "dask://h:0", "dask://h:1/x"])
def test_address_that_is_none_is_a_wrong_call(project: Path, wrong: str) -> None:
    outcome = run("build", project, "--executor", wrong)
    assert outcome.status == 2
    assert "is no executor such as dask://localhost:8786" in outcome.err
