"""What every page knows of the site. It changes with configuration, themes and templates only."""

from __future__ import annotations

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Facts, Link, Site, Subscribe
from sitegen.plan.cards import site_card
from sitegen.plan.feeds import site_feed_links
from sitegen.plan.wording import terms_of

NAVIGATION = (
    Link("Archive", routes.ARCHIVE),
    Link("Themes", routes.THEMES),
    Link("Tags", routes.TAGS),
    Link("Papers", routes.PAPERS),
    Link("Organizations", routes.ORGANIZATIONS),
    Link("Authors", routes.AUTHORS),
    Link("Feeds", routes.FEEDS),
    Link("Desk", routes.DESK),
    Link("Search", routes.SEARCH),
)
"""Authors are left out as long as none has a page: captures name no author."""


def make_facts(site: Site, config: Config) -> Facts:
    """Return the facts that templates see beside their page."""
    return Facts(
        title=config.title,
        description=config.description,
        language=config.language,
        base_url=config.base_url,
        base_path=config.base_path,
        preview=config.preview,
        navigation=_navigation(site, config),
        pages=tuple(Link(page.title, routes.text_url(page.slug)) for page in site.pages),
        themes=tuple(theme.link for theme in site.themes if theme.link.hue),
        assets=tuple(
            (asset.name, routes.template_asset_url(asset.name, asset.data))
            for asset in site.assets
            if asset.owner == "templates"
        ),
        feeds=site_feed_links(site, config),
        subscribe=_subscribe(config),
        hub=config.websub.hub,
        card=site_card(site, config),
        authority=config.id_authority,
    )


def _navigation(site: Site, config: Config) -> tuple[Link, ...]:
    absent = set()
    if not terms_of(site, "authors"):
        absent.add(routes.AUTHORS)
    if not config.search:
        absent.add(routes.SEARCH)
    return tuple(link for link in NAVIGATION if link.url not in absent)


def _subscribe(config: Config) -> Subscribe | None:
    form = config.subscribe
    if not form.form:
        return None
    netlify = form.form == "netlify"
    return Subscribe(netlify, routes.THANKS if netlify else form.form, form.field)
