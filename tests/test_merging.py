"""Sources of several formats about one paper become one paper; what contradicts is said."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from sitegen.disagreement import same_person
from sitegen.given import give
from sitegen.likeness import near_pairs
from sitegen.merge import merge
from sitegen.merged import Merged
from sitegen.model import Entry, Kind, Parsed, PartialDate, Source, When
from sitegen.parsers import parse

SAME_PAPERS = {
    "same.bib": """@article{a, title={{Weaving} Looms with {N}umbers}, author={Lovelace, Ada and Gödel, Kurt},
  doi={10.1000/ABC}, url={https://journal.example/looms}}
@misc{b, title={A Blog's ‘Second’ Post}, url={https://blog.example/second}}""",
    "same.ris": """TY  - JOUR
TI  - Weaving looms with numbers
AU  - Lovelace, Ada
AU  - Gödel, Kurt
DA  - 1843/10/03/
DO  - https://doi.org/10.1000/abc
ER  -
TY  - ELEC
TI  - A blog's 'second' post
UR  - https://blog.example/second
ER  -""",
    "same.json": """[{"type": "article-journal", "title": "Weaving Looms with Numbers", "DOI": "10.1000/abc",
  "abstract": "<jats:p>We weave.</jats:p>",
  "author": [{"given": "A.", "family": "Lovelace"}, {"given": "K", "family": "Godel"}]},
 {"type": "webpage", "title": "A Blog’s ‘Second’ Post", "URL": "https://blog.example/second"}]""",
    "same.nbib": """PMID- 1
TI  - Weaving Looms with Numbers.
FAU - Lovelace, Ada
FAU - Gödel, Kurt
AID - 10.1000/ABC [doi]

PMID- 2
TI  - A third paper.""",
}


def parsed(files: dict[str, str]) -> Parsed:
    return parse(
        [Source(f"content/library/{name}", Kind.LIBRARY, text) for name, text in sorted(files.items())]
    )


def merged(*entries: Entry) -> tuple[Merged, ...]:
    return merge(replace(parsed({}), entries=entries))[0]


def codes(*entries: Entry) -> list[str]:
    return [problem.code for problem in merge(replace(parsed({}), entries=entries))[1]]


def make_entry(title: str = "Weaving Looms", day: date | None = None, **over: object) -> Entry:
    source = f"content/captures/{day}.txt" if day else "content/library/mine.bib"
    return replace(Entry(source, 1, day, title), **over)  # type: ignore[arg-type]


def test_one_paper_in_four_formats_is_one_and_keeps_each_source() -> None:
    papers, problems = merge(parsed(SAME_PAPERS))
    assert not problems
    by_title = {paper.title: paper for paper in papers}
    assert len(by_title) == len(papers) == 3
    looms = by_title["Weaving Looms with Numbers"]
    assert [entry.source.rpartition(".")[2] for entry in looms.entries] == ["bib", "json", "nbib", "ris"]
    assert (looms.doi, looms.authors, looms.published) == (
        "10.1000/abc",
        ("Ada Lovelace", "Kurt Gödel"),
        date(1843, 10, 3),
    )
    assert looms.abstract == "We weave."
    assert len(by_title["A Blog's ‘Second’ Post"].entries) == 3
    assert len(by_title["A third paper"].entries) == 1


# ------------------------------------------------------------------------ which source holds


def test_a_source_without_a_day_fills_in_and_never_overrules() -> None:
    [paper] = merged(
        make_entry(day=date(2025, 1, 1), abstract="Old."),
        make_entry(day=date(2025, 2, 1), comments=3),
        make_entry(abstract="Undated.", doi="10.1000/x", comments=9),
    )
    assert (paper.abstract, paper.comments, paper.doi) == ("Old.", 3, "10.1000/x")
    assert paper.place == ("content/captures/2025-02-01.txt", 1)


def test_a_paper_known_by_title_keeps_address_and_feed_id_when_it_meets_its_id() -> None:
    capture = make_entry(day=date(2025, 1, 1))
    later = make_entry(day=date(2025, 2, 1), arxiv_id="2401.00001", doi="10.1000/x")
    library = make_entry(arxiv_id="2401.00001")
    [before] = give(merged(capture), (), "digest.example,2025-01-01")
    [after] = give(merged(capture, later, library), (), "digest.example,2025-01-01")
    assert (after.slug, after.feed_id) == (before.slug, before.feed_id)
    [paper] = merged(capture, later, library)
    assert paper.keys == ("arxiv:2401.00001", "doi:10.1000/x", "title:weaving-looms")


def test_authors_from_a_library_complete_a_capture_that_only_counted_them() -> None:
    capture = make_entry(day=date(2025, 1, 1), author_count=2)
    library = make_entry(authors=("Ada Lovelace", "Kurt Gödel"), author_count=2)
    [paper] = merged(capture, library)
    assert (paper.authors, paper.author_count) == (("Ada Lovelace", "Kurt Gödel"), 2)
    assert codes(capture, library) == []


def test_a_list_of_authors_that_is_cut_yields_to_a_whole_one_and_takes_the_count_of_another() -> None:
    cut = make_entry(day=date(2025, 2, 1), authors=("Ada Lovelace",))
    whole = make_entry(day=date(2025, 1, 1), authors=("Ada Lovelace", "Kurt Gödel"), author_count=2)
    [paper] = merged(cut, whole)
    assert paper.authors == whole.authors
    [paper] = merged(cut, make_entry(day=date(2025, 1, 1), author_count=5))
    assert (paper.authors, paper.author_count) == (("Ada Lovelace",), 5)
    [paper] = merged(cut)
    assert (paper.authors, paper.author_count) == (("Ada Lovelace",), None)


@pytest.mark.parametrize(
    ("newest", "older", "held"),
    [
        (PartialDate(2024), date(2024, 3, 1), date(2024, 3, 1)),
        (PartialDate(2024), PartialDate(2024, 3), PartialDate(2024, 3)),
        (PartialDate(2024), date(2023, 3, 1), date(2023, 3, 1)),
        (PartialDate(2024), date(2020, 3, 1), PartialDate(2024)),
        (PartialDate(2024), date(2025, 3, 1), PartialDate(2024)),
        (PartialDate(2024, 3), PartialDate(2024), PartialDate(2024, 3)),
        (date(2024, 3, 1), PartialDate(2023), date(2024, 3, 1)),
    ],
)
def test_a_day_beats_a_month_or_year_that_agrees_and_no_other(newest: When, older: When, held: When) -> None:
    def entry(day: date, when: When) -> Entry:
        if isinstance(when, PartialDate):
            return make_entry(day=day, published_in=when)
        return make_entry(day=day, published=when)

    [paper] = merged(entry(date(2025, 2, 1), newest), entry(date(2025, 1, 1), older))
    assert (paper.published or paper.published_in) == held
    assert None in (paper.published, paper.published_in)


# ------------------------------------------------------------------------ what contradicts


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"author_count": 2}, {"author_count": 3}),
        ({"author_count": 3}, {"authors": ("A B", "C D"), "author_count": 2}),
        ({"author_count": 1}, {"authors": ("A B", "C D")}),
        ({"authors": ("Ada Lovelace",), "author_count": 1}, {"authors": ("Ada Byron",), "author_count": 1}),
        ({"published": date(2024, 1, 1)}, {"published": date(2024, 1, 3)}),
        ({"published": date(2024, 1, 2)}, {"published_in": PartialDate(2023)}),
        ({"published_in": PartialDate(2024, 3)}, {"published": date(2024, 4, 2)}),
        ({"published_in": PartialDate(2024)}, {"published": date(2020, 12, 31)}),
        ({"published_in": PartialDate(2024, 3)}, {"published_in": PartialDate(2024, 2)}),
        ({"published_in": PartialDate(2024)}, {"published_in": PartialDate(2023, 12)}),
    ],
)
def test_sources_that_contradict_are_a_warning(mine: dict[str, object], theirs: dict[str, object]) -> None:
    assert codes(make_entry(day=date(2025, 1, 1), **mine), make_entry(**theirs)) == ["conflict"]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"author_count": 2}, {"authors": ("A B", "C D"), "author_count": 2}),
        ({"author_count": 5}, {"authors": ("A B", "C D")}),
        ({"authors": ("A. Lovelace", "Kurt Godel")}, {"authors": ("Ada B. Lovelace", "Kurt Gödel")}),
        ({"published": date(2024, 1, 1)}, {"published": date(2024, 1, 2)}),
        ({"published": date(2024, 1, 1)}, {"published_in": PartialDate(2023)}),
        ({"published": date(9999, 12, 31)}, {"published_in": PartialDate(9999, 12)}),
        ({"published_in": PartialDate(2024, 3)}, {"published": date(2024, 2, 29)}),
        ({"published_in": PartialDate(2024, 3)}, {"published": date(2024, 1, 1)}),
        ({"published_in": PartialDate(2025)}, {"published": date(2022, 10, 18)}),
        ({"published_in": PartialDate(2024)}, {"published_in": PartialDate(2024, 3)}),
        ({"upvotes": 2, "comments": 1}, {"upvotes": 3, "comments": 4}),
        ({"doi": "10.1000/x"}, {}),
    ],
)
def test_sources_that_can_both_be_right_are_none(mine: dict[str, object], theirs: dict[str, object]) -> None:
    assert codes(make_entry(day=date(2025, 1, 1), **mine), make_entry(**theirs)) == []


