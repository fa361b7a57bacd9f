"""The pages of issues, and of the weeks, months and years that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from markupsafe import Markup

from sitegen import routes
from sitegen.charts import most_discussed
from sitegen.config import Config
from sitegen.dates import MONTHS, long_day
from sitegen.model import (
    FeedLink,
    Group,
    Issue,
    Line,
    Link,
    Listing,
    Page,
    Section,
    Site,
    SocialCard,
    Term,
)
from sitegen.plan.cards import issue_card
from sitegen.plan.feeds import site_feed_links
from sitegen.plan.letters import digest_feed_links, issue_groups
from sitegen.plan.listing import ListPlan, group_of, list_pages
from sitegen.plan.wording import has_own_title, issue_description, issue_title, plural, terms_of
from sitegen.recent import Recent

Period = Literal["week", "month", "year"]


def issue_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each issue: picks first, then by theme."""
    feeds = (*digest_feed_links(site, config, routes.DIGEST), *site_feed_links(site, config))
    links = [None, *(Link(issue_title(issue), issue.url) for issue in site.issues), None]
    for issue, newer, older in zip(site.issues, links, links[2:], strict=False):
        card = issue_card(issue, site, config)
        yield from recent.call(_issue_pages, issue.day, issue, older, newer, feeds, card, config, recent)


def _issue_pages(
    issue: Issue,
    older: Link | None,
    newer: Link | None,
    feeds: tuple[FeedLink, ...],
    card: SocialCard | None,
    config: Config,
    recent: Recent,
) -> tuple[Page, ...]:
    listing = Listing(
        kind="issue",
        kicker=f"Issue of {long_day(issue.day)}" if has_own_title(issue) else "Issue",
        heading=issue.title,
        lead=issue.introduction,
        facts=_issue_facts(issue),
        contents=(),
        parts=(),
        groups=issue_groups(issue.papers, issue.picks),
        pagination=None,
        previous=older,
        next=newer,
        feeds=(),
        draft=issue.draft,
        discussed=most_discussed(issue.papers),
    )
    plan = ListPlan(
        url=issue.url,
        title=issue_title(issue),
        description=issue_description(issue),
        crumbs=(
            Link("Archive", routes.ARCHIVE),
            Link(str(issue.day.year), routes.year_url(issue.day.year)),
            Link(MONTHS[issue.day.month - 1], routes.month_url(issue.day)),
        ),
        section=routes.ARCHIVE,
        listing=listing,
        feeds=feeds,
        card=card,
    )
    return tuple(list_pages(plan, config.page_size, recent))


def _issue_facts(issue: Issue) -> tuple[str, ...]:
    year, week, _ = issue.day.isocalendar()
    return plural(len(issue.papers), "paper"), f"collected on {long_day(issue.day)}", f"week {week} of {year}"


# ------------------------------------------------------------------------ weeks, months, years


def period_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each week, month and year: its papers by issue, newest first.

    A year that only the first days of a week reach has a page too, because its address is a folder.
    """
    weeks = terms_of(site, "weeks")
    years = {term.slug: term for term in terms_of(site, "years")}
    for week in weeks:
        slug = week.slug[:4]
        years.setdefault(slug, Term("years", slug, slug, routes.year_url(int(slug)), ()))
    yield from _periods(site, config, recent, weeks, "week")
    yield from _periods(site, config, recent, terms_of(site, "months"), "month")
    yield from _periods(site, config, recent, tuple(years[slug] for slug in sorted(years)), "year")


def _periods(
    site: Site, config: Config, recent: Recent, terms: Sequence[Term], kind: Period
) -> Iterator[Page]:
    weekly = digest_feed_links(site, config, routes.WEEKLY_DIGEST) if kind == "week" else ()
    feeds = (*weekly, *site_feed_links(site, config))
    held: dict[str, list[Issue]] = {}
    for issue in site.issues:
        held.setdefault(_PERIODS[kind](issue.day), []).append(issue)
    for place, term in enumerate(terms):
        issues = tuple(held.get(term.url, ()))
        around = neighbour(terms, place - 1), neighbour(terms, place + 1)
        parts = _period_parts(site, term, kind)
        yield from recent.call(
            _period_pages, term.url, kind, term, issues, around, parts, feeds, config, recent
        )


def _period_pages(
    kind: Period,
    term: Term,
    issues: tuple[Issue, ...],
    around: tuple[Link | None, Link | None],
    parts: tuple[Section, ...],
    feeds: tuple[FeedLink, ...],
    config: Config,
    recent: Recent,
) -> tuple[Page, ...]:
    year = term.slug[:4]
    crumbs = (Link("Archive", routes.ARCHIVE), Link(year, routes.year_url(int(year))))
    count = plural(len(term.papers), "paper")
    listing = Listing(
        kind=kind,
        kicker=kind.capitalize(),
        heading=term.title,
        lead=Markup(""),
        facts=(*_span(term, kind), plural(len(issues), "issue"), count),
        contents=(),
        parts=parts,
        groups=_by_issue(issues),
        pagination=None,
        previous=around[0],
        next=around[1],
        feeds=(),
    )
    plan = ListPlan(
        url=term.url,
        title=f"Issues of {term.title}" if kind != "week" else term.title,
        description=f"{count} in {plural(len(issues), 'issue')} of {config.title}, {term.title}.",
        crumbs=crumbs if kind != "year" else crumbs[:1],
        section=routes.ARCHIVE,
        listing=listing,
        feeds=feeds,
    )
    return tuple(list_pages(plan, config.page_size, recent))


def _span(term: Term, kind: Period) -> tuple[str, ...]:
    """Return the days of a week in words; of a month or a year the name says it."""
    if kind != "week":
        return ()
    monday = date.fromisocalendar(int(term.slug[:4]), int(term.slug[6:]), 1)
    return (f"{long_day(monday)} to {long_day(monday + timedelta(6))}",)


_PERIODS: dict[Period, Callable[[date], str]] = {
    "week": routes.week_url,
    "month": routes.month_url,
    "year": lambda day: routes.year_url(day.year),
}
"""The address of the page of a day's week, month or year."""


def _period_parts(site: Site, term: Term, kind: Period) -> tuple[Section, ...]:
    """Return the months and weeks of a year."""
    if kind != "year":
        return ()
    parts = []
    for name, title in (("months", "Months"), ("weeks", "Weeks")):
        lines = [
            Line(part.title, part.url, len(part.papers))
            for part in terms_of(site, name)
            if part.url.startswith(term.url)
        ]
        if lines:
            parts.append(Section(title, name, tuple(lines)))
    return tuple(parts)


def _by_issue(issues: Sequence[Issue]) -> tuple[Group, ...]:
    """Return the papers of issues, newest issue first; a paper stands in the first that had it."""
    known: set[str] = set()
    groups = []
    for issue in reversed(issues):
        papers = [paper for paper in issue.papers if paper.slug not in known]
        known.update(paper.slug for paper in papers)
        groups.append(group_of(issue_title(issue), f"issue-{issue.day}", papers, issue.url))
    return tuple(group for group in reversed(groups) if group.papers)


def neighbour(terms: Sequence[Term], place: int) -> Link | None:
    """Return the term at a place, or nothing beyond the ends."""
    return Link(terms[place].title, terms[place].url) if 0 <= place < len(terms) else None
