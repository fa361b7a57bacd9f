"""Facts of one paper from many sources: the newest holds, nothing is invented, contradictions are named."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from test_given import FIRST, SECOND, entry, parsed
from test_identity import label

from sitegen.errors import BuildError
from sitegen.merge import merge
from sitegen.merged import Merged
from sitegen.model import Note, Organization


def paper_of(*statements: object) -> Merged:
    [paper], problems = merge(parsed(*statements))  # type: ignore[arg-type]
    assert not problems
    return paper


def note(paper: str = "On Bees", **fields: object) -> Note:
    lines = (("paper", 2), *((name, line) for line, name in enumerate(fields, start=3)))
    fields = {("published" if name == "date" else name): value for name, value in fields.items()}
    return Note("content/notes/n.md", 2, paper, lines, **fields)  # type: ignore[arg-type]


def test_what_no_source_says_stays_unknown() -> None:
    paper = paper_of(entry("On Bees"))
    assert (paper.author_count, paper.organization, paper.published, paper.comments) == (
        None,
        None,
        None,
        None,
    )
    assert (paper.abstract, paper.authors, paper.arxiv_id, paper.doi) == ("", (), "", "")


def test_the_newest_source_that_knows_a_fact_holds() -> None:
    older = entry("On Bees", abstract="Old.", author_count=4, comments=7, published=date(2024, 12, 1))
    newer = entry("On bees", SECOND, abstract="New.", comments=2)
    paper = paper_of(newer, older)
    assert (paper.title, paper.abstract, paper.comments) == ("On bees", "New.", 2)
    assert (paper.author_count, paper.published) == (4, date(2024, 12, 1))
    assert [item.day for item in paper.entries] == [FIRST, SECOND]


def test_no_comments_known_is_not_none_and_not_zero() -> None:
    assert paper_of(entry("On Bees", comments=0)).comments == 0


def test_the_note_corrects_what_sources_say_and_settles_their_dispute() -> None:
    correction = note(title="On Bees, Corrected", authors=("A", "B"), date=date(2024, 6, 1))
    paper = paper_of(
        entry("On Bees", author_count=4, published=date(2024, 7, 1)),
        entry("On Bees", SECOND, author_count=5, published=date(2024, 9, 1)),
        correction,
    )
    assert (paper.title, paper.authors, paper.author_count) == ("On Bees, Corrected", ("A", "B"), 2)
    assert paper.published == date(2024, 6, 1)


def test_the_day_of_a_note_is_not_taken_for_the_papers() -> None:
    paper = paper_of(entry("On Bees", published=date(2024, 7, 1)), note(date=date(2025, 2, 1)))
    assert paper.published == date(2024, 7, 1)


def test_an_id_from_a_label_is_the_papers_first_key() -> None:
    paper = paper_of(entry("On Bees"), label("On Bees", "doi:10.1000/B"))
    assert (paper.doi, paper.keys) == ("10.1000/b", ("doi:10.1000/b", "title:on-bees"))


@pytest.mark.parametrize(
    ("older", "newer", "field"),
    [
        ({"author_count": 4}, {"author_count": 5}, "authors"),
        ({"authors": ("A",)}, {"authors": ("B",)}, "authors"),
        ({"organization": Organization("a", "A")}, {"organization": Organization("b", "B")}, "authors"),
        ({"published": date(2024, 7, 1)}, {"published": date(2024, 7, 3)}, "date"),
    ],
)
def test_sources_that_contradict_each_other_are_a_warning(
    older: dict[str, object], newer: dict[str, object], field: str
) -> None:
    _, [problem] = merge(parsed(entry("On Bees", **older), entry("On Bees", SECOND, **newer)))
    assert (problem.code, problem.severity, problem.path) == (
        "conflict",
        "warning",
        f"content/captures/{SECOND}.txt",
    )
    assert f"settle it with {field}: …" in problem.hint


def test_dates_a_day_apart_and_other_counts_are_no_contradiction() -> None:
    older = entry("On Bees", published=date(2024, 7, 1), comments=1)
    newer = entry("on bees", SECOND, published=date(2024, 7, 2), comments=9)
    assert merge(parsed(older, newer))[1] == ()


def test_two_notes_on_one_paper_are_an_error() -> None:
    second = replace(note("arXiv:2501.00001"), source="content/notes/o.md")
    with pytest.raises(BuildError, match=r"o\.md:2: content/notes/n\.md is about this paper as well"):
        merge(parsed(entry("On Bees", arxiv_id="2501.00001"), note(), second))


def test_labels_that_say_the_same_twice_do_no_harm_and_others_are_an_error() -> None:
    first, second = label("On Bees"), replace(label("on bees"), line=7)
    assert len(merge(parsed(entry("On Bees"), first, second))[0]) == 1
    with pytest.raises(BuildError, match=r"labels\.csv:7: line 2 says something else"):
        merge(parsed(entry("On Bees"), first, replace(second, theme="light")))


def test_labels_of_unknown_papers_wait_and_are_named_once() -> None:
    papers, [problem] = merge(parsed(entry("On Bees"), label("On Wasps"), replace(label("On Ants"), line=3)))
    assert len(papers) == 1
    assert problem.message == "2 rows name papers that no source has: “On Wasps” ..."


@pytest.mark.parametrize(
    ("fields", "described"),
    [
        ({"paper": "On Wasps"}, False),
        ({"paper": "On Wasps", "title": "On Wasps"}, False),
        ({"paper": "On Wasps", "links": (("Paper", "https://w.example/"),)}, True),
        ({"paper": "arXiv:2501.00009"}, False),
        ({"paper": "arXiv:2501.00009", "title": "On Wasps"}, True),
    ],
)
def test_a_note_alone_makes_a_paper_only_where_it_describes_one(
    fields: dict[str, object], described: bool
) -> None:
    own = note(**fields)  # type: ignore[arg-type]
    if described:
        assert len(merge(parsed(own))[0]) == 1
    else:
        with pytest.raises(BuildError, match="no source has the paper"):
            merge(parsed(own))


def test_a_note_on_an_unknown_paper_is_shown_the_nearest_title() -> None:
    with pytest.raises(BuildError) as caught:
        merge(parsed(entry("On Bees and Wasps"), note("On Bees and Wasp")))
    assert caught.value.problems[0].hint == "Did you mean “On Bees and Wasps”?"


def test_a_source_that_says_none_of_a_fact_does_not_hide_what_another_says() -> None:
    older = entry(
        "On Bees", arxiv_id="2501.00001", abstract="Bees hum.", machine_summary="A hum.", comments=0
    )
    newer = entry("On Bees", SECOND, arxiv_id="2501.00001", abstract=None, machine_summary=None)
    [paper], _ = merge(parsed(older, newer))
    assert (paper.abstract, paper.machine_summary, paper.comments) == ("Bees hum.", "A hum.", 0)
