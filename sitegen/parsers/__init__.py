"""The sources, parsed: `PARSERS` maps a kind of source to the function that reads it.

A parser takes one source and returns what stands in it, with its warnings; for a mistake it raises
`BuildError` or returns errors among its problems. `parse` gathers the problems of all sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from operator import itemgetter
from typing import Any

from sitegen.apart import remembered
from sitegen.errors import BuildError, Problem
from sitegen.identity import with_names
from sitegen.memory import Memory
from sitegen.model import (
    Digest,
    Entry,
    FreePage,
    Given,
    Kind,
    Label,
    Note,
    Parsed,
    Source,
    Tag,
    Theme,
)

Parser = Callable[[Source], tuple[Sequence[Any], Sequence[Problem]]]


def _late(module: str, function: str = "parse") -> Parser:
    """Return a parser whose module is imported for the first source that is not remembered."""

    def parser(source: Source) -> tuple[Sequence[Any], Sequence[Problem]]:
        found: Parser = getattr(import_module(f"sitegen.parsers.{module}"), function)
        return found(source)

    return parser


PARSERS: dict[Kind, Parser] = {
    Kind.CAPTURE: _late("capture"),
    Kind.DAILY_API: _late("library"),
    Kind.LIBRARY: _late("library"),
    Kind.NOTE: _late("note"),
    Kind.DIGEST: _late("curator", "parse_digest"),
    Kind.THEME: _late("curator", "parse_theme"),
    Kind.TAGS: _late("tables", "parse_tags"),
    Kind.LABELS: _late("tables", "parse_labels"),
    Kind.IDS: _late("tables", "parse_ids"),
    Kind.PAGE: _late("curator", "parse_page"),
}

RESULTS: dict[Kind, type] = {
    Kind.CAPTURE: Entry,
    Kind.DAILY_API: Entry,
    Kind.LIBRARY: Entry,
    Kind.NOTE: Note,
    Kind.DIGEST: Digest,
    Kind.THEME: Theme,
    Kind.TAGS: Tag,
    Kind.LABELS: Label,
    Kind.IDS: Given,
    Kind.PAGE: FreePage,
}
"""What stands in a source of each kind. While its bytes stay as they are it is not parsed again."""

PAPERS = (Kind.CAPTURE, Kind.DAILY_API, Kind.LIBRARY)
"""The kinds of sources that hold papers."""


WORTH_WORKERS = 2_000_000
"""For fewer characters that are new this process alone is the quickest."""

_Found = tuple[Sequence[Any], Sequence[Problem]]


def parse(sources: Sequence[Source], memory: Memory | None = None, jobs: int = 1) -> Parsed:
    """Return all that the sources say, in their order; raise `BuildError` with every mistake in them.

    `memory` is what earlier builds left, `jobs` the most processes that may work.
    """
    found: dict[Kind, list[Any]] = {kind: [] for kind in PARSERS}
    problems: list[Problem] = []
    memory = memory or Memory()
    rows = ((source,) for source in sources)
    parsed = memory.recent.together(
        "sources", rows, lambda new: _parsed(new, memory, jobs), known_by=lambda row: row[0].path
    )
    for source, (values, complaints) in zip(sources, parsed, strict=True):
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


def _parsed(rows: Sequence[tuple[Source]], memory: Memory, jobs: int) -> list[_Found]:
    """Return what stands in each source, which may be remembered, and what is wrong with it."""
    sources = [source for (source,) in rows]
    is_much = sum(len(source.text) for source in sources) >= WORTH_WORKERS
    # The longest come first, so that no process waits for another in the end.
    order = sorted(range(len(sources)), key=lambda place: -len(sources[place].text))
    sources = [sources[place] for place in order]
    found = remembered(
        memory.sources,
        [memory.key(source.kind, source.path, source.text) for source in sources],
        lambda place: _read(sources[place]),
        lambda place: _type_of(sources[place]),
        lambda new: jobs if is_much and len(new) > len(sources) // 2 else 1,
    )
    return [values for _, values in sorted(zip(order, found, strict=True), key=itemgetter(0))]


def _type_of(source: Source) -> Any:
    kind = RESULTS[source.kind]
    return tuple[tuple[kind, ...], tuple[Problem, ...]]  # type: ignore[valid-type]


def _read(source: Source) -> _Found:
    """Return what stands in a source, and what is wrong with it, mistakes that end the build among it."""
    from sitegen.parsers.limits import bounded

    try:
        values, problems = PARSERS[source.kind](source)
    except BuildError as error:
        return (), error.problems
    values, too_long = bounded(values)
    return tuple(with_names(values)), (*problems, *too_long)
