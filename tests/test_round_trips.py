"""Random papers, written in each format and read back, are the same papers; damage stays where it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papers import read
from rendered import FORMATS, PAPERS, REFUSED_WHEN_BROKEN, SAYS_NO_KEYWORDS, Drawn

from sitegen.model import Entry, Kind
from sitegen.sources import decode

NAMESAKES = Drawn(
    "0801.00001", "A title", "An abstract.", (("Ada", "Lee"), ("Ada", "Lee")), date(2000, 1, 1), ()
)
"""Two authors of one name are two authors."""


def facts(entry: Entry) -> tuple[object, ...]:
    return (
        entry.arxiv_id, entry.title, entry.abstract, entry.authors, entry.author_count, entry.published,
        entry.keywords,
    )  # fmt: skip


def drawn_facts(paper: Drawn, name: str) -> tuple[object, ...]:
    authors = tuple(f"{given_name} {family}" for given_name, family in paper.authors)
    keywords = () if name in SAYS_NO_KEYWORDS else paper.keywords
    return (
        paper.arxiv_id, paper.title, paper.abstract, authors, len(authors), paper.published, keywords,
    )  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS)
@example(papers=[NAMESAKES])
@settings(max_examples=30, deadline=None)
def test_papers_written_and_read_back_are_the_same(name: str, papers: list[Drawn]) -> None:
    entries, problems = read(FORMATS[name](papers), name)
    assert [facts(entry) for entry in entries] == [drawn_facts(paper, name) for paper in papers]
    assert problems == []


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS)
@settings(max_examples=20, deadline=None)
def test_every_line_given_is_one_on_which_the_paper_stands(name: str, papers: list[Drawn]) -> None:
    text = FORMATS[name](papers)
    lines = text.split("\n")
    for entry, paper in zip(read(text, name)[0], papers, strict=True):
        nearby = " ".join(lines[entry.line - 1 : entry.line + 2])
        assert paper.title in nearby or paper.arxiv_id in nearby


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS, data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_file_cut_at_any_byte_loses_nothing_that_stands_before(
    name: str, papers: list[Drawn], data: st.DataObject
) -> None:
    whole = FORMATS[name](papers).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    text, _ = decode("content/library/x", Kind.LIBRARY, whole[:cut])
    entries, problems = read(text, name)
    assert entries or any(problem.severity == "error" for problem in problems)
    assert_kept(name, papers, cut, entries)


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS, data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_flipped_byte_never_crashes_and_costs_no_line_above(
    name: str, papers: list[Drawn], data: st.DataObject
) -> None:
    whole = bytearray(FORMATS[name](papers).encode())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(1, 255))
    text, _ = decode("content/library/x", Kind.LIBRARY, bytes(whole))
    entries, problems = read(text, name)
    assert entries or any(problem.severity == "error" for problem in problems)
    assert_kept(name, papers, place, entries)


def assert_kept(name: str, papers: list[Drawn], place: int, entries: list[Entry]) -> None:
    """Check that the papers which end before the byte at `place` were read as they stand."""
    if name in REFUSED_WHEN_BROKEN:
        return
    whole = [
        paper
        for number, paper in enumerate(papers, start=1)
        if len(FORMATS[name](papers[:number]).encode()) + 2 <= place
    ]
    for paper, entry in zip(whole, entries, strict=False):
        found, wanted = facts(entry), drawn_facts(paper, name)
        if name == "digest.md":  # a heading that is none any more is text of the paper above it
            assert (*found[:2], *found[3:]) == (*wanted[:2], *wanted[3:])
            assert entry.abstract.startswith(paper.abstract)
        else:
            assert found == wanted
    assert len(entries) >= len(whole)
