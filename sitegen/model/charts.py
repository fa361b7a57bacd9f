"""What pictures show, measured and ready to be printed: bars over time, a calendar, a ranking.

Places and sizes are in the units of the picture's own `width` and `height`. A `path` is drawn by an SVG
path; it holds numbers and letters of ours alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sitegen.model.paper import Link, Paper


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text in a picture."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what it is about, and its numbers."""

    head: Link
    """Without an address where no page shows the same."""
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The same as a picture, in numbers."""

    corner: str
    """The head of the first column: "Year"."""
    heads: tuple[str, ...]
    """The heads of the other columns."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars over time, one for each month, quarter or year without a gap."""

    name: str
    """Its own on the page, for ids."""
    title: str
    description: str
    """What one sees in it, in a sentence or two."""
    width: int
    height: int
    path: str
    """All bars."""
    values: tuple[Mark, ...]
    """Numbers on the bars, where there is room; else the names of `lines`."""
    lines: tuple[Mark, ...]
    """Level lines with their numbers, from bottom to top; empty where the bars carry theirs."""
    ticks: tuple[Mark, ...]
    """Names of periods below the bars; of a spark the first, the scale and the last."""
    notes: tuple[str, ...]
    """What is not drawn: papers without a date, or from before the first bar."""
    table: Table | None
    """None for one whose numbers stand in a table of many."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar that has an issue."""

    day: date
    url: str
    count: int
    level: int
    """How many papers it has beside other issues, 1 to 4."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar, with or without issues."""

    name: str
    """With its year: "December 2025"."""
    url: str
    """Empty for a month without issues."""
    length: int
    """How many days it has."""
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the calendar, from its first month with an issue to its last."""

    number: int
    url: str
    facts: str
    """ "2 issues, 98 papers"."""
    months: tuple[Month, ...]
    is_open: bool
    """False where it waits folded until somebody asks for it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper of a ranking."""

    paper: Paper
    count: int
    length: float
    """Of its bar: 100 for the first."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Papers by a number that is known of them, largest first."""

    rows: tuple[Ranked, ...]
    note: str
    """How many papers it is taken from."""
