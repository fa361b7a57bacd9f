"""JSON Feed 1.1 (jsonfeed.org): a feed comes in, its bytes go out, one item a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from sitegen.feeds.clean import absolute, clean
from sitegen.feeds.content import Said
from sitegen.feeds.memory import ItemMemory
from sitegen.model import Facts, Feed, FeedItem

VERSION = "https://jsonfeed.org/version/1.1"


def write_json(
    feed: Feed, facts: Facts, saying: Callable[[FeedItem], Said], memory: ItemMemory[bytes]
) -> bytes:
    """Return the feed as JSON Feed."""
    head: dict[str, object] = {
        "version": VERSION,
        "title": clean(feed.title).strip(),
        "home_page_url": absolute(feed.page_url, facts),
        "feed_url": absolute(feed.url, facts),
        "description": clean(feed.subtitle).strip(),
        "language": facts.language,
        "authors": [{"name": clean(facts.title), "url": absolute("/", facts)}],
        "hubs": [{"type": "WebSub", "url": facts.hub}] if facts.hub else [],
    }
    items = [memory.of(item, lambda item: _dump(_item(saying(item)))) for item in feed.items]
    return _dump(head)[:-1] + b',"items":[\n' + b",\n".join(items) + b"\n]}\n"


def _item(said: Said) -> dict[str, object]:
    return {
        "id": said.id,
        "url": said.url,
        "external_url": said.source_url,
        "title": said.title,
        "content_html": said.html,
        "summary": said.summary,
        "date_published": _midnight(said.published),
        "date_modified": _midnight(said.updated),
        "authors": [{"name": name} for name in said.people],
        "tags": list(dict.fromkeys(category.label for category in said.categories)),
    }


def _dump(fields: dict[str, object]) -> bytes:
    """Return the fields that hold something as JSON on one line."""
    known = {name: value for name, value in fields.items() if value}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode()


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
