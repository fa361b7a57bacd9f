"""`sitegen build --verify`: a site that is not as built from nothing is named file by file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import built, files_of, lay, run, small_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_project(tmp_path)
    built(root)
    return root


def test_a_site_that_is_as_built_from_nothing_is_verified(root: Path) -> None:
    before = files_of(root)
    outcome = built(root, "--verify")
    count = len(files_of(root / "public"))
    assert f"Verified: {count} files, each as built from nothing.\n" in outcome.out
    assert files_of(root) == before
    assert built(root, "--verify", "--quiet").out == ""


def test_a_site_after_an_edit_is_verified(root: Path) -> None:
    (root / "content/notes/candles.md").unlink()
    lay(root, {"templates/text.html": "{% extends 'base.html' %}{% block main %}<h1>Mine</h1>{% endblock %}"})
    assert "Verified: " in built(root, "--verify").out


def test_what_no_build_notices_is_named(root: Path) -> None:
    """The bytes of a file, changed without a trace in its size and times."""
    page = root / "public/about/index.html"
    times = page.stat().st_atime_ns, page.stat().st_mtime_ns
    page.write_bytes(page.read_bytes().replace(b"It is dark", b"It is dusk"))
    os.utime(page, ns=times)
    (root / "public/mine.txt").write_text("mine", "utf-8")
    outcome = run("build", root, "--verify")
    assert outcome.status == 1
    assert outcome.err == (
        f"{root}/public/about/index.html: is not as built from nothing.\n"
        f"{root}/public/mine.txt: is no file of this site.\n"
    )
    assert "Not verified: 2 files not as built from nothing. Remove " in outcome.out


def test_no_memory_of_the_project_is_trusted(root: Path) -> None:
    """Neither what lies beside the output nor `.sitegen-cache/` is seen by the build that verifies."""
    lay(root, {".sitegen-cache/anything": "wrong", "public/.sitegen/anything": "wrong"})
    assert "Verified: " in built(root, "--verify").out


def test_a_failed_build_verifies_nothing(root: Path) -> None:
    (root / "content/site.toml").write_text("title =", "utf-8")
    outcome = run("build", root, "--verify")
    assert outcome.status == 1
    assert "erified" not in outcome.out
