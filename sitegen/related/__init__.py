"""Which papers are about the same: for each, the nearest others and what they share.

Papers are compared by the words, pairs of words and tags they have (TF-IDF, cosine); a shared theme
counts a quarter more. A new paper changes another's list only where it enters it, or where it made the
terms of others common.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sitegen.memory import Memory
from sitegen.model import Paper, Related
from sitegen.related.neighbours import NOTHING, Neighbours

if TYPE_CHECKING:
    from sitegen.related.terms import Reader


class _Kept:
    """What stays in a process from build to build."""

    def __init__(self) -> None:
        self.reader: Reader | None = None


def related(
    papers: Sequence[Paper], memory: Memory | None = None, jobs: int = 1
) -> dict[str, tuple[Related, ...]]:
    """Return the nearest others of each paper by its slug, nearest first; fewer where fewer are near.

    `jobs` is the most processes that may work.
    """
    memory = memory or Memory()
    ordered = sorted(papers, key=lambda paper: paper.slug)
    faces = [_face(paper) for paper in ordered]
    kept = memory.recent.of("kept for related", (), _Kept)
    return memory.recent.of(
        "related", (faces,), lambda: _shown(ordered, _neighbours(ordered, faces, memory, kept, jobs))
    )


def _face(paper: Paper) -> tuple[object, ...]:
    """Return all of a paper that decides what is near to it and how others show it."""
    abstract = paper.abstract.plain if paper.abstract else ""
    return paper.slug, paper.url, paper.title, abstract, paper.tags, paper.theme


def _neighbours(
    ordered: Sequence[Paper], faces: Sequence[tuple[object, ...]], memory: Memory, kept: _Kept, jobs: int
) -> Neighbours:
    """Return what is near to each paper, found from what is remembered of an earlier build."""
    key = memory.key(faces)
    found: Neighbours | None = memory.related.get(key, Neighbours)
    if found is None or not found.is_whole:
        from sitegen.related.finder import find_neighbours  # for their weight
        from sitegen.related.terms import Reader

        kept.reader = kept.reader or Reader()
        last = memory.related.last(Neighbours) or NOTHING
        found = find_neighbours(ordered, kept.reader, last, memory.key("related"), jobs)
        memory.related.keep(key, found)
    return found


def _shown(ordered: Sequence[Paper], found: Neighbours) -> dict[str, tuple[Related, ...]]:
    return {
        paper.slug: tuple(
            Related(other.title.html, other.url, other.theme.hue, words)
            for place, words in zip(places, shared, strict=True)
            for other in (ordered[place],)
        )
        for paper, places, shared in zip(ordered, found.tops, found.words, strict=True)
    }
