"""A feed to what the rules need of it: Atom, RSS 2.0 or JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree

from sitegen.checking.tree import FeedEntry, FeedRead

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_FEED = re.compile(
    rb"\s*<\?xml[^>]*>\s*(<!--.*?-->\s*)*<(feed|rss)\b|\s*\{\s*\"version\":\s*\"https://jsonfeed\.org"
)
_RELATIVE = re.compile(
    r"""<[a-zA-Z][^<>]*?\s(?:href|src|poster|cite|action|data)\s*+=\s*+["']?+(?!(?i:https?:|mailto:|tel:))([^\s"'>]*)"""
)
_ABSOLUTE = re.compile(r"(?i:https?://)[^/]")

Element = Any


def is_feed(path: str, data: bytes) -> bool:
    """Return whether a file is a feed; one that is called like a feed is meant to be one."""
    return path.rpartition("/")[2] in ("feed.xml", "rss.xml", "feed.json") or bool(_FEED.match(data))


def read_feed(path: str, data: bytes) -> FeedRead:
    """Return what the rules need of the feed in the file `path`."""
    if path.endswith(".json"):
        return _json(path, data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return FeedRead(path, "XML", error.msg)
    if root.tag == f"{_ATOM}feed":
        return _atom(path, root)
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return FeedRead(path, "XML", "it is neither Atom nor RSS")
    return _rss(path, channel)


def _atom(path: str, feed: Element) -> FeedRead:
    entries, htmls = [], []
    for entry in feed.iterfind(f"{_ATOM}entry"):
        htmls += [
            part.text or ""
            for part in entry
            if part.tag in (f"{_ATOM}content", f"{_ATOM}summary") and part.get("type") == "html"
        ]
        entries.append(
            FeedEntry(
                id=_text(entry, f"{_ATOM}id"),
                link=next((link for rel, link in _links(entry) if rel == "alternate"), ""),
                published=_text(entry, f"{_ATOM}published"),
                updated=_text(entry, f"{_ATOM}updated"),
            )
        )
    links = [link for _, link in _links(feed)]
    return FeedRead(
        path=path,
        format="Atom",
        damage="",
        self_link=next((link for rel, link in _links(feed) if rel == "self"), ""),
        updated=_text(feed, f"{_ATOM}updated"),
        links=tuple(dict.fromkeys(links)),
        relative=_relative([link for _, link in _links(feed, everywhere=True)], htmls),
        entries=tuple(entries),
    )


def _links(parent: Element, everywhere: bool = False) -> Iterator[tuple[str, str]]:
    """Yield relation and address of the links of a feed or an entry."""
    for link in parent.iter(f"{_ATOM}link") if everywhere else parent.iterfind(f"{_ATOM}link"):
        yield link.get("rel", "alternate"), link.get("href", "")


def _rss(path: str, channel: Element) -> FeedRead:
    entries, htmls, links = [], [], [_text(channel, "link")]
    for item in channel.iterfind("item"):
        htmls += [_text(item, "description"), _text(item, f"{_CONTENT}encoded")]
        link = _text(item, "link")
        links.append(link)
        entries.append(FeedEntry(_text(item, "guid"), link, _text(item, "pubDate"), ""))
    atom = list(_links(channel))
    return FeedRead(
        path=path,
        format="RSS",
        damage="",
        self_link=next((link for rel, link in atom if rel == "self"), ""),
        updated=_text(channel, "lastBuildDate"),
        links=tuple(dict.fromkeys([links[0], *(link for _, link in atom)])),
        relative=_relative([*links, *(link for _, link in _links(channel, everywhere=True))], htmls),
        entries=tuple(entries),
    )


class _Item(msgspec.Struct):
    id: str
    url: str = ""
    external_url: str | None = None
    content_html: str = ""
    date_published: str = ""
    date_modified: str = ""


class _JSONFeed(msgspec.Struct):
    version: str
    title: str
    items: list[_Item]
    feed_url: str = ""
    home_page_url: str = ""


_DECODER = msgspec.json.Decoder(_JSONFeed)


def _json(path: str, data: bytes) -> FeedRead:
    try:
        feed = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return FeedRead(path, "JSON", str(error))
    links = [item.url for item in feed.items]
    links += [item.external_url for item in feed.items if item.external_url is not None]
    return FeedRead(
        path=path,
        format="JSON",
        damage="",
        self_link=feed.feed_url,
        links=(feed.feed_url, feed.home_page_url),
        relative=_relative(
            [*links, feed.feed_url, feed.home_page_url], [item.content_html for item in feed.items]
        ),
        entries=tuple(
            FeedEntry(item.id, item.url, item.date_published, item.date_modified) for item in feed.items
        ),
    )


def _relative(addresses: list[str], htmls: list[str]) -> tuple[str, ...]:
    """Return the addresses that are not absolute, among those given and those within pieces of HTML."""
    found = [address for address in addresses if not _ABSOLUTE.match(address)]
    for html in htmls:
        found += _RELATIVE.findall(html)
    return tuple(dict.fromkeys(found))


def _text(parent: Element, tag: str) -> str:
    return (parent.findtext(tag) or "").strip()
