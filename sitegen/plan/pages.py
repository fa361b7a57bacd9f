"""The single pages: home, a paper, the curator's free pages, 404, thanks, the desk, old addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from markupsafe import Markup
from msgspec.structs import replace

from sitegen import routes
from sitegen.config import Config
from sitegen.model import (
    FeedLink,
    Group,
    Home,
    Issue,
    IssueCard,
    Line,
    Link,
    Page,
    Paper,
    PaperBody,
    Related,
    Search,
    Site,
    Text,
    ThemeLink,
)
from sitegen.plan.feeds import feed_links, site_feed_links
from sitegen.plan.listing import group_of, moved_page
from sitegen.plan.wording import (
    first_paragraph,
    issue_title,
    shorten,
    terms_of,
    theme_anchor,
    theme_lines,
)
from sitegen.recent import Recent
from sitegen.text.names import name_key

_EARLIER = 3
"""How many issues before the newest the home page shows."""
_WAYS = (
    Link("themes", routes.THEMES),
    Link("tags", routes.TAGS),
    Link("organizations", routes.ORGANIZATIONS),
    Link("the archive", routes.ARCHIVE),
    Link("all papers by title", routes.PAPERS),
)
"""How papers are found without a search."""


def home_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the front page."""
    newest, *earlier = site.issues[: _EARLIER + 1] or (None,)
    links = [theme.link for theme in site.themes]
    home = Home(
        newest=_card(newest) if newest else None,
        picks=tuple(paper for paper in newest.papers if paper.slug in newest.picks) if newest else (),
        groups=_titles(newest) if newest else (),
        earlier=tuple(_card(issue) for issue in earlier if issue),
        themes=tuple(Line(link.title, link.url, None, hue=link.hue) for link in links),
    )
    yield Page(
        url=routes.HOME,
        template="home.html",
        title=config.title,
        description=config.description or f"{config.title}: a reading digest of research papers.",
        body=home,
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=newest.updated if newest else None,
    )


def _card(issue: Issue) -> IssueCard:
    lines = sorted(theme_lines(issue.papers), key=lambda line: -(line.count or 0))
    introduction = first_paragraph(issue.introduction)
    return IssueCard(issue.title, issue.url, issue.day, len(issue.papers), introduction, tuple(lines))


def _titles(issue: Issue) -> tuple[Group, ...]:
    """Return all papers of the issue by theme."""
    by_theme: dict[str, list[Paper]] = {}
    for paper in sorted(issue.papers, key=lambda paper: paper.theme.order):
        by_theme.setdefault(paper.theme.slug, []).append(paper)
    return tuple(
        group_of(theme.title, theme_anchor(theme), papers, theme.url, theme.hue)
        for papers in by_theme.values()
        for theme in (papers[0].theme,)
    )


def paper_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield a page for each paper, the withdrawn ones included."""
    feeds = site_feed_links(site, config)
    around: dict[str, _Around] = {}
    for issue in reversed(site.issues):
        around |= recent.call(_around, issue.day, issue)
    addresses = {name_key(term.title): term.url for term in terms_of(site, "authors")}
    rows = [
        (
            paper,
            around.get(paper.slug, _ALONE),
            tuple(addresses.get(name_key(name), "") for name in paper.authors) if addresses else (),
            site.related.get(paper.slug, ()),
        )
        for paper in (*site.papers, *site.withdrawn)
    ]
    yield from recent.each("paper pages", rows, lambda row: _paper_page(*row, feeds, config), feeds, config)


_Around = tuple[Link | None, Link | None, Link | None]
_ALONE: _Around = (None, None, None)


def _around(issue: Issue) -> dict[str, _Around]:
    """Return the neighbours of each paper of an issue: before, after, and the issue."""
    link = Link(issue_title(issue), issue.url)
    titles = [None, *(Link(paper.title.plain, paper.url) for paper in issue.papers), None]
    return {
        paper.slug: (previous, following, link)
        for paper, previous, following in zip(issue.papers, titles, titles[2:], strict=False)
    }


def _paper_page(
    paper: Paper,
    around: _Around,
    author_urls: tuple[str, ...],
    related: tuple[Related, ...],
    feeds: tuple[FeedLink, ...],
    config: Config,
) -> Page:
    body = PaperBody(paper, None, None, None)
    if not paper.withdrawn:
        urls = author_urls if any(author_urls) else ()
        body = PaperBody(paper, *around, author_urls=urls, related=related)
    title = paper.title.plain
    theme = paper.theme
    return Page(
        url=paper.url,
        template="withdrawn.html" if paper.withdrawn else "paper.html",
        title=title,
        # Of a paper without abstract nothing: Zotero would keep any other words as its abstract.
        description=paper.summary,
        body=body,
        crumbs=(Link("Papers", routes.PAPERS),),
        feeds=(*_theme_feeds(paper, config, theme.title, theme.url), *feeds),
        updated=paper.updated,
        indexed=not paper.withdrawn and not paper.draft,
        section=routes.PAPERS,
    )


def _theme_feeds(paper: Paper, config: Config, title: str, url: str) -> tuple[FeedLink, ...]:
    """Return the feeds of the paper's theme, if the paper is in them."""
    if paper.first_day and not paper.withdrawn:
        return feed_links(f"{config.title}: {title}", url)
    return ()


