"""Fields without measure: megabytes of one letter are cut and told, whatever the letter and the format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from patience import ends_soon
from running import built, lay, run

from sitegen.errors import Problem
from sitegen.model import Entry, Kind, Note, Source
from sitegen.parsers import PARSERS, parse
from sitegen.parsers.limits import LONGEST

LONG = 10**6
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nDec 9\n\n"
META = "\n\n  • 4 authors\n·\nSep 20"
SITE = """title = "Lamps"
id_authority = "lamps.example,2025"
base_url = "https://lamps.example/"
search = false
"""
LETTERS = "a($\\<&é😀"

Form = Callable[[str], str]
FIELDS: dict[str, tuple[Kind, str, str, Form]] = {
    "abstract of a capture": (
        Kind.CAPTURE, "captures/2025-12-09.txt", "abstract", lambda long: f"{HEAD}A title\n\n{long}{META}",
    ),
    "title of the API": (
        Kind.DAILY_API, "captures/2025-12-09.json", "title",
        lambda long: json.dumps([{"paper": {"id": "2512.00001", "title": long, "summary": "An abstract."}}]),
    ),
    "authors of the API": (
        Kind.DAILY_API, "captures/2025-12-09.json", "authors",
        lambda long: json.dumps(
            [{"paper": {"id": "2512.00001", "title": "Title", "authors": [{"name": "A B"}, {"name": long}]}}]
        ),
    ),
    "title of BibTeX": (Kind.LIBRARY, "library/x.bib", "title", lambda long: f"@a{{b, title={{{long} x}}}}"),
    "abstract of BibTeX": (
        Kind.LIBRARY, "library/x.bib", "abstract",
        lambda long: f"@a{{b, title={{A title}}, abstract={{{long} x}}}}",
    ),
    "abstract of RIS": (
        Kind.LIBRARY, "library/x.ris", "abstract",
        lambda long: f"TY  - JOUR\nTI  - A title\nAB  - {long}\nER  - \n",
    ),
    "body of a note": (Kind.NOTE, "notes/x.md", "body", lambda long: f"---\npaper: A title\n---\n{long}"),
}  # fmt: skip


def parsed(kind: Kind, path: str, text: str) -> tuple[list[Entry | Note], tuple[Problem, ...]]:
    found = parse([Source(f"content/{path}", kind, text)])
    return [*found.entries, *found.notes], found.warnings


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_without_measure_is_cut_and_told(field: str) -> None:
    kind, path, name, form = FIELDS[field]
    for letter in LETTERS if name != "authors" else "aé":
        [value], problems = ends_soon(lambda: parsed(kind, path, form(letter * LONG)))  # noqa: B023
        said = getattr(value, name)
        assert len(said) == LONGEST[name] if isinstance(said, str) else said == ("A B",)
        [problem] = [problem for problem in problems if problem.code == "too-long"]
        assert problem.path == f"content/{path}"
        assert problem.message.startswith(f"{name}: ")
        assert problem.message.endswith(f" characters, of which {LONGEST[name]:,} are read.")


def test_what_is_as_long_as_may_be_is_left_alone() -> None:
    text = FIELDS["title of BibTeX"][3]("a" * (LONGEST["title"] - 2))
    [entry], problems = parsed(Kind.LIBRARY, "library/x.bib", text)
    assert (len(entry.title), problems) == (LONGEST["title"], ())
    [read], _ = PARSERS[Kind.LIBRARY](Source("content/library/x.bib", Kind.LIBRARY, text))
    assert replace(entry, keys=(), slug="") == read


@pytest.mark.parametrize("letter", "a($<😀")
def test_a_paper_of_megabytes_of_one_letter_is_built(tmp_path: Path, letter: str) -> None:
    text = f"@a{{b, title={{A {letter * LONG}}}, abstract={{{letter * LONG}}}}}"
    lay(tmp_path, {"content/site.toml": SITE, "content/library/2025-12-09-x.bib": text})
    ends_soon(lambda: built(tmp_path))
    pages = list((tmp_path / "public" / "papers").rglob("index.html"))
    assert max(page.stat().st_size for page in pages) < 2_000_000


def test_a_title_without_a_letter_names_no_paper_and_is_told(tmp_path: Path) -> None:
    titles = [{"type": "article", "title": title} for title in ("(", "???", "😀", "ﾞ", r"$\to$", "道")]
    lay(tmp_path, {"content/site.toml": SITE, "content/library/2025-12-09-x.json": json.dumps(titles)})
    outcome = built(tmp_path)
    assert outcome.err.count("has no letter and the paper no id, so it is left out.") == 5
    assert len(list((tmp_path / "public" / "papers").rglob("index.json"))) == 1


def test_a_note_about_no_letter_is_a_mistake(tmp_path: Path) -> None:
    note = '---\npaper: "???"\ntitle: Lamps\nlinks:\n  Paper: https://x.example/\n---\n'
    lay(tmp_path, {"content/site.toml": SITE, "content/notes/lamps.md": note})
    outcome = run("build", tmp_path)
    assert outcome.status == 1
    assert "content/notes/lamps.md:2: paper: “???” names no paper, for it has no letter.\n" in outcome.err
