"""Rules about feeds: readable, ids for ever, days that are days, no address that a reader cannot follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from sitegen.checking.tree import Content, FeedRead, Finding, Tree
from sitegen.model import Given

IDS = "content/ids.csv"

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|UT|[+-]\d{4})")


def shapes(tree: Tree) -> Iterator[Finding]:
    """Yield feeds that cannot be read, hold nothing, or do not say their own address."""
    for feed in tree.feeds:
        if feed.damage:
            yield Finding("damaged-feed", feed.path, f"no program can read this feed: {feed.damage}")
            continue
        if not feed.entries:
            yield Finding("empty-feed", feed.path, "this feed has no entries.", "Do not announce it.")
        if feed.self_link != tree.base_url + feed.path:
            said = f"“{feed.self_link}”" if feed.self_link else "nothing"
            message = f"the feed says {said} of its own address."
            yield Finding("no-self-link", feed.path, message, f"It is {tree.base_url}{feed.path}.")


def addresses(tree: Tree) -> Iterator[Finding]:
    """Yield addresses in feeds that mean nothing away from the site."""
    for feed in tree.feeds:
        for address in feed.relative:
            message = f"the feed has the address “{address}”, which is not absolute."
            hint = "A reader sees the entry away from the site."
            yield Finding("relative-feed-link", feed.path, message, hint, address)


def ids(tree: Tree) -> Iterator[Finding]:
    """Yield ids that two entries of a feed share, and entries without one."""
    for feed in tree.feeds:
        for name, number in Counter(entry.id for entry in feed.entries).items():
            if number > 1 or not name:
                what = f"{number} entries have the id “{name}”." if name else f"{number} entries have no id."
                yield Finding("repeated-feed-id", feed.path, what, "A reader shows one of them only.")


def days(tree: Tree) -> Iterator[Finding]:
    """Yield days that are none, and entries that were changed before they were published."""
    for feed in tree.feeds:
        for what, written, first in _written_days(feed):
            day = _day(written, feed.format)
            if day is None:
                message = f"“{written}” is not a day as {feed.format} writes it ({what})."
                yield Finding("bad-feed-date", feed.path, message, "Readers then take today.")
            elif first and (before := _day(first, feed.format)) and day < before:
                message = f"{what}: published on {before.date()} and changed on {day.date()}, before."
                yield Finding("bad-feed-date", feed.path, message)


def future_days(tree: Tree, content: Content) -> Iterator[Finding]:
    """Yield days of feeds that are after the day of the build: readers pin such entries to the top."""
    today = content.site.today
    for feed in tree.feeds:
        for what, written, _ in _written_days(feed):
            day = _day(written, feed.format)
            if today and day and day.date() > today:
                message = f"{day.date()} is after {today}, the day of the build ({what})."
                yield Finding("future-feed-date", feed.path, message, "Check with the --as-of of the build.")


def _written_days(feed: FeedRead) -> Iterator[tuple[str, str, str]]:
    """Yield what a day is about, the day as written, and the day that must not be later, if any."""
    if feed.damage:
        return
    if feed.format != "JSON":  # which has no such field
        yield "the feed", feed.updated, ""
    for entry in feed.entries:
        yield entry.id, entry.published or entry.updated, ""
        if entry.updated:
            yield entry.id, entry.updated, entry.published


def _day(written: str, format_: str) -> datetime | None:
    """Return a day with its time zone, or None for a text that is no such day."""
    try:
        if format_ == "RSS":
            found = parsedate_to_datetime(written) if _RFC_822.fullmatch(written) else None
        else:
            found = datetime.fromisoformat(written) if _RFC_3339.fullmatch(written) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def ledger(tree: Tree, content: Content) -> Iterator[Finding]:
    """Yield entries whose id or first day is not what `ids.csv` says was given out for ever."""
    rows: dict[str, list[Given]] = {}
    for row in content.parsed.given:
        rows.setdefault(row.key, []).append(row)
    by_url = {tree.base_url + paper.url[1:]: paper for paper in content.site.papers}
    for feed in tree.feeds:
        for entry in feed.entries:
            paper = by_url.get(entry.link)
            if not paper:
                continue
            mine = [row for key in paper.keys for row in rows.get(key, ())]
            known = {row.feed_id for row in mine} or {paper.feed_id}
            place = (IDS, mine[0].line) if mine else ("", 0)
            if entry.id not in known:
                given = mine[0].feed_id if mine else paper.feed_id
                message = f"“{paper.title.plain}” has the id “{entry.id}” in a feed and was given “{given}”."
                hint = "Every reader shows it as new. Never change a row of ids.csv; build again."
                yield Finding("changed-feed-id", feed.path, message, hint, place=place)
            yield from _first_day(feed, entry.published, paper.title.plain, mine)


def _first_day(feed: FeedRead, published: str, title: str, mine: list[Given]) -> Iterator[Finding]:
    """Yield an entry that was first published on another day than `ids.csv` says."""
    given: set[date] = {row.first_day for row in mine if row.first_day}
    day = _day(published, feed.format)
    if given and day and day.date() not in given:
        message = f"“{title}” is published on {day.date()} in a feed and was first on {min(given)}."
        hint = "The first day of an entry holds for ever. Build again."
        yield Finding("changed-feed-date", feed.path, message, hint, place=(IDS, mine[0].line))
