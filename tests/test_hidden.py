"""Drafts and what waits for its day: no file of a built site has a word of them until they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import built, files_of, lay, run

SITE = """
title = "Lamplight"
base_url = "https://reader.example/"
id_authority = "reader.example,2025-01-01"

[mail]
sender = "Lamplight <lamp@reader.example>"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
PAPER = "{title}\n\nWe read {title} by lamp and say so.\n\n  • 4 authors\n·\nSep 20"
NOTE = "---\npaper: {paper}\nupdated: 2025-12-01\n{fields}\n---\nThe {word} of this note.\n"
OWN = "title: {title}\nlinks: {{Paper: 'https://x.example/{word}'}}\n"

HIDDEN = {
    "DRAFTNOTE": {
        "content/notes/a.md": NOTE.format(paper="A Paper on Lamps", fields="draft: true", word="DRAFTNOTE")
    },
    "DRAFTPAPER": {
        "content/notes/b.md": NOTE.format(
            paper="On DRAFTPAPER",
            fields=OWN.format(title="On DRAFTPAPER", word="w") + "featured: 2025-12-01\ndraft: true",
            word="x",
        )
    },
    "DRAFTPAGE": {"content/pages/plans.md": "---\ntitle: DRAFTPAGE\ndraft: true\n---\nNothing.\n"},
    "DRAFTISSUE": {
        "content/captures/2025-11-03.txt": HEAD.format(day="Nov 3")
        + PAPER.format(title="A Paper on DRAFTISSUE"),
        "content/digests/2025-11-03.md": "---\ntitle: Soon\ndraft: true\n---\nWords on DRAFTISSUE.\n",
    },
    "LATERNOTE": {
        "content/notes/c.md": NOTE.format(
            paper="On LATERNOTE",
            fields=OWN.format(title="On LATERNOTE", word="w") + "featured: 2025-12-24",
            word="y",
        )
    },
    "LATERISSUE": {
        "content/captures/2025-12-20.txt": HEAD.format(day="Dec 20")
        + PAPER.format(title="A Paper on LATERISSUE"),
        "content/digests/2025-12-20.md": "---\ntitle: LATERISSUE\n---\nWords on LATERISSUE.\n",
    },
}
TODAY = ("--as-of", "2025-12-02")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    captures = {"2025-12-01": ("Dec 1", "A Paper on Lamps"), "2025-12-02": ("Dec 2", "A Paper on Oil")}
    files: dict[str, str | bytes] = {"content/site.toml": SITE}
    for day, (short, title) in captures.items():
        files[f"content/captures/{day}.txt"] = HEAD.format(day=short) + PAPER.format(title=title)
    for hidden in HIDDEN.values():
        files |= hidden
    return lay(tmp_path, files)


def where(project: Path, word: str) -> list[str]:
    """Return the files of the built site that hold a word, in their name or their bytes."""
    files = files_of(project / "public")
    return [name for name, data in files.items() if word.lower().encode() in (name.encode() + data).lower()]


@pytest.mark.parametrize("word", HIDDEN)
def test_nothing_hidden_is_in_any_file(project: Path, word: str) -> None:
    built(project, *TODAY)
    assert where(project, word) == []


@pytest.mark.parametrize("word", [word for word in HIDDEN if word.startswith("DRAFT")])
def test_drafts_are_shown_on_demand(project: Path, word: str) -> None:
    built(project, *TODAY, "--drafts")
    assert where(project, word) != []


@pytest.mark.parametrize("word", [word for word in HIDDEN if word.startswith("DRAFT")])
def test_a_draft_that_is_shown_wears_a_banner(project: Path, word: str) -> None:
    built(project, *TODAY, "--drafts")
    pages = {
        "DRAFTNOTE": "papers/a-paper-on-lamps", "DRAFTPAPER": "papers/on-draftpaper", "DRAFTPAGE": "plans",
        "DRAFTISSUE": "2025/11/03",
    }  # fmt: skip
    assert '<p class="draft">' in (project / f"public/{pages[word]}/index.html").read_text()


@pytest.mark.parametrize("word", [word for word in HIDDEN if word.startswith("LATER")])
def test_what_waits_is_shown_on_its_day(project: Path, word: str) -> None:
    built(project, "--as-of", "2025-12-24")
    names = where(project, word)
    assert {"feed.xml", "rss.xml", "feed.json", "digest/feed.xml"} <= set(names)


def test_build_says_what_becomes_visible_and_when(project: Path) -> None:
    lines = [line for line in built(project, *TODAY).out.splitlines() if line.startswith("Waits for")]
    assert lines == [
        "Waits for 20 December 2025: an issue.",
        "Waits for 20 December 2025: content/digests/2025-12-20.md.",
        "Waits for 24 December 2025: content/notes/c.md.",
    ]
    assert "Waits for" not in built(project, "--as-of", "2025-12-24").out


@pytest.mark.parametrize("week", ["2025-w45", "2025-w49"])
def test_nothing_hidden_is_in_a_mail(project: Path, week: str) -> None:
    made = run("mail", project, *TODAY, "--week", week, "--dry-run").status == 0
    assert made == (week == "2025-w49")
    files = files_of(project / "mail") if made else {}
    assert len(files) == (3 if made else 0)
    assert not [word for word in HIDDEN for data in files.values() if word.encode() in data]


def test_rebuilding_without_drafts_takes_them_away(project: Path) -> None:
    built(project, *TODAY, "--drafts")
    built(project, *TODAY)
    assert [name for word in HIDDEN for name in where(project, word)] == []


def test_an_issue_held_back_by_its_digest_keeps_what_other_days_show(project: Path) -> None:
    text = "---\ntitle: Later\ndraft: true\n---\n"
    lay(project, {"content/digests/2025-12-02.md": text})
    built(project, *TODAY)
    assert where(project, "A Paper on Lamps")
    assert not where(project, "A Paper on Oil")
    built(project, *TODAY, "--drafts")
    assert where(project, "A Paper on Oil")
