"""What pages show: lists, indexes, the front page, a paper, words, feeds.

Each page carries one of these values as its body; a template shows nothing else of the site. Addresses are
paths from the site's own root ("/papers/x/"), without the path of its base URL.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from markupsafe import Markup
from msgspec import Struct

from sitegen.model.charts import Bars, Ranking, Table, Year
from sitegen.model.paper import Link, Paper, Related, ThemeLink

FeedFormat = Literal["atom", "rss", "json"]


class FeedLink(Struct, frozen=True):
    """A feed as a page announces it."""

    title: str
    """With its format, as a reader shows it: "Load-Bearing: Architectures (Atom)"."""
    url: str
    name: str
    """Of the format alone: "Atom"."""
    type: str
    """Its media type: "application/atom+xml"."""


class Pagination(Struct, frozen=True):
    """Where one page of a long list stands. A list of one page has none."""

    number: int
    """Counted from 1."""
    count: int
    previous: str
    """Address of the page before, or empty."""
    next: str
    pages: tuple[Link | None, ...]
    """Links to the first, the last and the neighbouring pages; `None` where some are left out."""


class Group(Struct, frozen=True):
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


class Line(Struct, frozen=True):
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
    chart: Bars | None = None
    """For a theme, its papers over time."""


class Section(Struct, frozen=True):
    """Lines under one heading of an index."""

    title: str
    """Empty for an index of one section."""
    anchor: str
    lines: tuple[Line, ...]
    url: str = ""
    """Where the heading leads, or empty."""


class Listing(Struct, frozen=True):
    """A list of papers: an issue, a week, a theme, a tag ... One page of it."""

    kind: Literal[
        "issue", "week", "month", "year", "theme", "tag", "organization", "author",
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
    """What else belongs to it, on the first page: the months of a year, the tags of a theme."""
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
    chart: Bars | None = None
    """Its papers over time; on the first page only, as is the next."""
    discussed: Ranking | None = None
    about: Markup = Markup("")
    """What else is to be said of it, beside its papers or after them: a theme's other words, a tag's rule.
    """


class Index(Struct, frozen=True):
    """A list of lists: all themes, all tags, the archive ..."""

    kind: Literal["themes", "tags", "organizations", "authors", "archive", "published", "digest"]
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
    pagination: Pagination | None = None
    calendar: tuple[Year, ...] = ()
    """The issues by day, newest year first."""
    charts: tuple[Bars, ...] = ()
    table: Table | None = None
    """The numbers of the charts of all lines."""


class IssueCard(Struct, frozen=True):
    """An issue as the home page shows it."""

    title: str
    url: str
    day: date
    count: int
    introduction: Markup
    """The first paragraph of the curator's introduction; empty without one."""
    themes: tuple[Line, ...]
    """The themes of the issue with their counts, largest first."""


class Home(Struct, frozen=True):
    """The front page: the newest issue by theme, and the three before it."""

    newest: IssueCard | None
    """None while there is no issue."""
    picks: tuple[Paper, ...]
    """The newest issue's picked papers, shown with their first lines."""
    groups: tuple[Group, ...]
    """The newest issue's papers by theme, shown as titles."""
    earlier: tuple[IssueCard, ...]
    themes: tuple[Line, ...]


class PaperBody(Struct, frozen=True):
    """A paper on its own page."""

    paper: Paper
    previous: Link | None
    """The paper before it in its newest issue."""
    next: Link | None
    issue: Link | None
    related: tuple[Related, ...] = ()
    """The papers nearest to it, nearest first."""
    author_urls: tuple[str, ...] = ()
    """Of each author the page, or empty; nothing at all where no author has one."""


class Text(Struct, frozen=True):
    """A page of the curator's words, or one of the site's own short messages."""

    heading: str
    html: Markup
    draft: bool = False


class Search(Struct, frozen=True):
    """The page that searches."""

    bundle: str
    """Where the index and the program that reads it lie."""
    themes: tuple[ThemeLink, ...]
    """Those that have papers, in the curator's order."""
    years: tuple[int, ...]
    """Of publication, newest first."""
    ways: tuple[Link, ...]
    """Other ways to papers."""


class FeedRow(Struct, frozen=True):
    """A thing that can be subscribed to, as /feeds/ lists it."""

    title: str
    page_url: str
    feeds: tuple[FeedLink, ...]


class FeedSection(Struct, frozen=True):
    """Feeds of one kind, as /feeds/ lists them."""

    title: str
    anchor: str
    rows: tuple[FeedRow, ...]


class Feeds(Struct, frozen=True):
    """The page about all feeds."""

    sections: tuple[FeedSection, ...]
    opml_url: str
    """The same as a file that feed readers import."""
    authors_url: str = ""
    """The index of authors, who have feeds on their own pages; empty where no author has a page."""


class Redirect(Struct, frozen=True):
    """A page at an old address that sends its visitor on."""

    to: Link


Body = Home | Listing | Index | PaperBody | Text | Search | Feeds | Redirect
