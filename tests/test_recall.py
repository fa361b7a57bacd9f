"""A build from the same inputs ends at once; anything else is built, whatever its size and time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import built, files_of, lay, run

import sitegen.assemble
from sitegen.build import build
from sitegen.config import Surroundings

CAPTURE = """new

Daily Papers

Dec 9

A Paper on Lamps

We study lamps at some length, and find that they give light in nearly every case.

  • 2 authors
·
Sep 20
"""
NOTE = "---\npaper: A Paper on Lamps\nupdated: 2025-12-09\n---\nRead it by day.\n"
SITE = 'title = "Lamps"\nid_authority = "lamps.example,2025"\nbase_url = "https://lamps.example/"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project that was built."""
    files = {"site.toml": SITE, "captures/2025-12-09.txt": CAPTURE, "notes/lamps.md": NOTE}
    lay(tmp_path, {f"content/{name}": data for name, data in files.items()})
    built(tmp_path)
    return tmp_path


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return a list that grows whenever a build goes through its stages."""
    calls: list[object] = []
    assemble = sitegen.assemble.assemble
    monkeypatch.setattr(sitegen.assemble, "assemble", lambda *given: calls.append(given) or assemble(*given))
    return calls


def test_unchanged_build_skips_the_stages_and_says_the_same(project: Path, assembled: list[object]) -> None:
    before = files_of(project / "public")
    report = built(project).out
    assert not assembled
    assert "Nothing changed: " in report
    assert "1 entry, 1 paper, 1 issue." in report
    assert files_of(project / "public") == before


def test_warnings_are_said_again(tmp_path: Path, assembled: list[object]) -> None:
    late = CAPTURE.replace("Sep 20", "Dec 24")
    lay(tmp_path, {"content/site.toml": SITE, "content/captures/2025-12-09.txt": late})
    first = run("build", tmp_path)
    assert "warning" in first.err
    assert run("build", tmp_path).err == first.err
    assert len(assembled) == 1


def test_edit_of_the_same_size_and_time_is_built(project: Path, assembled: list[object]) -> None:
    note = project / "content/notes/lamps.md"
    status = note.stat()
    note.write_text(NOTE.replace("by day", "by sun"), encoding="utf-8")
    os.utime(note, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "updated" in built(project).out
    assert assembled
    assert any(b"by sun" in data for data in files_of(project / "public").values())


@pytest.mark.parametrize(
    "arguments",
    [("--drafts",), ("--as-of", "2025-12-31"), ("--base-url", "https://other.example/"), ("--strict",)],
)
def test_other_arguments_are_another_build(
    project: Path, assembled: list[object], arguments: tuple[str, ...]
) -> None:
    built(project, *arguments)
    assert assembled


def test_own_template_is_another_build(project: Path, assembled: list[object]) -> None:
    lay(project, {"templates/text.html": "{{ page.title }}"})
    built(project)
    assert assembled


@pytest.mark.parametrize("harm", ["delete", "edit", "folder"])
def test_harm_to_the_output_is_healed(project: Path, assembled: list[object], harm: str) -> None:
    before = files_of(project / "public")
    page = project / "public/index.html"
    data = page.read_bytes()
    page.unlink()
    if harm == "edit":
        page.write_bytes(data[::-1])
    elif harm == "folder":
        page.mkdir()
    built(project)
    assert assembled
    assert files_of(project / "public") == before


@pytest.mark.parametrize("name", ["built", "manifest"])
@pytest.mark.parametrize("data", [b"", b"sitegen 1 0000\nnonsense\n", None])
def test_damaged_memory_only_costs_time(
    project: Path, assembled: list[object], name: str, data: bytes | None
) -> None:
    before = files_of(project / "public")
    memory = project / "public/.sitegen" / name
    if data is None:
        memory.unlink()
    else:
        memory.write_bytes(data)
    built(project)
    assert assembled
    assert files_of(project / "public") == before
    assembled.clear()
    built(project)
    assert not assembled


@pytest.mark.parametrize(
    ("name", "stage"),
    [("content/notes/lamps.md", "look"), ("templates/assets/x.css", "look"), ("templates/text.html", "plan")],
)
def test_a_file_changed_and_put_back_during_a_build_leaves_nothing_of_its_middle(
    project: Path, name: str, stage: str
) -> None:
    """Neither pages nor parts of them: the next build sees that this one is true to no state of the files."""
    lay(project, {"templates/text.html": "{{ page.title }}", "templates/assets/x.css": "a {}"})
    file = project / name
    data, status = file.read_bytes(), file.stat()

    def lap(done: str) -> None:
        if done == stage:
            file.write_bytes(
                data.replace(b"title", b"url").replace(b"by day", b"by sun").replace(b"{}", b"{ }")
            )
        elif done == "render and write":
            file.write_bytes(data)
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    order = {"strict": False, "notify": pytest.fail, "track": lambda artifacts, _: artifacts}
    build(project, project / "public", Surroundings(), lap=lap, **order)
    built(project)
    built(project, "-o", project / "clean")
    assert files_of(project / "public") == files_of(project / "clean")


def test_failed_build_is_not_remembered(project: Path, assembled: list[object]) -> None:
    note = project / "content/notes/lamps.md"
    note.write_text(NOTE.replace("---\nRead", "thme: x\n---\nRead"), encoding="utf-8")
    assert run("build", project).status == 1
    assert run("build", project).status == 1
    note.write_text(NOTE, encoding="utf-8")
    assert run("build", project).status == 0
