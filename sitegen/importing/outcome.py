"""The values of an import: a file that is offered, what the curator asks for, what became of the file."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from sitegen.errors import Problem
from sitegen.model import Entry
from sitegen.parsers.sniff import Format

Action = Literal["copied", "replaced", "known", "contained", "refused"]
"""Copied to a new place; put in the place of a file that it holds whole; there already as it is; nothing
in it that is not there already; not understood."""


class Offer(Struct, frozen=True):
    """A file that the curator wants in the digest."""

    name: str
    """As the curator calls it, for messages."""
    stem: str
    """The name without folder and ending; "" where it has none."""
    ending: str
    """In lower case, without the dot."""
    data: bytes


class Wish(Struct, frozen=True):
    """What the curator says of all files at once."""

    day: date | None = None
    year: int | None = None
    """Of captures whose page and name do not say it."""


class Day(Struct, frozen=True):
    """The day that a file gets."""

    day: date | None
    """None for one that joins no issue."""
    why: str
    assumed: bool = False
    """Whether a part of it stands nowhere and was concluded."""


class Outcome(Struct, frozen=True):
    """What became of one file."""

    name: str
    """As the curator calls it."""
    action: Action
    format: Format | None = None
    target: str = ""
    """Where it lies now; of one that is "known" or "contained", the file that has it."""
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Why it was refused, or what could not be read, by the name that the curator knows."""
    day: Day | None = None
    text: str = ""

    @property
    def arrived(self) -> bool:
        """Whether content has changed."""
        return self.action in ("copied", "replaced")
