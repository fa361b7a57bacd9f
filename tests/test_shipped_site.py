"""The repository's own content, built: nothing lost, nothing invented, nothing broken."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import lxml.html
import pytest
from conftest import BuiltSite
from running import PROJECT, built, files_of, run
from sitecheck import (
    CHECKS,
    Complaints,
    Element,
    Tree,
    bad_redirects,
    bad_sitemap,
    feeds_of,
    poor_heads,
    read_tree,
    unannounced_feeds,
)

from sitegen.model import Entry, Kind, Source
from sitegen.parsers.capture import parse
from sitegen.text.symbols import GREEK, OPERATORS

CONTENT = PROJECT / "content"
PREVIEW = "https://deploy-preview-7--digest.example/"


@pytest.fixture(scope="module")
def listings() -> list[Entry]:
    paths = sorted((CONTENT / "captures").glob("*.txt"))
    sources = (Source(f"captures/{path.name}", Kind.CAPTURE, path.read_text("utf-8")) for path in paths)
    return [entry for source in sources for entry in parse(source)[0]]


def papers_of(tree: Tree) -> dict[str, Element]:
    """Return the page of each paper by its address."""
    lists = re.compile(r"/papers/(page/(\d+/)?)?$")
    redirects = (
        url for url, page in tree.pages.items() if page.find(".//meta[@http-equiv='refresh']") is not None
    )
    return {
        url: page
        for url, page in tree.pages.items()
        if url.startswith("/papers/") and not lists.match(url) and url not in set(redirects)
    }


def words(text: str) -> Counter[str]:
    """Return the plain words of a text, but for addresses and what typesetting may spell in another way."""
    text = re.sub(r"(https?://|github\.com/)\S+|\w*\\\W?\w+", "", text)
    return Counter(re.findall(r"(?<![\w\\$^_{}.])[A-Za-z]{3,}(?![\w\\$^_{}])", text))


def prose_of(page: Element) -> str:
    """Return the words of the title and abstract of a paper's page."""
    parts = [page.find(".//h1"), page.find(".//section[@class='abstract']")]
    return " ".join(part.text_content() for part in parts if part is not None)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong_with_the_shipped_site(
    shipped: BuiltSite, check: Callable[[Tree], Complaints]
) -> None:
    assert list(check(shipped.tree)) == []


def test_192_listings_become_181_papers_with_a_page_each(shipped: BuiltSite, listings: list[Entry]) -> None:
    assert len(listings) == 192
    assert "192 entries, 181 papers (11 merged), 3 issues" in shipped.report
    assert len(papers_of(shipped.tree)) == 181


def test_every_paper_has_exactly_one_theme_of_its_own(shipped: BuiltSite) -> None:
    chips = [page.findall(".//p[@class='kicker']/a") for page in papers_of(shipped.tree).values()]
    assert {len(links) for links in chips} == {1}
    counts = Counter(links[0].get("href") for links in chips)
    assert counts.total() == 181
    themes = {f"/themes/{path.stem}/" for path in (CONTENT / "themes").glob("*.md")}
    assert len(themes) == 16
    assert set(counts) <= themes


def test_the_theme_of_each_paper_is_the_one_in_the_labels(shipped: BuiltSite) -> None:
    titles = {page.findtext(".//h1") or "": url for url, page in papers_of(shipped.tree).items()}
    with (CONTENT / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["paper"] in titles]
    assert len(rows) > 150
    for row in rows:
        page = shipped.tree.pages[titles[row["paper"]]]
        assert page.find(".//p[@class='kicker']/a").get("href") == f"/themes/{row['theme']}/", row["paper"]


def test_no_title_and_no_abstract_loses_a_word(shipped: BuiltSite, listings: list[Entry]) -> None:
    by_place = {}
    for page in papers_of(shipped.tree).values():
        for place in page.iter("dd"):
            said = place.text_content().strip()
            if found := re.fullmatch(r"content/(captures/\S+), line (\d+)(?:: .+)?", said):
                by_place[found[1], int(found[2])] = page
    assert len(by_place) == 192
    lost = {
        (entry.title, word)
        for entry in listings
        for word in words(f"{entry.title} {entry.abstract}")
        - words(prose_of(by_place[entry.source, entry.line]))
        if word not in _TEX
    }
    assert not lost


_TEX = {"emph", "textbf", *GREEK, *OPERATORS}
"""Remains of typesetting, which the repair of titles and abstracts turns into what they mean."""


