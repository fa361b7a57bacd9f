"""What a citation says of a paper, whatever its format: key, address, names, date. Only what is known.

A helper of the rooms that write citations, `twins` and `metadata`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen.model import Paper

_PARTICLES = frozenset(
    "von van vom der den dem zu zur de del della di da do dos das du la le ter ten te bin ibn al el".split()
)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")


class Name(NamedTuple):
    """A name in its two parts; given, a space and family are the name as its source has it."""

    given: str
    """Empty for a name of one word: of a group, or of a person who has but one."""
    family: str


def citation_key(paper: Paper) -> str:
    """Return the key by which a paper is cited: its slug, which is unique and for ever."""
    return paper.slug


def address(paper: Paper) -> str:
    """Return where the paper itself is; empty where no source says so. A search is no address."""
    return next((link.url for link in paper.links if link.kind == "paper"), "")


def names(paper: Paper) -> tuple[Name, ...]:
    """Return the authors that are known by name, in order."""
    return tuple(map(split_name, paper.authors))


def date_parts(paper: Paper) -> list[int]:
    """Return year, month and day of publication, as many of them as are known."""
    when = paper.published or paper.published_in
    if when is None:
        return []
    day = paper.published.day if paper.published else None
    return [part for part in (when.year, when.month, day) if part is not None]


def has_more_authors(paper: Paper) -> bool:
    """Return whether the names are known to be, or may be, only the first of them."""
    return bool(paper.authors) and (paper.author_count is None or paper.author_count > len(paper.authors))


def split_name(name: str) -> Name:
    """Return a name in its parts: particles ("van der") and "Jr." belong to the family name."""
    words = name.split(" ")
    if len(words) == 1 or "," in name:
        return Name("", name)
    start = len(words) - 1
    if start > 1 and _SUFFIX.fullmatch(words[start]):
        start -= 1
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return Name(" ".join(words[:start]), " ".join(words[start:]))
