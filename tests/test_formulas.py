"""A site full of mathematics: what its pages and its feeds hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree
from running import built
from sitecheck import Tree, read_tree

FORMULAS = Path(__file__).parent / "sites" / "formulas"
MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    out = tmp_path_factory.mktemp("formulas") / "public"
    built(FORMULAS, "-o", out)
    return read_tree(out, "https://formulas.example/")


def entries(site: Tree, feed: str) -> dict[str, str]:
    """Return the HTML of each entry of a feed by the title."""
    data = site.files[feed]
    if feed.endswith(".json"):
        return {item["title"]: item["content_html"] for item in json.loads(data)["items"]}
    root = etree.fromstring(data)
    if root.tag == "rss":
        content = "{http://purl.org/rss/1.0/modules/content/}encoded"
        return {
            item.findtext("title"): item.findtext(content) or item.findtext("description")
            for item in root.iter("item")
        }
    return {
        entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}content")
        for entry in root.iter(f"{ATOM}entry")
    }


FEEDS = ["feed.xml", "rss.xml", "feed.json"]


@pytest.mark.parametrize("feed", FEEDS)
def test_feeds_set_powers_and_indices_as_sup_and_sub(site: Tree, feed: str) -> None:
    html = next(html for title, html in entries(site, feed).items() if title.startswith("Powers"))
    assert "<i>O</i>(<i>n</i><sup>2</sup>), not <i>O</i>(<i>n</i>)" in html
    assert "10<sup>−9</sup>" in html
    assert "<math" not in html


@pytest.mark.parametrize("feed", FEEDS)
def test_feeds_set_a_power_in_a_note_so_too(site: Tree, feed: str) -> None:
    html = entries(site, feed)["Fractions, roots and sums"]
    assert "A note with a power, <i>O</i>(<i>n</i><sup>2</sup>), and" in html


@pytest.mark.parametrize("feed", FEEDS)
def test_other_mathematics_in_feeds_is_mathml_that_reads_as_text(site: Tree, feed: str) -> None:
    formulas = [math for html in entries(site, feed).values() for math in MATH.findall(html)]
    assert len(formulas) >= 8
    for math in formulas:
        assert etree.fromstring(math).get("alttext")
        assert "annotation" not in math
        assert "semantics" not in math


def test_letters_spell_formulas_in_a_line(site: Tree) -> None:
    [html] = entries(site, "digest/feed.xml").values()
    assert "E = mc²" in html
    assert "<math" not in html


def test_every_formula_of_a_page_reads_as_text(site: Tree) -> None:
    formulas = [math for page in site.pages.values() for math in page.xpath("//math")]
    assert len(formulas) > 100
    assert all(math.get("alttext") for math in formulas)


def test_titles_are_plain_where_no_mathematics_can_stand(site: Tree) -> None:
    title = "Letters of every kind for ℒ over ℝ^d"
    assert title in entries(site, "feed.xml")
    assert any(page.findtext(".//title") == f"{title} · Formulas" for page in site.pages.values())


def test_what_cannot_be_set_stands_as_it_was_written_and_is_not_alive(site: Tree) -> None:
    url = "/papers/what-cannot-be-set/"
    text = site.pages[url].text_content()
    assert "$x_{$" in text
    assert "$\\unknowncommand{x}$" in text
    assert "<script>alert(1)</script>" in text
    assert not site.pages[url].xpath("//main//script | //a[starts-with(@href, 'javascript:')]")
