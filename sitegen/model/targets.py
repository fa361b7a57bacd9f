"""What the site will contain: pages, feeds, documents and assets, each with all that it shows.

`plan` makes these, `render` turns them into artifacts. A template sees its `Page` and the `Facts`,
nothing else, so that these two decide every byte. Addresses are paths from the site's own root
("/papers/x/"), without the path of its base URL; templates pass them through `href`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from sitegen.model.site import Issue, Link, Paper, ThemeLink

FeedFormat = Literal["atom", "rss", "json"]


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page announces it."""

    title: str
    """With its format, as a reader shows it: "Load-Bearing: Architectures (Atom)"."""
    url: str
    name: str
    """Of the format alone: "Atom"."""
    type: str
    """Its media type: "application/atom+xml"."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where one page of a long list stands. A list of one page has none."""

    number: int
    """Counted from 1."""
    count: int
    previous: str
    """Address of the page before, or empty."""
    next: str
    pages: tuple[Link | None, ...]
    """Links to the first, the last and the neighbouring pages; `None` where some are left out."""


@dataclass(frozen=True, slots=True)
class Group:
    """Papers under one heading of a list."""

    title: str
    """Empty for a list without headings."""
    anchor: str
    """The id of the heading, unique on its page."""
    url: str
    """Where the heading leads, or empty."""
    hue: int
    """The theme colour of the group, 1 to 16; 0 for none."""
    continued: bool
    """True where the group began on the page before."""
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of contents or of an index."""

    title: str
    url: str
    count: int | None
    """How many papers; none where a number would say nothing."""
    text: str = ""
    """One plain sentence, or empty."""
    hue: int = 0
    day: date | None = None
    """For an issue, its day."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading of an index."""

    title: str
    """Empty for an index of one section."""
    anchor: str
    lines: tuple[Line, ...]
    url: str = ""
    """Where the heading leads, or empty."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of papers: an issue, a week, a theme, a tag ... One page of it."""

    kind: Literal[
        "issue", "week", "month", "year", "theme", "tag", "organization",
        "published-year", "published-month", "papers",
    ]  # fmt: skip
    kicker: str
    """What it is, above the heading: "Theme", "Issue of 9 December 2025"."""
    heading: str
    """The h1; on page 2 and on it names the page: "Model Compression, page 2"."""
    lead: Markup
    """The curator's introduction or the theme's description; on the first page only."""
    facts: tuple[str, ...]
    """Short facts under the heading: "56 papers", "collected on 9 December 2025"."""
    contents: tuple[Line, ...]
    """The groups of all pages, each linked to its heading; empty where there are fewer than two."""
    parts: tuple[Section, ...]
    """What else belongs to it, on the first page: the issues of a month, the tags of a theme."""
    groups: tuple[Group, ...]
    pagination: Pagination | None
    previous: Link | None
    """The neighbour before it in time or order: the issue before this one."""
    next: Link | None
    feeds: tuple[FeedLink, ...]
    """The feeds of just this list."""
    hue: int = 0
    """The theme colour, 1 to 16; 0 for none."""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """A list of lists: all themes, all tags, the archive ..."""

    kind: Literal["themes", "tags", "organizations", "archive", "published", "digest"]
    kicker: str
    heading: str
    lead: str
    """One or two plain sentences."""
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    groups: tuple[Group, ...] = ()
    """Papers that belong here alone: those without a date, on /published/."""
    feeds: tuple[FeedLink, ...] = ()
    """The feeds of just this list."""


@dataclass(frozen=True, slots=True)
class IssueCard:
    """An issue as the home page shows it."""

    title: str
    url: str
    day: date
    count: int
    introduction: Markup
    """The first paragraph of the curator's introduction; empty without one."""
    themes: tuple[Line, ...]
    """The themes of the issue with their counts, largest first."""


@dataclass(frozen=True, slots=True)
class Home:
    """The front page: the newest issue by theme, and the three before it."""

    newest: IssueCard | None
    """None while there is no issue."""
    picks: tuple[Paper, ...]
    """The newest issue's picked papers, shown with their first lines."""
    groups: tuple[Group, ...]
    """The newest issue's papers by theme, shown as titles."""
    earlier: tuple[IssueCard, ...]
    themes: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PaperBody:
    """A paper on its own page."""

    paper: Paper
    previous: Link | None
    """The paper before it in its newest issue."""
    next: Link | None
    issue: Link | None


@dataclass(frozen=True, slots=True)
class Text:
    """A page of the curator's words, or one of the site's own short messages."""

    heading: str
    html: Markup
    draft: bool = False


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A thing that can be subscribed to, as /feeds/ lists it."""

    title: str
    page_url: str
    feeds: tuple[FeedLink, ...]


@dataclass(frozen=True, slots=True)
class FeedSection:
    """Feeds of one kind, as /feeds/ lists them."""

    title: str
    anchor: str
    rows: tuple[FeedRow, ...]


@dataclass(frozen=True, slots=True)
class Feeds:
    """The page about all feeds."""

    sections: tuple[FeedSection, ...]
    opml_url: str
    """The same as a file that feed readers import."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page at an old address that sends its visitor on."""

    to: Link


Body = Home | Listing | Index | PaperBody | Text | Feeds | Redirect


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site and all that it shows."""

    url: str
    """Its address; "/404.html" for the one page that is not a folder."""
    template: str
    title: str
    """Plain and unique on the site, without the site's own name."""
    description: str
    """One plain sentence for search engines and previews."""
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
    origin: tuple[str, int] = ("", 0)
    """Where the curator asked for the page, path and line, for messages; empty for the site's own."""


@dataclass(frozen=True, slots=True)
class Letter:
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


@dataclass(frozen=True, slots=True)
class Feed:
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


@dataclass(frozen=True, slots=True)
class Document:
    """A text file of another kind: sitemap, robots.txt, redirects."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file served as it is."""

    url: str
    data: bytes


Target = Page | Feed | Document | Asset


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Where the subscribe form sends an address."""

    netlify: bool
    action: str
    """The form's address; for Netlify Forms the thank-you page."""
    field: str
    """The name of the input that holds the e-mail address."""


@dataclass(frozen=True, slots=True)
class Facts:
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
    authority: str
    """The authority of every `tag:` URI: "digest.example,2025-10-29"."""
