"""Captures: real ones, the variants that other tools save, damaged ones, and what is no capture."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from patience import ends_soon

from sitegen.model import Entry, Kind, Organization, Source
from sitegen.parsers.capture import parse

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "captures"
CAPTURES = ROOT / "content" / "captures"
real = pytest.mark.skipif(
    not (CAPTURES / "2025-10-29.txt").is_file(), reason="the three real captures are not in content/captures"
)

HEAD = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\nDec 9\n\n"
)


def source(text: str, stem: str = "2025-12-09") -> Source:
    return Source(f"content/captures/{stem}.txt", Kind.CAPTURE, text)


def entries(text: str) -> list[Entry]:
    return parse(source(text))[0]


def shown(text: str, stem: str = "2025-12-09") -> str:
    """Return entries and problems as the case files show them: only what is known, a line each."""
    found, problems = parse(source(text, stem))
    lines = []
    for entry in found:
        lines.append(f"{entry.line}: {entry.title}")
        facts = {
            "abstract": entry.abstract.replace("\n", "\\n"),
            "arxiv": entry.arxiv_id,
            "authors": entry.author_count,
            "organization": entry.organization and f"{entry.organization.handle} = {entry.organization.name}",
            "published": entry.published,
            "comments": entry.comments,
            "upvotes": entry.upvotes,
            "links": " ".join(link.url for link in entry.links),
        }
        lines += [f"    {name}: {value}" for name, value in facts.items() if value not in (None, "")]
    for problem in problems:
        kind = problem.code or problem.severity
        lines.append(f"! {problem.line} {kind}: {problem.message}")
    return "\n".join(lines)


def cases(path: Path) -> list[tuple[str, str, str]]:
    """Return title, input and expected result of each case; `.` on a line of its own parts them."""
    parts = path.read_text("utf-8").split("\n.\n")
    return [
        (title.strip(), given_text, expected.strip("\n"))
        for title, given_text, expected in zip(parts[0::3], parts[1::3], parts[2::3], strict=False)
    ]


def case_params() -> list[object]:
    return [
        pytest.param(given_text, expected, id=f"{path.stem}: {title}")
        for path in sorted(CASES.glob("*.txt"))
        for title, given_text, expected in cases(path)
    ]


@pytest.mark.parametrize(("text", "expected"), case_params())
def test_case_reads_as_written(text: str, expected: str) -> None:
    assert shown(text) == expected


# --------------------------------------------------------------------------- real captures


def real_entries(stem: str) -> list[Entry]:
    return parse(source((CAPTURES / f"{stem}.txt").read_text("utf-8"), stem))[0]


@real
@pytest.mark.parametrize(("stem", "count"), [("2025-10-29", 94), ("2025-12-09", 56), ("2025-12-11", 42)])
def test_real_capture_has_all_its_listings(stem: str, count: int) -> None:
    found = real_entries(stem)
    assert len(found) == count
    assert all(entry.title and entry.abstract and entry.day == date.fromisoformat(stem) for entry in found)
    assert all(entry.upvotes is None and not entry.arxiv_id for entry in found)


@real
def test_real_captures_hold_181_titles() -> None:
    stems = ("2025-10-29", "2025-12-09", "2025-12-11")
    assert len({entry.title for stem in stems for entry in real_entries(stem)}) == 181


@real
@pytest.mark.parametrize(("stem", "line"), [("2025-10-29", 629), ("2025-12-09", 317)])
def test_hibench_without_meta_block_is_unknown_and_shifts_nothing(stem: str, line: int) -> None:
    found, problems = parse(source((CAPTURES / f"{stem}.txt").read_text("utf-8"), stem))
    [position] = [index for index, entry in enumerate(found) if entry.title.startswith("HiBench")]
    hibench, following = found[position : position + 2]
    assert hibench.line == line
    assert (hibench.published, hibench.author_count, hibench.organization, hibench.comments) == (None,) * 4
    assert following.published is not None
    assert following.author_count is not None
    assert [str(problem) for problem in problems] == [
        f"content/captures/{stem}.txt:{line}: no authors, date or comments stand below the abstract of "
        "“HiBench: Benchmarking LLMs Capability on Hierarchical …”."
    ]
    assert (problems[0].severity, problems[0].code) == ("warning", "no-meta")


@real
def test_real_captures_name_four_organizations() -> None:
    stems = ("2025-10-29", "2025-12-09", "2025-12-11")
    found = [entry for stem in stems for entry in real_entries(stem) if entry.organization]
    assert [entry.organization for entry in found] == [
        Organization("nvidia", "NVIDIA"),
        Organization("OpenCausaLab", "OpenCausaLab"),
        Organization("furiosa-ai", "FuriosaAI"),
        Organization("alibaba-inc", "alibaba-inc"),
    ]
    assert all(entry.author_count is None for entry in found)


@real
def test_number_after_a_real_date_counts_comments() -> None:
    [evopress] = [entry for entry in real_entries("2025-12-09") if entry.title.startswith("EvoPress")]
    assert (evopress.comments, evopress.published, evopress.line) == (2, date(2024, 10, 18), 29)
    [first] = [entry for entry in real_entries("2025-12-09") if entry.title.startswith("Redefining")]
    assert (first.comments, first.published, first.author_count) == (None, date(2025, 9, 20), 4)


@real
@pytest.mark.parametrize("stem", ["2025-10-29", "2025-12-09", "2025-12-11"])
def test_lost_block_of_a_real_capture_spoils_no_other_listing(stem: str) -> None:
    """All but one without a meta block itself: it may swallow the next that lost its title."""
    text = (CAPTURES / f"{stem}.txt").read_text("utf-8")
    blocks = text.split("\n\n")

    def contents(text: str) -> dict[str, Entry]:
        return {entry.abstract: replace(entry, line=0) for entry in parse(source(text, stem))[0]}

    whole = {key: entry for key, entry in contents(text).items() if entry.published}
    owners = {block: entry.abstract for entry in whole.values() for block in (entry.title, entry.abstract)}
    owner = ""
    for index, block in enumerate(blocks):
        owner = owners.get(block, owner)
        damaged = contents("\n\n".join(blocks[:index] + blocks[index + 1 :]))
        assert [key for key in whole if key != owner and damaged.get(key) != whole[key]] == []


# --------------------------------------------------------------------------- no captures


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n \n\t\n", "the file is empty"),
        ("PK\x03\x04\0\0", "this is not a text file (it contains NUL bytes)"),
        ("<!DOCTYPE html>\n<html>", "this looks like a saved HTML page, not like a text capture"),
        ('[\n  {"title": "A"}\n]', "this looks like JSON, not like a text capture"),
        ('{"paper": {"id": "2410.14649"}}', "this looks like JSON, not like a text capture"),
        ("Groceries\n\nBread, butter.\n\nMilk", "no listing of a paper was found"),
        (HEAD, "no listing of a paper was found"),
        ("### [Links][1]\n\nSome links.\n\n### [More][2]", "no listing of a paper was found"),
        ("## [Menu](https://huggingface.co/models)\n\nText.", "no listing of a paper was found"),
    ],
)
def test_text_that_is_no_capture_is_an_error(text: str, message: str) -> None:
    found, problems = parse(source(text))
    assert found == []
    assert [(problem.message, problem.severity, problem.line) for problem in problems] == [
        (message, "error", 0)
    ]
    assert problems[0].hint


@pytest.mark.parametrize("stem", ["oct-29", "2025-13-01", "2025-02-30", "2025-12-09b", "20251209", ""])
def test_file_without_a_day_in_its_name_is_an_error(stem: str) -> None:
    found, [problem] = parse(source("whatever", stem))
    assert found == []
    assert problem.severity == "error"
    assert problem.message == f"the name “{stem}” does not begin with a day."
    assert problem.hint.startswith("Name it YYYY-MM-DD.txt or YYYY-MM-DD-name.txt")


def test_name_may_follow_the_day() -> None:
    text = HEAD + "Title\n\nAbstract.\n\n  • 4 authors\n·\nSep 20"
    [entry], problems = parse(source(text, "2025-12-09-evening"))
    assert (entry.day, problems) == (date(2025, 12, 9), [])


# --------------------------------------------------------------------------- properties

LETTERS = st.sampled_from("abcXYZ é∞数-,:$\\")
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(f"q{text}q".split()))
TITLES = WORDS.map(lambda words: f"Title {words}")
ABSTRACTS = WORDS.map(lambda words: f"We show {words}" + " and more" * 30 + ".")
WHO = st.one_of(
    st.integers(1, 2000).map(lambda count: (count, None)),
    st.tuples(
        st.none(), st.builds(Organization, st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True), WORDS)
    ),
)
DAYS = st.dates(date(1990, 1, 1), date(2025, 12, 9))
PAPERS = st.builds(
    lambda title, abstract, meta: (title, abstract, meta),
    TITLES,
    ABSTRACTS,
    st.none() | st.tuples(WHO, DAYS, st.none() | st.integers(0, 999)),
)
Paper = tuple[str, str, tuple[tuple[int | None, Organization | None], date, int | None] | None]
Facts = tuple[str, str, int | None, Organization | None, date | None, int | None]


def rendered(papers: list[Paper], end: str = "\n\n") -> str:
    blocks = []
    for title, abstract, meta in papers:
        blocks += [title, abstract]
        if meta is None:
            continue
        (count, organization), day, comments = meta
        who = f"  • {count} authors" if organization is None else f"{organization.handle} {organization.name}"
        year = "" if day.year == 2025 else f", {day.year}"
        number = "" if comments is None else f" {comments}"
        blocks.append(f"{who}\n·\n{day:%b} {day.day}{year}{number}")
    return HEAD + end.join(blocks)


def facts(papers: list[Paper]) -> list[Facts]:
    return [
        (title, abstract, *(meta[0] if meta else (None, None)), *(meta[1:] if meta else (None, None)))
        for title, abstract, meta in papers
    ]


def facts_read(text: str) -> list[Facts]:
    return [
        (e.title, e.abstract, e.author_count, e.organization, e.published, e.comments) for e in entries(text)
    ]


@settings(deadline=None)
@given(
    st.lists(PAPERS, min_size=1, max_size=6), st.sampled_from(["\n\n", "\n\n\n", "\n \n", " \n\t\n\u00a0\n"])
)
def test_rendered_papers_are_read_back(papers: list[Paper], end: str) -> None:
    assert facts_read(rendered(papers, end)) == facts(papers)
    assert facts_read(rendered(papers, end) + "\n\n") == facts(papers)


@settings(deadline=None)
@given(st.lists(PAPERS, min_size=1, max_size=6), st.data())
def test_cut_capture_keeps_what_stands_before_the_cut(papers: list[Paper], data: st.DataObject) -> None:
    """A listing is safe as soon as its meta block is whole; one without, with the next title.

    At most one more comes of what is cut: half the name of an organisation may look like a title.
    """
    whole = rendered(papers).encode()
    cut = data.draw(st.integers(0, len(whole)))
    read = facts_read(whole[:cut].decode("utf-8", "replace"))
    for number, (paper, fact) in enumerate(zip(papers, facts(papers), strict=True), 1):
        end = len(rendered(papers[:number]).encode())
        if paper[2] is None and number < len(papers):
            end += len(f"\n\n{papers[number][0]}\n\nWe show".encode())
        if cut >= end:
            assert read[number - 1] == fact
    assert len(read) <= len(papers) + 1


@settings(deadline=None)
@given(st.lists(PAPERS, min_size=3, max_size=6), st.data())
def test_damaged_byte_spoils_the_listings_beside_it_at_most(papers: list[Paper], data: st.DataObject) -> None:
    """All with a meta block: the listing that holds the byte and the one after it may be spoilt, no other."""
    papers = [
        (title, abstract, meta or ((3, None), date(2024, 1, 2), None)) for title, abstract, meta in papers
    ]
    whole = bytearray(rendered(papers).encode())
    place = data.draw(st.integers(len(HEAD), len(whole) - 1))
    held = len(entries(whole[:place].decode("utf-8", "replace")))
    whole[place] = data.draw(st.integers(1, 255))
    read = facts_read(whole.decode("utf-8", "replace"))
    wanted = facts(papers)
    before, after = wanted[: max(held - 2, 0)], wanted[held + 2 :]
    assert read[: len(before)] == before
    assert read[len(read) - len(after) :] == after


LINKED_WORDS = st.text(st.sampled_from("abcXYZ é∞数-,:$"), min_size=1, max_size=30).map(
    lambda text: " ".join(f"q{text}q".split())
)


@settings(deadline=None)
@given(
    st.lists(st.tuples(LINKED_WORDS, LINKED_WORDS, st.none() | st.integers(0, 999)), min_size=1, max_size=6)
)
def test_linked_page_is_read_back(papers: list[tuple[str, str, int | None]]) -> None:
    page = "# Daily Papers\n\nDec 9\n\n"
    for number, (title, abstract, votes) in enumerate(papers):
        login = f"https://huggingface.co/login?next=%2Fpapers%2F2410.{number:05}"
        address = f"https://huggingface.co/papers/2410.{number:05}"
        page += f"[{'-' if votes is None else votes}]({login})\n\n### [{title}]({address})\n\n"
        page += f"[{abstract}]({address})\n\n[- {number + 1} authors]({address})\n\n·\n\n"
        page += f"May 8[{number}]({address}#community)\n\n"
    read = [(e.title, e.abstract, e.upvotes) for e in entries(page)]
    assert read == papers
    assert [(e.arxiv_id, e.author_count, e.comments) for e in entries(page)] == [
        (f"2410.{number:05}", number + 1, number) for number in range(len(papers))
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab·•-#[]()!\\\n\n  19.<:/") | st.characters(), max_size=200))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    for page in (text, HEAD + text, f"### [T](https://huggingface.co/papers/2410.14649)\n{text}"):
        found, problems = parse(source(page))
        assert all(entry.title == " ".join(entry.title.split()) != "" for entry in found)
        assert found or problems


LINKED = "### [T](https://huggingface.co/papers/2410.14649)\n"
PARTS = (
    *("[", "]", "[a](", "[a][", "[[a]", "\\[", "\\", "![", "![a](", '[a](x "', "](", "# ", "[a](b)", "- "),
    *("[\n", "](x)\n", "### [\n", "https://huggingface.co/x\n", LINKED, "-\n", "5\n", "Submitted by\n"),
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 3_000_000, id="one letter"),
        pytest.param("\n \n" * 50_000, id="blank blocks"),
        pytest.param(HEAD + "x\n\n" * 50_000, id="short blocks"),
        pytest.param(HEAD + "·" * 300_000, id="dots"),
        pytest.param(HEAD + "·\n" * 100_000, id="lines of dots"),
        pytest.param(HEAD + "4 authors\n" * 50_000, id="counts"),
        pytest.param(HEAD + "T\n\nA.\n\nx\n·\nMay 5\n\n" * 10_000, id="listings"),
        *(pytest.param(LINKED + part * (100_000 // len(part)), id=f"linked {part!r}") for part in PARTS),
        pytest.param(LINKED + "[" + "[a]" * 100_000, id="linked nested"),
        pytest.param(LINKED + "[" + "\\[" * 150_000, id="linked escaped"),
    ],
)
def test_reading_time_grows_no_faster_than_the_text(text: str) -> None:
    found, problems = ends_soon(lambda: parse(source(text)))
    assert found or problems
