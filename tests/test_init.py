"""`sitegen init`: the site that it lays builds at once, and it never writes into what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import PROJECT, built, lay, run
from sitecheck import read_tree

from sitegen.commands.init import STARTER


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "digest"
    outcome = run("init", folder)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        f"Made a small site with two example papers in {folder}/ (13 files).\n"
        f"Look at it: python -m sitegen serve {folder}\n"
        f"Then make it yours: {folder}/README.md says how, in five steps.\n"
    )
    report = built(folder, "--strict")
    assert report.err == ""
    assert report.out.startswith("Read 8 sources: 2 entries, 2 papers, 1 issue.\n")


def test_the_site_shows_what_a_digest_can(tmp_path: Path) -> None:
    run("init", tmp_path / "digest")
    built(tmp_path / "digest")
    public = tmp_path / "digest" / "public"
    read_tree(public, "https://digest.example/")
    page = next((public / "papers").glob("an-example-paper*/index.html")).read_text("utf-8")
    for shown in (
        "<math",
        "Nyström",
        "https://github.com/example/sorting",
        "/themes/methods/",
        "/tags/open-source/",
    ):
        assert shown in page
    assert "The first issue" in (public / "2025/01/15/index.html").read_text("utf-8")
    assert "University" in (public / "organizations/example/index.html").read_text("utf-8")


def test_the_folder_may_be_a_new_repository_with_an_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, {".git/HEAD": "ref: refs/heads/main\n", ".venv/pyvenv.cfg": ""})
    monkeypatch.chdir(tmp_path)
    outcome = run("init")
    assert (outcome.status, outcome.out.splitlines()[1]) == (0, "Look at it: python -m sitegen serve")
    assert "/public/" in (tmp_path / ".gitignore").read_text()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    lay(tmp_path, {f"{name}.txt": "mine" for name in "abcdefg"})
    outcome = run("init", tmp_path)
    assert outcome.status == 1
    assert outcome.err == (
        f"{tmp_path}: this folder is not empty; in the way: a.txt, b.txt, c.txt, d.txt, e.txt and 2 more.\n"
        "  Name a new folder: python -m sitegen init my-digest\n"
    )
    assert len(list(tmp_path.iterdir())) == 7


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    lay(tmp_path, {"digest": "mine"})
    outcome = run("init", tmp_path / "digest")
    assert outcome.err == f"{tmp_path}/digest: this cannot be a folder: Not a directory.\n"


def test_netlify_gets_the_headers_of_this_project() -> None:
    def settings(path: Path) -> list[str]:
        return [line for line in path.read_text("utf-8").splitlines() if not line.startswith("command = ")]

    assert settings(STARTER / "netlify.toml") == settings(PROJECT / "netlify.toml")
