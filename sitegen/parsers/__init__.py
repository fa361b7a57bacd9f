"""The sources, parsed: `PARSERS` maps a kind of source to the function that reads it.

A parser takes one source and returns what stands in it, with its warnings; for a mistake it raises
`BuildError` or returns errors among its problems. `parse` gathers the problems of all sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sitegen.errors import BuildError, Problem
from sitegen.model import Kind, Parsed, Source
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

PAPERS = (Kind.CAPTURE, Kind.DAILY_API, Kind.LIBRARY)
"""The kinds of sources that hold papers."""


def parse(sources: Sequence[Source]) -> Parsed:
    """Return all that the sources say, in their order; raise `BuildError` with every mistake in them."""
    found: dict[Kind, list[Any]] = {kind: [] for kind in PARSERS}
    problems: list[Problem] = []
    for source in sources:
        try:
            values, complaints = PARSERS[source.kind](source)
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
