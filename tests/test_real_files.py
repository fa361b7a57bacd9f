"""Real files of other programs, read beside a reader that shares no code with ours.

They lie beside the project on some machines only; elsewhere these tests are skipped.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from papers import SHARED, read

from sitegen.merge import merge
from sitegen.model import Entry, Kind, Source
from sitegen.parsers import parse

EXAMPLES = SHARED / "examples"
DAYS = sorted((SHARED / "daily-api").glob("*.json"))
CAPTURES = Path(__file__).parent.parent / "content" / "captures"
real = pytest.mark.skipif(not DAYS, reason="the real files do not lie beside the project")


def example(name: str) -> list[Entry]:
    entries, problems = read((EXAMPLES / name).read_text("utf-8"), name)
    assert problems == []
    return entries


@real
@pytest.mark.parametrize("path", DAYS, ids=lambda path: path.stem)
def test_an_api_day_has_each_listing_once_and_no_other_fact_than_json_has(path: Path) -> None:
    text = path.read_text("utf-8")
    raw = json.loads(text)
    lines = text.split("\n")
    entries, problems = read(text, path.name, Kind.DAILY_API)
    assert problems == []
    for entry, listing in zip(entries, raw, strict=True):
        paper = listing["paper"]
        assert entry.day == date.fromisoformat(path.stem)
        assert (entry.arxiv_id, entry.title) == (paper["id"], " ".join(paper["title"].split()))
        assert entry.abstract == " ".join(paper["summary"].split())
        assert entry.authors == tuple(author["name"] for author in paper["authors"])
        assert entry.published == date.fromisoformat(paper["publishedAt"][:10])
        assert (entry.upvotes, entry.comments) == (paper["upvotes"], listing["numComments"])
        assert (entry.stars, entry.machine_summary) == (paper.get("githubStars"), paper.get("ai_summary", ""))
        given = [paper.get("githubRepo"), paper.get("projectPage")]
        assert [link.url for link in entry.links] == ["".join(url.split()) for url in given if url]
        assert entry.keywords == tuple(dict.fromkeys(filter(None, paper.get("ai_keywords", ()))))
        assert (entry.organization is None) == ("organization" not in paper)
        assert f'"{paper["id"]}"' in "".join(lines[entry.line - 1 : entry.line + 2])


@real
@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.bib")))
def test_bibtex_has_as_many_entries_titles_and_authors_as_pybtex_finds(name: str) -> None:
    pybtex = pytest.importorskip("pybtex.database")
    entries = example(name)
    strange = pybtex.parse_string((EXAMPLES / name).read_text("utf-8"), "bibtex").entries
    assert len(entries) == len(strange)
    for entry, other in zip(entries, strange.values(), strict=True):
        people = [str(person) for person in other.persons.get("author", ())]
        assert len(entry.authors) == len([name for name in people if name != "others"])
        assert (entry.author_count is None) == ("others" in people or not people)


@real
@pytest.mark.parametrize("name", ["example_full.ris", "same-two-papers.ris"])
def test_ris_has_the_references_that_rispy_finds(name: str) -> None:
    rispy = pytest.importorskip("rispy")
    strange = rispy.loads((EXAMPLES / name).read_text("utf-8"))
    entries = example(name)
    titles = [other.get("title") or other["primary_title"] for other in strange]
    assert [entry.title for entry in entries] == titles
    counts = [len(other.get("authors", other.get("first_authors", ()))) for other in strange]
    assert [len(entry.authors) for entry in entries] == counts


@real
@pytest.mark.parametrize("name", ["arxiv-api-10.atom.xml", "arxiv-api-old-id.atom.xml"])
def test_an_arxiv_answer_has_the_entries_that_element_tree_finds(name: str) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    strange = ElementTree.parse(EXAMPLES / name).getroot().findall(f"{atom}entry")
    entries = example(name)
    for entry, other in zip(entries, strange, strict=True):
        assert entry.title == " ".join((other.findtext(f"{atom}title") or "").split())
        assert entry.arxiv_id in (other.findtext(f"{atom}id") or "")
        assert len(entry.authors) == len(other.findall(f"{atom}author"))
        assert str(entry.published) == (other.findtext(f"{atom}published") or "")[:10]


@real
def test_a_feed_has_the_items_that_element_tree_finds() -> None:
    strange = ElementTree.parse(EXAMPLES / "feed-weekly.xml").getroot().findall("channel/item")
    entries = example("feed-weekly.xml")
    assert [entry.title for entry in entries] == [item.findtext("title") for item in strange]
    assert [f"https://arxiv.org/abs/{entry.arxiv_id}" for entry in entries] == [
        item.findtext("link") for item in strange
    ]
    assert all(entry.authors and entry.upvotes is not None and entry.published for entry in entries)
    assert not any("Authors:" in entry.abstract or "<" in entry.abstract for entry in entries)


@real
def test_csl_json_and_nbib_have_the_items_that_stand_in_them() -> None:
    raw = json.loads((EXAMPLES / "same-two-papers.json").read_text("utf-8"))
    assert [entry.title for entry in example("same-two-papers.json")] == [item["title"] for item in raw]
    text = (EXAMPLES / "same-two-papers.nbib").read_text("utf-8")
    assert len(example("same-two-papers.nbib")) == text.count("\nPMID- ") + text.startswith("PMID- ")


@real
def test_the_same_two_papers_in_four_formats_are_three() -> None:
    names = [f"same-two-papers.{ending}" for ending in ("bib", "json", "nbib", "ris")]
    sources = [
        Source(f"content/library/{name}", Kind.LIBRARY, (EXAMPLES / name).read_text("utf-8"))
        for name in names
    ]
    papers, problems = merge(parse(sources))
    assert problems == ()
    assert sorted(len(paper.entries) for paper in papers) == [1, 3, 4]


@real
def test_all_days_and_captures_together_have_each_paper_once() -> None:
    sources = [
        Source(f"content/captures/{path.name}", Kind.DAILY_API, path.read_text("utf-8")) for path in DAYS
    ]
    sources += [
        Source(f"content/captures/{path.name}", Kind.CAPTURE, path.read_text("utf-8"))
        for path in sorted(CAPTURES.glob("*.txt"))
    ]
    parsed = parse(sources)
    papers, problems = merge(parsed)
    assert len(parsed.entries) == 647 + 192
    assert len(papers) == 825
    assert len({paper.arxiv_id for paper in papers if paper.arxiv_id}) == 647
    both = [paper for paper in papers if len({entry.source[-4:] for entry in paper.entries}) == 2]
    assert len(both) == 3
    assert [problem.code for problem in problems] == []
