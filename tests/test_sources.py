"""What is read from `content/`: each file once, as text, and nothing lost without a word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from running import lay, problems_of

from sitegen.errors import BuildError
from sitegen.model import Kind
from sitegen.sources import read_sources, require_content, template_folders


def paths(root: Path) -> list[str]:
    return [source.path for source in read_sources(root, ())[0]]


def mistakes(root: Path) -> list[str]:
    with pytest.raises(BuildError) as caught:
        read_sources(root, ())
    return [str(problem).partition("\n")[0] for problem in caught.value.problems]


def test_the_place_of_a_file_says_what_it_is(tmp_path: Path) -> None:
    lay(
        tmp_path / "content",
        {
            "captures/2025-01-05.txt": "a", "notes/n.md": "b", "digests/2025-01-05.md": "c",
            "themes/t.md": "d", "pages/about.md": "e", "tags.toml": "f",
            "labels.csv": "g", "ids.csv": "h", "site.toml": "i",
            "assets/a/b.png": b"\x89PNG", "assets/.well-known/x": "j",
        },
    )  # fmt: skip
    sources, assets, problems = read_sources(tmp_path, ())
    assert [(source.path[8:], source.kind) for source in sources] == [
        ("captures/2025-01-05.txt", Kind.CAPTURE),
        ("digests/2025-01-05.md", Kind.DIGEST),
        ("ids.csv", Kind.IDS),
        ("labels.csv", Kind.LABELS),
        ("notes/n.md", Kind.NOTE),
        ("pages/about.md", Kind.PAGE),
        ("tags.toml", Kind.TAGS),
        ("themes/t.md", Kind.THEME),
    ]
    assert [(asset.name, asset.owner) for asset in assets] == [
        (".well-known/x", "curator"),
        ("a/b.png", "curator"),
    ]
    assert problems == ()


def test_what_editors_and_systems_leave_behind_is_no_content(tmp_path: Path) -> None:
    names = (
        ".DS_Store",
        "notes/.n.md.swp",
        "notes/n.md~",
        "notes/#n.md#",
        "Thumbs.db",
        ".git/config",
        "notes/n.md.bak",
    )
    lay(tmp_path / "content", dict.fromkeys(names, "x"))
    assert read_sources(tmp_path, ()) == ((), (), ())


@pytest.mark.parametrize("name", ["notes/2025/n.md", "captures/x.TXT", "n.md", "note/n.md", "labels.xlsx"])
def test_a_file_that_nothing_reads_is_a_warning(tmp_path: Path, name: str) -> None:
    lay(tmp_path / "content", {name: "x"})
    _, _, [problem] = read_sources(tmp_path, ())
    assert (problem.path, problem.code, problem.severity) == (f"content/{name}", "unread-file", "warning")


def test_marks_and_ends_of_lines_of_other_systems_are_read(tmp_path: Path) -> None:
    lay(tmp_path / "content", {"notes/n.md": b"\xef\xbb\xbfa\r\nb\rc\n"})
    assert read_sources(tmp_path, ())[0][0].text == "a\nb\nc\n"


def test_damaged_bytes_are_a_warning_in_a_capture_and_an_error_elsewhere(tmp_path: Path) -> None:
    lay(tmp_path / "content", {"captures/2025-01-05.txt": b"a\nb\xff"})
    [source], _, [problem] = read_sources(tmp_path, ())
    assert (source.text, problem.line, problem.code) == ("a\nb\ufffd", 2, "bad-encoding")
    lay(tmp_path / "content", {"notes/n.md": b"a\n\nb\xff"})
    assert "content/notes/n.md:3: the byte 0xFF is not UTF-8." in mistakes(tmp_path)


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    lay(
        tmp_path / "content",
        {"notes/a.md": "x".encode("utf-16"), "notes/b.md": b"a\0b", "notes/c.md": b"\xff"},
    )
    assert [line.partition(": ")[0] for line in mistakes(tmp_path)] == [
        "content/notes/a.md", "content/notes/b.md", "content/notes/c.md:1",
    ]  # fmt: skip


def test_a_folder_that_is_a_link_is_read_and_no_circle_is_walked_twice(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/2025-01-05.txt": "x", "content/notes/n.md": "y"})
    (tmp_path / "content" / "captures").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "round").symlink_to(tmp_path / "content")
    (tmp_path / "content" / "notes" / "self").symlink_to(tmp_path / "content" / "notes")
    assert paths(tmp_path) == ["content/captures/2025-01-05.txt", "content/notes/n.md"]


def test_a_folder_that_cannot_be_read_is_an_error_and_not_an_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path / "content", {"captures/2025-01-05.txt": "x", "notes/n.md": "y"})
    scandir = os.scandir

    def denied(path: str) -> object:
        if str(path).endswith("captures"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert mistakes(tmp_path) == ["content/captures: this folder cannot be read: Permission denied."]


def test_a_link_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    lay(tmp_path / "content", {"notes/n.md": "y"})
    (tmp_path / "content" / "notes" / "gone.md").symlink_to(tmp_path / "gone")
    assert mistakes(tmp_path) == [
        "content/notes/gone.md: this file cannot be read: No such file or directory."
    ]


@pytest.mark.parametrize("link", ["notes/n.md", "assets/passwd", "assets/etc", "captures"])
def test_a_link_that_leads_out_of_the_project_is_not_read(tmp_path: Path, link: str) -> None:
    outside = lay(tmp_path, {"outside/2025-01-05.txt": "x", "secret": "SECRET"})
    target = outside / ("outside" if link in ("assets/etc", "captures") else "secret")
    root = lay(tmp_path / "project", {"content/pages/p.md": "y"})
    (root / "content" / link).parent.mkdir(exist_ok=True)
    (root / "content" / link).symlink_to(target)
    [mistake] = mistakes(root)
    assert mistake.startswith(f"content/{link}")
    assert mistake.endswith(": this link leads out of the project.")


def test_the_folder_of_content_may_be_a_link(tmp_path: Path) -> None:
    lay(tmp_path, {"elsewhere/notes/n.md": "y", "project/x": ""})
    (tmp_path / "project" / "content").symlink_to(tmp_path / "elsewhere")
    assert paths(tmp_path / "project") == ["content/notes/n.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hold_the_build(tmp_path: Path) -> None:
    lay(tmp_path / "content", {"notes/n.md": "y"})
    os.mkfifo(tmp_path / "content" / "notes" / "pipe.md")
    assert mistakes(tmp_path) == ["content/notes/pipe.md: this is neither a file nor a folder."]


def test_a_name_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    lay(tmp_path / "content", {"notes/n.md": "y"})
    strange = os.fsencode(tmp_path / "content" / "captures-")[:-1] + b"\xff.txt"
    try:
        os.close(os.open(strange, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this disk has no such names")
    assert [line.partition(": ")[2] for line in mistakes(tmp_path)] == ["the name of this file is not UTF-8."]


def test_the_projects_asset_hides_its_namesake_and_no_other(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "content/notes/n.md": "y",
            "own/assets/a.css": "own",
            "ours/assets/a.css": "x",
            "ours/assets/b": "y",
        },
    )
    (tmp_path / "bare").mkdir()
    _, assets, _ = read_sources(tmp_path, (tmp_path / "own", tmp_path / "bare", tmp_path / "ours"))
    assert [(asset.name, asset.data) for asset in assets] == [("a.css", b"own"), ("b", b"y")]


def test_a_template_that_takes_no_place_is_a_warning(tmp_path: Path) -> None:
    lay(
        tmp_path,
        {
            "content/notes/n.md": "y",
            "templates/base.html": '{% include "components/mine.html" %}',
            "templates/components/mine.html": "named by another one",
            "templates/style.css": "",
            "templates/lisitng.html": "",
            "templates/assets/mine.css": "served as it is",
        },
    )
    problems = read_sources(tmp_path, template_folders(tmp_path))[2]
    assert [str(problem) for problem in problems] == [
        "templates/lisitng.html: no page is made with this file.\n  Did you mean “listing.html”?",
        "templates/style.css: no page is made with this file.\n  Did you mean “assets/style.css”?",
    ]


def test_a_project_that_cannot_be_reached_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_dir", refuse)
    [problem] = problems_of(lambda: require_content(tmp_path))
    assert problem.message == "cannot be read: permission denied."
