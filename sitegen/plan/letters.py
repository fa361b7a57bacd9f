"""The digest as letters, one an issue and one a week: their feeds, and the pages that list them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct

from sitegen import routes
from sitegen.config import Config
from sitegen.model import (
    Feed,
    FeedLink,
    FeedRow,
    Group,
    Index,
    Issue,
    Letter,
    Line,
    Link,
    Page,
    Paper,
    Section,
    Site,
)
from sitegen.plan.feeds import FORMATS, feed_id, feed_links, site_feed_links
from sitegen.plan.listing import group_of
from sitegen.plan.wording import issue_description, issue_title, plural, theme_anchor, theme_lines
from sitegen.recent import Recent

MOST_LETTERS = 20
"""A letter is as long as fifty entries of another feed, and readers give up on a feed of megabytes."""


def issue_letter(issue: Issue, config: Config) -> Letter:
    """Return an issue as a letter: the picks, then the other papers by theme."""
    return Letter(
        name=f"{issue.day}",
        feed_id=_letter_id(f"{issue.day}", config),
        url=issue.url,
        title=issue_title(issue),
        summary=issue_description(issue),
        published=issue.day,
        updated=max([issue.updated, *_edits(issue.papers)]),
        issues=(issue,),
        groups=issue_groups(issue.papers, issue.picks),
    )


def week_letter(issues: Sequence[Issue], config: Config) -> Letter:
    """Return the issues of one week, newest first, as a letter that has each paper once."""
    year, week, _ = issues[0].day.isocalendar()
    sunday = date.fromisocalendar(year, week, 7)
    papers = tuple({paper.slug: paper for issue in reversed(issues) for paper in issue.papers}.values())
    picks = tuple(dict.fromkeys(slug for issue in issues for slug in issue.picks))
    themes = ", ".join(line.title for line in theme_lines(papers))
    return Letter(
        name=f"{year:04}-w{week:02}",
        feed_id=_letter_id(f"{year:04}-w{week:02}", config),
        url=routes.week_url(sunday),
        title=f"Week {week} of {year}",
        summary=f"{plural(len(papers), 'paper')} in {plural(len(issues), 'issue')}: {themes}.",
        published=sunday,
        updated=max([sunday, *(issue.updated for issue in issues), *_edits(papers)]),
        issues=tuple(issues),
        groups=issue_groups(papers, picks),
    )


def weeks(issues: Sequence[Issue]) -> Iterator[tuple[Issue, ...]]:
    """Yield the issues of each week, the newest week and the newest issue first."""
    for _, members in groupby(issues, key=lambda issue: issue.day.isocalendar()[:2]):
        yield tuple(members)


def issue_groups(papers: Sequence[Paper], picks: Sequence[str]) -> tuple[Group, ...]:
    """Return the picks in their order, then the other papers by theme."""
    order = {slug: place for place, slug in enumerate(picks)}
    picked = sorted((paper for paper in papers if paper.slug in order), key=lambda paper: order[paper.slug])
    others = sorted(
        (paper for paper in papers if paper.slug not in order), key=lambda paper: paper.theme.order
    )
    groups = [group_of("The curator’s picks", "picks", picked)] if picked else []
    for theme, members in groupby(others, key=lambda paper: paper.theme):
        groups.append(group_of(theme.title, theme_anchor(theme), tuple(members), theme.url, theme.hue))
    return tuple(groups)


def _letter_id(name: str, config: Config) -> str:
    return f"tag:{config.id_authority}:digest/{name}"


def _edits(papers: Sequence[Paper]) -> Iterator[date]:
    """Yield the days of the last edits of the notes that a letter quotes."""
    return (paper.edited for paper in papers if paper.edited)


# ------------------------------------------------------------------------ feeds and pages


class _Series(Struct, frozen=True):
    """One kind of letters."""

    url: str
    title: str
    """As a page and a row of /feeds/ call it."""
    lead: str
    parts: tuple[tuple[Issue, ...], ...]
    """The issues of each letter, newest first."""

    def letters(self, config: Config, recent: Recent) -> tuple[Letter, ...]:
        """Return the letters, newest first."""
        if self.url == routes.DIGEST:
            return tuple(recent.call(issue_letter, issue.day, issue, config) for (issue,) in self.parts)
        return tuple(recent.call(week_letter, issues[0].day, issues, config) for issues in self.parts)


def _series(site: Site, config: Config) -> tuple[_Series, ...]:
    """Return the two kinds of letters, by issue and by week, without one that has none.

    A week has its letter when it is over: sent earlier, it would lack what the rest of the week brings.
    """
    size = min(config.feed_size, MOST_LETTERS)
    over = [week for week in weeks(site.issues) if site.today and _sunday(week) < site.today]
    by_issue = _Series(
        routes.DIGEST,
        "Issue by issue",
        "Each issue as one entry of a feed, the curator’s words first: to read in one piece, or to mail.",
        tuple((issue,) for issue in site.issues[:size]),
    )
    by_week = _Series(
        routes.WEEKLY_DIGEST,
        "Week by week",
        "The issues of each week as one entry of a feed, once the week is over.",
        tuple(over[:size]),
    )
    return tuple(series for series in (by_issue, by_week) if series.parts)


def _sunday(week: Sequence[Issue]) -> date:
    return week[0].day + timedelta(7 - week[0].day.isoweekday())


def digest_feed_links(site: Site, config: Config, url: str) -> tuple[FeedLink, ...]:
    """Return the feed of a digest page; none while it would be empty."""
    return tuple(link for row in digest_feed_rows(site, config) if row.page_url == url for link in row.feeds)


def digest_feed_rows(site: Site, config: Config) -> tuple[FeedRow, ...]:
    """Return the digest feeds as /feeds/ lists them."""
    return tuple(
        FeedRow(series.title, series.url, _links(series, config)) for series in _series(site, config)
    )


def digest_feeds(site: Site, config: Config, recent: Recent) -> Iterator[Feed]:
    """Yield the digest feeds; in Atom alone, which every service and reader takes."""
    for series in _series(site, config):
        letters = series.letters(config, recent)
        yield Feed(
            url=routes.feed_url(series.url, FORMATS["atom"].file),
            format="atom",
            id=feed_id(series.url, config),
            title=f"{config.title}: {series.title}",
            subtitle=config.description,
            page_url=series.url,
            items=letters,
            updated=max(letter.updated for letter in letters),
        )


def digest_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages beside the digest feeds: what they hold, newest first."""
    for series in _series(site, config):
        letters = series.letters(config, recent)
        lines = tuple(
            Line(letter.title, letter.url, _count(letter), letter.summary, day=letter.published)
            for letter in letters
        )
        index = Index(
            kind="digest",
            kicker="Digest",
            heading=series.title,
            lead=series.lead,
            facts=(plural(len(lines), "entry", "entries"),),
            sections=(Section("", "", lines),),
            feeds=_links(series, config),
        )
        yield Page(
            url=series.url,
            template="index.html",
            title=f"The digest, {series.title.lower()}",
            description=f"{config.title} {series.title.lower()}, as a feed.",
            body=index,
            crumbs=(Link("Feeds", routes.FEEDS),),
            feeds=(*index.feeds, *site_feed_links(site, config)),
            updated=max(letter.updated for letter in letters),
            section=routes.FEEDS,
        )


def _links(series: _Series, config: Config) -> tuple[FeedLink, ...]:
    return feed_links(f"{config.title}: {series.title}", series.url, ("atom",))


def _count(letter: Letter) -> int:
    return sum(len(group.papers) for group in letter.groups)
