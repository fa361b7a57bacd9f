"""Lists every page, feed, document and asset of the site, and finds two on one address.

`TARGET_MAKERS` are plain functions from the site to targets, in the order in which they run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sitegen.config import Config
from sitegen.errors import BuildError, Problem
from sitegen.model import Asset, Document, Feed, Page, Site, Target
from sitegen.plan.documents import redirects, robots, sitemap
from sitegen.plan.facts import make_facts
from sitegen.plan.feeds import feeds_page, site_feeds, term_feeds
from sitegen.plan.indexes import (
    archive_page,
    organizations_page,
    published_page,
    tags_page,
    themes_page,
)
from sitegen.plan.issues import issue_pages, period_pages
from sitegen.plan.pages import alias_pages, home_page, paper_pages, site_pages, text_pages
from sitegen.plan.published import all_papers_pages, published_pages
from sitegen.plan.terms import organization_pages, tag_pages, theme_pages
from sitegen.routes import content_asset_url, template_asset_url

__all__ = ["make_facts", "plan"]

FAVICON = "favicon.ico"
"""Programs ask for it at the root of the host without having read a page."""

TARGET_MAKERS: tuple[Callable[[Site, Config], Iterable[Target]], ...] = (
    home_page,
    issue_pages,
    period_pages,
    archive_page,
    themes_page,
    theme_pages,
    tags_page,
    tag_pages,
    organizations_page,
    organization_pages,
    published_page,
    published_pages,
    all_papers_pages,
    paper_pages,
    text_pages,
    feeds_page,
    site_pages,
    alias_pages,
    site_feeds,
    term_feeds,
)


def plan(site: Site, config: Config) -> tuple[Target, ...]:
    """Return every target of the site: assets, pages, feeds, then the documents about them.

    Raises `BuildError` where two pages claim one address.
    """
    targets: list[Target] = list(_assets(site))
    for maker in TARGET_MAKERS:
        targets += maker(site, config)
    pages = [target for target in targets if isinstance(target, Page)]
    if problems := _clashes(pages):
        raise BuildError(problems)
    targets += sitemap(pages, config)
    targets += robots(config)
    targets += redirects(pages, config)
    return tuple(targets)


def address(target: Target) -> str:
    """Return where a target goes, from the site's own root."""
    match target:
        case Page() | Feed() | Asset():
            return target.url
        case Document():
            return "/" + target.path


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
            mine, other = (page, first) if page.origin else (first, page)
            claimed = f" by {other.origin}" if other.origin else f": it is the page “{other.title}”"
            message = f"the address {page.url} is taken already{claimed}."
            hint = "Give one of the two another name; addresses are for ever."
            problems.append(Problem(mine.origin or "content/", 0, message, hint))
    return problems
