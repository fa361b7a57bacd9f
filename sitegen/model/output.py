"""What a build makes and says of itself: artifacts, the manifest, changes and the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct, field

from sitegen.errors import Problem
from sitegen.model.site import Visible


class Artifact(Struct, frozen=True):
    """A file of the site: where it goes and what it holds."""

    path: str
    """Relative to the output folder, with forward slashes: "papers/evopress/index.html"."""
    data: bytes
    rank: int
    """When it is switched in: 0 assets, 1 pages, 2 lists, 3 feeds, 4 sitemap and the like."""
    fingerprint: str = ""
    """Of the target that it was made from; empty where nobody asks."""


class Staged(Struct, frozen=True):
    """An artifact that is written already, to where it waits for the switch."""

    path: str
    name: str
    """Of the file in the staging folder."""
    hash: str
    """The BLAKE2 hash of what it holds."""
    size: int
    mtime: int
    """In nanoseconds, as the disk has it."""
    rank: int
    fingerprint: str = ""


class Voucher(NamedTuple):
    """What vouches for an output file without its being read: what it was made from, size and time."""

    fingerprint: str
    """Of the target; empty for a file that is made again by each build."""
    size: int
    mtime: int
    """In nanoseconds, as the disk has it."""


class Kept(Struct, frozen=True):
    """A file of the site that already is what its target would become, and stays."""

    path: str
    voucher: Voucher


Output = Artifact | Staged | Kept
"""What becomes of a target."""

ChangeKind = Literal["create", "update", "identical", "delete"]


class Change(Struct, frozen=True):
    """What became of one output file."""

    kind: ChangeKind
    path: str


class Written(Struct, frozen=True):
    """What `write` did."""

    changes: tuple[Change, ...]
    """Sorted by path."""
    kept_foreign: tuple[str, ...] = ()
    """Files that were left alone because nothing proves that they are ours."""
    vouchers: Mapping[str, Voucher] = field(default_factory=lambda: MappingProxyType({}))
    """For each file of the site, by path."""


class Manifest(Struct, frozen=True):
    """Which files of an output folder are ours, with the hash of what we wrote."""

    files: tuple[tuple[str, str], ...]
    """Path and BLAKE2 hash, sorted."""
    usable: bool
    """False where the folder is ours but its manifest is missing or damaged."""


class Searched(Struct, frozen=True):
    """What became of the search bundle."""

    state: Literal["made", "kept", "failed", "off"]
    """Off where the site has no search or nothing to find, and for a build that leaves it alone."""
    papers: int
    """How many papers can be found."""
    seconds: float = 0.0
    """How long the making took."""
    problems: tuple[Problem, ...] = ()
    """Why it failed."""
    foreign: tuple[str, ...] = ()
    """Files in its place that were left alone because nothing proves that they are ours."""


class Report(Struct, frozen=True):
    """All that a build did."""

    out: Path
    base_url: str
    sources: int
    entries: int
    papers: int
    merged: int
    """How many entries went into papers that had one already."""
    issues: int
    pages: int
    feeds: int
    written: Written
    warnings: tuple[Problem, ...]
    """Those that nobody accepted."""
    accepted: int
    waiting: tuple[Visible, ...]
    unrecorded: int
    """How many papers `ids.csv` lacks."""
    search: Searched
