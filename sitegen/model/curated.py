"""The curator's own words, as they stand in files: notes, digests, themes, tags, labels, ids, free pages.

`Parsed` is all that the sources say, these words and the entries.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from sitegen.errors import Problem
from sitegen.model.content import Entry


class Note(Struct, frozen=True):
    """The curator on one paper: front matter and Markdown."""

    source: str
    line: int
    """The line of the field `paper`."""
    paper: str
    """An arXiv id ("arXiv:2410.14649"), a DOI ("doi:10...") or a title."""
    lines: tuple[tuple[str, int], ...]
    """The line of each field of the front matter, for messages."""
    body: str = ""
    """Markdown."""
    body_line: int = 1
    """The line on which the body starts."""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    """The field `date`: the paper's own date, corrected."""
    abstract: str = ""
    slug: str = ""
    aliases: tuple[str, ...] = ()
    """Old addresses of the paper, such as "/papers/old-name/"."""
    theme: str = ""
    themes: tuple[str, ...] = ()
    """Further themes."""
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Label and absolute address."""
    pick: bool = False
    featured: date | None = None
    """The day on which the curator puts the paper before readers."""
    updated: date | None = None
    """The day of the last edit that subscribers should see."""
    draft: bool = False
    withdrawn: str = ""
    """Why the paper was withdrawn; empty when it was not."""
    keys: tuple[str, ...] = ()
    """What `identity.keys_of` says of it, once it is parsed."""


class Digest(Struct, frozen=True):
    """The curator on one issue."""

    source: str
    day: date
    title: str = ""
    picks: tuple[tuple[str, int], ...] = ()
    """Papers to put first, in this order: id or title, and the line where it stands."""
    body: str = ""
    body_line: int = 1
    updated: date | None = None
    draft: bool = False


class Theme(Struct, frozen=True):
    """A theme of the digest, from its own file; the list of them is closed."""

    source: str
    slug: str
    title: str
    order: int
    summary: str
    """One sentence: what the theme is about."""
    includes: str = ""
    """What belongs there; its words count a little."""
    excludes: str = ""
    """What does not, said to the curator alone."""
    phrases: tuple[tuple[str, int], ...] = ()
    """What speaks for the theme in a title or an abstract, and how loud; below zero it speaks against it."""
    before: tuple[str, ...] = ()
    """The themes that this one goes before where a paper fits both."""
    body: str = ""
    """Markdown, shown on the theme's page."""
    body_line: int = 1


class Tag(Struct, frozen=True):
    """A tag from `tags.toml`."""

    slug: str
    title: str
    summary: str
    """What the tag says of a paper, in a few words."""
    phrases: tuple[str, ...]
    """The phrases that mean it, as whole words, in any case."""
    line: int


class Label(Struct, frozen=True):
    """A row of `labels.csv`: the curator's word on one paper."""

    source: str
    line: int
    paper: str
    """A title, or an id as in a note."""
    id: str
    """"arXiv:2410.14649", "doi:10..." or empty."""
    theme: str
    more_themes: tuple[str, ...]
    tags: tuple[str, ...]
    keys: tuple[str, ...] = ()
    """What `identity.keys_of` says of it, once it is parsed."""


class Given(Struct, frozen=True):
    """A row of `ids.csv`: what was given out for one paper and holds for ever."""

    key: str
    feed_id: str
    slug: str
    first_day: date | None
    line: int


class FreePage(Struct, frozen=True):
    """A page of the curator's own: about, imprint ..."""

    source: str
    slug: str
    title: str
    description: str
    body: str
    body_line: int
    draft: bool = False


class Parsed(Struct, frozen=True):
    """All that the sources say, each thing in its own type, sorted by path and line."""

    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]
    digests: tuple[Digest, ...]
    themes: tuple[Theme, ...]
    tags: tuple[Tag, ...]
    labels: tuple[Label, ...]
    given: tuple[Given, ...]
    pages: tuple[FreePage, ...]
    warnings: tuple[Problem, ...]
    sources: int
    """How many files were read."""
