"""Sources of papers read by the room of parsers, and what they say in words, for case files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sitegen.errors import BuildError, Problem
from sitegen.model import Entry, Kind, Source
from sitegen.parsers import library

SHARED = Path(__file__).parent.parent.parent / "shared"
"""Real files that lie beside the project on some machines."""


def read(text: str, name: str = "case.bib", kind: Kind = Kind.LIBRARY) -> tuple[list[Entry], list[Problem]]:
    """Return the entries and problems of a file with this text."""
    try:
        return library.parse(Source(f"content/{_FOLDERS[kind]}/{name}", kind, text))
    except BuildError as error:
        return [], list(error.problems)


_FOLDERS = {Kind.LIBRARY: "library", Kind.DAILY_API: "captures"}


def shown(entries: Sequence[Entry], problems: Sequence[Problem]) -> str:
    """Return entries and problems a line each, only what is known."""
    lines = []
    for entry in entries:
        lines.append(f"{entry.line}: {entry.title}")
        lines += [f"    {name}: {value}" for name, value in _facts(entry).items() if value not in (None, "")]
    for problem in problems:
        lines.append(f"! {problem.line} {problem.code or problem.severity}: {problem.message}")
    return "\n".join(lines)


def _facts(entry: Entry) -> dict[str, object]:
    organization = entry.organization
    return {
        "day": entry.day,
        "abstract": entry.abstract,
        "arxiv": entry.arxiv_id,
        "doi": entry.doi,
        "authors": " · ".join(entry.authors),
        "count": entry.author_count,
        "organization": organization and f"{organization.handle} = {organization.name}",
        "published": (when := entry.published or entry.published_in) and when.isoformat(),
        "comments": entry.comments,
        "upvotes": entry.upvotes,
        "keywords": " · ".join(entry.keywords),
        "stars": entry.stars,
        "machine": entry.machine_summary,
        "links": " ".join(f"{link.kind or '?'}={link.url}" for link in entry.links),
    }
