"""The pages of papers by their own date, and of all papers by title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from sitegen import routes
from sitegen.config import Config
from sitegen.dates import month_name
from sitegen.model import FeedLink, Group, Link, Listing, Page, Paper, Site, Term
from sitegen.plan.feeds import site_feed_links
from sitegen.plan.issues import neighbour
from sitegen.plan.listing import ListPlan, group_of, list_pages
from sitegen.plan.wording import initial, plural, terms_of
from sitegen.recent import Recent

MONTH_UNKNOWN = "Month unknown"


def published_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each month and year of publication, newest paper first."""
    feeds = site_feed_links(site, config)
    for name in ("published-months", "published-years"):
        terms = terms_of(site, name)
        for place, term in enumerate(terms):
            around = neighbour(terms, place - 1), neighbour(terms, place + 1)
            papers = tuple(recent.ordered(("newest published", term.url), term.papers, _newest_published))
            yield from recent.call(_published_pages, term.url, term, papers, around, feeds, config, recent)


def _published_pages(
    term: Term,
    papers: tuple[Paper, ...],
    around: tuple[Link | None, Link | None],
    feeds: tuple[FeedLink, ...],
    config: Config,
    recent: Recent,
) -> tuple[Page, ...]:
    yearly = term.taxonomy == "published-years"
    year = Link(term.slug[:4], routes.published_year_url(int(term.slug[:4])))
    crumbs = (Link("Published", routes.PUBLISHED), *(() if yearly else (year,)))
    count = plural(len(papers), "paper")
    listing = Listing(
        kind="published-year" if yearly else "published-month",
        kicker="First published in",
        heading=term.title,
        lead=Markup(""),
        facts=(count,),
        contents=(),
        parts=(),
        groups=_by_published_month(papers) if yearly else (group_of("", "", papers),),
        pagination=None,
        previous=around[0],
        next=around[1],
        feeds=(),
    )
    plan = ListPlan(
        url=term.url,
        title=f"Published in {term.title}",
        description=f"{count} in {config.title} that first appeared in {term.title}.",
        crumbs=crumbs,
        section=routes.ARCHIVE,
        listing=listing,
        feeds=feeds,
    )
    return tuple(list_pages(plan, config.page_size, recent))


def _newest_published(paper: Paper) -> tuple[int, int, str]:
    """Return what sorts papers of a year: by month and day, those that are not known to it last."""
    when = paper.published or paper.published_in
    assert when
    return -(when.month or 0), -(paper.published.day if paper.published else 0), paper.slug


def _by_published_month(papers: Sequence[Paper]) -> tuple[Group, ...]:
    groups = []
    for url, members in groupby(papers, key=lambda paper: paper.published_url):
        month = tuple(members)
        when = month[0].published or month[0].published_in
        assert when
        if when.month:
            groups.append(group_of(month_name(when), f"m-{when.isoformat()[:7]}", month, url))
        else:
            groups.append(group_of(MONTH_UNKNOWN, "month-unknown", month))
    return tuple(groups)


def all_papers_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the list of all papers by title."""
    papers = recent.ordered("by title", site.papers, lambda paper: (initial(paper.title.plain), paper.slug))
    groups = [
        group_of(letter, f"letter-{letter.lower()}" if letter != "#" else "letter-other", tuple(members))
        for letter, members in groupby(papers, key=lambda paper: initial(paper.title.plain))
    ]
    count = plural(len(papers), "paper")
    listing = Listing(
        kind="papers",
        kicker="",
        heading="All papers",
        lead=Markup(""),
        facts=(count, "by title"),
        contents=(),
        parts=(),
        groups=tuple(groups),
        pagination=None,
        previous=None,
        next=None,
        feeds=(),
    )
    plan = ListPlan(
        url=routes.PAPERS,
        title="All papers",
        description=f"Every paper of {config.title} by title: {count}.",
        crumbs=(),
        section=routes.PAPERS,
        listing=listing,
        feeds=site_feed_links(site, config),
    )
    yield from list_pages(plan, config.page_size, recent)
