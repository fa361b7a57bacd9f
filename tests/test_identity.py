"""Which statements are about one paper: nothing is lost, nothing is in two papers, order decides nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.identity import Statement, group, id_key, keys_of, slug_of, title_key, with_names
from sitegen.model import Entry, Label, Note

DAY = date(2025, 1, 5)


def entry(title: str, arxiv_id: str = "", line: int = 1, **over: object) -> Entry:
    return Entry("content/captures/2025-01-05.txt", line, DAY, title, arxiv_id=arxiv_id, **over)  # type: ignore[arg-type]


def label(paper: str, id: str = "") -> Label:
    return Label("content/labels.csv", 2, paper, id, "", (), ())


def note(paper: str) -> Note:
    return Note("content/notes/x.md", 2, paper, (("paper", 2),))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2410.14649", "arxiv:2410.14649"),
        (" arXiv:2410.14649v3 ", "arxiv:2410.14649"),
        ("ARXIV: 2410.14649", "arxiv:2410.14649"),
        ("astro-ph/0601001", "arxiv:astro-ph/0601001"),
        ("doi:10.1145/3394486.ABC", "doi:10.1145/3394486.abc"),
        ("10.48550/arXiv.2410.14649", "arxiv:2410.14649"),
        ("https://doi.org/10.%31145/%33", "doi:10.1145/3"),
        ("Attention Is All You Need", ""),
        ("", ""),
        ("10.5 ways to boil a turnip", ""),
    ],
)
def test_an_id_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert id_key(written) == key


def test_a_title_has_one_key_whatever_its_case_accents_and_typesetting() -> None:
    spellings = ["Týr-the-Pruner: A Test", "T\\'yr the pruner, a test!", "TYR THE PRUNER -- A TEST"]
    assert {title_key(title) for title in spellings} == {"title:tyr-the-pruner-a-test"}


def test_what_is_parsed_knows_its_keys_and_an_entry_its_slug() -> None:
    statements = [
        entry("Týr the Pruner", "2410.14649"),
        entry("深度学习"),
        label("arXiv:2410.14649"),
        label("On Bees", "doi:10.1145/1"),
        note("On Bees"),
    ]
    named = list(with_names([*statements, "a tag"]))
    assert named.pop() == "a tag"
    assert [one.keys for one in named] == [keys_of(one) for one in statements]
    assert [one.slug for one in named[:2]] == [slug_of(one) for one in statements[:2]]  # type: ignore[arg-type]
    assert named[0].slug == "tyr-the-pruner"
    assert [replace(one, keys=()) for one in named[2:]] == statements[2:]


def test_titles_in_other_scripts_differ() -> None:
    assert len({title_key(title) for title in ("深度学习", "机器学习", "Ελληνικά", "Кириллица")}) == 4


def test_a_title_without_any_letter_names_no_paper() -> None:
    assert keys_of(entry("!?")) == ()


def test_a_label_joins_a_title_with_its_id_and_a_note_on_that_id() -> None:
    statements: list[Statement] = [entry("On Bees"), label("On bees", "arXiv:2501.00001"), note("2501.00001")]
    assert group(statements) == ([statements], [])


def test_papers_of_one_title_and_different_ids_stay_apart() -> None:
    statements: list[Statement] = [entry("Survey", "2501.00001"), entry("Survey", "2501.00002", 9)]
    groups, problems = group(statements)
    assert (len(groups), problems) == (2, [])


def test_a_title_that_could_be_either_of_two_papers_is_a_warning() -> None:
    statements: list[Statement] = [
        entry("Survey", "2501.00001"), entry("Survey", "2501.00002", 9), entry("Survey", line=17),
    ]  # fmt: skip
    groups, [problem] = group(statements)
    assert [len(members) for members in groups] == [2, 1]
    assert (problem.line, problem.code) == (17, "ambiguous-title")


def test_one_paper_under_its_arxiv_id_and_its_doi_is_one() -> None:
    by_id, by_doi = entry("On Bees", "2501.00001"), entry("Bees", doi="10.1000/b", line=2)
    statements: list[Statement] = [by_doi, label("2501.00001", "doi:10.1000/b"), by_id]
    assert group(statements) == ([statements], [])


TITLES = st.sampled_from(["A", "a!", "B", "C c", "?"])
IDS = st.sampled_from(["", "2501.00001", "2501.00002", "2501.00003"])
DOIS = st.sampled_from(["", "10.1000/a", "10.1000/b"])
STATEMENTS = st.lists(
    st.one_of(
        st.builds(
            lambda title, id, doi, line: entry(title, id, line, doi=doi),
            TITLES,
            IDS,
            DOIS,
            st.integers(1, 99),
        ),
        st.builds(label, TITLES, IDS),
        st.builds(note, st.one_of(TITLES, IDS.filter(bool))),
    ),
    max_size=12,
)


@given(STATEMENTS)
def test_each_statement_is_in_exactly_one_group(statements: list[Statement]) -> None:
    groups, _ = group(statements)
    assert sorted(map(id, statements)) == sorted(id(member) for members in groups for member in members)
    assert [members[0] for members in groups] == sorted(
        (members[0] for members in groups),
        key=lambda first: [id(item) for item in statements].index(id(first)),
    )


@given(STATEMENTS)
def test_statements_that_share_an_id_are_one_paper(statements: list[Statement]) -> None:
    groups, _ = group(statements)
    owner: dict[str, int] = {}
    for number, members in enumerate(groups):
        for key in {key for member in members for key in keys_of(member) if not key.startswith("title:")}:
            assert owner.setdefault(key, number) == number


@given(STATEMENTS)
def test_a_shared_title_never_joins_two_arxiv_ids(statements: list[Statement]) -> None:
    bare = [item for item in statements if isinstance(item, Entry) and not item.doi]
    for members in group(bare)[0]:
        assert len({key for member in members for key in keys_of(member) if key.startswith("arxiv:")}) <= 1


@given(
    st.lists(st.tuples(IDS, DOIS), max_size=8).flatmap(
        lambda ids: st.tuples(st.just(ids), st.permutations(ids))
    )
)
def test_the_order_of_sources_decides_nothing(
    orders: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> None:
    found = []
    for ids in orders:
        groups, _ = group([entry(f"{arxiv_id} {doi}", arxiv_id, doi=doi) for arxiv_id, doi in ids])
        found.append({frozenset(key for item in members for key in keys_of(item)) for members in groups})
    assert found[0] == found[1]
