"""Findings to problems: each at the source that caused it, and what shows on many pages told once.

What a rule quotes is looked for in the sources of the page, then in all that the curator wrote, then in the
templates; where it is in none of these, the problem is at the file of the site.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import unquote

from msgspec import Struct

from sitegen.checking.kinds import KINDS
from sitegen.checking.tree import Content, Finding, Tree
from sitegen.errors import Problem
from sitegen.identity import keys_of
from sitegen.model import Kind, Source
from sitegen.routes import arxiv_url, doi_url, issue_url, output_path, text_url, theme_url

_OF_PAPERS = (Kind.CAPTURE, Kind.DAILY_API, Kind.LIBRARY)
_LOOKED_AT = 20
"""So many of the pages that show the same are asked for their source."""

_BY_ADDRESS = (
    "broken-link", "broken-fragment", "missing-file", "outside-path", "foreign-file", "heavy-file",
    "dead-link", "dead-redirect",
)  # fmt: skip
"""What is wrong with an address wherever it is written."""
_RESOLVERS = (arxiv_url(""), doi_url(""))
"""What stands before an id in an address that was made from it."""

Place = tuple[str, int]


class Origins(Struct, frozen=True):
    """Where what a page shows may come from."""

    texts: Mapping[str, str]
    """The text of each source by its path."""
    curated: tuple[str, ...]
    """The sources that the curator wrote."""
    templates: Mapping[str, str]
    """The text of each template by its path."""
    owners: Mapping[str, Sequence[Place]]
    """The sources of a page, and the line from which on they are about it, by its file."""


def origins(sources: Sequence[Source], templates: Mapping[str, str], content: Content | None) -> Origins:
    """Return where things may come from; without content the templates alone."""
    return Origins(
        {source.path: source.text for source in sources},
        tuple(source.path for source in sources if source.kind not in _OF_PAPERS),
        templates,
        _owners(content) if content else {},
    )


def _owners(content: Content) -> dict[str, list[Place]]:
    owners: dict[str, list[Place]] = {}
    notes = {key: note.source for note in content.parsed.notes for key in keys_of(note)}
    for paper in (*content.site.papers, *content.site.withdrawn):
        mine = dict.fromkeys((notes[key], 1) for key in paper.keys if key in notes)
        owners[output_path(paper.url)] = [*mine, *((seen.source, seen.line) for seen in paper.seen)]
    for digest in content.parsed.digests:
        owners[output_path(issue_url(digest.day))] = [(digest.source, 1)]
    for theme in content.parsed.themes:
        owners[output_path(theme_url(theme.slug))] = [(theme.source, 1)]
    for page in content.parsed.pages:
        owners[output_path(text_url(page.slug))] = [(page.source, 1)]
    return owners


def settle(
    findings: Iterable[Finding],
    tree: Tree,
    origins: Origins,
    read: Callable[[str], str],
    show: Callable[[str], str],
) -> list[Problem]:
    """Return the problems; `read` gives the text of a file of the site, `show` the path to print for it."""
    groups: dict[tuple[str, str, Place], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.message, finding.place), []).append(finding)
    problems = []
    for same in groups.values():
        first = same[0]
        files = list(dict.fromkeys(finding.file for finding in same))
        places = [first.place] if first.place[0] else list(_places(same, tree, origins))
        if places:
            suffix = _on(tree, files) if first.file else ""
        else:
            places = [
                (show(first.file), _line(read(first.file), _pattern([escape(first.quoted), first.quoted])))
            ]
            suffix = _on(tree, files) if len(files) > 1 else ""
        severity = KINDS[first.kind]
        problems += [
            Problem(path, line, first.message + suffix, first.hint, severity, first.kind)
            for path, line in places
        ]
    return problems


def _on(tree: Tree, files: Sequence[str]) -> str:
    """Return where in the site a problem shows."""
    shown = tree.base_path + files[0].removesuffix("index.html")
    return f" (on {len(files):,} pages, such as {shown})" if len(files) > 1 else f" (on {shown})"


def _places(same: Sequence[Finding], tree: Tree, origins: Origins) -> Iterator[Place]:
    """Yield each place of the sources that holds what the findings quote."""
    quoted = same[0].quoted
    if not quoted:
        return
    pattern = _pattern(_spellings(quoted, tree))
    found: dict[Place, None] = {}
    for finding in same[:_LOOKED_AT]:
        for path, start in origins.owners.get(finding.file, ()):
            if line := _line(origins.texts.get(path, ""), pattern, start):
                found[path, line] = None
    if not found and same[0].kind in _BY_ADDRESS and quoted.startswith(("/", "http://", "https://")):
        for path in origins.curated:
            found.update(((path, line), None) for line in _lines(origins.texts[path], pattern))
    if not found:
        for path, text in origins.templates.items():
            found.update(((path, line), None) for line in _lines(text, pattern))
    yield from sorted(found)


def _spellings(quoted: str, tree: Tree) -> list[str]:
    """Return how a source may have written what a page has: without the path of the site, not escaped."""
    spellings = [quoted, unquote(quoted)]
    spellings += [quoted[len(start) :] for start in _RESOLVERS if quoted.startswith(start)]
    if quoted.startswith(tree.base_path):
        spellings += [spelling.replace(tree.base_path, "/", 1) for spelling in spellings]
    return spellings


def _pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(spelling) for spelling in dict.fromkeys(spellings) if spelling)
    return re.compile(rf"(?<![\w/-])(?:{words})(?![\w/-])" if words else r"(?!)", re.IGNORECASE)


def _line(text: str, pattern: re.Pattern[str], start: int = 1) -> int:
    """Return the first line from `start` on that has it; 0 where none does."""
    return next((line for line in _lines(text, pattern) if line >= start), 0)


def _lines(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """Yield the lines that have it."""
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1
