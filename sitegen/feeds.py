"""Feeds: a feed to bytes, in the formats of one table.

Pure: the same feed and facts give the same bytes, for no clock is read. See feed_content for what an
entry says and feed_xml for how it is written.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.feed_memory import EntryMemory
from sitegen.model import Facts, Feed, FeedFormat

MEDIA_TYPES: dict[FeedFormat, str] = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


def feed_renderer(facts: Facts) -> Callable[[Feed], bytes]:
    """Return a function from a feed to its bytes, to be made once and used for every feed of a build.

    A paper's entry is written once and shared by all its feeds.
    """
    memories = {name: EntryMemory() for name in FEED_FORMATS}
    return lambda feed: FEED_FORMATS[feed.format](feed, facts, memories[feed.format])


def render_feed(feed: Feed, facts: Facts) -> bytes:
    """Return the bytes of one feed; for many, `feed_renderer` is faster and gives the same."""
    return feed_renderer(facts)(feed)


# feedgen is imported when the first feed is written: a build that changes none goes without it.


def _atom(feed: Feed, facts: Facts, memory: EntryMemory) -> bytes:
    from sitegen.feed_xml import write_atom

    return write_atom(feed, facts, memory)


def _rss(feed: Feed, facts: Facts, memory: EntryMemory) -> bytes:
    from sitegen.feed_xml import write_rss

    return write_rss(feed, facts, memory)


FEED_FORMATS: dict[FeedFormat, Callable[[Feed, Facts, EntryMemory], bytes]] = {"atom": _atom, "rss": _rss}
