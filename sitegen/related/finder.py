"""The nearest others of all papers of a site, found anew only where they can be others than before.

A paper is unchanged if its text, tags, theme and vector are. Of an unchanged paper all others are known
whose score is above a floor: those that left or changed are struck out, the changed ones whose score is
above it put in, and its list is right as long as enough are left. So the result is that of a start from
nothing, whatever is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from sitegen.memory import SIZE, encode
from sitegen.model import Paper
from sitegen.processes import by_processes, can_fork
from sitegen.related.nearness import LEAST, Index, Lists, Pairs, joined, nearest, ranges
from sitegen.related.neighbours import NEIGHBOURS, NOTHING, Neighbours, Words, tops
from sitegen.related.sharing import shared_words
from sitegen.related.terms import Numbers, Reader, said_by
from sitegen.related.vectors import digests, weigh

_WORTH_KEEPING = 4
"""Where more than this part of the papers changed, a start from nothing is quicker."""
_NEVER = 1 << 30
"""A floor that no score is above."""
WORTH_WORKERS = 400
"""For fewer papers than this one process is the quickest."""
_Shared = dict[int, dict[int, tuple[str, ...]]]
"""What papers share with others, by the places of both."""
_NO_LISTS = Lists(*(np.empty(0, np.int64) for _ in range(4)))


def find_neighbours(
    papers: Sequence[Paper], reader: Reader, last: Neighbours, programs: bytes, jobs: int
) -> Neighbours:
    """Return what is near to each paper; the papers are sorted by slug.

    `last` is what was found before, by programs of any fingerprint; `jobs` is the most processes that work.
    """
    finder = _Finder(papers, reader)
    slugs, marks = tuple(paper.slug for paper in papers), finder.marks()
    if last.programs != programs or not last.is_whole:
        last = NOTHING
    moved = _moved(last, slugs, marks)
    kept, lists = _kept(finder.index, _lists(last), moved)
    words = finder.words(_tops(kept, lists), _known_words(last, moved))
    again = np.setdiff1d(np.arange(len(papers)), kept)
    lists_again, words_again = finder.found(again, jobs)
    order = np.argsort(np.concatenate((kept, again)), kind="stable")
    every = [*words, *words_again]
    lengths, others, scores, floors = (
        column.astype(np.int32).tobytes() for column in _in_order([lists, lists_again], order)
    )
    return Neighbours(
        programs=programs,
        slugs=slugs,
        marks=b"".join(marks),
        lengths=lengths,
        others=others,
        scores=scores,
        floors=floors,
        words=tuple(every[place] for place in order),
    )


class _Finder:
    """All papers of a site as they are now."""

    def __init__(self, papers: Sequence[Paper], reader: Reader) -> None:
        self._papers, self._vocabulary = papers, reader.vocabulary
        self._texts, counted = reader.read(papers)
        self._vectors = weigh(counted, reader.vocabulary)
        self.index = Index(self._vectors, np.array([paper.theme.order for paper in papers], np.int64))

    def marks(self) -> list[bytes]:
        """Return a fingerprint for each paper, of all that decides what is near to it."""
        vectors = digests(self._vectors, self._vocabulary)
        return [
            blake2b(encode((*said_by(paper), paper.theme.slug, vector)), digest_size=SIZE).digest()
            for paper, vector in zip(self._papers, vectors, strict=True)
        ]

    def found(self, places: Numbers, jobs: int) -> tuple[Lists, list[Words]]:
        """Return what is near to the papers at these places, which ascend."""

        def chunk(part: slice) -> tuple[Lists, list[Words]]:
            lists = self.index.lists(places[part])
            return lists, self.words(_tops(places[part], lists), {})

        is_worth = can_fork() and len(places) >= WORTH_WORKERS
        made = list(by_processes(len(places), lambda: chunk, chunk, jobs if is_worth else 1))
        return joined([_NO_LISTS, *(lists for lists, _ in made)]), [
            shared for _, some in made for shared in some
        ]

    def words(self, tops: Sequence[tuple[int, list[int]]], known: _Shared) -> list[Words]:
        """Return what papers share with their neighbours; what is not known yet becomes so."""
        new = [
            (place, other)
            for place, others in tops
            for before in (known.setdefault(place, {}),)
            for other in others
            if other not in before
        ]
        firsts, others = np.array(new, np.int64).reshape(-1, 2).T
        shared = shared_words(self._papers, self._texts, (firsts, others), self._vectors, self._vocabulary)
        for (place, other), words in zip(new, shared, strict=True):
            known[place][other] = words
        return [tuple(map(known[place].__getitem__, others)) for place, others in tops]


def _moved(last: Neighbours, slugs: Sequence[str], marks: Sequence[bytes]) -> Numbers:
    """Return for each paper of before its place now, or -1 where it changed or left."""
    places = {slug: place for place, slug in enumerate(slugs)}
    now = [places.get(slug, -1) for slug in last.slugs]
    starts = range(0, len(last.marks), SIZE)
    return np.array(
        [
            place if place >= 0 and marks[place] == last.marks[start : start + SIZE] else -1
            for place, start in zip(now, starts, strict=True)
        ],
        np.int64,
    )


def _kept(index: Index, before: Lists, moved: Numbers) -> tuple[Numbers, Lists]:
    """Return the unchanged papers whose lists are certain, and these lists."""
    unchanged = moved[moved >= 0]
    changed = np.setdiff1d(np.arange(index.size), unchanged)
    if len(changed) > len(unchanged) // _WORTH_KEEPING:
        return unchanged[:0], _NO_LISTS
    floors = np.full(index.size, _NEVER)
    floors[unchanged] = before.floors[moved >= 0]
    papers, others = np.repeat(moved, before.lengths), moved[before.others]
    is_left = (papers >= 0) & (others >= 0)
    pairs = [Pairs(papers[is_left], others[is_left], before.scores[is_left])]
    for part in index.blocks(changed):
        changed_ones, others, products = index.pairs(changed[part])
        pairs.append(index.scored(others, changed_ones, products))
    papers, others, scores = (np.concatenate(column) for column in zip(*pairs, strict=True))
    is_sure = scores > floors[papers]
    lists = nearest(unchanged, Pairs(papers[is_sure], others[is_sure], scores[is_sure]), floors[unchanged])
    is_certain = (lists.floors < LEAST) | (lists.lengths >= NEIGHBOURS)
    return unchanged[is_certain], _in_order([lists], np.flatnonzero(is_certain))


def _in_order(lists: Sequence[Lists], order: Numbers) -> Lists:
    """Return the lists that stand at these places of all."""
    lengths, others, scores, floors = joined(lists)
    begins = np.cumsum(lengths) - lengths
    entries = ranges(begins[order], lengths[order])
    return Lists(lengths[order], others[entries], scores[entries], floors[order])


def _lists(last: Neighbours) -> Lists:
    columns = (last.lengths, last.others, last.scores, last.floors)
    return Lists(*(np.frombuffer(column, np.int32).astype(np.int64) for column in columns))


def _tops(places: Numbers, lists: Lists) -> list[tuple[int, list[int]]]:
    """Return the place of each paper and those of its neighbours."""
    shown = tops(lists.lengths.tolist(), lists.others.tolist())
    return list(zip(places.tolist(), shown, strict=True))


def _known_words(last: Neighbours, moved: Numbers) -> _Shared:
    """Return what unchanged papers share with others."""
    now = moved.tolist()
    return {
        place: dict(zip((now[other] for other in others), shared, strict=True))
        for place, others, shared in zip(now, last.tops, last.words, strict=True)
    }
