"""What the parsers of papers share: the day in a file's name, days, people, addresses, short quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from sitegen.errors import Problem, warning
from sitegen.model import EntryLink, PartialDate, Source, When
from sitegen.paperid import arxiv_id, doi
from sitegen.text.clean import one_line

DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:-.+)?")
"""A file's name that begins with a day, as it is written."""
_DAY = re.compile(r"\s*([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?![0-9])")
_WHEN = re.compile(r"\s*([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?(?![0-9])")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]{3,2000}", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day_of_name(stem: str) -> date | None:
    """Return the day with which a file's name begins; none if there is none."""
    name = DATED.fullmatch(stem)
    try:
        return date.fromisoformat(name[1]) if name else None
    except ValueError:
        return None


def undated(source: Source) -> Problem:
    """Return the error of a capture whose name does not begin with a day."""
    ending = source.path.rpartition(".")[2]
    return Problem(
        source.path,
        0,
        f"the name “{short(source.stem)}” does not begin with a day.",
        f"Name it YYYY-MM-DD.{ending} or YYYY-MM-DD-name.{ending}: the day on which the page was saved.",
    )


def short(text: str, width: int = 60) -> str:
    """Return the text on one line, cut at a word."""
    line = one_line(text[: 4 * width])
    if len(line) <= width:
        return line
    return f"{line[:width].rpartition(' ')[0] or line[:width]} …"


def untitled(path: str, line: int, what: str) -> Problem:
    """Return the warning for something that names no paper; `what` says what it is, or holds."""
    return warning("no-title", path, line, f"{what} has no title, so it is left out.")


def iso_day(text: str) -> date | None:
    """Return the day with which a text such as "2025-09-29T21:55:55Z" or "2018/03/01/" begins."""
    found = _DAY.match(text)
    return whole_day(found[1], found[2], found[3]) if found else None


def whole_day(year: str, month: str, day: str) -> date | None:
    """Return a day given in parts, the month as a number or a name; none unless all three fit."""
    found = when(year, month, day)
    return found if isinstance(found, date) else None


def iso_when(text: str) -> When | None:
    """Return the date with which a text begins, as far as it says: "2018/03/01/", "2018-03" or "2018//"."""
    found = _WHEN.match(text)
    return when(found[1], found[2] or "", found[3] or "") if found else None


def when(year: str, month: str = "", day: str = "") -> When | None:
    """Return a date given in parts, the month as a number or a name, as far as the parts fit.

    A year has four digits.
    """
    month = month.strip().lower()
    number = _MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else _number(month)
    if _number(year) < 1000:
        return None
    if not 1 <= number <= 12:
        return PartialDate(_number(year))
    try:
        return date(_number(year), number, _number(day))
    except ValueError:
        return PartialDate(_number(year), number)


def _number(part: str) -> int:
    """Return a part of a date; 0, which is none, for anything but a short number."""
    part = part.strip()
    return int(part) if part.isascii() and part.isdigit() and len(part) < 5 else 0


def finest(said: Iterable[When | None]) -> tuple[date | None, PartialDate | None]:
    """Return the first day that is said; without any, the first month, else the first year."""
    partial = None
    for found in said:
        if isinstance(found, date):
            return found, None
        if found and (partial is None or (found.month and not partial.month)):
            partial = found
    return None, partial


def person(given: str, family: str) -> str:
    """Return a name, given name first, on one line."""
    return one_line(f"{given} {family}")


def turned(name: str) -> str:
    """Return "Himmelstein, Daniel S" as "Daniel S Himmelstein", "King, Martin L, Jr" with its suffix last."""
    family, *rest = (part.strip() for part in name.split(","))
    if len(rest) == 1:
        return person(rest[0], family)
    if len(rest) == 2:
        return person(rest[0], f"{family} {rest[1]}")
    return one_line(name)


def address(written: str) -> str:
    """Return a web address as it stands; "" for anything else."""
    written = written.strip()
    if not _ADDRESS.fullmatch(written) or not written.isprintable():
        return ""
    try:
        host = urlsplit(written).hostname or ""
    except ValueError:
        return ""
    return written if "." in host.strip(".") else ""


def ids_and_links(ids: Iterable[str], addresses: Iterable[str]) -> tuple[str, str, tuple[EntryLink, ...]]:
    """Return arXiv id, DOI and links of a paper, from fields that hold ids and fields that hold addresses.

    An address that is only another form of an id is no link.
    """
    addresses = list(addresses)
    written = [*ids, *addresses]
    links = (
        EntryLink(url, "paper")
        for url in dict.fromkeys(map(address, addresses))
        if url and not arxiv_id(url) and not doi(url)
    )
    return (
        next((found for text in written if (found := arxiv_id(text))), ""),
        next((found for text in written if (found := doi(text))), ""),
        tuple(links),
    )
