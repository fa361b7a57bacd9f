"""Days in words, as pages and messages show them. English, whatever the machine's locale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sitegen.model import PartialDate, When

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def long_day(day: When) -> str:
    """Return "9 December 2025", "December 2025" or "2025", as far as it is known."""
    if isinstance(day, PartialDate):
        return month_name(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: When) -> str:
    """Return "9 Dec 2025", "Dec 2025" or "2025", as far as it is known."""
    if isinstance(day, PartialDate):
        return f"{MONTHS[day.month - 1][:3]} {day.year}" if day.month else f"{day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def month_name(day: When) -> str:
    """Return "December 2025"; "2025" where the month is unknown."""
    return f"{MONTHS[day.month - 1]} {day.year}" if day.month else f"{day.year}"


def days_in_words(days: Sequence[date]) -> str:
    """Return "29 Oct and 11 Dec 2025": days in order, each year said once."""
    parts = []
    for year, same_year in groupby(days, key=lambda day: day.year):
        names = [f"{day.day} {MONTHS[day.month - 1][:3]}" for day in same_year]
        parts.append(f"{join(names)} {year}")
    return join(parts)


def join(names: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""
