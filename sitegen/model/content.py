"""What is read from `content/`: sources, the entries in them, and the curator's own words.

`Source` is a file as read; `Entry` is what one source says of a paper; `Note`, `Digest`, `Theme`,
`Tag`, `Label`, `Given` and `FreePage` are the curator's; `Parsed` is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from sitegen.errors import Problem


class Kind(StrEnum):
    """What a file under `content/` is, told by its place."""

    CAPTURE = "capture"
    DAILY_API = "daily-api"
    LIBRARY = "library"
    NOTE = "note"
    DIGEST = "digest"
    THEME = "theme"
    TAGS = "tags"
    LABELS = "labels"
    IDS = "ids"
    MAILED = "mailed"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Source:
    """A text file under `content/`, as read."""

    path: str
    """Relative to the project, with forward slashes: "content/captures/2025-12-09.txt"."""
    kind: Kind
    text: str
    """Decoded from UTF-8, without a byte order mark; line ends are line feeds."""

    @property
    def stem(self) -> str:
        """The file's name without folder and ending: "2025-12-09"."""
        return self.path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class AssetFile:
    """A file that the site serves as it is."""

    path: str
    """Where it was found, relative to the project or the templates."""
    name: str
    """Its path below the folder of assets, with forward slashes."""
    data: bytes
    owner: Literal["curator", "templates"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, or a month of a year: all that a source says of a date."""

    year: int
    month: int | None = None

    def isoformat(self) -> str:
        """Return "2024" or "2024-03"."""
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month else "")


When = date | PartialDate
"""A date as far as it is known."""


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation as a capture names it: `nvidia NVIDIA`."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class EntryLink:
    """An address that a source gives for a paper."""

    url: str
    """Absolute, http or https."""
    kind: Literal["", "paper", "code", "project"] = ""
    """What the source says it leads to; empty where the address alone must tell."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one source says of one paper. `None` and empty mean that it does not say."""

    source: str
    """The path of the source."""
    line: int
    """The line of the title in the source."""
    day: date | None
    """The day on which the source was collected; none for a source that belongs to no issue."""
    title: str
    """Raw, as the source has it, on one line."""
    abstract: str = ""
    """Raw: neither Markdown nor LaTeX."""
    arxiv_id: str = ""
    """Without "arXiv:" and without version: "2410.14649" or "astro-ph/0601001"."""
    doi: str = ""
    """Lower case, without resolver: "10.1145/3394486.3403118"."""
    authors: tuple[str, ...] = ()
    """Given name first: "Daniel S Himmelstein"."""
    author_count: int | None = None
    """How many there are; none where the source does not say, or cuts the list ("and others")."""
    organization: Organization | None = None
    published: date | None = None
    """The paper's own first publication."""
    published_in: PartialDate | None = None
    """Its year, or year and month, where the source does not name the day."""
    comments: int | None = None
    upvotes: int | None = None
    keywords: tuple[str, ...] = ()
    """As the source has them; those that are tags become tags."""
    links: tuple[EntryLink, ...] = ()
    """What the source links to, beyond the addresses in its text."""
    stars: int | None = None
    """How many stars its repository has at GitHub."""
    machine_summary: str = ""
    """A sentence on it that the source says a language model wrote."""


@dataclass(frozen=True, slots=True)
class Note:
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


@dataclass(frozen=True, slots=True)
class Digest:
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


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the digest, from its own file; the list of them is closed."""

    source: str
    slug: str
    title: str
    order: int
    summary: str
    """One sentence: what the theme is about."""
    includes: str = ""
    excludes: str = ""
    phrases: tuple[tuple[str, int], ...] = ()
    """What speaks for the theme in a title or an abstract, and how loud; below zero it speaks against it."""
    before: tuple[str, ...] = ()
    """The themes that this one goes before where a paper fits both."""
    body: str = ""
    """Markdown, shown on the theme's page."""
    body_line: int = 1


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag from `tags.toml`."""

    slug: str
    title: str
    summary: str
    """What the tag says of a paper, in a few words."""
    phrases: tuple[str, ...]
    """The phrases that mean it, as whole words, in any case."""
    line: int


@dataclass(frozen=True, slots=True)
class Label:
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


@dataclass(frozen=True, slots=True)
class Given:
    """A row of `ids.csv`: what was given out for one paper and holds for ever."""

    key: str
    feed_id: str
    slug: str
    first_day: date | None
    line: int


@dataclass(frozen=True, slots=True)
class FreePage:
    """A page of the curator's own: about, imprint ..."""

    source: str
    slug: str
    title: str
    description: str
    body: str
    body_line: int
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
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
