"""Which pictures stand on which pages: charts take papers by the day of their own publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sitegen.charts import bar_chart, count, last_months, many_bars, spark_bars, timeline
from sitegen.model import Bars, Link, Paper, PartialDate, Site, Table, Term, ThemePage


def published_charts(papers: Sequence[Paper]) -> tuple[Bars, ...]:
    """Return papers over time as bars with numbers; the newest months too where the units are longer."""
    days = _days(papers)
    over, recent = timeline(days), last_months(days)
    if not over or not recent:
        return ()
    whole = bar_chart("published", f"Papers by {over.unit} of publication", count(days, over), over)
    if over.unit == "month":
        return (whole,)
    return whole, bar_chart("recent", "The newest, by month", count(days, recent), recent)


def theme_chart(papers: Sequence[Paper]) -> Bars | None:
    """Return the papers of one theme over time, from its first to its last; none for fewer than two dates."""
    days = _days(papers)
    over = timeline(days)
    if not over or over.size < 2:
        return None
    return spark_bars("published", f"Papers by {over.unit} of publication", count(days, over), over)


def themes_chart(site: Site, terms: Mapping[str, Term]) -> tuple[dict[str, Bars], Table | None]:
    """Return bars for each theme by its slug, and the table of all; empty without a date.

    Papers count in each of their themes, as the numbers beside the themes do.
    """
    days = {theme.link.slug: _days(_papers(theme, terms)) for theme in site.themes}
    over = timeline(day for some in days.values() for day in some)
    if not over:
        return {}, None
    rows = [(theme.link, count(days[theme.link.slug], over)) for theme in site.themes]
    bars = {
        link.slug: spark_bars(f"spark-{link.slug}", link.title, series, over, has_table=False)
        for link, series in rows
        if series.drawn
    }
    return bars, many_bars([(Link(link.title, link.url), series) for link, series in rows], over, "Theme")


def _papers(theme: ThemePage, terms: Mapping[str, Term]) -> Sequence[Paper]:
    term = terms.get(theme.link.slug)
    return term.papers if term else ()


def _days(papers: Sequence[Paper]) -> list[date | None]:
    """Return the day of each paper, or the first of its month where that is all that is known."""
    return [paper.published or _first(paper.published_in) for paper in papers]


def _first(known: PartialDate | None) -> date | None:
    return date(known.year, known.month, 1) if known and known.month else None
