"""Captures: a saved Daily Papers page in, an entry for each listing out, and the problems found.

Nothing is guessed: what a listing does not say stays unknown, and what could not be read is named
with its line. The file's name gives the day.
"""

from __future__ import annotations

import re
from datetime import date

from sitegen.errors import Problem, warning
from sitegen.model import Entry, EntryLink, Source
from sitegen.paperid import arxiv_id
from sitegen.parsers.fields import day_of_name, short, undated
from sitegen.parsers.saved_page.lines import is_linked, linked_lines, plain_lines
from sitegen.parsers.saved_page.linked import linked_listings
from sitegen.parsers.saved_page.listing import Block, Listing, Listings
from sitegen.parsers.saved_page.meta import read_date
from sitegen.parsers.saved_page.plain import plain_listings
from sitegen.text.clean import seen

_HTML = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<body|<!--)", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*\{\s*\"|\{\s*\}|\[\s*\])")

_HOW = "Open the Daily Papers page, select all, copy, and save it as a UTF-8 text file."


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a capture in the order of the file, and its problems, errors and warnings."""
    day = day_of_name(source.stem)
    if day is None:
        return [], [undated(source)]
    if wrong := _unreadable(source):
        return [], [wrong]
    page = read_page(source.text)
    if not page.found or not page.genuine:
        return [], [_no_listing(source)]
    problems = _page_problems(source.path, page, day)
    entries = []
    for listing in page.found:
        published, doubts = _published(source.path, listing, day)
        entries.append(_entry(source.path, listing, day, published))
        problems += [*_gaps(source.path, listing), *doubts]
    return entries, sorted(problems, key=lambda problem: problem.line)


def read_page(text: str) -> Listings:
    """Return the listings on a saved page, as they stand there: days without the year that is not said."""
    text = seen(text)
    return linked_listings(linked_lines(text)) if is_linked(text) else plain_listings(plain_lines(text))


def _unreadable(source: Source) -> Problem | None:
    """Return why the text as a whole cannot be a capture, if so."""
    if not source.text.strip():
        return Problem(source.path, 0, "the file is empty", _HOW)
    if "\0" in source.text:
        return Problem(source.path, 0, "this is not a text file (it contains NUL bytes)", _HOW)
    if _HTML.match(source.text):
        return Problem(source.path, 0, "this looks like a saved HTML page, not like a text capture", _HOW)
    if _JSON.match(source.text):
        return Problem(source.path, 0, "this looks like JSON, not like a text capture", _HOW)
    return None


def _no_listing(source: Source) -> Problem:
    return Problem(
        source.path,
        0,
        "no listing of a paper was found",
        "A listing is a title, an abstract, and three lines below it: “• 4 authors” or an organisation, “·”, "
        f"and a date.\n{_HOW}",
    )


def _page_problems(path: str, page: Listings, day: date) -> list[Problem]:
    """Return the warnings about the page as a whole: another day in its head, what was not read."""
    problems = [
        warning("unread", path, block.line, f"this was not read: “{short(block.text)}”.")
        for block in _regions(page.unread)
    ]
    if page.day is not None:
        named = read_date(page.day.text, day.year)
        if named is None or (named.month, named.day) != (day.month, day.day):
            message = f"the page names the day “{page.day.text}”, but the file's name says {day}."
            hint = "The file's name is believed. Rename the file if the page is right."
            problems.append(warning("head-day", path, page.day.line, message, hint))
    return problems


def _regions(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the blocks, those that follow each other at a distance of two lines as one."""
    regions: list[Block] = []
    last = -9
    for block in blocks:
        if block.line > last + 2:
            regions.append(block)
        last = block.line
    return regions


def _published(path: str, listing: Listing, day: date) -> tuple[date | None, list[Problem]]:
    """Return the day of first publication, and a warning where the page gives one that cannot be."""
    meta = listing.meta
    if meta is None:
        return None, []
    below = f"below “{short(listing.title)}”"
    if not meta.date:
        return None, [warning("no-date", path, meta.line, f"no date stands {below}.")]
    published = read_date(meta.date, day.year)
    if published is None:
        return None, [warning("bad-date", path, meta.line, f"“{short(meta.date)}” {below} is no date.")]
    if published > day:
        message = f"“{meta.date}” {below} is later than the capture's day, {day}."
        return None, [warning("late-date", path, meta.line, message, "The date is left unknown.")]
    return published, []


def _gaps(path: str, listing: Listing) -> list[Problem]:
    """Return the warnings about what a listing lacks or has too much of."""
    title = short(listing.title)
    problems = []
    if listing.meta is None:
        below = "the abstract of " if listing.abstract else ""
        message = f"no authors, date or comments stand below {below}“{title}”."
        problems.append(warning("no-meta", path, listing.line, message))
    if not listing.abstract:
        problems.append(warning("no-abstract", path, listing.line, f"no abstract stands below “{title}”."))
    if listing.paragraphs > 1:
        message = f"the abstract of “{title}” was joined from {listing.paragraphs} blocks."
        hint = "If one of them is the title of another paper, a listing is damaged there."
        problems.append(warning("split-abstract", path, listing.line, message, hint))
    return problems


def _entry(path: str, listing: Listing, day: date, published: date | None) -> Entry:
    meta = listing.meta
    return Entry(
        source=path,
        line=listing.line,
        day=day,
        title=listing.title,
        abstract=listing.abstract,
        arxiv_id=arxiv_id(listing.arxiv_id),
        author_count=meta.author_count if meta else None,
        organization=meta.organization if meta else None,
        published=published,
        comments=meta.comments if meta else None,
        upvotes=listing.upvotes,
        links=tuple(map(EntryLink, listing.links)),
    )
