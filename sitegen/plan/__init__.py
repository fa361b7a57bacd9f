"""Lists every page, feed, document and asset of the site, and finds two on one address.

`TARGET_MAKERS` are plain functions from the site to targets, in the order in which they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import filterfalse
from operator import attrgetter
from typing import TypeGuard

from msgspec.structs import replace

from sitegen.config import Config
from sitegen.errors import BuildError, Problem
from sitegen.memory import Memory
from sitegen.model import Asset, Feeds, Home, Listing, Page, PaperBody, Redirect, Search, Site, Target
from sitegen.plan.authors import authors_pages
from sitegen.plan.cards import card_targets
from sitegen.plan.documents import llms, redirects, robots, sitemap
from sitegen.plan.facts import make_facts
from sitegen.plan.feeds import site_feeds, term_feeds
from sitegen.plan.indexes import (
    archive_page,
    organizations_page,
    published_page,
    tags_page,
    themes_page,
)
from sitegen.plan.issues import issue_pages, period_pages
from sitegen.plan.letters import digest_feeds, digest_pages
from sitegen.plan.pages import (
    alias_pages,
    desk_page,
    home_page,
    paper_pages,
    search_page,
    site_pages,
    text_pages,
)
from sitegen.plan.published import all_papers_pages, published_pages
from sitegen.plan.subscribing import feeds_page, opml
from sitegen.plan.terms import author_pages, organization_pages, tag_pages, theme_pages
from sitegen.plan.twins import collection, with_twins
from sitegen.recent import Recent
from sitegen.related import related
from sitegen.routes import content_asset_url, template_asset_url

__all__ = ["make_facts", "plan"]

_COMPARED = attrgetter("slug", "url", "title", "abstract", "tags", "theme")
_MAPPED = attrgetter("url", "updated", "indexed")
FAVICON = "favicon.ico"
"""Programs ask for it at the root of the host without having read a page."""

SimpleMaker = Callable[[Site, Config], Iterable[Target]]
TargetMaker = Callable[[Site, Config, Recent], Iterable[Target]]
"""What it made in the build before of the same it may give again."""


def _simple(make: SimpleMaker) -> TargetMaker:
    """Return a maker that makes all its targets again each time: there are few."""
    return lambda site, config, _: make(site, config)


TARGET_MAKERS: tuple[TargetMaker, ...] = (
    _simple(home_page),
    issue_pages,
    period_pages,
    archive_page,
    themes_page,
    theme_pages,
    _simple(tags_page),
    tag_pages,
    _simple(organizations_page),
    organization_pages,
    _simple(authors_pages),
    author_pages,
    _simple(published_page),
    published_pages,
    all_papers_pages,
    paper_pages,
    _simple(text_pages),
    _simple(feeds_page),
    digest_pages,
    search_page,
    _simple(site_pages),
    _simple(desk_page),
    _simple(alias_pages),
    _simple(site_feeds),
    term_feeds,
    digest_feeds,
    _simple(opml),
    _simple(card_targets),
)


def plan(site: Site, config: Config, memory: Memory | None = None, jobs: int = 1) -> tuple[Target, ...]:
    """Return every target of the site, in the order that serves those who make them.

    After the assets come the pages that the search finds, for it waits for them; lists come last, so that of
    two processes one makes feeds and another lists: what they are put together from is then made once.

    `memory` is what earlier builds left, `jobs` the most processes that may work.
    Raises `BuildError` where two pages claim one address.
    """
    memory = memory or Memory()
    recent, given = memory.recent, config
    config = recent.of("config", (config,), lambda: given)  # the very one of the build before, if it is equal
    if config.related:
        papers, kept = site.papers, memory
        near = recent.over("related papers", papers, _COMPARED, lambda: related(papers, kept, jobs))
        site = replace(site, related=near)
    made = [target for maker in TARGET_MAKERS for target in maker(site, config, recent)]
    pages = [target for target in made if isinstance(target, Page)]
    if problems := _clashes(pages):
        raise BuildError(problems)
    others = [target for target in made if not isinstance(target, Page)]
    twins: list[Target] = []
    if config.twins:
        pages, twins = with_twins(pages, recent)
        twins += collection(site)
        twins += llms(site, config)
    lists, ordered = _divided(_distinct(pages, recent), _is_list)
    first, ordered = _divided(ordered, is_searched) if config.search else ([], ordered)
    targets: list[Target] = [*_assets(site), *first, *others, *twins, *ordered]
    targets += recent.over("sitemap", pages, _MAPPED, lambda: tuple(sitemap(pages, config)), config)
    targets += robots(config)
    targets += redirects(pages, config)
    return (*targets, *lists)


def is_searched(target: Target) -> TypeGuard[Page]:
    """Return whether the search finds a target: a page of a paper that is neither draft nor withdrawn."""
    return isinstance(target, Page) and isinstance(target.body, PaperBody) and target.indexed


def _is_list(page: Page) -> bool:
    return isinstance(page.body, Listing)


def _divided(pages: Iterable[Page], test: Callable[[Page], bool]) -> tuple[list[Page], list[Page]]:
    """Return the pages that pass a test, and the others."""
    pages = list(pages)
    return list(filter(test, pages)), list(filterfalse(test, pages))


def _assets(site: Site) -> Iterable[Asset]:
    """Yield the files served as they are; those of the templates have their hash in the address."""
    for asset in site.assets:
        if asset.owner == "curator":
            yield Asset(content_asset_url(asset.name), asset.data)
        else:
            yield Asset(template_asset_url(asset.name, asset.data), asset.data)
            if asset.name == FAVICON:
                yield Asset("/" + FAVICON, asset.data)


def _clashes(pages: Iterable[Page]) -> list[Problem]:
    """Return an error for each page whose address an earlier one has, blaming the curator's file."""
    owners: dict[str, Page] = {}
    problems = []
    for page in pages:
        first = owners.setdefault(page.url, page)
        if first is not page:
            mine, other = (page, first) if page.origin[0] else (first, page)
            owner = other.origin[0] or f"the page “{_subject(other)}”"
            path, line = mine.origin
            hint = "Give one of the two another name; addresses are for ever."
            message = f"{owner} has the address {page.url} already."
            problems.append(Problem(path or "content/", line, message, hint))
    return problems


def _subject(page: Page) -> str:
    """Return what a page is about, as its reader sees it."""
    match page.body:
        case Home():
            return page.title
        case PaperBody():
            return page.body.paper.title.plain
        case Redirect():
            return page.body.to.title
        case Feeds() | Search():
            return page.title
        case _:
            return page.body.heading


def _distinct(pages: Sequence[Page], recent: Recent) -> list[Page]:
    """Return the pages; of those with one title all but the first get their address into it."""
    known: set[str] = set()
    places = []
    for place, page in enumerate(pages):
        if page.title in known:
            places.append(place)
        known.add(page.title)
    distinct = list(pages)
    rows = [(pages[place],) for place in places]
    for place, page in zip(places, recent.each("titles", rows, lambda row: _with_url(*row)), strict=True):
        distinct[place] = page
    return distinct


def _with_url(page: Page) -> Page:
    return replace(page, title=f"{page.title} ({page.url})")
