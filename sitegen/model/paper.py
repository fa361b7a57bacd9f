"""What is known of a paper before any page is made, and the pieces it is made of.

A `Paper` is what we believe, merged from its entries. Addresses are paths from the site's own root
("/papers/x/"), without the path of its base URL.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from markupsafe import Markup, escape
from msgspec import Struct

from sitegen.model.content import Organization, PartialDate


class TextLink(Struct, frozen=True, array_like=True):
    """An address lifted out of a text."""

    url: str
    kind: Literal["code", "project", "model", "data"]
    label: str
    """What the reader sees: "Code", "Project page", "Model", "Data"."""


class Prose(Struct, frozen=True, array_like=True):
    """A title or an abstract, repaired and set, in the forms that pages and feeds need."""

    plain: str
    """Plain text: repaired, mathematics as it reads ("O(n²)")."""
    marked: Markup | None = None
    """With MathML, links and emphasis; none where there is nothing but text, as in most."""
    marked_for_feeds: Markup | None = None
    """Simple powers and indices as sup and sub, no annotation; none where it is the same."""
    links: tuple[TextLink, ...] = ()
    warnings: tuple[str, ...] = ()
    """What could not be set and stands as its source instead."""
    formulas: tuple[str, ...] = ()
    """The TeX of each `math` element of `html`, in order."""

    @property
    def html(self) -> Markup:
        """Safe HTML for pages."""
        return escape(self.plain) if self.marked is None else self.marked

    @property
    def feed_html(self) -> Markup:
        """Safe HTML for feeds."""
        return self.html if self.marked_for_feeds is None else self.marked_for_feeds


class Link(Struct, frozen=True, array_like=True):
    """A link inside the site."""

    title: str
    url: str
    """From the site's own root, without the path of its base URL: "/papers/evopress/"."""


Confidence = Literal["sure", "likely", "doubtful"]
"""Of a theme that was assigned: "sure" was right in more than 95 of 100 cases."""


class ThemeLink(Struct, frozen=True, array_like=True):
    """A theme as a paper names it."""

    slug: str
    title: str
    url: str
    hue: int
    """1 to 16: which of the theme colours of the style sheet is its own; 0 for Unsorted."""
    order: int
    """Its place among the themes, from 1; Unsorted comes last."""


class PaperLink(Struct, frozen=True, array_like=True):
    """A link from a paper to the world."""

    kind: Literal["paper", "code", "project", "model", "data", "other", "search"]
    """A "search" only looks for the paper and must look like it."""
    label: str
    url: str


class Seen(Struct, frozen=True, array_like=True):
    """One source that has the paper: provenance."""

    day: date | None
    source: str
    line: int
    """Where the title stands; 0 in a file of the curator's."""
    gave: tuple[str, ...] = ()
    """The facts that are taken from it, in words: "title", "authors", "arXiv id"."""


class Paper(Struct, frozen=True, array_like=True):
    """A paper as we believe it to be, merged from all that is said of it."""

    key: str
    """ "arxiv:2410.14649", "doi:10...", or "title:..." with the normalised title."""
    slug: str
    url: str
    feed_id: str
    """A `tag:` URI, given out once and kept."""
    title: Prose
    raw_title: str
    """The title as its source writes it."""
    abstract: Prose | None
    teaser: Markup
    """The first sentences of the abstract, for lists; empty when there is no abstract."""
    summary: str
    """The first sentence, plain, for descriptions and feeds; empty when there is no abstract."""
    arxiv_id: str
    doi: str
    authors: tuple[str, ...]
    author_count: int | None
    organization: Organization | None
    organization_url: str
    """The page of the organisation; empty without one."""
    published: date | None
    published_url: str
    """The page of the month of publication, of the year where only that is known; empty without a date."""
    comments: int | None
    upvotes: int | None
    theme: ThemeLink
    theme_words: tuple[str, ...] | None
    """Why the theme was assigned: the words that decided it; none when the curator chose it."""
    more_themes: tuple[ThemeLink, ...]
    tags: tuple[Link, ...]
    tags_chosen: bool
    """True where the curator chose them."""
    links: tuple[PaperLink, ...]
    """To the paper first, then to code, project, model and data; a search where no address is known."""
    seen: tuple[Seen, ...]
    """Oldest first."""
    days: tuple[date, ...]
    """The days of the issues that hold the paper, oldest first; empty for one that is in none."""
    issues: tuple[Link, ...]
    """The issues that hold the paper, in the order of `days`."""
    first_day: date | None
    """The day the digest first had it; none for one that is in no issue."""
    updated: date | None
    """The day of its newest source or of its note's last edit."""
    edited: date | None
    """The day of its note's last edit that readers should see."""
    note: Markup
    """The curator's words as HTML; empty without a note."""
    note_plain: str
    pick: bool
    draft: bool
    withdrawn: str
    aliases: tuple[str, ...]
    """Old addresses that lead to it."""
    keys: tuple[str, ...] = ()
    """Every key by which it is known; the first is `key`."""
    alias_place: tuple[str, int] = ("", 0)
    """Where the curator wrote the aliases, path and line, for messages."""
    theme_confidence: Confidence | None = None
    """How sure the assigned theme is; none when the curator chose it."""
    theme_runner_up: ThemeLink | None = None
    """The theme that came second; none when the curator chose, or nothing fits."""
    published_in: PartialDate | None = None
    """The year, or year and month, of publication where the day is unknown; else none."""
    curated: tuple[Seen, ...] = ()
    """The note and the labels that speak of it, each with the facts that it gave."""
    stars: int | None = None
    """Of its code at GitHub, when a source last said so."""
    machine_summary: str = ""
    """A sentence by a language model, plain, as a source gives it; never shown without saying so."""


class Related(Struct, frozen=True):
    """A paper that is near to another, as that one's page shows it."""

    title: Markup
    url: str
    hue: int
    """The colour of its theme."""
    words: tuple[str, ...]
    """What the two share, the strongest first."""
