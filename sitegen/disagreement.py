"""On which facts the sources of a paper contradict each other.

Not every difference is a contradiction: a short form of a name, a list of authors that is cut, one
day between two dates, and silence agree with what says more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sitegen.identity import title_key
from sitegen.model import Entry, PartialDate, When

_UNTIL_PRINTED = 3
"""So many years later a journal may still print a paper."""


class Disagreement(NamedTuple):
    """Two sources that say different things."""

    field: str
    """The field of a note that would settle it."""
    holder: Entry
    """The source that holds."""
    other: Entry
    mine: str
    theirs: str


def disagreements(entries: Sequence[Entry]) -> Iterator[Disagreement]:
    """Yield where a source contradicts the one that holds; `entries` come in the order in which they hold."""
    for field, lead, knows, agree, says in _FACTS:
        knowing = [entry for entry in entries if knows(entry)]
        for other in knowing[1:]:
            if not agree(knowing[0], other):
                yield Disagreement(field, knowing[0], other, lead + says(knowing[0]), says(other))


def _same_title(mine: Entry, other: Entry) -> bool:
    return title_key(mine.title) == title_key(other.title)


def _same_authors(mine: Entry, other: Entry) -> bool:
    """Return whether numbers and names of authors can both be true."""
    if None not in (mine.author_count, other.author_count) and mine.author_count != other.author_count:
        return False
    for cut, whole in ((mine, other), (other, mine)):
        if whole.author_count is not None and len(cut.authors) > whole.author_count:
            return False
    return mine.authors == other.authors or all(map(same_person, mine.authors, other.authors))


def same_person(name: str, other: str) -> bool:
    """Return whether two names can be one person's: "D. S. Greene" and "Casey S Greene" cannot."""
    short, long = sorted((_words(name), _words(other)), key=len)
    left = list(long)
    for word in sorted(short, key=len, reverse=True):
        fitting = next((item for item in left if item == word), None) or next(
            (item for item in left if item.startswith(word) or word.startswith(item)), None
        )
        if fitting is None:
            return False
        left.remove(fitting)
    return True


def _words(name: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return re.findall(r"[^\W_]+", "".join(char for char in decomposed if not unicodedata.combining(char)))


def _people(entry: Entry) -> str:
    """Return the first authors and their number, for messages."""
    count = entry.author_count
    number = f"{count} author{'' if count == 1 else 's'}" if count is not None else "more than these authors"
    if not entry.authors:
        return number
    return f"{', '.join(entry.authors[:3])}{' …' if len(entry.authors) > 3 else ''} ({number})"


def _same_organization(mine: Entry, other: Entry) -> bool:
    assert mine.organization
    assert other.organization
    return mine.organization.handle.casefold() == other.organization.handle.casefold()


def _near_date(mine: Entry, other: Entry) -> bool:
    """Return whether two dates agree: the less exact holds the other, give or take a day."""
    one, two = _when(mine), _when(other)
    assert one
    assert two
    if isinstance(one, PartialDate) and isinstance(two, PartialDate):
        return one.year == two.year and (one.month == two.month or None in (one.month, two.month))
    return holds(one, two) or holds(two, one)


def holds(rough: When, fine: When) -> bool:
    """Return whether a day is what a less exact date means: it lies in it, give or take a day.

    A year or a month may also follow the day by some years: a journal prints what was public long before.
    """
    if isinstance(fine, PartialDate):
        return False
    if isinstance(rough, date):
        return abs((rough - fine).days) <= 1
    edges = max(1, fine.toordinal() - 1), min(date.max.toordinal(), fine.toordinal() + 1)
    near = [fine, *map(date.fromordinal, edges)]
    if (fine.year, fine.month) < (rough.year, rough.month or 0) and rough.year - fine.year <= _UNTIL_PRINTED:
        return True
    return any(day.year == rough.year and rough.month in (day.month, None) for day in near)


def _when(entry: Entry) -> When | None:
    return entry.published or entry.published_in


def _date(entry: Entry) -> str:
    known = _when(entry)
    return known.isoformat() if known else ""


_FACTS: tuple[
    tuple[str, str, Callable[[Entry], object], Callable[[Entry, Entry], bool], Callable[[Entry], str]], ...
] = (
    ("title", "the title is ", lambda entry: entry.title, _same_title, lambda entry: f"“{entry.title}”"),
    ("authors", "", lambda entry: entry.authors or entry.author_count, _same_authors, _people),
    (
        "authors",
        "the organisation is ",
        lambda entry: entry.organization,
        _same_organization,
        lambda entry: entry.organization.name if entry.organization else "",
    ),
    ("date", "the date is ", _when, _near_date, _date),
)
"""Note's field, how it is said, who knows it, whether two agree, and the value in words."""