def test_the_listing_without_meta_block_gets_no_date_authors_or_comments(shipped: BuiltSite) -> None:
    [url] = [url for url in papers_of(shipped.tree) if "hibench" in url]
    facts = shipped.tree.pages[url].find(".//article/header").text_content()
    for invented in ("author", "published", "comment", "0"):
        assert invented not in facts
    for name, data in shipped.tree.files.items():
        if name.startswith("published/") and name != "published/index.html":
            assert url.encode() not in data, name
    assert url.encode() in shipped.tree.files["published/index.html"]
    atom = lxml.etree.fromstring(shipped.tree.files["themes/llm-reasoning-and-evaluation/feed.xml"])
    entries = [entry for entry in atom if any((link.get("href") or "").endswith(url) for link in entry)]
    assert len(entries) == 1
    assert "author" not in [lxml.etree.QName(part).localname for part in entries[0]]


def test_161_papers_link_to_arxiv_and_20_show_a_search(shipped: BuiltSite) -> None:
    pages = papers_of(shipped.tree).values()
    links = [{link.get("href") for link in page.find(".//article/header").iter("a")} for page in pages]
    known = [mine for mine in links if any(url.startswith("https://arxiv.org/abs/") for url in mine)]
    searched = [mine for mine in links if any("/search/?" in url for url in mine)]
    assert (len(known), len(searched)) == (161, 20)
    assert sum("Find it" in page.text_content() for page in pages) == 20


def test_every_feed_holds_whole_abstracts(shipped: BuiltSite) -> None:
    feeds = feeds_of(shipped.tree)
    assert len(feeds) > 200
    pages = papers_of(shipped.tree)
    atom = lxml.etree.fromstring(feeds["https://digest.example/feed.xml"])
    contents = {
        entry.findtext("{*}title"): entry.findtext("{*}content") for entry in atom.findall("{*}entry")
    }
    assert len(contents) == 50
    by_title = {page.find(".//h1").text_content(): page for page in pages.values()}
    for title, content in contents.items():
        abstract = by_title[lxml.html.fromstring(title).text_content()].find(
            ".//section[@class='abstract']/p"
        )
        assert not words(abstract.text_content()) - words(lxml.html.fromstring(content).text_content()), title


def test_robots_may_read_all_and_are_shown_the_sitemap(shipped: BuiltSite) -> None:
    robots = shipped.tree.files["robots.txt"].decode()
    assert robots == "User-agent: *\nAllow: /\n\nSitemap: https://digest.example/sitemap.xml\n"


def test_the_content_gives_no_warning_that_is_not_accepted(shipped: BuiltSite) -> None:
    assert "Warnings: 0, and " in shipped.report
    assert "ids.csv" not in shipped.report


def test_a_second_build_changes_nothing_and_says_so(shipped: BuiltSite) -> None:
    before = files_of(shipped.out)
    assert "Nothing changed: " in built(PROJECT, "-o", shipped.out).out
    assert files_of(shipped.out) == before


def test_under_a_path_every_link_stays_below_it(shipped: BuiltSite, tmp_path: Path) -> None:
    built(PROJECT, "-o", tmp_path / "site", "--base-url", "https://user.example/digest/")
    tree = read_tree(tmp_path / "site", "https://user.example/digest/")
    assert sorted(tree.files) == sorted(shipped.tree.files)
    for check in (poor_heads, unannounced_feeds, bad_sitemap, bad_redirects):
        assert list(check(tree)) == [], check.__name__
    assert run("check", PROJECT, "-o", tmp_path / "site").status == 0
    for name, data in tree.files.items():
        assert b"https://digest.example" not in data, name


def test_a_deploy_preview_is_at_its_own_address_and_not_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTEXT", "deploy-preview")
    monkeypatch.setenv("DEPLOY_PRIME_URL", PREVIEW.rstrip("/"))
    monkeypatch.setenv("URL", "https://digest.example")
    built(PROJECT, "-o", tmp_path)
    tree = read_tree(tmp_path, PREVIEW)
    assert tree.files["robots.txt"].decode() == "User-agent: *\nDisallow: /\n"
    for url, page in tree.pages.items():
        assert page.find(".//meta[@name='robots']").get("content") == "noindex", url
        canonical = page.find(".//link[@rel='canonical']")
        assert canonical is None or canonical.get("href").startswith(PREVIEW), url


def test_in_production_the_address_of_the_configuration_wins_over_the_hosts(
    shipped: BuiltSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTEXT", "production")
    monkeypatch.setenv("DEPLOY_PRIME_URL", "https://main--digest.example")
    monkeypatch.setenv("URL", "https://digest.netlify.example")
    built(PROJECT, "-o", tmp_path)
    assert files_of(tmp_path) == shipped.tree.files