def test_two_older_sources_that_contradict_each_other_are_found_too() -> None:
    silent = make_entry(day=date(2025, 3, 1))
    assert codes(silent, make_entry(day=date(2025, 2, 1), author_count=2), make_entry(author_count=3)) == [
        "conflict"
    ]


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Daniel S. Himmelstein", "D S Himmelstein", True),
        ("Hai Helen Li", "Hai Li", True),
        ("Týr Ångström", "Tyr Angstrom", True),
        ("Wei Li", "Wei Wang", False),
        ("Casey S Greene", "D. S. Greene", False),
    ],
)
def test_a_short_form_of_a_name_is_the_same_person(name: str, other: str, same: bool) -> None:
    assert same_person(name, other) is same_person(other, name) is same


# ------------------------------------------------------------------------ nearly the same title


def test_a_title_that_differs_by_one_word_is_suggested_and_not_merged() -> None:
    preprint = make_entry("Weaving looms with large numbers", date(2025, 1, 1), arxiv_id="2401.00001")
    published = make_entry("Weaving looms with numbers", doi="10.1000/x")
    papers, problems = merge(replace(parsed({}), entries=(preprint, published)))
    assert len(papers) == 2
    assert [problem.code for problem in problems] == ["near-duplicate"]


def test_papers_with_ids_of_their_own_are_never_suggested() -> None:
    one = make_entry("Weaving looms with large numbers", arxiv_id="2401.00001")
    two = make_entry("Weaving looms with small numbers", arxiv_id="2401.00002")
    assert codes(one, two) == []


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("a-b-c-d", "a-b-c-d-e", True),
        ("a-b-c-d", "a-x-c-d", True),
        ("multi-agent-looms-weave", "multiagent-looms-weave-well", False),
        ("the-multi-agent-loom-weaves", "the-multiagent-loom-weaves", True),
        ("a-b-c-d", "a-b-x-y", False),
        ("a-b-c", "a-b-c-d", False),
        ("a-b-c-d", "d-c-b-a", False),
    ],
)
def test_titles_are_near_by_one_word(one: str, two: str, near: bool) -> None:
    assert bool(list(near_pairs([one, two]))) is near
