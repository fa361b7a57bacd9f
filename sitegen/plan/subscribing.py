"""What tells people and programs of all feeds: the page /feeds/, and its twin as OPML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Document, FeedRow, Feeds, FeedSection, Page, Site
from sitegen.plan.feeds import TAXONOMIES_WITH_FEEDS, site_feed_links, term_feed_links
from sitegen.plan.letters import digest_feed_rows
from sitegen.plan.wording import terms_of


def feeds_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the page about all feeds."""
    yield Page(
        url=routes.FEEDS,
        template="feeds.html",
        title="Feeds",
        description=f"Follow {config.title} in a feed reader: everything, or one theme, tag or organisation.",
        body=Feeds(_sections(site, config), routes.OPML, routes.AUTHORS if terms_of(site, "authors") else ""),
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=None,
        section=routes.FEEDS,
    )


def opml(site: Site, config: Config) -> Iterator[Document]:
    """Yield the list of all feeds as a feed reader imports it; none while there is no feed."""
    sections = _sections(site, config)
    if not sections:
        return
    lines = []
    for section in sections:
        lines.append(f"<outline text={_attribute(section.title)}>\n")
        for row in section.rows:
            feed = row.feeds[0]
            title = _attribute(config.title if row.page_url == routes.HOME else row.title)
            lines.append(
                f'<outline type="rss" text={title} title={title}'
                f" xmlUrl={_attribute(config.base_url + feed.url[1:])}"
                f" htmlUrl={_attribute(config.base_url + row.page_url[1:])}/>\n"
            )
        lines.append("</outline>\n")
    head = f"<head>\n<title>{escape(_shown(config.title))}</title>\n</head>\n"
    body = f"<body>\n{''.join(lines)}</body>\n"
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield Document(routes.OPML[1:], f'{declaration}<opml version="2.0">\n{head}{body}</opml>\n')


def _sections(site: Site, config: Config) -> tuple[FeedSection, ...]:
    """Return what can be subscribed to, by kind; themes in the curator's order, the rest by title."""
    everything = site_feed_links(site, config)
    rows = (FeedRow("Everything", routes.HOME, everything), *digest_feed_rows(site, config))
    sections = [FeedSection("The whole digest", "everything", rows if everything else ())]
    order = {theme.link.slug: place for place, theme in enumerate(site.themes)}
    for taxonomy in site.taxonomies:
        if taxonomy.name in TAXONOMIES_WITH_FEEDS:
            terms = sorted(
                taxonomy.terms, key=lambda term: (order.get(term.slug, 0), term.title.casefold(), term.slug)
            )
            links = ((term, term_feed_links(term, config)) for term in terms)
            term_rows = tuple(FeedRow(term.title, term.url, feeds) for term, feeds in links if feeds)
            sections.append(FeedSection(taxonomy.name.capitalize(), taxonomy.name, term_rows))
    return tuple(section for section in sections if section.rows)


def _attribute(text: str) -> str:
    return f'"{escape(_shown(text))}"'


def _shown(text: str) -> str:
    """Return a title on one line, without what XML cannot hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
