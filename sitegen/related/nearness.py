"""Which vectors are near to which: an inverted index, asked about a block of papers at a time.

All scores are whole numbers and exact; of equal ones the paper whose slug comes first is nearer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sitegen.related.terms import Numbers
from sitegen.related.vectors import ONE, Vectors

LEAST = ONE * ONE // 10
"""Two papers that are less alike share an expression rather than a subject."""
_SAME, _MANY = ONE * ONE * 9 // 10, 20
"""Two papers with so many terms that are more alike are one paper, known by two names."""
KEPT = 10
"""So many neighbours of a paper are known, so that one that leaves has a successor."""
_BITS = 21
HIGHEST = (1 << _BITS) - 1
"""No score is higher, and no site larger."""
_CELLS = 1 << 17
"""So many scores are computed at once."""


class Pairs(NamedTuple):
    """Pairs of papers that have much in common, as three columns."""

    papers: Numbers
    others: Numbers
    products: Numbers
    """Of their vectors."""


class Lists(NamedTuple):
    """The nearest others of papers, nearest first, one list after the other."""

    lengths: Numbers
    others: Numbers
    scores: Numbers
    floors: Numbers
    """For each paper: all others with a higher score are in its list."""


class Index:
    """Vectors by their terms."""

    def __init__(self, vectors: Vectors, themes: Numbers) -> None:
        """Take the vectors of all papers, and numbers that are equal for papers of one theme."""
        self._vectors, self._themes = vectors, themes
        self._lengths = np.diff(vectors.begins)
        self.size = len(self._lengths)
        order = np.argsort(vectors.terms, kind="stable")
        self._owners = np.repeat(np.arange(self.size, dtype=np.int32), self._lengths)[order]
        self._weights = vectors.weights[order].astype(np.float64)
        self._starts = np.searchsorted(vectors.terms[order], np.arange(len(vectors.parts[0]) + 1))

    def lists(self, papers: Numbers) -> Lists:
        """Return the nearest others of some papers, whose numbers ascend."""
        floors = np.full(len(papers), LEAST - 1)
        return joined(
            [
                nearest(papers[part], self.scored(*self.pairs(papers[part])), floors[part])
                for part in self.blocks(papers)
            ]
        )

    def blocks(self, papers: Numbers) -> Iterator[slice]:
        """Yield the parts of so many papers of which `pairs` can be asked at once; one at least."""
        length = max(1, _CELLS // max(1, self.size))
        return (slice(start, start + length) for start in range(0, max(1, len(papers)), length))

    def pairs(self, papers: Numbers) -> Pairs:
        """Return the pairs of a few papers with any other that may be near enough."""
        vectors, size = self._vectors, self.size
        entries = ranges(vectors.begins[papers], self._lengths[papers])
        rows = np.repeat(np.arange(len(papers)) * size, self._lengths[papers])
        terms = vectors.terms[entries]
        begins = self._starts[terms]
        lengths = self._starts[terms + 1] - begins
        places = ranges(begins, lengths)
        cells = np.repeat(rows, lengths) + self._owners[places]
        products = np.repeat(vectors.weights[entries].astype(np.float64), lengths) * self._weights[places]
        sums = np.bincount(
            cells, products, len(papers) * size
        )  # of floats, which are exact for whole numbers
        sums[np.arange(len(papers)) * size + papers] = 0
        near = np.flatnonzero(sums >= LEAST * 4 // 5)
        return Pairs(papers[near // size], near % size, sums[near].astype(np.int64))

    def scored(self, papers: Numbers, others: Numbers, products: Numbers) -> Pairs:
        """Return the pairs that are near enough for their first papers, with their scores."""
        is_same = (self._lengths[papers] >= _MANY) & (products > _SAME)
        scores = products + products * (self._themes[papers] == self._themes[others]) // 4
        is_near = (scores >= LEAST) & ~is_same
        return Pairs(papers[is_near], others[is_near], scores[is_near])


def nearest(papers: Numbers, pairs: Pairs, floors: Numbers) -> Lists:
    """Return the lists of papers, whose numbers ascend, from all pairs of each that are above its floor."""
    rows = np.searchsorted(papers, pairs.papers)
    order = np.sort(rows << 2 * _BITS | (HIGHEST - pairs.products) << _BITS | pairs.others)
    rows, scores, others = order >> 2 * _BITS, HIGHEST - (order >> _BITS & HIGHEST), order & HIGHEST
    begins = np.searchsorted(rows, np.arange(len(papers) + 1))
    found = np.diff(begins)
    floors[found > KEPT] = scores[begins[:-1][found > KEPT] + KEPT]
    is_kept = np.arange(len(rows)) - begins[rows] < KEPT
    return Lists(np.minimum(found, KEPT), others[is_kept], scores[is_kept], floors)


def joined(lists: Sequence[Lists]) -> Lists:
    """Return the lists of papers and of those that follow."""
    return Lists(*(np.concatenate(column) for column in zip(*lists, strict=True)))


def ranges(begins: Numbers, lengths: Numbers) -> Numbers:
    """Return the numbers from each beginning on, so many as its length, one range after the other."""
    ends = np.cumsum(lengths)
    shifts: Numbers = np.repeat(begins - (ends - lengths), lengths)
    shifts += np.arange(len(shifts))
    return shifts
