"""What sources say beside the text reaches the paper: links told apart, keywords that are tags, authors."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from running import PROJECT, built, lay

from sitegen.config import Surroundings, load_config
from sitegen.model import Entry, EntryLink, Paper, Parsed, Tag
from sitegen.papers import make_papers
from sitegen.tagging import name_key, name_table
from sitegen.text import told

TAGS = (
    Tag("kv-cache", "KV cache", "", ("key-value cache",), 1),
    Tag("pruning", "Pruning", "", ("prune",), 2),
)


def paper_of(*entries: Entry) -> Paper:
    parsed = Parsed(entries, (), (), (), TAGS, (), (), (), (), 1)
    [paper] = make_papers(parsed, load_config(PROJECT, Surroundings()))[0]
    return paper


def make_entry(**facts: object) -> Entry:
    return Entry("content/captures/2025-10-01.json", 1, date(2025, 10, 1), "Weaving Looms", **facts)  # type: ignore[arg-type]


def links_of(paper: Paper) -> list[tuple[str, str]]:
    return [(link.label, link.url) for link in paper.links]


def test_code_and_project_of_a_source_and_of_the_text_are_each_shown_once() -> None:
    paper = paper_of(
        make_entry(
            arxiv_id="2510.00001",
            abstract="Code is at https://github.com/ada/looms.",
            links=(
                EntryLink("https://github.com/Ada/looms.git", "code"),
                EntryLink("https://looms.example/", "project"),
            ),
        )
    )
    assert links_of(paper) == [
        ("arXiv", "https://arxiv.org/abs/2510.00001"),
        ("Code", "https://github.com/Ada/looms.git"),
        ("Project page", "https://looms.example/"),
    ]


def test_the_address_of_a_paper_without_an_id_is_its_link_and_no_search_is_shown() -> None:
    paper = paper_of(make_entry(links=(EntryLink("https://www.blog.example/post", "paper"),)))
    assert links_of(paper) == [("blog.example", "https://www.blog.example/post")]


def test_the_address_of_a_paper_with_an_id_is_left_to_the_id() -> None:
    paper = paper_of(make_entry(doi="10.1000/x", links=(EntryLink("https://journal.example/1", "paper"),)))
    assert links_of(paper) == [("DOI", "https://doi.org/10.1000/x")]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        (EntryLink("https://github.com/a/b", "project"), [("code", "Code")]),
        (EntryLink("https://a.github.io/b"), [("project", "Project page")]),
        (EntryLink("https://a.example/", "code"), [("code", "Code")]),
        (EntryLink("https://huggingface.co/datasets/a/b", "project"), [("data", "Data")]),
        (EntryLink("https://a.example/"), []),
        (EntryLink("https://a.example/", "paper"), []),
    ],
)
def test_the_address_tells_more_than_the_source(link: EntryLink, shown: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.label) for found in told([link])] == shown


def test_keywords_that_are_tags_become_tags_and_others_nothing() -> None:
    paper = paper_of(make_entry(keywords=("Key-Value Cache", "looms", "pruning of trees")))
    assert [tag.title for tag in paper.tags] == ["KV cache"]


def test_a_tag_is_known_by_its_title_its_slug_and_its_phrases() -> None:
    names = name_table(TAGS)
    assert {names.get(name_key(word)) for word in ("KV Cache", "kv-cache", "prunes")} == {
        "kv-cache",
        "pruning",
    }


def test_authors_that_are_cut_leave_their_number_open() -> None:
    paper = paper_of(make_entry(authors=("Ada Lovelace",)))
    assert (paper.authors, paper.author_count) == (("Ada Lovelace",), None)


def test_of_stars_the_newest_hold_and_words_of_a_machine_are_those_of_the_newest_that_has_some() -> None:
    older = make_entry(stars=9, machine_summary="Older.")
    newer = replace(older, source="content/captures/2025-10-02.json", day=date(2025, 10, 2), stars=12)
    paper = paper_of(older, replace(newer, machine_summary=""))
    assert (paper.stars, paper.machine_summary) == (12, "Older.")


def test_words_of_a_machine_are_shown_as_such(tmp_path: Path) -> None:
    paper = {
        "id": "2510.00001",
        "title": "Looms",
        "summary": "S.",
        "ai_summary": "<b>Short.</b>",
        "upvotes": 1,
    }
    files = {
        "content/site.toml": 'title = "T"\ndescription = "D"\nbase_url = "https://t.example/"\n'
        'id_authority = "t.example,2025-01-01"\n',
        "content/captures/2025-10-01.json": json.dumps([{"paper": paper | {"githubStars": 1234}}]),
    }
    built(lay(tmp_path, files))
    page = (tmp_path / "public/papers/looms/index.html").read_text("utf-8")
    assert "In short, as a language model put it: &lt;b&gt;Short.&lt;/b&gt;" in page
    assert "<li>1 upvote</li>" in page
    assert "<li>1,234 stars on GitHub</li>" in page
    assert "Short." not in (tmp_path / "public/index.html").read_text("utf-8")
