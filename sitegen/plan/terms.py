"""The pages of themes, tags, organisations and authors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from sitegen import routes
from sitegen.charts import most_discussed
from sitegen.config import Config
from sitegen.dates import month_name
from sitegen.model import Group, Link, Listing, Page, Paper, Section, Site, Term
from sitegen.plan.cards import theme_card
from sitegen.plan.feeds import site_feed_links, term_feed_links
from sitegen.plan.listing import ListPlan, group_of, list_pages
from sitegen.plan.pictures import theme_chart
from sitegen.plan.wording import plural, shorten, tag_lines, terms_of, theme_lines

_TAGS_SHOWN = 16
_PHRASES = Markup(
    '<p class="rule">A paper gets this tag from the curator, or by one of these phrases: {}.</p>'
)


def theme_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the pages of each theme; one without papers has a page too."""
    terms = {
        term.slug: term
        for taxonomy in site.taxonomies
        if taxonomy.name == "themes"
        for term in taxonomy.terms
    }
    links = [Link(theme.link.title, theme.link.url) for theme in site.themes]
    for place, theme in enumerate(site.themes):
        link = theme.link
        term = terms.get(link.slug, Term("themes", link.slug, link.title, link.url, ()))
        tags = tag_lines(term.papers, _TAGS_SHOWN)
        listing = Listing(
            kind="theme",
            kicker="Theme",
            heading=link.title,
            lead=Markup("<p>{}</p>").format(theme.summary),
            facts=(plural(len(term.papers), "paper"),),
            contents=(),
            parts=(Section("Tags in this theme", "tags", tags),) if tags else (),
            groups=_by_month(term.papers),
            pagination=None,
            previous=links[place - 1] if place else None,
            next=links[place + 1] if place + 1 < len(links) else None,
            feeds=term_feed_links(term, config),
            hue=link.hue,
            chart=theme_chart(term.papers),
            discussed=most_discussed(term.papers),
            about=theme.lead,
        )
        crumb = Link("Themes", routes.THEMES)
        plan = _term_plan(site, term, listing, shorten(theme.summary), crumb, config)
        card = theme_card(link, theme.summary, site, config)
        yield from list_pages(replace(plan, card=card), config.page_size)


def tag_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the pages of each tag that has papers."""
    terms = {term.slug: term for term in terms_of(site, "tags")}
    for tag in site.tags:
        term = terms[tag.slug]
        sentence = f"{tag.summary[:1].upper()}{tag.summary[1:]}."
        lead = Markup("<p>{}</p>").format(sentence) if tag.summary else Markup("")
        about = _PHRASES.format("; ".join(tag.phrases)) if tag.phrases else Markup("")
        beside = tag_lines(term.papers, _TAGS_SHOWN, without=term.url)
        parts = [
            Section("Themes with this tag", "themes", theme_lines(term.papers)),
            *([Section("Often together with", "tags", beside)] if beside else []),
        ]
        description = f"{plural(len(term.papers), 'paper')} on {term.title}: {tag.summary}"
        listing = replace(_term_listing("tag", term, lead, tuple(parts), config), about=about)
        crumb = Link("Tags", routes.TAGS)
        yield from list_pages(
            _term_plan(site, term, listing, shorten(description), crumb, config), config.page_size
        )


def organization_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the pages of each organisation."""
    crumb = Link("Organizations", routes.ORGANIZATIONS)
    for term in terms_of(site, "organizations"):
        parts = (Section("Themes", "themes", theme_lines(term.papers)),)
        listing = _term_listing("organization", term, Markup(""), parts, config)
        description = f"{plural(len(term.papers), 'paper')} by {term.title} in {config.title}."
        yield from list_pages(_term_plan(site, term, listing, description, crumb, config), config.page_size)


def author_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the pages of each author of two papers or more."""
    crumb = Link("Authors", routes.AUTHORS)
    for term in terms_of(site, "authors"):
        papers = group_of("", "", term.papers)  # one list: few papers, many months
        listing = replace(_term_listing("author", term, Markup(""), (), config), groups=(papers,))
        description = f"{plural(len(term.papers), 'paper')} by {term.title} in {config.title}."
        yield from list_pages(_term_plan(site, term, listing, description, crumb, config), config.page_size)


def _term_listing(
    kind: Literal["tag", "organization", "author"],
    term: Term,
    lead: Markup,
    parts: tuple[Section, ...],
    config: Config,
) -> Listing:
    return Listing(
        kind=kind,
        kicker=kind.capitalize(),
        heading=term.title,
        lead=lead,
        facts=(plural(len(term.papers), "paper"),),
        contents=(),
        parts=parts,
        groups=_by_month(term.papers),
        pagination=None,
        previous=None,
        next=None,
        feeds=term_feed_links(term, config),
    )


def _term_plan(
    site: Site, term: Term, listing: Listing, description: str, crumb: Link, config: Config
) -> ListPlan:
    return ListPlan(
        url=term.url,
        title=f"{term.title} ({listing.kicker.lower()})",
        description=description,
        crumbs=(crumb,),
        section=crumb.url,
        listing=listing,
        feeds=(*listing.feeds, *site_feed_links(site, config)),
    )


def _by_month(papers: Sequence[Paper]) -> tuple[Group, ...]:
    """Return papers by the month in which the digest first had them; those of no issue come last."""
    groups = []
    for url, group in groupby(
        papers, key=lambda paper: paper.first_day and routes.month_url(paper.first_day)
    ):
        members = tuple(group)
        day = members[0].first_day
        title = f"Collected in {month_name(day)}" if day else "In no issue"
        anchor = f"m-{day:%Y-%m}" if day else "no-issue"
        groups.append(group_of(title, anchor, members, url or ""))
    return tuple(groups)
