"""The feeds of the site and of each theme, tag, organisation and author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Feed, FeedFormat, FeedLink, Paper, Site, Term
from sitegen.recent import Recent


class _Format(Struct, frozen=True):
    name: str
    file: str
    """Its name, beside the page that shows the same."""
    type: str


FORMATS: dict[FeedFormat, _Format] = {
    "atom": _Format("Atom", "feed.xml", "application/atom+xml"),
    "rss": _Format("RSS", "rss.xml", "application/rss+xml"),
    "json": _Format("JSON", "feed.json", "application/feed+json"),
}
"""How `feeds` writes each is in its own table."""

TAXONOMIES_WITH_FEEDS = ("themes", "tags", "organizations")
"""Their terms have a feed in every format, and stand on /feeds/ and in the OPML."""
AUTHOR_FEED = 5
"""From so many papers on an author has a feed, in Atom alone: there are thousands of authors."""


@cache
def feed_links(
    title: str, url: str, formats: tuple[FeedFormat, ...] = tuple(FORMATS)
) -> tuple[FeedLink, ...]:
    """Return the feeds of the page at `url`, as pages announce them."""
    return tuple(
        FeedLink(f"{title} ({form.name})", routes.feed_url(url, form.file), form.name, form.type)
        for form in (FORMATS[format] for format in formats)
    )


def site_feed_links(site: Site, config: Config) -> tuple[FeedLink, ...]:
    """Return the site's own feeds; none while no issue holds a paper."""
    return feed_links(config.title, routes.HOME) if site.issues else ()


def term_feed_links(term: Term, config: Config) -> tuple[FeedLink, ...]:
    """Return the feeds of a term; none where its papers are in no issue, so in no feed."""
    return feed_links(_term_title(term, config), term.url, _formats(term))


def _formats(term: Term) -> tuple[FeedFormat, ...]:
    """Return the formats in which a term has a feed."""
    if term.taxonomy == "authors":
        return ("atom",) if len(_in_feeds(term.papers)) >= AUTHOR_FEED else ()
    has_papers = term.taxonomy in TAXONOMIES_WITH_FEEDS and any(paper.first_day for paper in term.papers)
    return tuple(FORMATS) if has_papers else ()


def site_feeds(site: Site, config: Config) -> Iterator[Feed]:
    """Yield the site's feeds, and the archive of its Atom feed (RFC 5005)."""
    papers = _in_feeds(site.papers)
    if not papers:
        return
    archives = list(_archive(papers, config))
    for format in FORMATS:
        feed = _feed(papers, config, format, routes.HOME, config.title, config.description)
        if format == "atom" and archives:
            feed = replace(feed, prev_archive_url=archives[-1].url)
        yield feed
    yield from archives


def term_feeds(site: Site, config: Config, recent: Recent) -> Iterator[Feed]:
    """Yield the feeds of each theme, tag, organisation and author that has papers in an issue."""
    for taxonomy in site.taxonomies:
        by_people = taxonomy.name in ("organizations", "authors")
        for term in taxonomy.terms if by_people or taxonomy.name in TAXONOMIES_WITH_FEEDS else ():
            yield from recent.call(_term_feeds, term.url, term, by_people, config)


def _term_feeds(term: Term, by_people: bool, config: Config) -> tuple[Feed, ...]:
    subtitle = f"Papers {'by' if by_people else 'on'} {term.title if by_people else f'“{term.title}”'}"
    papers = _in_feeds(term.papers)
    return tuple(
        _feed(papers, config, format, term.url, _term_title(term, config), f"{subtitle} in {config.title}")
        for format in _formats(term)
    )


def feed_id(url: str, config: Config) -> str:
    """Return the id of the feeds of a page: a `tag:` URI that no domain or preview changes."""
    return f"tag:{config.id_authority}:feed{quote(url)}"


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
        url=routes.feed_url(url, FORMATS[format].file),
        format=format,
        id=feed_id(url, config),
        title=title,
        subtitle=subtitle,
        page_url=url,
        items=shown,
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
            current_url=routes.feed_url(routes.HOME, FORMATS["atom"].file),
            prev_archive_url=routes.feed_archive_url(number - 1) if number > 1 else "",
            next_archive_url=routes.feed_archive_url(number + 1) if number < count else "",
        )
