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

from sitegen.feeds.clean import absolute, as_html, clean
from sitegen.feeds.content import Said
from sitegen.feeds.memory import ItemMemory
from sitegen.model import Facts, Feed, FeedItem

_FEED_HISTORY = "http://purl.org/syndication/history/1.0"
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How feedgen writes the entries of a format, and where in its bytes each begins."""

    entry: Callable[[Said], FeedEntry]
    to_bytes: Callable[[FeedGenerator], bytes]
    opening: bytes
    ending: bytes
    """What follows the last entry."""


def write_atom(
    feed: Feed, facts: Facts, saying: Callable[[FeedItem], Said], memory: ItemMemory[bytes]
) -> bytes:
    """Return the feed as Atom (RFC 4287), with the links of an archive (RFC 5005) if it has any."""
    head = _head(feed, facts, _AtomExtension)
    head.extra.archive = bool(feed.current_url)
    head.author(name=clean(facts.title))
    head.link(href=absolute(feed.page_url, facts), rel="alternate", type="text/html")
    history = (
        ("self", feed.url),
        ("current", feed.current_url),
        ("prev-archive", feed.prev_archive_url),
        ("next-archive", feed.next_archive_url),
    )
    for rel, url in history:
        if url:
            head.link(href=absolute(url, facts), rel=rel, type="application/atom+xml")
    if facts.hub and not feed.current_url:
        head.link(href=facts.hub, rel="hub")
    return _spliced(head, feed.items, saying, memory, _ATOM)


def write_rss(
    feed: Feed, facts: Facts, saying: Callable[[FeedItem], Said], memory: ItemMemory[bytes]
) -> bytes:
    """Return the feed as RSS 2.0, by the RSS Advisory Board's profile."""
    head = _head(feed, facts, _RssExtension)
    head.title(as_html(clean(feed.title)))
    head.description(as_html(clean(feed.subtitle or feed.title)))
    head.docs("")
    head.link(href=absolute(feed.url, facts), rel="self", type="application/rss+xml")
    head.link(href=absolute(feed.page_url, facts))  # the last link becomes the channel's
    head.extra.hub = facts.hub
    return _spliced(head, feed.items, saying, memory, _RSS)


def _head(feed: Feed, facts: Facts, extension: type[BaseExtension]) -> FeedGenerator:
    head = FeedGenerator()
    head.register_extension("extra", extension)
    head.id(feed.id)
    head.title(clean(feed.title))
    head.subtitle(clean(feed.subtitle))
    head.language(facts.language)
    head.generator("sitegen")  # without its version, or a new one would change every feed
    head.updated(_midnight(feed.updated))  # feedgen stamps the current time unless told
    return head


def _spliced(
    head: FeedGenerator,
    items: tuple[FeedItem, ...],
    saying: Callable[[FeedItem], Said],
    memory: ItemMemory[bytes],
    syntax: _Syntax,
) -> bytes:
    """Return the feed: feedgen writes the head and the new entries, `memory` has the others."""
    known = [memory.get(item) for item in items]
    new = [item for item, entry in zip(items, known, strict=True) if entry is None]
    for item in new:
        head.add_entry(syntax.entry(saying(item)), order="append")  # feedgen prepends unless told
    # A "<" in a text is always escaped, so that no text can look like the start of an entry.
    before, *written = syntax.to_bytes(head).removesuffix(syntax.ending).split(syntax.opening)
    for item, entry in zip(new, written, strict=True):
        memory.keep(item, entry)
    rest = iter(written)
    entries = [next(rest) if entry is None else entry for entry in known]
    return syntax.opening.join([before, *entries]) + syntax.ending


def _atom_entry(said: Said) -> FeedEntry:
    entry = _entry(said, _AtomExtension)
    entry.title(said.title)
    entry.updated(_midnight(said.updated))
    entry.content(said.html, type="html")
    entry.summary(said.summary or None)
    entry.author([{"name": name} for name in said.people])
    entry.category(
        [
            {"term": category.term, "scheme": category.scheme, "label": category.label}
            for category in said.categories
        ]
    )
    entry.extra.links.append(("alternate", said.url))
    if said.source_url:
        entry.extra.links.append(("via", said.source_url))
    return entry


def _rss_item(said: Said) -> FeedEntry:
    item = _entry(said, _RssExtension)
    item.title(as_html(said.title))
    item.link(href=said.url)
    item.description(escape(said.summary, quote=False))  # HTML by the standard
    item.content(said.html)  # becomes the description where there is none
    item.extra.creators = [as_html(name) for name in said.people]
    item.category(
        [
            {"term": category.term, "scheme": category.scheme, "label": as_html(category.label)}
            for category in said.categories
        ]
    )
    return item


def _entry(said: Said, extension: type[BaseExtension]) -> FeedEntry:
    entry = FeedEntry()
    entry.register_extension("extra", extension)
    entry.guid(said.id, permalink=False)
    entry.published(_midnight(said.published))
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
            html = as_html(text.text or "")
            if html != text.text:
                text.text = html
                text.set("type", "html")
        return element


class _RssExtension(BaseExtension):  # type: ignore[misc]
    """What feedgen loses of an RSS channel and its items."""

    def __init__(self) -> None:
        self.creators: list[str] = []
        self.hub = ""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Add the hub, and the authors of an item, whom feedgen drops where they have no e-mail address."""
        if self.hub:
            etree.SubElement(element[0], f"{{{_ATOM_NAMESPACE}}}link", rel="hub", href=self.hub)
        for name in self.creators:
            etree.SubElement(element, f"{{{_DUBLIN_CORE}}}creator").text = name
        return element


_ATOM = _Syntax(_atom_entry, _atom_bytes, b"  <entry>\n", b"</feed>\n")
_RSS = _Syntax(_rss_item, _rss_bytes, b"    <item>\n", b"  </channel>\n</rss>\n")
