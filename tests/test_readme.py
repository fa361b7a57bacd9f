"""The two commands of README.md are the ones that CI runs: it reads them there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from running import PROJECT

SCRIPT = PROJECT / ".ci" / "run"


def fenced_lines(markdown: str) -> list[str]:
    """Return the lines within fenced blocks of shell commands."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def read_by_ci(folder: Path, ending: str) -> subprocess.CompletedProcess[str]:
    """Run the function of .ci/run that reads a command from the README.md of a folder."""
    script = SCRIPT.read_text("utf-8")
    function = re.search(r"^readme_command\(\) \{\n.*?^\}$", script, re.MULTILINE | re.DOTALL)
    assert function
    command = ["bash", "-c", f"{function[0]}\nreadme_command '{ending}'"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("ending", ["sitegen build", "pytest"])
def test_ci_runs_a_command_that_the_readme_shows(ending: str) -> None:
    read = read_by_ci(PROJECT, ending).stdout.rstrip("\n")
    assert read.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert read.endswith(ending)
    assert fenced_lines((PROJECT / "README.md").read_text("utf-8")).count(read) == 1


def test_ci_follows_a_change_of_the_readme(tmp_path: Path) -> None:
    changed = "python3 -m venv .venv && .venv/bin/pip install -e '.[other]' && .venv/bin/pytest"
    (tmp_path / "README.md").write_text(f"# Other\n\n```sh\n{changed}\n```\n", "utf-8")
    assert read_by_ci(tmp_path, "pytest").stdout == changed + "\n"


@pytest.mark.parametrize("copies", [0, 2])
def test_ci_refuses_a_readme_without_its_one_command(tmp_path: Path, copies: int) -> None:
    line = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pytest\n"
    (tmp_path / "README.md").write_text("# Other\n\n" + line * copies, "utf-8")
    ran = read_by_ci(tmp_path, "pytest")
    assert ran.returncode == 1
    assert "README.md must hold one command that ends with pytest" in ran.stderr
