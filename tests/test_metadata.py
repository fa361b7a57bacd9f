"""What the heads of pages say to programs: the paper as a citation, linked data, and nothing unknown."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from datetime import date
from typing import Any

import lxml.html
import pytest
from conftest import BuiltSite
from factories import SEARCH_LINK, make_facts, make_paper
from hypothesis import given
from hypothesis import strategies as st
from sitecheck import Element, indexed
from zotero import saved

from sitegen.metadata import Head, head_maker
from sitegen.model import Page, Paper, PaperBody

UNKNOWN: dict[str, Any] = {
    "abstract": None, "authors": (), "author_count": None, "published": None, "arxiv_id": "", "tags": (),
    "links": (SEARCH_LINK,), "organization": None, "summary": "",
}  # fmt: skip


def head_of(paper: Paper) -> Head:
    body = PaperBody(paper, None, None, None)
    page = Page(paper.url, "paper.html", paper.title.plain, paper.summary, body, (), (), None)
    return head_maker(make_facts())(page)


def names_of(paper: Paper) -> dict[str, list[str]]:
    found = defaultdict(list)
    for name, content in head_of(paper).names:
        found[name].append(content)
    return dict(found)


def things_on(root: Element) -> list[dict[str, Any]]:
    """Return what the linked data of a page says, without reading it as HTML would not."""
    return [
        thing
        for script in root.iter("script")
        if script.get("type") == "application/ld+json"
        for thing in json.loads(script.text or "")["@graph"]
    ]


# ------------------------------------------------------------------------ citation tags


def test_a_paper_is_cited_with_all_that_is_known_of_it() -> None:
    paper = make_paper(doi="10.1145/1", authors=("Ada Lovelace", "Lea van der Berg", "DeepSeek-AI"))
    assert names_of(paper) == {
        "citation_title": ["The paper called evopress"],
        "citation_author": ["Lovelace, Ada", "van der Berg, Lea", "DeepSeek-AI"],
        "citation_publication_date": ["2024/10/18"],
        "citation_arxiv_id": ["2410.14649"],
        "citation_pdf_url": ["https://arxiv.org/pdf/2410.14649"],
        "citation_doi": ["10.1145/1"],
        "citation_public_url": ["https://arxiv.org/abs/2410.14649"],
        "citation_abstract_html_url": ["https://digest.example/papers/evopress/"],
        "citation_abstract": ["We prune models. It works."],
        "citation_keywords": ["Pruning"],
        "DC.type": ["preprint"],
        "z:repository": ["arXiv"],
        "z:archiveID": ["arXiv:2410.14649"],
    }


def test_a_paper_without_a_known_address_is_described_and_not_cited() -> None:
    assert names_of(make_paper("x", title="X", **UNKNOWN)) == {
        "eprints.type": ["article"], "eprints.title": ["X"],
    }  # fmt: skip
    head = head_of(make_paper("x", title="X", **UNKNOWN))
    assert head.properties == ()
    assert "search" not in head.linked_data


def test_a_withdrawn_paper_is_not_cited(small: BuiltSite) -> None:
    gone = next(root for root in small.tree.pages.values() if "Withdrawn paper" in root.text_content())
    assert not gone.xpath("//meta[starts-with(@name, 'citation_')]")
    assert not things_on(gone)


def test_only_papers_that_have_an_address_are_cited(shipped: BuiltSite) -> None:
    for page, root in shipped.tree.pages.items():
        tags = root.xpath("//meta[starts-with(@name, 'citation_')]")
        has_address = bool(root.xpath("//article[@class='paper']//a[contains(@class, 'link-paper')]"))
        assert bool(tags) == has_address, page
        assert not root.xpath("//meta[@name='citation_publisher' or @name='citation_journal_title']")


# ------------------------------------------------------------------------ what Zotero saves


def test_zotero_saves_every_shipped_paper_as_the_paper(shipped: BuiltSite) -> None:
    papers = [page for page in indexed(shipped.tree) if shipped.tree.pages[page].find_class("paper")]
    assert len(papers) == 181
    for page in papers:
        root = shipped.tree.pages[page]
        item = saved(root)
        [own] = json.loads(shipped.tree.files[f"{page[1:]}index.json"])
        assert item["itemType"] == ("preprint" if own["type"] == "article" else "journalArticle")
        assert item["title"] == own["title"]
        assert item.get("abstractNote", "") == own.get("abstract", "")
        assert item["url"] == own.get("URL", shipped.tree.url_of(page))
        parts = own.get("issued", {"date-parts": [[]]})["date-parts"][0]
        assert re.findall(r"\d+", item.get("date", "")) == [f"{part:02}" for part in parts]
        assert item.get("archiveID", "") == own.get("number", "")


def test_zotero_invents_nothing_for_a_paper_of_which_only_the_title_is_known(small: BuiltSite) -> None:
    for page in indexed(small.tree):
        root = small.tree.pages[page]
        if not root.find_class("paper"):
            continue
        item = saved(root)
        [own] = json.loads(small.tree.files[f"{page[1:]}index.json"])
        assert ("date" in item) == ("issued" in own), page
        assert ("abstractNote" in item) == ("abstract" in own), page
        assert len(item["creators"]) == len(
            [name for name in own.get("author", ()) if "others" not in name.values()]
        )


@pytest.mark.parametrize(
    ("authors", "tags"),
    [
        (("Vincent W van Gogh",), ["Vincent W van Gogh"]),
        (("Ada Lovelace",), ["Lovelace, Ada"]),
        (("Vincent W van Gogh", "Ada Lovelace"), ["van Gogh, Vincent W", "Lovelace, Ada"]),
    ],
)
def test_zotero_never_takes_one_author_for_two(authors: tuple[str, ...], tags: list[str]) -> None:
    assert names_of(make_paper(authors=authors))["citation_author"] == tags


# ------------------------------------------------------------------------ linked data


def test_linked_data_says_what_a_page_is(shipped: BuiltSite) -> None:
    kinds = {page: [thing["@type"] for thing in things_on(root)] for page, root in shipped.tree.pages.items()}
    paper = next(page for page in kinds if page.startswith("/papers/evopress"))
    assert kinds["/"] == ["WebSite"]
    assert kinds[paper] == ["ScholarlyArticle", "BreadcrumbList"]
    assert kinds["/2025/12/09/"] == kinds["/themes/"] == ["CollectionPage", "BreadcrumbList"]
    assert kinds["/about/"] == ["WebPage"]
    assert kinds["/404.html"] == []
    assert {page for page, found in kinds.items() if found} == set(indexed(shipped.tree)) - {"/search/"}


def test_linked_data_of_a_paper_agrees_with_its_twin(shipped: BuiltSite) -> None:
    for page in indexed(shipped.tree):
        [paper, *_] = things_on(shipped.tree.pages[page]) or [{"@type": ""}]
        if paper["@type"] != "ScholarlyArticle":
            continue
        [own] = json.loads(shipped.tree.files[f"{page[1:]}index.json"])
        assert paper["headline"] == own["title"]
        assert paper.get("abstract") == own.get("abstract")
        assert paper.get("sameAs", [None])[0] == own.get("URL")
        assert "publisher" not in paper
        parts = own["issued"]["date-parts"][0] if "issued" in own else ()
        assert paper.get("datePublished", "") == "-".join(f"{part:02}" for part in parts)


def test_a_list_names_the_papers_that_its_page_shows(shipped: BuiltSite) -> None:
    root = shipped.tree.pages["/2025/12/09/"]
    [collection, crumbs] = things_on(root)
    shown = [link.get("href") for link in root.xpath("//*[contains(@class, 'entry-title')]/a")]
    items = collection["mainEntity"]["itemListElement"]
    assert [item["url"] for item in items] == [f"https://digest.example{url}" for url in shown]
    assert [item["position"] for item in items] == list(range(1, len(shown) + 1))
    assert [step["name"] for step in crumbs["itemListElement"]][:3] == ["Load-Bearing", "Archive", "2025"]
    for step in crumbs["itemListElement"]:
        assert shipped.tree.file_at(step["item"]), step


@given(st.text(st.sampled_from("</script>!-&\"'\u2028\u2029 x{}\\"), max_size=30))
def test_no_title_leaves_its_script_element(title: str) -> None:
    paper = make_paper("x", title=f"x{title}", published=date(2025, 1, 1))
    data = head_of(paper).linked_data
    assert not set(data) & set("<>&\u2028\u2029")
    script = f'<script type="application/ld+json">{data}</script>'
    page = lxml.html.document_fromstring(f"<html><head>{script}</head><body><p>After</p></body></html>")
    assert things_on(page)[0]["headline"] == f"x{title}"
    assert page.findtext("body/p") == "After"
