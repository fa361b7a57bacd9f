"""Issues to a calendar: years, newest first, of months, of the days that have an issue."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, groupby

from msgspec.structs import replace

from sitegen import routes
from sitegen.dates import month_name
from sitegen.model import Day, Issue, Month, Year

_LEVELS = 4
_OPEN_MONTHS = 12
"""As many months are seen at once, and at least the newest year."""


def calendar(issues: Sequence[Issue]) -> tuple[Year, ...]:
    """Return the calendar of issues, which come newest first; shades compare with the largest of all."""
    largest = max((len(issue.papers) for issue in issues), default=0)
    years = [
        _year(tuple(members), largest) for _, members in groupby(issues, key=lambda issue: issue.day.year)
    ]
    months = accumulate(len(year.months) for year in years)
    return tuple(
        replace(year, is_open=place == 0 or shown <= _OPEN_MONTHS)
        for place, (year, shown) in enumerate(zip(years, months, strict=True))
    )


def _year(issues: Sequence[Issue], largest: int) -> Year:
    number = issues[0].day.year
    days: dict[int, list[Day]] = {}
    for issue in reversed(issues):
        size = len(issue.papers)
        level = max(1, -(-_LEVELS * size // largest)) if largest else 1
        days.setdefault(issue.day.month, []).append(Day(issue.day, issue.url, size, level))
    papers = len({paper.slug for issue in issues for paper in issue.papers})
    return Year(
        number=number,
        url=routes.year_url(number),
        facts=f"{_some(len(issues), 'issue')}, {_some(papers, 'paper')}",
        months=tuple(
            _month(date(number, month, 1), tuple(days.get(month, ())))
            for month in range(min(days), max(days) + 1)
        ),
        is_open=True,
    )


def _month(first: date, days: tuple[Day, ...]) -> Month:
    url = routes.month_url(first) if days else ""
    return Month(month_name(first), url, monthrange(first.year, first.month)[1], days)


def _some(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
