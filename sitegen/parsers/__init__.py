"""The sources, parsed: `PARSERS` maps a kind of source to the function that reads it.

A parser takes one source and returns what stands in it, with its warnings; for a mistake it raises
`BuildError` or returns errors among its problems. `parse` gathers the problems of all sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sitegen.errors import BuildError, Problem
from sitegen.memory import Memory
from sitegen.model import Entry, Given, Kind, Label, Note, Parsed, Source
from sitegen.parsers import capture, curator, library, note, tables

Parser = Callable[[Source], tuple[Sequence[Any], Sequence[Problem]]]

PARSERS: dict[Kind, Parser] = {
    Kind.CAPTURE: capture.parse,
    Kind.DAILY_API: library.parse,
    Kind.LIBRARY: library.parse,
    Kind.NOTE: note.parse,
    Kind.DIGEST: curator.parse_digest,
    Kind.THEME: curator.parse_theme,
    Kind.TAGS: tables.parse_tags,
    Kind.LABELS: tables.parse_labels,
    Kind.IDS: tables.parse_ids,
    Kind.PAGE: curator.parse_page,
}

REMEMBERED: dict[Kind, type] = {
    Kind.CAPTURE: Entry,
    Kind.DAILY_API: Entry,
    Kind.LIBRARY: Entry,
    Kind.NOTE: Note,
    Kind.LABELS: Label,
    Kind.IDS: Given,
}
"""What stands in sources that can be long or many, and are not parsed again while they stay as they are."""

PAPERS = (Kind.CAPTURE, Kind.DAILY_API, Kind.LIBRARY)
"""The kinds of sources that hold papers."""


def parse(sources: Sequence[Source], memory: Memory | None = None) -> Parsed:
    """Return all that the sources say, in their order; raise `BuildError` with every mistake in them."""
    memory = memory or Memory()
    found: dict[Kind, list[Any]] = {kind: [] for kind in PARSERS}
    problems: list[Problem] = []
    for source in sources:
        try:
            values, complaints = _parsed(source, memory)
        except BuildError as error:
            problems += error.problems
        else:
            found[source.kind] += values
            problems += complaints
    if any(problem.severity == "error" for problem in problems):
        raise BuildError(problems)
    entries = [entry for kind in PAPERS for entry in found[kind]]
    return Parsed(
        entries=tuple(sorted(entries, key=lambda entry: (entry.source, entry.line))),
        notes=tuple(found[Kind.NOTE]),
        digests=tuple(found[Kind.DIGEST]),
        themes=tuple(sorted(found[Kind.THEME], key=lambda theme: (theme.order, theme.slug))),
        tags=tuple(found[Kind.TAGS]),
        labels=tuple(found[Kind.LABELS]),
        given=tuple(found[Kind.IDS]),
        pages=tuple(found[Kind.PAGE]),
        warnings=tuple(problems),
        sources=len(sources),
    )


def _parsed(source: Source, memory: Memory) -> tuple[Sequence[Any], Sequence[Problem]]:
    """Return what stands in a source, which may be remembered, and what is wrong with it."""
    parser, kind = PARSERS[source.kind], REMEMBERED.get(source.kind)
    if kind is None:
        return parser(source)
    key = memory.key(source.kind, source.path, source.text)
    found: tuple[Sequence[Any], Sequence[Problem]] | None
    found = memory.sources.get(key, tuple[tuple[kind, ...], tuple[Problem, ...]])  # type: ignore[valid-type]
    if found is None:
        values, problems = parser(source)
        found = tuple(values), tuple(problems)
        memory.sources.keep(key, found)
    return found
