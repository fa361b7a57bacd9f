"""Limits: what is longer than any title, abstract or list of names is cut before it goes on, with a warning.

A page of ten megabytes helps nobody, and all that is made of a paper takes time for each of its letters.
A paper whose title has no letter, and which has no id, cannot be told from others and is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from msgspec.structs import replace

from sitegen.errors import Problem, warning
from sitegen.model import Entry, Note, Organization
from sitegen.parsers.fields import short
from sitegen.text import plain

LONGEST = {
    "title": 1_000,
    "abstract": 50_000,
    "body": 300_000,  # of a note
    "machine_summary": 2_000,
    "authors": 300_000,  # of the longest list that we know, ten times
    "keywords": 20_000,
    "organization": 300,
}
"""The most characters of each field."""
_HINT = "What is more is left out. Is the mark missing with which the field ends?"


def bounded(values: Sequence[Any]) -> tuple[list[Any], list[Problem]]:
    """Return what stands in a source with fields of a measure, and a warning for each that was cut.

    Of a text its beginning is left, of a list the first names that fit, of an organisation nothing.
    """
    kept: list[Any] = []
    problems: list[Problem] = []
    for value in values:
        if isinstance(value, Entry) and not (value.arxiv_id or value.doi or _has_letter(value.title)):
            message = f"“{short(value.title)}” has no letter and the paper no id, so it is left out."
            problems.append(warning("no-title", value.source, value.line, message))
            continue
        if isinstance(value, Note) and not _has_letter(value.paper):
            message = f"paper: “{short(value.paper)}” names no paper, for it has no letter."
            problems.append(Problem(value.source, value.line, message, "Write its title, arXiv id or DOI."))
        long = dict(_too_long(value)) if isinstance(value, Entry | Note) else {}
        for name, length in long.items():
            message = f"{name.replace('_', ' ')}: {length:,} characters, of which {LONGEST[name]:,} are read."
            problems.append(warning("too-long", value.source, value.line, message, _HINT))
        cut: dict[str, Any] = {name: _head(getattr(value, name), LONGEST[name]) for name in long}
        kept.append(replace(value, **cut) if cut else value)
    return kept, problems


def _has_letter(title: str) -> bool:
    """Tell whether a title holds a letter or a digit, as `identity` looks for them."""
    letters = unicodedata.normalize("NFKD", plain(title))
    return any(letter.isalnum() and not unicodedata.combining(letter) for letter in letters)


def _too_long(value: Entry | Note) -> Iterator[tuple[str, int]]:
    """Yield the name of each field that is too long, and its length."""
    for name, most in LONGEST.items():
        length = _length(getattr(value, name, None))
        if length > most:
            yield name, length


def _length(value: str | tuple[str, ...] | Organization | None) -> int:
    match value:
        case str():
            return len(value)
        case tuple():
            return sum(map(len, value))
        case Organization():
            return len(value.handle) + len(value.name)
    return 0


def _head(value: str | tuple[str, ...] | Organization, most: int) -> str | tuple[str, ...] | None:
    match value:
        case str():
            return value[: most - 1].rstrip() + "…"
        case tuple():
            ends = accumulate(map(len, value))
            return tuple(name for name, end in zip(value, ends, strict=True) if end <= most)
    return None
