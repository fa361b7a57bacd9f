"""The wheel, installed in an empty environment, builds the same site elsewhere without the source tree.

This asks the package index, so it runs where SITEGEN_CI_ALL=1 says so: in .ci/run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path
from typing import Protocol

import pytest
from running import PROJECT, files_of

from sitegen import __version__

pytestmark = pytest.mark.skipif(
    os.environ.get("SITEGEN_CI_ALL") != "1", reason="asks the package index; .ci/run runs it"
)


class Built(Protocol):
    """The shipped site, built from the source tree."""

    out: Path


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command elsewhere and return what it printed; fail the test where it fails."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that knows nothing of the source tree."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def sdist(folder: Path) -> Path:
    """Return the source distribution."""
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder / "sdist", PROJECT, cwd=folder)
    return next((folder / "sdist").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    """Return the wheel, built from the source tree."""
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "wheel", PROJECT, cwd=folder)
    return next((folder / "wheel").glob("*.whl"))


@pytest.fixture(scope="module")
def python(folder: Path, wheel: Path) -> Path:
    """Return the Python of an environment that holds the wheel and what it asks for, in our versions."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    versions = run(sys.executable, "-m", "pip", "freeze", "--exclude", "sitegen", cwd=folder)
    (folder / "versions.txt").write_text(versions, "utf-8")
    run(python, "-m", "pip", "install", "-q", "-c", "versions.txt", f"{wheel}[cards]", cwd=folder)
    return python


def project(folder: Path) -> Path:
    """Return a new project with the shipped content."""
    shutil.copytree(PROJECT / "content", folder / "content")
    return folder


def test_sdist_makes_the_same_wheel(folder: Path, sdist: Path, wheel: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    source = folder / "unpacked" / sdist.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "again", source, cwd=folder)
    assert (folder / "again" / wheel.name).read_bytes() == wheel.read_bytes()


def test_sdist_holds_the_project_and_nothing_that_was_made(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}
        parts = {part for name in archive.getnames() for part in name.split("/")}
    assert {"sitegen", "templates", "content", "tests", "README.md", "LICENSE"} <= tops
    assert not parts & {"node_modules", "public", "screenshots", ".venv", ".sitegen-cache", "__pycache__"}


def test_installed_program_tells_its_version(python: Path, folder: Path) -> None:
    assert run(python, "-m", "sitegen", "--version", cwd=folder) == f"sitegen {__version__}\n"
    assert run(python.parent / "sitegen", "--version", cwd=folder) == f"sitegen {__version__}\n"


def test_installed_program_builds_the_same_site(python: Path, shipped: Built, tmp_path: Path) -> None:
    root = project(tmp_path)
    run(python.parent / "sitegen", "build", cwd=root)
    assert files_of(root / "public") == files_of(shipped.out)


def test_installed_program_begins_a_site_that_builds(python: Path, tmp_path: Path) -> None:
    said = run(python.parent / "sitegen", "init", "digest", cwd=tmp_path)
    assert said.startswith("Made a small site with two example papers in digest/ (13 files).\n")
    run(python.parent / "sitegen", "build", "--strict", "digest", cwd=tmp_path)
    assert (tmp_path / "digest" / "public" / "2025" / "01" / "15" / "index.html").is_file()


def test_own_template_replaces_the_shipped_one(python: Path, shipped: Built, tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "templates").mkdir()
    (root / "templates" / "text.html").write_text(
        '{% extends "base.html" %}\n{% block main %}<h1>Mine: {{ page.title }}</h1>{% endblock %}\n', "utf-8"
    )
    run(python, "-m", "sitegen", "build", cwd=root)
    mine, theirs = files_of(root / "public"), files_of(shipped.out)
    assert b"<h1>Mine: About</h1>" in mine["about/index.html"]
    assert mine.keys() == theirs.keys()
    assert mine["index.html"] == theirs["index.html"]
