"""What pictures show, measured and ready to be printed: bars over time, a calendar, a ranking.

Places and sizes are in the units of the picture's own `width` and `height`. A `path` is drawn by an SVG
path; it holds numbers and letters of ours alone.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from sitegen.model.paper import Link, Paper


class Mark(Struct, frozen=True):
    """A short text in a picture."""

    text: str
    x: float
    y: float


class Row(Struct, frozen=True):
    """A row of a table: what it is about, and its numbers."""

    head: Link
    """Without an address where no page shows the same."""
    counts: tuple[int, ...]


class Table(Struct, frozen=True):
    """The same as a picture, in numbers."""

    corner: str
    """The head of the first column: "Year"."""
    heads: tuple[str, ...]
    """The heads of the other columns."""
    rows: tuple[Row, ...]


class Bars(Struct, frozen=True):
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


class Day(Struct, frozen=True):
    """A day of the calendar that has an issue."""

    day: date
    url: str
    count: int
    level: int
    """How many papers it has beside other issues, 1 to 4."""


class Month(Struct, frozen=True):
    """A month of the calendar, with or without issues."""

    name: str
    """With its year: "December 2025"."""
    url: str
    """Empty for a month without issues."""
    length: int
    """How many days it has."""
    days: tuple[Day, ...]


class Year(Struct, frozen=True):
    """A year of the calendar, from its first month with an issue to its last."""

    number: int
    url: str
    facts: str
    """ "2 issues, 98 papers"."""
    months: tuple[Month, ...]
    is_open: bool
    """False where it waits folded until somebody asks for it."""


class Ranked(Struct, frozen=True):
    """A paper of a ranking."""

    paper: Paper
    count: int
    length: float
    """Of its bar: 100 for the first."""


class Ranking(Struct, frozen=True):
    """Papers by a number that is known of them, largest first."""

    rows: tuple[Ranked, ...]
    note: str
    """How many papers it is taken from."""
