"""Papers from outside: each format by its cases, what a file is told by, and where it belongs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from casefile import read_cases, write_cases
from papers import read, shown

from sitegen.errors import Problem
from sitegen.model import Kind
from sitegen.parsers.library import FORMATS
from sitegen.parsers.sniff import Format, recognise

CASES = Path(__file__).parent / "cases" / "library"
ENDINGS = {
    "arxiv-atom": "xml",
    "bibtex": "bib",
    "csl-json": "json",
    "daily-api": "json",
    "feed": "xml",
    "markdown": "md",
    "nbib": "nbib",
    "ris": "ris",
}


def case_params() -> list[object]:
    return [
        pytest.param(path, number, id=f"{path.stem}: {title}")
        for path in sorted(CASES.glob("*.txt"))
        for number, (title, _, _) in enumerate(read_cases(path))
    ]


@pytest.mark.parametrize(("path", "number"), case_params())
def test_case_reads_as_written(path: Path, number: int, update_golden: bool) -> None:
    cases = read_cases(path)
    title, text, expected = cases[number]
    found = shown(*read(text, f"case.{ENDINGS[path.stem]}"))
    if update_golden:
        cases[number] = (title, text, found)
        write_cases(path, cases)
    else:
        assert found == expected


def test_every_format_has_a_parser_and_cases() -> None:
    assert set(FORMATS) == set(Format)
    assert {path.stem for path in CASES.glob("*.txt")} == set(ENDINGS)


# ------------------------------------------------------------------------ told by content, not by name


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("@article{a, title={X}}", Format.BIBTEX),
        ("% a comment\n\n  @Misc(a, title={X})", Format.BIBTEX),
        ("TY  - JOUR\nTI  - X\nER  - \n", Format.RIS),
        ("\n1.\nTY  - JOUR", Format.RIS),
        ("PMID- 1\nTI  - X", Format.NBIB),
        ('[{"type": "article", "title": "X"}]', Format.CSL_JSON),
        ('[{"paper": {"id": "2510.00001"}}]', Format.DAILY_API),
        ("---\ntitle: X\n---\n", Format.MARKDOWN),
        ("# X\n\n- [Y](https://arxiv.org/abs/2510.00001)", Format.MARKDOWN),
        ("Title\n\nAbstract\n\n  • 4 authors\n·\nSep 20", Format.CAPTURE),
        ('<rss version="2.0"><channel/></rss>', Format.FEED),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><id>http://arxiv.org/api/x</id></feed>',
            Format.ARXIV_ATOM,
        ),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:x</id></feed>', Format.FEED),
    ],
)
def test_the_content_tells_the_format(text: str, form: Format) -> None:
    assert recognise("content/library/misnamed.txt", text) is form


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty."),
        (" \n\n", "the file is empty."),
        ("%PDF-1.7\n\0\0", "this is not a text file (it contains NUL bytes)."),
        (
            "<html><title>502 Bad Gateway</title>",
            "this is an HTML page (“502 Bad Gateway”), not a list of papers.",
        ),
        ("Dear all,", "this begins with “Dear all,”, which no format does."),
        (
            '{"detail": "Not found"}',
            "this is an error message of a server, not a list of papers: “Not found”.",
        ),
        ("[{'type': 'article'}]", "this looks like Python's own notation, not like JSON."),
        ("{}", "this list of papers is empty."),
        ("<svg/>", "this is XML of a kind that sitegen does not read (<svg>)."),
    ],
)
def test_what_is_no_format_is_named(text: str, message: str) -> None:
    found = recognise("content/library/x.json", text)
    assert isinstance(found, Problem)
    assert (found.severity, found.message) == ("error", message)


# ------------------------------------------------------------------------ names and places


def test_a_name_that_begins_with_a_day_joins_that_issue() -> None:
    [entry], problems = read("@misc{a, title={X}}", "2025-12-09-mine.bib")
    assert (entry.day, problems) == (date(2025, 12, 9), [])


def test_a_name_that_begins_with_no_such_day_is_a_warning() -> None:
    [entry], [problem] = read("@misc{a, title={X}}", "2025-13-09-mine.bib")
    assert (entry.day, problem.code) == (None, "no-such-day")


def test_an_api_day_without_a_day_in_its_name_is_refused() -> None:
    entries, [problem] = read('[{"paper": {"id": "2510.00001", "title": "X"}}]', "today.json", Kind.DAILY_API)
    assert not entries
    assert problem.message == "the name “today” does not begin with a day."


def test_an_api_day_shown_on_other_days_than_its_name_says_is_a_warning() -> None:
    shown_on = '"submittedOnDailyAt": "2025-10-01T00:55:06Z"'
    text = f'[{{"paper": {{"id": "2510.00001", "title": "X", "summary": "Y", {shown_on}}}}}]'
    assert read(text, "2025-10-01.json", Kind.DAILY_API)[1] == []
    assert [problem.code for problem in read(text, "2025-10-02.json", Kind.DAILY_API)[1]] == ["head-day"]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (
            '[{"type": "article", "title": "X"}]',
            Kind.DAILY_API,
            "this looks like CSL-JSON, not like an answer of the Daily Papers API.",
        ),
        (
            "T\n\nA\n\n• 4 authors\n·\nSep 20",
            Kind.LIBRARY,
            "this looks like a text capture of a Daily Papers page.",
        ),
    ],
)
def test_a_file_in_the_wrong_folder_is_refused(text: str, kind: Kind, message: str) -> None:
    entries, [problem] = read(text, "2025-12-09.json", kind)
    assert not entries
    assert (problem.severity, problem.message) == ("error", message)


def test_a_file_of_which_nothing_can_be_read_is_an_error() -> None:
    entries, problems = read("@misc{a, note={no title}}")
    assert not entries
    assert [problem.severity for problem in problems] == ["warning", "error"]