def text_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the curator's free pages."""
    for page in site.pages:
        yield Page(
            url=routes.text_url(page.slug),
            template="text.html",
            title=page.title,
            description=shorten(page.description or f"{page.title}: {config.title}"),
            body=Text(page.title, page.html, page.draft),
            crumbs=(),
            feeds=site_feed_links(site, config),
            updated=None,
            indexed=not page.draft,
            section=routes.text_url(page.slug),
            origin=(page.source, 0),
        )


def search_page(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the page that searches, unless the site has no search."""
    if not config.search:
        return
    themes, years = recent.over("filters", site.papers, _FILTERS, lambda: _filters(site.papers))
    yield Page(
        url=routes.SEARCH,
        template="search.html",
        title="Search",
        description=f"Search the papers of {config.title} by their titles, abstracts and authors.",
        body=Search(
            bundle=routes.SEARCH_BUNDLE,
            themes=themes,
            years=years,
            ways=_WAYS,
        ),
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=None,
        section=routes.SEARCH,
    )


_FILTERS = attrgetter("theme", "more_themes", "published")


def _filters(papers: Sequence[Paper]) -> tuple[tuple[ThemeLink, ...], tuple[int, ...]]:
    """Return the themes and the years by which a search can be narrowed."""
    themes = {theme for paper in papers for theme in (paper.theme, *paper.more_themes)}
    years = {paper.published.year for paper in papers if paper.published}
    return tuple(sorted(themes, key=lambda theme: theme.order)), tuple(sorted(years, reverse=True))


def site_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the page for addresses that do not exist, and the one that thanks a subscriber."""
    yield _message(
        site, routes.NOT_FOUND, "404.html", "Page not found", "There is no page at this address.", config
    )
    if config.subscribe.form == "netlify":
        words = f"Your address was received. {config.title} will write to you with the next issue."
        yield _message(site, routes.THANKS, "thanks.html", "Thank you", words, config)


def _message(site: Site, url: str, template: str, title: str, words: str, config: Config) -> Page:
    return Page(
        url=url,
        template=template,
        title=title,
        description=words,
        body=Text(title, Markup("<p>{}</p>").format(words)),
        crumbs=(),
        feeds=site_feed_links(site, config),
        updated=None,
        indexed=False,
    )


def desk_page(site: Site, config: Config) -> Iterator[Page]:
    """Yield the page of what a reader saved, read and hid, which the reader's own browser fills."""
    words = "What you save, read, hide and mute stays in this browser. Nobody else learns of it."
    yield replace(_message(site, routes.DESK, "desk.html", "Your desk", words, config), section=routes.DESK)


def alias_pages(site: Site, _config: Config) -> Iterator[Page]:
    """Yield a page at each old address that sends its visitor on."""
    for paper in (*site.papers, *site.withdrawn):
        for alias in paper.aliases:
            yield moved_page(alias, Link(paper.title.plain, paper.url), paper.alias_place)
