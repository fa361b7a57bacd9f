"""Atom and RSS, written by feedgen and mended where feedgen falls short.

A feed comes in, its bytes go out. feedgen writes the head, and each entry once; the bytes of an entry
are remembered and spliced into every other feed that has it, which is many times faster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from sitegen import feed_content as says
from sitegen.feed_memory import EntryMemory
from sitegen.model import Facts, Feed, Paper

_FEED_HISTORY = "http://purl.org/syndication/history/1.0"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How feedgen writes the entries of a format, and where in its bytes each begins."""

    entry: Callable[[Paper, Facts], FeedEntry]
    to_bytes: Callable[[FeedGenerator], bytes]
    opening: bytes
    ending: bytes
    """What follows the last entry."""


def write_atom(feed: Feed, facts: Facts, memory: EntryMemory) -> bytes:
    """Return the feed as Atom (RFC 4287), with the links of an archive (RFC 5005) if it has any."""
    head = _head(feed, facts, _AtomExtension)
    head.extra.archive = bool(feed.current_url)
    head.author(name=says.clean(facts.title))
    head.link(href=says.absolute(feed.page_url, facts), rel="alternate", type="text/html")
    history = (
        ("self", feed.url),
        ("current", feed.current_url),
        ("prev-archive", feed.prev_archive_url),
        ("next-archive", feed.next_archive_url),
    )
    for rel, url in history:
        if url:
            head.link(href=says.absolute(url, facts), rel=rel, type="application/atom+xml")
    return _spliced(head, feed.papers, facts, memory, _ATOM)


def write_rss(feed: Feed, facts: Facts, memory: EntryMemory) -> bytes:
    """Return the feed as RSS 2.0, by the RSS Advisory Board's profile."""
    head = _head(feed, facts, _RssExtension)
    head.title(says.as_html(says.clean(feed.title)))
    head.description(says.as_html(says.clean(feed.subtitle or feed.title)))
    head.docs("")
    head.link(href=says.absolute(feed.url, facts), rel="self", type="application/rss+xml")
    head.link(href=says.absolute(feed.page_url, facts))  # the last link becomes the channel's
    return _spliced(head, feed.papers, facts, memory, _RSS)


def _head(feed: Feed, facts: Facts, extension: type[BaseExtension]) -> FeedGenerator:
    head = FeedGenerator()
    head.register_extension("extra", extension)
    head.id(feed.id)
    head.title(says.clean(feed.title))
    head.subtitle(says.clean(feed.subtitle))
    head.language(facts.language)
    head.generator("sitegen")  # without its version, or a new one would change every feed
    head.updated(_midnight(feed.updated))  # feedgen stamps the current time unless told
    return head


def _spliced(
    head: FeedGenerator, papers: tuple[Paper, ...], facts: Facts, memory: EntryMemory, syntax: _Syntax
) -> bytes:
    """Return the feed: feedgen writes the head and the new entries, `memory` has the others."""
    known = [memory.get(paper) for paper in papers]
    new = [paper for paper, entry in zip(papers, known, strict=True) if entry is None]
    for paper in new:
        head.add_entry(syntax.entry(paper, facts), order="append")  # feedgen prepends unless told
    # A "<" in a text is always escaped, so that no text can look like the start of an entry.
    before, *written = syntax.to_bytes(head).removesuffix(syntax.ending).split(syntax.opening)
    for paper, entry in zip(new, written, strict=True):
        memory.keep(paper, entry)
    rest = iter(written)
    entries = [next(rest) if entry is None else entry for entry in known]
    return syntax.opening.join([before, *entries]) + syntax.ending


def _atom_entry(paper: Paper, facts: Facts) -> FeedEntry:
    entry = _entry(paper, _AtomExtension)
    entry.title(says.title(paper))
    entry.updated(_midnight(says.updated(paper)))
    entry.content(says.content(paper, facts), type="html")
    entry.summary(says.summary(paper) or None)
    entry.author([{"name": name} for name in says.people(paper)])
    entry.category(
        [
            {"term": category.term, "scheme": category.scheme, "label": category.label}
            for category in says.categories(paper, facts)
        ]
    )
    entry.extra.links.append(("alternate", says.absolute(paper.url, facts)))
    if source_url := says.source_url(paper):
        entry.extra.links.append(("via", source_url))
    return entry


def _rss_item(paper: Paper, facts: Facts) -> FeedEntry:
    item = _entry(paper, _RssExtension)
    item.title(says.as_html(says.title(paper)))
    item.link(href=says.absolute(paper.url, facts))
    item.description(escape(says.summary(paper), quote=False))  # HTML by the standard
    item.content(says.content(paper, facts))  # becomes the description where there is none
    item.extra.creators = [says.as_html(name) for name in says.people(paper)]
    item.category(
        [
            {"term": category.term, "scheme": category.scheme, "label": says.as_html(category.label)}
            for category in says.categories(paper, facts)
        ]
    )
    return item


def _entry(paper: Paper, extension: type[BaseExtension]) -> FeedEntry:
    entry = FeedEntry()
    entry.register_extension("extra", extension)
    entry.guid(says.clean(paper.feed_id), permalink=False)
    if paper.first_day:
        entry.published(_midnight(paper.first_day))
    return entry


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _atom_bytes(head: FeedGenerator) -> bytes:
    return bytes(head.atom_str(pretty=True))


def _rss_bytes(head: FeedGenerator) -> bytes:
    """Return RSS with "&" and "<" as hexadecimal references, as the profile's "Character Data" asks.

    To an XML parser they are the same; it found that most readers, which differ, get them right so.
    """
    data = bytes(head.rss_str(pretty=True))
    return data.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


class _AtomExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen loses, or cannot say, of an Atom feed and its entries."""

    def __init__(self) -> None:
        self.links: list[tuple[str, str]] = []
        self.archive = False

    def extend_ns(self) -> dict[str, str]:
        return {"fh": _FEED_HISTORY} if self.archive else {}

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Add the links of an entry, of which feedgen loses `rel` and `type`; declare HTML.

        By the standard a title such as "<SEG> tokens" could stay plain text; but spelled and declared as
        HTML it is also right for the readers that take every title for HTML (see `as_html`).
        """
        for rel, url in self.links:
            etree.SubElement(element, "link", rel=rel, type="text/html", href=url)
        if self.archive:
            etree.SubElement(element, f"{{{_FEED_HISTORY}}}archive")
        for text in element.iterchildren("title", "subtitle", "summary"):
            html = says.as_html(text.text or "")
            if html != text.text:
                text.text = html
                text.set("type", "html")
        return element


class _RssExtension(BaseExtension):  # type: ignore[misc]
    """What feedgen loses of an RSS item."""

    def __init__(self) -> None:
        self.creators: list[str] = []

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Add the authors of an item, whom feedgen drops where they have no e-mail address."""
        for name in self.creators:
            etree.SubElement(element, f"{{{_DUBLIN_CORE}}}creator").text = name
        return element


_ATOM = _Syntax(_atom_entry, _atom_bytes, b"  <entry>\n", b"</feed>\n")
_RSS = _Syntax(_rss_item, _rss_bytes, b"    <item>\n", b"  </channel>\n</rss>\n")
