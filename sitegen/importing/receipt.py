"""The receipt: what is said of the papers before an import and after it in, what has changed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import Problem
from sitegen.identity import keys_of
from sitegen.merge import reconcile
from sitegen.merged import Merged
from sitegen.model import Entry, Parsed
from sitegen.parsers.fields import short

LONG = 120
"""A value of more characters is shown from where it differs."""


class Meeting(NamedTuple):
    """A paper that a file brought and that was there before, or that another file brought as well."""

    paper: Merged
    here: Entry
    others: tuple[str, ...]
    """Where it stands as well: path and line."""


class Difference(NamedTuple):
    """A fact that is another one since the import."""

    paper: Merged
    field: str
    before: str
    """Empty where it was unknown."""
    after: str


class Receipt(Struct, frozen=True):
    """What an import does to the papers, each list in the order of the sources."""

    new: tuple[Merged, ...]
    met: tuple[Meeting, ...]
    joined: tuple[tuple[Merged, ...], ...]
    """Papers that were several and are now known to be one."""
    changed: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    """What is contradictory or doubtful since: conflicts with both values, likely duplicates ..."""
    papers: int
    """How many papers there are now."""


def make_receipt(parsed: Parsed, entries: tuple[Entry, ...], arrived: frozenset[str]) -> Receipt:
    """Return what it means for the papers of `parsed` that the sources now say `entries`.

    `arrived` are the paths of the sources that are new or have another content.
    """
    before, known = reconcile(parsed)
    after, problems = reconcile(replace(parsed, entries=entries))
    earlier = _Earlier(before, arrived)
    new: list[Merged] = []
    met: list[Meeting] = []
    joined: list[tuple[Merged, ...]] = []
    changed: list[Difference] = []
    for paper in after:
        brought = [entry for entry in paper.entries if entry.source in arrived]
        if not brought:
            continue
        was = earlier.papers(paper)
        new += [] if was else [paper]
        joined += [was] if len(was) > 1 else []
        met += _meetings(paper, brought, was)
        changed += _differences(was[0], paper) if was else ()
    fresh = set(problems) - set(known)
    return Receipt(
        tuple(new),
        tuple(met),
        tuple(joined),
        tuple(changed),
        tuple(problem for problem in problems if problem in fresh and problem.code != "unknown-paper"),
        len(after),
    )


class _Earlier:
    """Finds what a paper was before the import: by what is still said of it, else by its keys."""

    def __init__(self, papers: Sequence[Merged], arrived: frozenset[str]) -> None:
        self._said: dict[tuple[str, int], Merged] = {}
        self._keys: dict[str, Merged] = {}
        for paper in papers:
            if paper.note:
                self._said[paper.note.source, 0] = paper
            for entry in paper.entries:
                if entry.source in arrived:  # another file has taken its place
                    self._keys |= dict.fromkeys(keys_of(entry), paper)
                else:
                    self._said[entry.source, entry.line] = paper

    def papers(self, paper: Merged) -> tuple[Merged, ...]:
        """Return the papers of before that are now this one, in the order of its sources."""
        found: dict[str, Merged] = {}
        if paper.note and (was := self._said.get((paper.note.source, 0))):
            found[was.keys[0]] = was
        for entry in paper.entries:
            was = self._said.get((entry.source, entry.line))
            was = was or next((self._keys[key] for key in keys_of(entry) if key in self._keys), None)
            if was:
                found[was.keys[0]] = was
        return tuple(found.values())


def _meetings(paper: Merged, brought: Sequence[Entry], was: Sequence[Merged]) -> Iterator[Meeting]:
    """Yield the meeting of a paper with other sources, if there are any."""
    places = [(entry.source, entry.line) for entry in paper.entries if entry is not brought[0]]
    places += [(paper.note.source, paper.note.line)] if paper.note and was else []
    if places:
        yield Meeting(paper, brought[0], tuple(f"{path}:{line}" for path, line in places))


def _differences(was: Merged, now: Merged) -> Iterator[Difference]:
    for field, value in _FACTS:
        before, after = value(was), value(now)
        if before != after:
            start = _first_difference(before, after)
            yield Difference(now, field, _from(before, start), _from(after, start))


def _first_difference(before: str, after: str) -> int:
    """Return where two long texts part; a short one is shown from its start."""
    if min(len(before), len(after)) < LONG:
        return 0
    pairs = zip(before, after, strict=False)
    shared = next((at for at, (one, two) in enumerate(pairs) if one != two), min(len(before), len(after)))
    return before.rfind(" ", 0, shared) + 1


def _from(text: str, start: int) -> str:
    return f"… {short(text[start:])}" if start else text if len(text) < LONG else short(text)


def _authors(paper: Merged) -> str:
    count = paper.author_count
    number = f"{count} author{'' if count == 1 else 's'}" if count is not None else ""
    return ", ".join(filter(None, (number, *paper.authors)))


def _links(paper: Merged) -> str:
    return " ".join(sorted({link.url for entry in paper.entries for link in entry.links}))


_FACTS: tuple[tuple[str, Callable[[Merged], str]], ...] = (
    ("title", lambda paper: paper.title),
    ("arXiv id", lambda paper: paper.arxiv_id),
    ("DOI", lambda paper: paper.doi),
    ("authors", _authors),
    ("organisation", lambda paper: paper.organization.name if paper.organization else ""),
    ("date", lambda paper: str(paper.published or "")),
    ("comments", lambda paper: "" if paper.comments is None else str(paper.comments)),
    ("upvotes", lambda paper: "" if paper.upvotes is None else str(paper.upvotes)),
    ("stars", lambda paper: "" if paper.stars is None else str(paper.stars)),
    ("abstract", lambda paper: paper.abstract),
    ("links", _links),
)
"""Field, and its value in words; empty where it is unknown."""
