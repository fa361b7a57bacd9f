"""What the site will contain: pages, feeds, twins, documents and assets, each with all that it shows.

`plan` makes these, `render` turns them into artifacts. A template sees its `Page` and the `Facts`,
nothing else, so that these two decide every byte. Addresses are paths from the site's own root
("/papers/x/"), without the path of its base URL; templates pass them through `href`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from msgspec import Struct

from sitegen.model.bodies import Body, FeedFormat, FeedLink, Group
from sitegen.model.paper import Link, Paper, ThemeLink
from sitegen.model.site import Issue


class SocialCard(Struct, frozen=True):
    """The picture that stands for a page where its address is shared. Colours are "#rrggbb"."""

    url: str
    alt: str
    """What it says, for who cannot see it."""
    kicker: str
    """The name of the site; empty on the site's own."""
    title: str
    text: str
    """A sentence or two, or empty."""
    background: str
    ink: str
    muted: str
    """The colour of the text below the title."""
    stripe: str
    """The colour of the upper edge."""
    marks: tuple[str, ...]
    """The colours of a row of squares: the papers of an issue, the themes of the site."""


class TwinLink(Struct, frozen=True):
    """A machine twin as its page announces it."""

    name: str
    """Of the format: "BibTeX"."""
    url: str
    type: str
    """Its media type: "application/x-bibtex"."""


class Page(Struct, frozen=True):
    """A page of the site and all that it shows."""

    url: str
    """Its address; "/404.html" for the one page that is not a folder."""
    template: str
    title: str
    """Plain and unique on the site, without the site's own name."""
    description: str
    """One plain sentence for search engines and previews; empty for a paper without abstract."""
    body: Body
    crumbs: tuple[Link, ...]
    """The folders above it, from the top, without home and without itself."""
    feeds: tuple[FeedLink, ...]
    """Announced in its head: its own first, then the site's."""
    updated: date | None
    """The newest day of what it shows, for the sitemap."""
    indexed: bool = True
    """False keeps it out of the sitemap and asks search engines to leave it."""
    section: str = ""
    """Which entry of the navigation is the current one: its address."""
    card: SocialCard | None = None
    """Its own social card; none where the site's stands for it."""
    origin: tuple[str, int] = ("", 0)
    """Where the curator asked for the page, path and line, for messages; empty for the site's own."""
    twins: tuple[TwinLink, ...] = ()
    """The same as files for programs; those of a list are announced by its first page."""


class Letter(Struct, frozen=True):
    """An issue, or a week of them, as one thing to read: an entry of a digest feed, or a mail."""

    name: str
    """Its own for ever: "2025-12-09" or "2025-w50"."""
    feed_id: str
    """A `tag:` URI that is made of the name."""
    url: str
    """The page of the issue or the week."""
    title: str
    summary: str
    """One plain sentence."""
    published: date
    """The day of the issue, or the last day of the week."""
    updated: date
    issues: tuple[Issue, ...]
    """The issues it is made of, newest first, whose introductions stand before all papers."""
    groups: tuple[Group, ...]
    """The picks, then the other papers by theme; each paper once."""
    omitted: int = 0
    """How many papers more stand on the page."""


FeedItem = Paper | Letter


class Feed(Struct, frozen=True):
    """A feed and all that it holds."""

    url: str
    format: FeedFormat
    id: str
    """A `tag:` URI."""
    title: str
    subtitle: str
    page_url: str
    """The page that shows the same."""
    items: tuple[FeedItem, ...]
    """Newest first."""
    updated: date
    current_url: str = ""
    """RFC 5005: for an archive document, the feed that it is an archive of."""
    prev_archive_url: str = ""
    next_archive_url: str = ""


TwinFormat = Literal["bibtex", "ris", "csl", "markdown", "collection"]


class Twin(Struct, frozen=True):
    """The papers of a page as a file for programs, in one of their formats."""

    url: str
    format: TwinFormat
    papers: tuple[Paper, ...]
    total: int | None = None
    """Of the newest part of a collection: how many papers all parts hold."""
    next_url: str = ""
    """Of a part of a collection: the part with the papers before these, or empty."""


class Document(Struct, frozen=True):
    """A text file of another kind: sitemap, robots.txt, redirects."""

    path: str
    text: str


class Asset(Struct, frozen=True):
    """A file served as it is."""

    url: str
    data: bytes


Target = Page | Feed | Twin | Document | Asset | SocialCard


class Planned(NamedTuple):
    """A target with what tells whether it has to be made."""

    target: Target
    path: str
    """Where its file goes, relative to the output folder."""
    fingerprint: str
    """The hash of all that decides its bytes."""


class Subscribe(Struct, frozen=True):
    """Where the subscribe form sends an address."""

    netlify: bool
    action: str
    """The form's address; for Netlify Forms the thank-you page."""
    field: str
    """The name of the input that holds the e-mail address."""


class Facts(Struct, frozen=True):
    """What every page knows of the site. It changes with configuration, themes and templates only."""

    title: str
    description: str
    language: str
    base_url: str
    """Absolute, with a trailing slash."""
    base_path: str
    """The path of the base URL, with slashes at both ends: "/" or "/digest/"."""
    preview: bool
    """True for a deploy preview: no page asks to be indexed."""
    navigation: tuple[Link, ...]
    pages: tuple[Link, ...]
    """The curator's free pages, for the footer."""
    themes: tuple[ThemeLink, ...]
    assets: tuple[tuple[str, str], ...]
    """The templates' assets: name ("style.css") and fingerprinted address."""
    feeds: tuple[FeedLink, ...]
    """The site's own feeds."""
    subscribe: Subscribe | None
    hub: str
    """The WebSub hub that the feeds name, or empty."""
    card: SocialCard | None
    """The social card of every page that has none of its own; none where there are no cards."""
    authority: str
    """The authority of every `tag:` URI: "digest.example,2025-10-29"."""
