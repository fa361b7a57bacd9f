"""The Daily Papers API: a saved answer in, an entry for each listing out, and the problems found.

Reads a day's list, one paper, and both inside wrappers that other programs put around them. Fields
come and go over the years: what is there is used, what is not stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sitegen.dates import join, long_day
from sitegen.errors import Problem, warning
from sitegen.model import Entry, EntryLink, Kind, Organization, Source
from sitegen.paperid import arxiv_id
from sitegen.parsers.fields import address, day_of_name, iso_day, short, undated, untitled
from sitegen.parsers.json_text import Node, objects, read_json
from sitegen.parsers.sniff import API_FIELDS
from sitegen.text.clean import one_line

_WHOLE = re.compile(r"[0-9]{4}\.[0-9]{5}")
_SHORT = re.compile(r"(?:1[5-9]|[2-9][0-9])[0-9]{2}\.[0-9]{1,4}")
"""An arXiv id has five digits since 2015. Fewer beside such ids are what is left of a number: 2510.0118."""


def is_listing(value: dict[str, Any]) -> bool:
    """Return whether an object is a listing: a paper, or one inside its field `paper`."""
    paper = value.get("paper")
    return isinstance(paper, dict) or ("id" in value and not API_FIELDS.isdisjoint(value))


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a saved answer in its order, and its problems, errors and warnings.

    Raises `BuildError` if it is no JSON.
    """
    day = day_of_name(source.stem)
    if day is None and source.kind is Kind.DAILY_API:
        return [], [undated(source)]
    nodes = read_json(source.path, source.text)
    listings = list(objects(nodes, is_listing))
    if not listings:
        return [], [_no_listing(source.path)]
    if damaged := _numbered(source.path, listings):
        return [], [damaged]
    entries: list[Entry] = []
    problems = _other_day(source.path, day, listings)
    for node in listings:
        entry, complaints = _entry(source.path, node, day)
        entries += [entry] if entry else []
        problems += complaints
    return entries, problems


def days_of(nodes: Iterable[Node]) -> tuple[date, ...]:
    """Return the days on which the listings say that they were shown, in order."""
    said = (iso_day(_text(_paper(node.value), "submittedOnDailyAt")) for node in nodes)
    return tuple(sorted({day for day in said if day}))


def published(node: Node) -> date | None:
    """Return the day on which the paper of a listing appeared; none where the listing does not say."""
    return iso_day(_text(_paper(node.value), "publishedAt"))


def _no_listing(path: str) -> Problem:
    hint = "An answer of the Daily Papers API is a list of objects with a field “paper”."
    return Problem(path, 1, "this is JSON, but no listing of a paper was found in it.", hint)


def _other_day(path: str, day: date | None, listings: list[Node]) -> list[Problem]:
    """Return a warning if the listings name days, and none of them is that of the file's name."""
    days = days_of(listings)
    if day is None or not days or day in days:
        return []
    shown = join([long_day(day) for day in days[:3]])
    message = f"the papers were shown on {shown}, but the file's name says {day}"
    hint = "The file's name is believed. Rename the file if the papers are right."
    return [warning("head-day", path, 1, message, hint)]


def _numbered(path: str, listings: Iterable[Node]) -> Problem | None:
    """Return an error if ids are numbers, or were once: the last zeros of some are lost, so none is sure."""
    ids = [(node, _paper(node.value).get("id")) for node in listings]
    texts = [written for _, written in ids if isinstance(written, str)]
    uneven = any(map(_WHOLE.fullmatch, texts)) and any(map(_SHORT.fullmatch, texts))
    found = [(node, written) for node, written in ids if _is_number(written, uneven)]
    if not found:
        return None
    node, written = found[0]
    others = len(found) - 1
    more = f", as {'is' if others == 1 else 'are'} {others} more" if others else ""
    title = short(_text(_paper(node.value), "title") or _text(node.value, "title"))
    hint = "A program made numbers of the ids, and lost their last zeros. Save the answer as it came."
    return Problem(path, node.line, f"the id {written} of “{title}” is a number{more}.", hint)


def _is_number(written: object, uneven: bool) -> bool:
    if isinstance(written, str):
        return uneven and _SHORT.fullmatch(written) is not None
    return isinstance(written, int | float) and not isinstance(written, bool)


def _entry(path: str, node: Node, day: date | None) -> tuple[Entry | None, list[Problem]]:
    listing = node.value
    paper = _paper(listing)
    title = _text(paper, "title") or _text(listing, "title")
    written = paper.get("id")
    number = arxiv_id(written) if isinstance(written, str) else ""
    if not title:
        return None, [untitled(path, node.line, f"the paper {number}" if number else "a listing")]
    problems = []
    if not number:
        hint = "It is known by its title alone."
        problems.append(warning("bad-id", path, node.line, f"“{short(title)}” has no arXiv id.", hint))
    abstract = _text(paper, "summary") or _text(listing, "summary")
    if not abstract:
        problems.append(warning("no-abstract", path, node.line, f"“{short(title)}” has no abstract."))
    authors, count = _authors(paper.get("authors"))
    entry = Entry(
        source=path,
        line=node.line,
        day=day,
        title=title,
        abstract=abstract,
        arxiv_id=number,
        authors=authors,
        author_count=count,
        organization=_organization(paper.get("organization")) or _organization(listing.get("organization")),
        published=published(node),
        comments=_number(listing.get("numComments")),
        upvotes=_number(paper.get("upvotes")),
        keywords=_keywords(paper.get("ai_keywords")),
        links=_links(paper),
        stars=_number(paper.get("githubStars")),
        machine_summary=_text(paper, "ai_summary"),
    )
    return entry, problems


def _paper(listing: dict[str, Any]) -> dict[str, Any]:
    paper = listing.get("paper")
    return paper if isinstance(paper, dict) else listing


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return one_line(value) if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    """Return a count; none for what is no count."""
    return value if type(value) is int and 0 <= value < 10**9 else None


def _authors(value: object) -> tuple[tuple[str, ...], int | None]:
    """Return the names that are not hidden; with how many there are, unless some are hidden."""
    if not isinstance(value, list):
        return (), None
    people = [person for person in value if isinstance(person, dict)]
    shown = [_text(person, "name") for person in people if not person.get("hidden")]
    names = tuple(name for name in shown if name)
    return names, len(names) if names and len(names) == len(value) else None


def _organization(value: object) -> Organization | None:
    if not isinstance(value, dict):
        return None
    handle = _text(value, "name")
    return Organization(handle, _text(value, "fullname") or handle) if handle else None


def _keywords(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(one_line(word) for word in value if isinstance(word, str) and word.strip()))


def _links(paper: dict[str, Any]) -> tuple[EntryLink, ...]:
    given = (
        EntryLink(_address(paper, "githubRepo"), "code"),
        EntryLink(_address(paper, "projectPage"), "project"),
    )
    return tuple(link for link in given if link.url)


def _address(paper: dict[str, Any], name: str) -> str:
    """Return an address; some that people typed in hold a line break."""
    value = paper.get(name)
    return address(re.sub(r"\s*\n\s*", "", value)) if isinstance(value, str) else ""
