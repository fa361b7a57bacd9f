"""Atom and RSS: a feed comes in, its bytes go out.

feedgen writes the head, mended where it falls short, and `entries` each entry once; its bytes are
remembered and spliced into every other feed that has it, which is many times faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from sitegen.feeds.clean import absolute, as_html, clean
from sitegen.feeds.content import Said
from sitegen.feeds.entries import atom_entry, hexadecimal, rss_item
from sitegen.feeds.memory import ItemMemory
from sitegen.model import Facts, Feed, FeedItem

_FEED_HISTORY = "http://purl.org/syndication/history/1.0"
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


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
    is_last = bool(feed.current_url)  # an archive, which holds each paper of the site
    entries = [memory.of(item, lambda item: atom_entry(saying(item)), is_last=is_last) for item in feed.items]
    return _with_entries(bytes(head.atom_str(pretty=True)), b"</feed>\n", entries)


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
    items = [memory.of(item, lambda item: rss_item(saying(item))) for item in feed.items]
    marked = hexadecimal(head.rss_str(pretty=True).decode()).encode()
    return _with_entries(marked, b"  </channel>\n</rss>\n", items)


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


def _with_entries(head: bytes, ending: bytes, entries: Iterable[bytes]) -> bytes:
    """Return the feed: the entries stand at the end of what feedgen wrote without them."""
    return b"".join([head.removesuffix(ending), *entries, ending])


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


class _AtomExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen cannot say of an Atom feed."""

    def __init__(self) -> None:
        self.archive = False

    def extend_ns(self) -> dict[str, str]:
        return {"fh": _FEED_HISTORY} if self.archive else {}

    def extend_atom(self, element: etree._Element) -> etree._Element:
        """Say that this is an archive; declare a title that somebody might read as HTML as such."""
        if self.archive:
            etree.SubElement(element, f"{{{_FEED_HISTORY}}}archive")
        for text in element.iterchildren("title", "subtitle"):
            html = as_html(text.text or "")
            if html != text.text:
                text.text = html
                text.set("type", "html")
        return element


class _RssExtension(BaseExtension):  # type: ignore[misc]
    """What feedgen loses of an RSS channel."""

    def __init__(self) -> None:
        self.hub = ""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DUBLIN_CORE}

    def extend_rss(self, element: etree._Element) -> etree._Element:
        """Add the hub."""
        if self.hub:
            etree.SubElement(element[0], f"{{{_ATOM_NAMESPACE}}}link", rel="hub", href=self.hub)
        return element
