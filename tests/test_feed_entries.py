"""Our entries of feeds are those that feedgen writes, where it can say what we say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape
from typing import Any

import pytest
from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sitegen.feeds.clean import as_html, clean
from sitegen.feeds.content import Category, Said
from sitegen.feeds.entries import atom_entry, hexadecimal, rss_item

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


class Extra(BaseExtension):  # type: ignore[misc]
    """What feedgen cannot write by itself: links with a relation, declared HTML, people without address."""

    said: Said

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DUBLIN_CORE}

    def extend_atom(self, element: etree._Element) -> etree._Element:
        if element.tag == "entry":
            for rel, url in (("alternate", self.said.url), ("via", self.said.source_url)):
                if url:
                    etree.SubElement(element, "link", rel=rel, type="text/html", href=url)
            for text in element.iterchildren("title", "summary"):
                if as_html(text.text) != text.text:
                    text.text = as_html(text.text)
                    text.set("type", "html")
        return element

    def extend_rss(self, element: etree._Element) -> etree._Element:
        if element.tag == "item":
            for name in self.said.people:
                etree.SubElement(element, f"{{{DUBLIN_CORE}}}creator").text = as_html(name)
        return element


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def by_feedgen(said: Said) -> tuple[FeedGenerator, FeedEntry]:
    head = FeedGenerator()
    head.register_extension("extra", Extra)
    head.id("id")
    head.title("title")
    head.link(href="https://digest.example/")
    head.description("description")
    head.updated(midnight(said.updated))
    entry = FeedEntry()
    entry.register_extension("extra", Extra)
    entry.extra.said = said
    entry.guid(said.id, permalink=False)
    entry.published(midnight(said.published))
    head.add_entry(entry)
    return head, entry


def categories(said: Said, label: Any = lambda text: text) -> list[dict[str, str]]:
    return [{"term": c.term, "scheme": c.scheme, "label": label(c.label)} for c in said.categories]


def atom_by_feedgen(said: Said) -> str:
    head, entry = by_feedgen(said)
    entry.title(said.title)
    entry.updated(midnight(said.updated))
    entry.content(said.html, type="html")
    entry.summary(said.summary or None)
    entry.author([{"name": name} for name in said.people])
    entry.category(categories(said))
    text: str = head.atom_str(pretty=True).decode()
    return text[text.index("  <entry>") : text.rindex("</feed>")]


def rss_by_feedgen(said: Said) -> str:
    head, entry = by_feedgen(said)
    entry.title(as_html(said.title))
    entry.link(href=said.url)
    entry.description(escape(said.summary, quote=False))
    entry.content(said.html)
    entry.category(categories(said, as_html))
    text = hexadecimal(head.rss_str(pretty=True).decode())
    return text[text.index("    <item>") : text.rindex("  </channel>")]


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(clean)
named = words.filter(str.strip)
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
saids = st.builds(
    Said,
    id=named,
    url=named,
    source_url=words,
    title=named,
    summary=words,
    html=named,
    people=st.lists(named, max_size=3).map(tuple),
    categories=st.lists(st.builds(Category, named, named, named), max_size=3).map(tuple),
    published=days,
    updated=days,
)


@given(saids)
def test_an_atom_entry_is_what_feedgen_writes(said: Said) -> None:
    assert atom_entry(said).decode() == atom_by_feedgen(said)


@given(saids)
def test_an_rss_item_is_what_feedgen_writes(said: Said) -> None:
    assert rss_item(said).decode() == rss_by_feedgen(said)


@pytest.mark.parametrize("text", ["<b>&amp;\"'", "a\r\nb\tc", "]]>", "\U0001f600é", "&lt;"])
def test_marks_of_xml_are_the_same_text_to_a_parser(text: str) -> None:
    said = Said("i", "u", "s", text, "", text, (text,), (Category(text, text, text),), date.min, date.min)
    entry = etree.fromstring(atom_entry(said))
    read = [entry.findtext("content"), entry.findtext("author/name"), *entry.find("category").values()]
    assert read == [text] * 5
