"""Days to periods of one length, without gaps: the x axis of bars over time.

The unit is the finest of month, quarter and year of which at most `MOST` cover all days. Where even years are
too many, the newest are shown, and what is older is counted by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from sitegen.dates import MONTHS, month_name

MOST = 36
"""More bars than this are no longer told apart on a telephone."""
RECENT = 24
"""How many months are shown beside a longer time."""

Unit = Literal["month", "quarter", "year"]
_UNITS: tuple[tuple[Unit, int], ...] = (("month", 1), ("quarter", 3), ("year", 12))


class Timeline(Struct, frozen=True):
    """Periods from the first to the last; each is numbered by its months since the year 0."""

    unit: Unit
    months: int
    """How many months a period has."""
    first: int
    last: int
    is_whole: bool
    """False where there are older days than the first period has."""

    @property
    def size(self) -> int:
        """How many periods it has."""
        return self.last - self.first + 1

    def place(self, day: date) -> int:
        """Return the period of a day, counted from the first; below 0 for an older one."""
        return _months(day) // self.months - self.first

    def start(self, place: int) -> date:
        """Return the first day of a period."""
        year, month = divmod((self.first + place) * self.months, 12)
        return date(year, month + 1, 1)

    def name(self, place: int) -> str:
        """Return a period in words: "October 2025", "4th quarter of 2025", "2025"."""
        day = self.start(place)
        if self.unit == "year":
            return str(day.year)
        if self.unit == "quarter":
            return f"{('1st', '2nd', '3rd', '4th')[day.month // 3]} quarter of {day.year}"
        return month_name(day)

    def short_name(self, place: int) -> str:
        """Return a period where there is little room: "Oct 2025", "Q4 2025", "2025"."""
        day = self.start(place)
        if self.unit == "year":
            return str(day.year)
        part = f"Q{day.month // 3 + 1}" if self.unit == "quarter" else MONTHS[day.month - 1][:3]
        return f"{part} {day.year}"


class Series(Struct, frozen=True):
    """How many papers each period of a timeline has."""

    counts: tuple[int, ...]
    earlier: int
    """Older than the first period."""
    undated: int

    @property
    def drawn(self) -> int:
        """How many papers the periods have together."""
        return sum(self.counts)


def timeline(days: Iterable[date | None]) -> Timeline | None:
    """Return the periods that cover the days, or the newest of them; none where there is no day."""
    return _timeline(days, _UNITS, MOST)


def last_months(days: Iterable[date | None]) -> Timeline | None:
    """Return the newest months up to that of the last day; none where there is no day."""
    return _timeline(days, _UNITS[:1], RECENT)


def count(days: Iterable[date | None], over: Timeline) -> Series:
    """Return how many of the days each period has; none is later than the last period."""
    places = Counter(None if day is None else over.place(day) for day in days)
    undated = places.pop(None, 0)
    earlier = sum(number for place, number in places.items() if place is not None and place < 0)
    return Series(tuple(places[place] for place in range(over.size)), earlier, undated)


def _timeline(days: Iterable[date | None], units: Sequence[tuple[Unit, int]], most: int) -> Timeline | None:
    months = [_months(day) for day in days if day]
    if not months:
        return None
    for unit, length in units:
        first, last = min(months) // length, max(months) // length
        if last - first < most:
            return Timeline(unit, length, first, last, True)
    return Timeline(unit, length, last - most + 1, last, False)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1
