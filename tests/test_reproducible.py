"""Same content, same bytes, whatever the machine, its settings, and the order of files on its disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BuiltSite
from running import PROJECT, built, files_of, small_project

SETTINGS = {
    "hash seed": {"PYTHONHASHSEED": "4242"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "everything": {
        "PYTHONHASHSEED": "7",
        "TZ": "America/Los_Angeles",
        "LC_ALL": "tr_TR.UTF-8",
        "COLUMNS": "20",
    },
}


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of every file and folder of a site, but for the search bundle, whose names differ."""
    paths = [path for path in folder.rglob("*") if not {".sitegen", "pagefind"} & set(path.parts)]
    return {path.relative_to(folder).as_posix(): path.stat().st_mode for path in paths}


def build_elsewhere(
    root: Path,
    out: Path,
    environment: dict[str, str],
    python: str = sys.executable,
    jobs: str = "2",
    **how: Any,
) -> None:
    """Build in a process of its own."""
    command = [python, "-m", "sitegen", "build", str(root), "-o", str(out), "--quiet", "--jobs", jobs]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60, **how)


def other_pythons() -> list[str]:
    """Return the other Pythons that have the libraries: those on the path and in `SITEGEN_PYTHONS`."""
    names = [f"python3.{minor}" for minor in range(11, 20) if minor != sys.version_info.minor]
    found = [shutil.which(name) for name in names]
    found += os.environ.get("SITEGEN_PYTHONS", "").split(os.pathsep)
    return [python for python in found if python and _can_build(python)]


def _can_build(python: str) -> bool:
    """Tell whether a Python is new enough and has what a build with social cards needs."""
    needs = "import sys, PIL, lxml, msgspec, numpy, pagefind_bin; sys.exit(sys.version_info < (3, 11))"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return not subprocess.run([python, "-c", needs], env=environment, capture_output=True).returncode


def test_every_python_makes_the_same_bytes(small: BuiltSite, tmp_path: Path) -> None:
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no other Python has the libraries: name some in SITEGEN_PYTHONS")
    for number, python in enumerate(pythons):
        build_elsewhere(small.root, tmp_path / str(number), {}, python=python)
        assert files_of(tmp_path / str(number)) == small.tree.files, python


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_settings_of_the_machine_change_no_byte(setting: str, small: BuiltSite, tmp_path: Path) -> None:
    build_elsewhere(small.root, tmp_path, SETTINGS[setting])
    assert files_of(tmp_path) == small.tree.files


def test_the_umask_changes_no_byte_and_no_mode(small: BuiltSite, tmp_path: Path) -> None:
    for umask in (0o000, 0o077):
        out = tmp_path / f"{umask:o}"
        build_elsewhere(small.root, out, {}, umask=umask)
        assert files_of(out) == small.tree.files
        assert modes(out) == modes(small.out)


def test_the_place_of_the_project_and_the_working_directory_change_no_byte(
    small: BuiltSite, tmp_path: Path
) -> None:
    root = small_project(tmp_path / "ein anderer Ort" / "ü")
    build_elsewhere(Path(), Path("the site"), {}, cwd=root)
    assert files_of(root / "the site") == small.tree.files


def test_the_shipped_site_is_the_same_on_another_machine_by_more_processes(
    shipped: BuiltSite, tmp_path: Path
) -> None:
    build_elsewhere(PROJECT, tmp_path, SETTINGS["everything"], jobs="3", cwd=tmp_path, umask=0o077)
    assert files_of(tmp_path) == shipped.tree.files


def test_the_order_of_files_on_the_disk_changes_no_byte(
    small: BuiltSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk, scandir, listdir = os.walk, os.scandir, os.listdir

    def backwards(top: str, **how: Any) -> Iterator[tuple[str, list[str], list[str]]]:
        for place, folders, names in walk(top, **how):
            folders.sort(reverse=True)
            yield place, folders, sorted(names, reverse=True)

    class Backwards:
        """`os.scandir` with its entries in the opposite order."""

        def __init__(self, path: Any = ".") -> None:
            with scandir(path) as entries:
                self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

        def __enter__(self) -> Iterator[Any]:
            return self.entries

        def __exit__(self, *_: object) -> None: ...

        def __iter__(self) -> Iterator[Any]:
            return self.entries

        def __next__(self) -> Any:
            return next(self.entries)

        def close(self) -> None: ...

    monkeypatch.setattr(os, "walk", backwards)
    monkeypatch.setattr(os, "scandir", Backwards)
    monkeypatch.setattr(os, "listdir", lambda path=".": sorted(listdir(path), reverse=True))
    built(small.root, "-o", tmp_path)
    assert files_of(tmp_path) == small.tree.files
