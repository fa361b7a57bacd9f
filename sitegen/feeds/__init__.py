"""Feeds: a feed to bytes, in the formats of one table.

Pure: the same feed and facts give the same bytes, for no clock is read. `content` says what stands in an
entry, `xml` and `json` write it, `letter` sets a whole issue as one text.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.feeds.content import Said, say
from sitegen.feeds.letter import letter_html, letter_text, shortened_to
from sitegen.feeds.memory import ItemMemory
from sitegen.model import Facts, Feed, FeedFormat, FeedItem

__all__ = ["FEED_FORMATS", "feed_renderer", "letter_html", "letter_text", "render_feed", "shortened_to"]

_OF_AUTHORS = 12_000
"""Thousands of authors have a feed, in Atom alone, and their papers are from all years."""
Saying = Callable[[FeedItem], Said]


def feed_renderer(facts: Facts) -> Callable[[Feed], bytes]:
    """Return a function from a feed to its bytes, to be made once and used for every feed of a build.

    An item is put into words once, and written once in each format, for all the feeds that have it.
    """
    memories: dict[FeedFormat, ItemMemory[bytes]] = {name: ItemMemory() for name in FEED_FORMATS}
    memories["atom"] = ItemMemory(_OF_AUTHORS)
    sayings: ItemMemory[Said] = ItemMemory()

    def saying(item: FeedItem) -> Said:
        return sayings.of(item, lambda item: say(item, facts))

    return lambda feed: FEED_FORMATS[feed.format](feed, facts, saying, memories[feed.format])


def render_feed(feed: Feed, facts: Facts) -> bytes:
    """Return the bytes of one feed; for many, `feed_renderer` is faster and gives the same."""
    return feed_renderer(facts)(feed)


# feedgen is imported when the first feed is written: a build that changes none goes without it.


def _atom(feed: Feed, facts: Facts, saying: Saying, memory: ItemMemory[bytes]) -> bytes:
    from sitegen.feeds.xml import write_atom

    return write_atom(feed, facts, saying, memory)


def _rss(feed: Feed, facts: Facts, saying: Saying, memory: ItemMemory[bytes]) -> bytes:
    from sitegen.feeds.xml import write_rss

    return write_rss(feed, facts, saying, memory)


def _json(feed: Feed, facts: Facts, saying: Saying, memory: ItemMemory[bytes]) -> bytes:
    from sitegen.feeds.json import write_json

    return write_json(feed, facts, saying, memory)


FEED_FORMATS: dict[FeedFormat, Callable[[Feed, Facts, Saying, ItemMemory[bytes]], bytes]] = {
    "atom": _atom,
    "rss": _rss,
    "json": _json,
}
