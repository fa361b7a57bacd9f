"""What every page knows of the site. It changes with configuration, themes and templates only."""

from __future__ import annotations

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Facts, Link, Site, Subscribe
from sitegen.plan.feeds import site_feed_links

NAVIGATION = (
    Link("Archive", routes.ARCHIVE),
    Link("Themes", routes.THEMES),
    Link("Tags", routes.TAGS),
    Link("Papers", routes.PAPERS),
    Link("Organizations", routes.ORGANIZATIONS),
    Link("Feeds", routes.FEEDS),
)


def make_facts(site: Site, config: Config) -> Facts:
    """Return the facts that templates see beside their page."""
    return Facts(
        title=config.title,
        description=config.description,
        language=config.language,
        base_url=config.base_url,
        base_path=config.base_path,
        preview=config.preview,
        navigation=(*NAVIGATION, *((Link("Search", routes.SEARCH),) if config.search else ())),
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
        authority=config.id_authority,
    )


def _subscribe(config: Config) -> Subscribe | None:
    form = config.subscribe
    if not form.form:
        return None
    netlify = form.form == "netlify"
    return Subscribe(netlify, routes.THANKS if netlify else form.form, form.field)
