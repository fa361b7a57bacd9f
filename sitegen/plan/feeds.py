"""The feeds of the site and of each theme, tag and organisation, and the page about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from sitegen import routes
from sitegen.config import Config
from sitegen.model import (
    Feed,
    FeedFormat,
    FeedLink,
    FeedRow,
    Feeds,
    FeedSection,
    Page,
    Paper,
    Site,
    Term,
)

FILES: dict[FeedFormat, str] = {"atom": "feed.xml", "rss": "rss.xml"}
"""The name of each format's file, beside the page that shows the same papers."""
NAMES: dict[FeedFormat, str] = {"atom": "Atom", "rss": "RSS"}

TAXONOMIES_WITH_FEEDS = ("themes", "tags", "organizations")


def feed_links(title: str, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds of the list at `url`, as a page's head announces them."""
    return tuple(
        FeedLink(f"{title} ({NAMES[format]})", routes.feed_url(url, file), format)
        for format, file in FILES.items()
    )


def site_feed_links(site: Site, config: Config) -> tuple[FeedLink, ...]:
    """Return the site's own feeds; none while no issue holds a paper."""
    return feed_links(config.title, routes.HOME) if site.issues else ()


def term_feed_links(term: Term, config: Config) -> tuple[FeedLink, ...]:
    """Return the feeds of a term; none where its papers are in no issue, so in no feed."""
    if term.taxonomy in TAXONOMIES_WITH_FEEDS and _in_feeds(term.papers):
        return feed_links(_term_title(term, config), term.url)
    return ()


def site_feeds(site: Site, config: Config) -> Iterator[Feed]:
    """Yield the site's feeds, and the archive of its Atom feed (RFC 5005)."""
    papers = _in_feeds(site.papers)
    if not papers:
        return
    archives = list(_archive(papers, config))
    for format in FILES:
        feed = _feed(papers, config, format, routes.HOME, config.title, config.description)
        if format == "atom" and archives:
            feed = replace(feed, prev_archive_url=archives[-1].url)
        yield feed
    yield from archives


def term_feeds(site: Site, config: Config) -> Iterator[Feed]:
    """Yield the feeds of each theme, tag and organisation that has papers in an issue."""
    for taxonomy in site.taxonomies:
        for term in taxonomy.terms if taxonomy.name in TAXONOMIES_WITH_FEEDS else ():
            if papers := _in_feeds(term.papers):
                for format in FILES:
                    subtitle = f"Papers on “{term.title}” in {config.title}"
                    if term.taxonomy == "organizations":
                        subtitle = f"Papers by {term.title} in {config.title}"
                    yield _feed(papers, config, format, term.url, _term_title(term, config), subtitle)


def feeds_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the page about all feeds."""
    everything = FeedRow("Everything", routes.HOME, "/feed.xml", "/rss.xml")
    sections = [FeedSection("Everything", "everything", (everything,) if _in_feeds(site.papers) else ())]
    order = {theme.link.slug: place for place, theme in enumerate(site.themes)}
    for taxonomy in site.taxonomies:
        if taxonomy.name in TAXONOMIES_WITH_FEEDS:
            rows = [
                FeedRow(term.title, term.url, *(routes.feed_url(term.url, file) for file in FILES.values()))
                for term in sorted(
                    taxonomy.terms, key=lambda term: (order.get(term.slug, 0), term.title.casefold())
                )
                if _in_feeds(term.papers)
            ]
            sections.append(FeedSection(taxonomy.name.capitalize(), taxonomy.name, tuple(rows)))
    yield Page(
        url=routes.FEEDS,
        template="feeds.html",
        title="Feeds",
        description=f"Follow {config.title} in a feed reader: everything, or one theme, tag or organisation.",
        body=Feeds(tuple(section for section in sections if section.rows)),
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=None,
        section=routes.FEEDS,
    )


def _term_title(term: Term, config: Config) -> str:
    return f"{config.title}: {term.title}"


def _in_feeds(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    """Return the papers that some issue holds; others are in no feed."""
    return tuple(paper for paper in papers if paper.first_day)


def _feed(
    papers: Sequence[Paper], config: Config, format: FeedFormat, url: str, title: str, subtitle: str
) -> Feed:
    shown = tuple(papers[: config.feed_size])
    return Feed(
        url=routes.feed_url(url, FILES[format]),
        format=format,
        id=f"tag:{config.id_authority}:feed{quote(url)}",
        title=title,
        subtitle=subtitle,
        page_url=url,
        papers=shown,
        updated=max(paper.updated for paper in shown if paper.updated),
    )


def _archive(papers: Sequence[Paper], config: Config) -> Iterator[Feed]:
    """Yield full archive documents, filled from the oldest paper so that a full one never changes."""
    oldest_first = tuple(reversed(papers))
    size = config.feed_size
    count = len(oldest_first) // size if len(oldest_first) > size else 0
    for number in range(1, count + 1):
        part = oldest_first[(number - 1) * size : number * size][::-1]
        feed = _feed(part, config, "atom", routes.HOME, config.title, config.description)
        yield replace(
            feed,
            url=routes.feed_archive_url(number),
            current_url=routes.feed_url(routes.HOME, FILES["atom"]),
            prev_archive_url=routes.feed_archive_url(number - 1) if number > 1 else "",
            next_archive_url=routes.feed_archive_url(number + 1) if number < count else "",
        )
