"""One mistake each: what the program says to the person who made it, and that the last good site stays.

A folder of `tests/broken/` is laid over the small site. `message.txt` holds the exit status, then all of
standard error; `arguments.txt` further arguments; `remove.txt` what is missing.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from conftest import BuiltSite
from running import Outcome, files_of, run

BROKEN = Path(__file__).parent / "broken"
MISTAKES = sorted(path.name for path in BROKEN.iterdir())
ABOUT_THE_TEST = ("message.txt", "arguments.txt", "remove.txt")


@pytest.fixture
def project(tmp_path: Path, small: BuiltSite, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with its last good site, and go there."""
    shutil.copytree(small.root, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(mistake: str, project: Path) -> list[str]:
    """Make the mistake and return the arguments that belong to it."""
    case = BROKEN / mistake
    shutil.copytree(case, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*ABOUT_THE_TEST))
    for name in _lines(case / "remove.txt"):
        path = project / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return shlex.split(" ".join(_lines(case / "arguments.txt")))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def as_message(outcome: Outcome) -> str:
    """Return status and standard error; the usage above a wrong call differs from Python to Python."""
    lines = outcome.err.splitlines()
    usage = outcome.err.startswith("usage: ")
    return "\n".join([f"exit {outcome.status}", *(lines[-1:] if usage else lines), ""])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_explained_and_the_last_good_site_stays(
    mistake: str, project: Path, update_golden: bool
) -> None:
    before = files_of(project / "public")
    outcome = run("build", *make(mistake, project))
    message = BROKEN / mistake / "message.txt"
    if update_golden:
        message.write_text(as_message(outcome), encoding="utf-8")
    assert as_message(outcome) == message.read_text(encoding="utf-8")
    if outcome.status:
        assert files_of(project / "public") == before
