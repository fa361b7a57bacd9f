"""What is read from `content/`: files, and the entries in those that hold papers.

`Source` is a file as read; `Entry` is what one source says of a paper.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from msgspec import Struct


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


class Source(Struct, frozen=True):
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


class AssetFile(Struct, frozen=True):
    """A file that the site serves as it is."""

    path: str
    """Where it was found, relative to the project or the templates."""
    name: str
    """Its path below the folder of assets, with forward slashes."""
    data: bytes
    owner: Literal["curator", "templates"]


class PartialDate(Struct, frozen=True, array_like=True):
    """A year, or a month of a year: all that a source says of a date."""

    year: int
    month: int | None = None

    def isoformat(self) -> str:
        """Return "2024" or "2024-03"."""
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month else "")


When = date | PartialDate
"""A date as far as it is known."""


class Organization(Struct, frozen=True, array_like=True):
    """An organisation as a capture names it: `nvidia NVIDIA`."""

    handle: str
    name: str


class EntryLink(Struct, frozen=True, array_like=True):
    """An address that a source gives for a paper."""

    url: str
    """Absolute, http or https."""
    kind: Literal["", "paper", "code", "project"] = ""
    """What the source says it leads to; empty where the address alone must tell."""


class Entry(Struct, frozen=True, array_like=True):
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
    keys: tuple[str, ...] = ()
    """What `identity.keys_of` says of it, once it is parsed; for who changes its title or an id to clear."""
    slug: str = ""
    """What `identity.slug_of` says of it, likewise."""
