"""What is given out for ever: a slug and a feed id stay, whatever happens to title, key and sources."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from test_identity import label, note

from sitegen.errors import BuildError
from sitegen.given import Identity, give
from sitegen.merge import merge
from sitegen.model import Entry, Given, Label, Note, Parsed
from sitegen.routes import RESERVED, SLUG, SLUG_LENGTH

AUTHORITY = "lamp.example,2025-01-01"
FIRST, SECOND = date(2025, 1, 5), date(2025, 3, 2)


def entry(title: str, day: date = FIRST, line: int = 1, **over: object) -> Entry:
    return Entry(f"content/captures/{day}.txt", line, day, title, **over)  # type: ignore[arg-type]


def parsed(*statements: Entry | Label | Note) -> Parsed:
    return Parsed(
        entries=tuple(item for item in statements if isinstance(item, Entry)),
        notes=tuple(item for item in statements if isinstance(item, Note)),
        labels=tuple(item for item in statements if isinstance(item, Label)),
        digests=(), themes=(), tags=(), given=(), pages=(), warnings=(), sources=1,
    )  # fmt: skip


def identities(*statements: Entry | Label | Note, given: tuple[Given, ...] = ()) -> tuple[Identity, ...]:
    return give(merge(parsed(*statements))[0], given, AUTHORITY)


def rows(*statements: Entry | Label | Note) -> tuple[Given, ...]:
    """Return the ledger as `sitegen ids --write` would leave it."""
    papers = merge(parsed(*statements))[0]
    return tuple(
        Given(paper.keys[0], identity.feed_id, identity.slug, FIRST, line)
        for line, (paper, identity) in enumerate(
            zip(papers, give(papers, (), AUTHORITY), strict=True), start=2
        )
    )


def test_a_new_paper_gets_both_by_rule() -> None:
    [identity] = identities(entry("On Bees"))
    assert identity == Identity("on-bees", f"tag:{AUTHORITY}:title:on-bees", None, (), False)


def test_an_id_found_later_changes_neither_slug_nor_feed_id() -> None:
    [before] = identities(entry("On Bees"))
    [after] = identities(entry("On Bees"), label("On Bees", "arXiv:2501.00001"), given=rows(entry("On Bees")))
    assert (after.slug, after.feed_id) == (before.slug, before.feed_id)
    assert not after.recorded  # under its new key


def test_a_new_title_changes_neither_slug_nor_feed_id() -> None:
    ledger = rows(entry("On Bees", arxiv_id="2501.00001"))
    [after] = identities(entry("On Wasps", SECOND, arxiv_id="2501.00001"), given=ledger)
    assert (after.slug, after.feed_id, after.recorded) == ("on-bees", ledger[0].feed_id, True)


def test_a_note_with_a_new_slug_makes_the_old_one_an_alias_and_keeps_the_feed_id() -> None:
    ledger = rows(entry("On Bees"))
    claim = Note("n.md", 2, "On Bees", (("paper", 2), ("slug", 3)), slug="bees")
    [after] = identities(entry("On Bees"), claim, given=ledger)
    assert (after.slug, after.old_slugs, after.feed_id) == ("bees", ("on-bees",), ledger[0].feed_id)


def test_two_given_papers_that_prove_to_be_one_keep_the_older_and_an_alias() -> None:
    ledger = (
        Given("title:bees-and-wasps", "tag:younger", "bees-and-wasps", SECOND, 2),
        Given("title:on-bees", "tag:older", "on-bees", FIRST, 3),
    )
    [after] = identities(
        entry("On Bees", arxiv_id="2501.00001"),
        entry("Bees and Wasps", SECOND, arxiv_id="2501.00001"),
        given=ledger,
    )
    assert (after.slug, after.feed_id, after.old_slugs) == ("on-bees", "tag:older", ("bees-and-wasps",))


def test_a_clash_gets_the_year_and_then_a_number() -> None:
    papers = [
        entry("Survey", line=line, arxiv_id=f"2501.0000{line}", published=date(2024, line, 1))
        for line in (1, 2, 3)
    ]
    undated = entry("Survey", line=4, arxiv_id="2501.00004")
    assert [identity.slug for identity in identities(*papers, undated)] == [
        "survey", "survey-2024", "survey-2024-2", "survey-2",
    ]  # fmt: skip


def test_a_corrected_id_keeps_slug_and_feed_id() -> None:
    ledger = (Given("arxiv:2501.00001", "tag:x", "on-bees", FIRST, 2),)
    [after] = identities(entry("On Bees"), label("On Bees", "arXiv:2501.00002"), given=ledger)
    assert (after.slug, after.feed_id, after.recorded) == ("on-bees", "tag:x", False)


def test_a_given_slug_is_never_given_to_another_paper() -> None:
    ledger = (Given("arxiv:2501.00001", "tag:x", "survey", FIRST, 2),)
    new = entry("Survey", arxiv_id="2501.00002", published=date(2024, 1, 1))
    old = entry("An Older Survey", line=9, arxiv_id="2501.00001")
    assert [identity.slug for identity in identities(new, old, given=ledger)] == ["survey-2024", "survey"]


def test_no_paper_takes_the_folder_of_further_pages() -> None:
    [identity] = identities(entry("Page"))
    assert identity.slug == "page-2"


def test_a_long_slug_leaves_room_for_its_ending() -> None:
    title = "word " * 40
    slugs = [
        identity.slug
        for identity in identities(*(entry(title, line=n, arxiv_id=f"2501.0000{n}") for n in (1, 2)))
    ]
    assert all(len(slug) <= SLUG_LENGTH and SLUG.match(slug) for slug in slugs)
    assert len(set(slugs)) == 2


def test_two_notes_cannot_claim_one_slug() -> None:
    claims = [Note(f"{n}.md", 2, n, (("paper", 2), ("slug", 3)), slug="x") for n in ("A", "B")]
    with pytest.raises(BuildError, match=r"B\.md:3: the slug “x” is claimed by A\.md as well"):
        identities(entry("A"), entry("B"), *claims)


def test_a_note_on_an_unknown_paper_is_no_claim() -> None:
    with pytest.raises(BuildError, match="no source has the paper “On Wasps”"):
        identities(entry("On Bees"), note("On Wasps"))


ENTRIES = st.lists(
    st.builds(
        lambda title, day, id, line: entry(title, day, line, arxiv_id=id),
        st.sampled_from(["On Bees", "On bees!", "Page", "深度", "Survey", "Survey 2024", "Survey 2"]),
        st.sampled_from([FIRST, SECOND]),
        st.sampled_from(["", "", "2501.00001", "2501.00002"]),
        st.integers(1, 50),
    ),
    max_size=10,
    unique_by=lambda item: (item.source, item.line),
)


@for_all(ENTRIES)
def test_no_two_papers_share_a_slug_or_a_feed_id(entries: list[Entry]) -> None:
    found = identities(*entries)
    assert len({identity.slug for identity in found}) == len(found)
    assert len({identity.feed_id for identity in found}) == len(found)
    assert not RESERVED & {identity.slug for identity in found}


@for_all(ENTRIES, ENTRIES)
def test_what_was_recorded_stays_whatever_sources_come(known: list[Entry], others: list[Entry]) -> None:
    ledger = rows(*known)
    later = [entry(other.title, SECOND, 100 + other.line, arxiv_id=other.arxiv_id) for other in others]
    papers = merge(parsed(*known, *later))[0]
    found = list(zip(papers, give(papers, ledger, AUTHORITY), strict=True))
    for row in ledger:
        kept = [identity for paper, identity in found if row.key in paper.keys]
        assert {identity.feed_id for identity in kept} & {other.feed_id for other in ledger}
        assert any(row.slug in (identity.slug, *identity.old_slugs) for identity in kept)


@for_all(ENTRIES)
def test_a_build_after_recording_gives_the_same_and_has_nothing_to_record(entries: list[Entry]) -> None:
    before, after = identities(*entries), identities(*entries, given=rows(*entries))
    assert [(item.slug, item.feed_id) for item in before] == [(item.slug, item.feed_id) for item in after]
    assert all(item.recorded for item in after)
