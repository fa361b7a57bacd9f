"""The lists of lists: archive, themes, tags, organisations, months of publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from sitegen import routes
from sitegen.charts import calendar
from sitegen.config import Config
from sitegen.dates import month_name
from sitegen.model import Index, Issue, Line, Page, Section, Site, Term
from sitegen.plan.feeds import site_feed_links
from sitegen.plan.listing import group_of
from sitegen.plan.pictures import published_charts, themes_chart
from sitegen.plan.published import MONTH_UNKNOWN
from sitegen.plan.wording import plural, shorten, term_lines, terms_of
from sitegen.recent import Recent

_UPDATED = attrgetter("updated")
_PUBLISHED = attrgetter("published", "published_in")
_PLACED = attrgetter("theme", "more_themes", "published", "published_in")


def archive_page(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the archive: every issue by month, then weeks and years, then other ways in."""
    sections = [
        _month_section(url, tuple(issues))
        for url, issues in groupby(site.issues, key=lambda issue: routes.month_url(issue.day))
    ]
    for name in ("weeks", "years"):
        if terms := terms_of(site, name):
            sections.append(Section(name.capitalize(), name, term_lines(terms[::-1])))
    ways = [
        Line("By date of publication", routes.PUBLISHED, None),
        Line("All papers by title", routes.PAPERS, None),
    ]
    if terms_of(site, "authors"):
        ways.append(Line("By author", routes.AUTHORS, None))
    sections.append(Section("Other ways in", "ways", tuple(ways)))
    index = Index(
        kind="archive",
        kicker="",
        heading="Archive",
        lead="An issue holds the papers that were collected on one day.",
        facts=(plural(len(site.issues), "issue"), plural(len(site.papers), "paper")),
        sections=tuple(sections),
        calendar=calendar(site.issues),
        charts=recent.over("charts", site.papers, _PUBLISHED, lambda: published_charts(site.papers)),
    )
    yield _page(routes.ARCHIVE, "Archive", f"Every issue of {config.title} by date.", index, site, config)


def _month_section(url: str, issues: Sequence[Issue]) -> Section:
    day = issues[0].day
    lines = tuple(
        Line(
            title=issue.title,
            url=issue.url,
            count=len(issue.papers),
            text=shorten(issue.introduction_plain),
            day=issue.day,
        )
        for issue in issues
    )
    return Section(month_name(day), f"m-{day:%Y-%m}", lines, url)


def themes_page(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the list of themes in the curator's order."""
    terms = {term.slug: term for term in terms_of(site, "themes")}
    charts, table = recent.over(
        "chart of themes", site.papers, _PLACED, lambda: themes_chart(site, terms), site.themes
    )
    lines = tuple(
        Line(
            theme.link.title,
            theme.link.url,
            len(terms[theme.link.slug].papers) if theme.link.slug in terms else 0,
            theme.summary,
            hue=theme.link.hue,
            chart=charts.get(theme.link.slug),
        )
        for theme in site.themes
    )
    index = Index(
        kind="themes",
        kicker="",
        heading="Themes",
        lead="Every paper has one theme of its own, and may be listed under others."
        + (" Bars show when its papers were published, each theme on a scale of its own." if table else ""),
        facts=(plural(len(lines), "theme"),),
        sections=(Section("", "", lines),) if lines else (),
        table=table,
    )
    yield _page(routes.THEMES, "Themes", f"The themes of {config.title}.", index, site, config)


def tags_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the list of tags that have papers, by title."""
    terms = sorted(terms_of(site, "tags"), key=_by_title)
    index = Index(
        kind="tags",
        kicker="",
        heading="Tags",
        lead="A tag says what a paper is about in finer grain than its theme.",
        facts=(plural(len(terms), "tag"),),
        sections=(Section("", "", term_lines(terms)),) if terms else (),
    )
    yield _page(routes.TAGS, "Tags", f"The tags of {config.title}, by title.", index, site, config)


def organizations_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the list of organisations, by name."""
    terms = sorted(terms_of(site, "organizations"), key=_by_title)
    lead = "Papers whose listing names an organization instead of counting authors."
    index = Index(
        kind="organizations",
        kicker="",
        heading="Organizations",
        lead=lead,
        facts=(plural(len(terms), "organization"),),
        sections=(Section("", "", term_lines(terms)),) if terms else (),
    )
    description = f"The organizations named in {config.title}."
    yield _page(routes.ORGANIZATIONS, "Organizations", description, index, site, config)


def published_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the list of months in which papers first appeared, and the papers without a date."""
    months: dict[str, list[Line]] = {}
    for term in terms_of(site, "published-months")[::-1]:
        months.setdefault(term.slug[:4], []).extend(term_lines([term]))
    years = []
    for year in terms_of(site, "published-years")[::-1]:
        lines = months.get(year.slug, [])
        if rest := sum(paper.published_url == year.url for paper in year.papers):
            lines.append(Line(MONTH_UNKNOWN, year.url, rest))
        years.append(Section(year.title, f"y-{year.slug}", tuple(lines), year.url))
    undated = tuple(paper for paper in site.papers if not paper.published_url)
    index = Index(
        kind="published",
        kicker="",
        heading="By date of publication",
        lead="When the papers themselves first appeared, as far as their sources say.",
        facts=(plural(len(site.papers) - len(undated), "dated paper"),),
        sections=tuple(years),
        groups=(group_of("Date unknown", "undated", undated),) if undated else (),
    )
    description = f"The papers of {config.title} by the month in which they first appeared."
    yield _page(routes.PUBLISHED, "By date of publication", description, index, site, config)


def _page(url: str, title: str, description: str, index: Index, site: Site, config: Config) -> Page:
    days = set(map(_UPDATED, site.papers)) - {None}
    return Page(
        url=url,
        template="index.html",
        title=title,
        description=description,
        body=index,
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=max(days, default=None),
        section=routes.ARCHIVE if url == routes.PUBLISHED else url,
    )


def _by_title(term: Term) -> tuple[str, str]:
    return term.title.casefold(), term.slug
