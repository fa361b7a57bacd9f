"""What is known before any page is made: issues, terms, and the site that holds them and the papers.

An `Issue` is the papers of one day; a `Term` one group of a taxonomy; `Site` all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from markupsafe import Markup
from msgspec import Struct, field

from sitegen.errors import Problem
from sitegen.model.content import AssetFile
from sitegen.model.curated import Given, Tag
from sitegen.model.paper import Paper, Related, ThemeLink


class Issue(Struct, frozen=True):
    """The papers of one day's sources."""

    day: date
    url: str
    title: str
    """The curator's, else "Issue of 9 December 2025"."""
    introduction: Markup
    introduction_plain: str
    papers: tuple[Paper, ...]
    """Picks first in the curator's order, then by theme, then as the sources have them."""
    picks: tuple[str, ...]
    """Slugs of the picked papers, in the curator's order."""
    updated: date
    draft: bool = False


class Term(Struct, frozen=True):
    """One group of a taxonomy: a theme, a tag, an organisation, a week, a month ..."""

    taxonomy: str
    slug: str
    title: str
    url: str
    papers: tuple[Paper, ...]
    """Newest first by the day the digest first had them; ties by slug."""


class Taxonomy(Struct, frozen=True):
    """A way to group papers, with its terms in the order in which an index shows them."""

    name: str
    """ "themes", "tags", "organizations", "weeks", "months", "years", "published-months", "authors" ..."""
    terms: tuple[Term, ...]


class ThemePage(Struct, frozen=True):
    """A theme with its own words, set."""

    link: ThemeLink
    summary: str
    lead: Markup


class TextPage(Struct, frozen=True):
    """A free page, set."""

    slug: str
    title: str
    description: str
    html: Markup
    draft: bool
    source: str


class Visible(Struct, frozen=True):
    """Something that waits for its day: what `--as-of` will show next."""

    day: date
    what: str


class Site(Struct, frozen=True):
    """Everything known of the site, immutable, before any page is made."""

    papers: tuple[Paper, ...]
    """Every paper that lists may show, newest first by first day, ties by slug."""
    withdrawn: tuple[Paper, ...]
    """Papers that only their own pages still name."""
    issues: tuple[Issue, ...]
    """Newest first."""
    taxonomies: tuple[Taxonomy, ...]
    themes: tuple[ThemePage, ...]
    """Every theme in the curator's order, with or without papers, then Unsorted if it has any."""
    tags: tuple[Tag, ...]
    """The tags that have papers, as `tags.toml` describes them."""
    pages: tuple[TextPage, ...]
    assets: tuple[AssetFile, ...]
    waiting: tuple[Visible, ...]
    unrecorded: tuple[Given, ...]
    """What was given out by rule and is not yet in `ids.csv`, oldest first."""
    warnings: tuple[Problem, ...]
    today: date | None
    """The day of the build; none where there is no dated source."""
    related: Mapping[str, tuple[Related, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The papers near to each paper, by its slug."""
