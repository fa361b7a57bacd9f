"""The pages of themes, tags, organisations and authors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from markupsafe import Markup
from msgspec.structs import replace

from sitegen import routes
from sitegen.charts import most_discussed
from sitegen.config import Config
from sitegen.dates import month_name
from sitegen.model import (
    FeedLink,
    Group,
    Link,
    Listing,
    Page,
    Paper,
    Section,
    Site,
    SocialCard,
    Tag,
    Term,
    ThemePage,
)
from sitegen.plan.cards import theme_card
from sitegen.plan.feeds import site_feed_links, term_feed_links
from sitegen.plan.listing import ListPlan, group_of, list_pages
from sitegen.plan.pictures import theme_chart
from sitegen.plan.wording import plural, shorten, tag_lines, terms_of, theme_lines
from sitegen.recent import Recent

_TAGS_SHOWN = 16
_PHRASES = Markup(
    '<p class="rule">A paper gets this tag from the curator, or by one of these phrases: {}.</p>'
)


def theme_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each theme; one without papers has a page too."""
    terms = {
        term.slug: term
        for taxonomy in site.taxonomies
        if taxonomy.name == "themes"
        for term in taxonomy.terms
    }
    feeds = site_feed_links(site, config)
    links = [None, *(Link(theme.link.title, theme.link.url) for theme in site.themes), None]
    for theme, previous, following in zip(site.themes, links, links[2:], strict=False):
        link = theme.link
        term = terms.get(link.slug) or Term("themes", link.slug, link.title, link.url, ())
        card = theme_card(link, theme.summary, site, config)
        yield from recent.call(
            _theme_pages, link.url, theme, term, previous, following, feeds, card, config, recent
        )


def _theme_pages(
    theme: ThemePage,
    term: Term,
    previous: Link | None,
    following: Link | None,
    feeds: tuple[FeedLink, ...],
    card: SocialCard | None,
    config: Config,
    recent: Recent,
) -> tuple[Page, ...]:
    tags = tag_lines(term.papers, _TAGS_SHOWN)
    listing = Listing(
        kind="theme",
        kicker="Theme",
        heading=theme.link.title,
        lead=Markup("<p>{}</p>").format(theme.summary),
        facts=(plural(len(term.papers), "paper"),),
        contents=(),
        parts=(Section("Tags in this theme", "tags", tags),) if tags else (),
        groups=_by_month(term.papers),
        pagination=None,
        previous=previous,
        next=following,
        feeds=term_feed_links(term, config),
        hue=theme.link.hue,
        chart=theme_chart(term.papers),
        discussed=most_discussed(term.papers),
        about=theme.lead,
    )
    crumb = Link("Themes", routes.THEMES)
    plan = _term_plan(term, listing, shorten(theme.summary), crumb, feeds)
    return tuple(list_pages(replace(plan, card=card), config.page_size, recent))


def tag_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each tag that has papers."""
    terms = {term.slug: term for term in terms_of(site, "tags")}
    feeds = site_feed_links(site, config)
    for tag in site.tags:
        yield from recent.call(_tag_pages, tag.slug, tag, terms[tag.slug], feeds, config, recent)


def _tag_pages(
    tag: Tag, term: Term, feeds: tuple[FeedLink, ...], config: Config, recent: Recent
) -> tuple[Page, ...]:
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
    plan = _term_plan(term, listing, shorten(description), Link("Tags", routes.TAGS), feeds)
    return tuple(list_pages(plan, config.page_size, recent))


def organization_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each organisation."""
    feeds = site_feed_links(site, config)
    for term in terms_of(site, "organizations"):
        yield from recent.call(_organization_pages, term.slug, term, feeds, config, recent)


def _organization_pages(
    term: Term, feeds: tuple[FeedLink, ...], config: Config, recent: Recent
) -> tuple[Page, ...]:
    parts = (Section("Themes", "themes", theme_lines(term.papers)),)
    listing = _term_listing("organization", term, Markup(""), parts, config)
    description = f"{plural(len(term.papers), 'paper')} by {term.title} in {config.title}."
    crumb = Link("Organizations", routes.ORGANIZATIONS)
    return tuple(list_pages(_term_plan(term, listing, description, crumb, feeds), config.page_size, recent))


def author_pages(site: Site, config: Config, recent: Recent) -> Iterator[Page]:
    """Yield the pages of each author of two papers or more."""
    feeds = site_feed_links(site, config)
    for term in terms_of(site, "authors"):
        yield from recent.call(_author_pages, term.slug, term, feeds, config, recent)


def _author_pages(
    term: Term, feeds: tuple[FeedLink, ...], config: Config, recent: Recent
) -> tuple[Page, ...]:
    papers = group_of("", "", term.papers)  # one list: few papers, many months
    listing = replace(_term_listing("author", term, Markup(""), (), config), groups=(papers,))
    description = f"{plural(len(term.papers), 'paper')} by {term.title} in {config.title}."
    plan = _term_plan(term, listing, description, Link("Authors", routes.AUTHORS), feeds)
    return tuple(list_pages(plan, config.page_size, recent))


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
    term: Term, listing: Listing, description: str, crumb: Link, feeds: tuple[FeedLink, ...]
) -> ListPlan:
    return ListPlan(
        url=term.url,
        title=f"{term.title} ({listing.kicker.lower()})",
        description=description,
        crumbs=(crumb,),
        section=crumb.url,
        listing=listing,
        feeds=(*listing.feeds, *feeds),
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
