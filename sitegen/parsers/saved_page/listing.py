"""Listings: what the readers of plain and of linked pages hand over, and what both know of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from sitegen.parsers.saved_page.lines import Line
from sitegen.parsers.saved_page.meta import Meta

LONGEST_TITLE = 300
NUMBER = re.compile(r"(?:\[[-x ]?\]\s*)?(?:upvote\s*)?(?P<number>[0-9]{1,6}|-)", re.IGNORECASE)
"""A number of votes above a title; "-" for none."""

_FURNITURE = frozenset(
    " ".join(words.split())
    for words in """
    new · subscribe · hugging face · hugging face's logo · daily papers · # daily papers
    · daily papers - hugging face
    · by · ak · byak · and the research community · byak and the research community
    · by ak and the research community · get trending papers in your email inbox!
    · get trending papers in your email inbox once a day! · daily · weekly · monthly · trending papers
    · trending papers ranked by github stars activity · papers · models · datasets · spaces · buckets
    · buckets new · community · docs · enterprise · pricing · website · tasks · collections · languages
    · organizations · blog · posts · learn · discord · forum · github · solutions · log in · sign up
    · search · previous · next · load more · upvote · system theme · company · tos · terms of service
    · privacy · about · careers · arxiv page
    """.split("·")
)
"""What stands on the page around the listings, as one line each, in lower case."""


class Block(Struct, frozen=True):
    """A paragraph: the number of its first line, and its lines as one."""

    line: int
    text: str


class Listing(Struct, frozen=True):
    """One paper as the page shows it."""

    line: int
    title: str
    abstract: str
    paragraphs: int
    """How many blocks the abstract is made of."""
    meta: Meta | None
    arxiv_id: str = ""
    upvotes: int | None = None
    links: tuple[str, ...] = ()


class Listings(Struct, frozen=True):
    """All that was found on a page."""

    found: tuple[Listing, ...]
    """In the order of the page."""
    unread: tuple[Block, ...]
    day: Block | None
    """The day that the page's head names."""
    genuine: bool
    """Whether anything but guesswork says that these are listings of papers."""


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """Return the paragraphs of some lines; a wrapped one becomes one line."""
    gathered: list[tuple[int, list[str]]] = []
    for line in lines:
        if line.gap or not gathered:
            gathered.append((line.number, []))
        gathered[-1][1].append(line.text)
    return [Block(number, " ".join(texts)) for number, texts in gathered]


def is_furniture(text: str) -> bool:
    """Return whether the text belongs to the page around the listings, or says nothing at all."""
    if len(text) > LONGEST_TITLE:
        return False
    return text.lower() in _FURNITURE or not any(character.isalnum() for character in text)


def one_line(text: str) -> str:
    """Return the text with every stretch of white space made one space."""
    return " ".join(text.split())
