"""Bars over time, with the table that says the same.

A chart is drawn as wide as a telephone, so that its letters are read there; a spark has no letters and is
stretched to any width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen import routes
from sitegen.charts.periods import Series, Timeline
from sitegen.model import Bars, Link, Mark, Row, Table

_WIDTH, _HEIGHT = 336, 150
_TOP, _BOTTOM = 16, 18
"""Room for a number above the tallest bar, and for the names below."""
_LETTER = 6.5
"""About as wide as a digit is at the size of the letters in a chart."""
_SPARK_UNIT, _SPARK_HEIGHT = 10, 40
_GAP = 0.22
"""How much of its place a bar leaves empty."""


def bar_chart(name: str, title: str, series: Series, over: Timeline) -> Bars:
    """Return the papers of each period as bars, with names of periods and numbers."""
    counts = series.counts
    tallest = max(counts)
    digits = len(f"{tallest:,}") * _LETTER
    has_values = digits + _LETTER / 2 < _WIDTH / over.size
    side = 0 if has_values else digits + _LETTER
    step = (_WIDTH - side) / over.size
    base, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP
    tops = [base - _height(number, tallest, room) for number in counts]
    middles = [side + step * (place + 0.5) for place in range(over.size)]
    return Bars(
        name=name,
        title=title,
        description=_sentence(series, over),
        width=_WIDTH,
        height=_HEIGHT,
        path=_path(counts, tops, side, step, base),
        values=tuple(
            Mark(f"{number:,}", round(x, 1), round(top - 4, 1))
            for number, x, top in zip(counts, middles, tops, strict=True)
            if number and has_values
        ),
        lines=()
        if has_values
        else tuple(
            Mark(f"{level:,}", side - 4, round(base - room * level / tallest, 1))
            for level in _levels(tallest)
        ),
        ticks=tuple(Mark(text, round(middles[place], 1), _HEIGHT - 4) for place, text in _ticks(over, step)),
        notes=tuple(_notes(series, over)),
        table=_table(series, over),
    )


def spark_bars(name: str, title: str, series: Series, over: Timeline, *, has_table: bool = True) -> Bars:
    """Return the papers of each period as bars without letters, on a scale of their own."""
    tallest = max(series.counts)
    tops = [_SPARK_HEIGHT - _height(number, tallest, _SPARK_HEIGHT - 1) for number in series.counts]
    scale = f"at most {tallest:,} a {over.unit}"
    return Bars(
        name=name,
        title=title,
        description=_sentence(series, over),
        width=over.size * _SPARK_UNIT,
        height=_SPARK_HEIGHT,
        path=_path(series.counts, tops, 0, _SPARK_UNIT, _SPARK_HEIGHT),
        values=(),
        lines=(),
        ticks=tuple(Mark(text, 0, 0) for text in (over.short_name(0), scale, over.short_name(over.size - 1))),
        notes=tuple(_notes(series, over)),
        table=_table(series, over) if has_table else None,
    )


def many_bars(rows: Sequence[tuple[Link, Series]], over: Timeline, corner: str) -> Table:
    """Return the numbers of several series, each with what it is about, in one table."""
    heads = ["Together", *(["Undated"] if any(series.undated for _, series in rows) else [])]
    heads += [] if over.is_whole else ["Earlier"]
    return Table(
        corner=corner,
        heads=(*heads, *(over.short_name(place) for place in range(over.size))),
        rows=tuple(
            Row(
                link,
                (
                    series.drawn + series.undated + series.earlier,
                    *([series.undated] if "Undated" in heads else []),
                    *([] if over.is_whole else [series.earlier]),
                    *series.counts,
                ),
            )
            for link, series in rows
        ),
    )


# ------------------------------------------------------------------------ drawing


def _height(number: int, tallest: int, room: int) -> float:
    """Return how tall a bar is; one paper among thousands can still be seen."""
    return max(room * number / tallest, 1) if number else 0


def _path(counts: Sequence[int], tops: Sequence[float], side: float, step: float, base: int) -> str:
    width = step * (1 - _GAP)
    return "".join(
        f"M{_short(side + step * (place + _GAP / 2))} {base}V{_short(top)}h{_short(width)}V{base}Z"
        for place, (number, top) in enumerate(zip(counts, tops, strict=True))
        if number
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _levels(tallest: int) -> Sequence[int]:
    """Return round numbers up to the tallest, at most five."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if tallest <= size * factor * 5:
                return range(size * factor, tallest + 1, size * factor)
        size *= 10


def _ticks(over: Timeline, step: float) -> Iterator[tuple[int, str]]:
    """Yield the periods that are named below the bars: the months of a short time, else years."""
    if over.unit == "month" and step > 4 * _LETTER:
        names = [(place, over.name(place)[:3]) for place in range(over.size)]
        yield from ((place, name if name != "Jan" else str(over.start(place).year)) for place, name in names)
        return
    years = [place for place in range(over.size) if over.start(place).month == 1]
    if not years:
        yield 0, str(over.start(0).year)
        return
    apart = step * 12 / over.months
    every = next(every for every in (1, 2, 5, 10, 20) if every * apart > 5 * _LETTER)
    for place in years:
        if over.start(place).year % every == 0:
            yield place, str(over.start(place).year)


# ------------------------------------------------------------------------ words and numbers


def _sentence(series: Series, over: Timeline) -> str:
    """Return what one sees: how many, from when to when, and where most are."""
    tallest = max(series.counts)
    papers = _papers(series.drawn)
    if over.size == 1:
        return f"{papers}, {over.name(0)}."
    said = f"{papers} by {over.unit}, {over.name(0)} to {over.name(over.size - 1)}"
    return (
        f"{said}; most in {over.name(series.counts.index(tallest))}: {tallest:,}." if tallest else f"{said}."
    )


def _notes(series: Series, over: Timeline) -> Iterator[str]:
    """Yield what the bars leave out."""
    if series.earlier:
        yield f"{_papers(series.earlier)} from before {over.name(0)} {_verb(series.earlier)} not drawn."
    if series.undated:
        yield f"{_papers(series.undated)} without a known month {_verb(series.undated)} not drawn."


def _papers(number: int) -> str:
    return f"{number:,} {'paper' if number == 1 else 'papers'}"


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"


def _table(series: Series, over: Timeline) -> Table:
    """Return a row for each period that has papers, newest first, then what is not drawn."""
    rows = [
        Row(Link(over.name(place), _url(over, place)), (number,))
        for place, number in enumerate(series.counts)
        if number
    ][::-1]
    if series.earlier:
        rows.append(Row(Link(f"Before {over.name(0)}", ""), (series.earlier,)))
    if series.undated:
        rows.append(Row(Link("Month unknown", ""), (series.undated,)))
    return Table(over.unit.capitalize(), ("Papers",), tuple(rows))


def _url(over: Timeline, place: int) -> str:
    """Return the page of a month or a year of publication; a quarter has none."""
    day = over.start(place)
    pages = {"month": routes.published_month_url(day), "year": routes.published_year_url(day.year)}
    return pages.get(over.unit, "")
