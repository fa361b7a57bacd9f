"""What two papers share, in words: the terms that brought them together, as the one of them writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from sitegen.model import Paper
from sitegen.related.nearness import HIGHEST, ranges
from sitegen.related.terms import Numbers, Text, Vocabulary
from sitegen.related.vectors import Vectors

SHOWN = 4
"""So many shared terms say why."""
_BLOCK = 1000

_Term = tuple[int, int]
"""The numbers of its words, the second of which may be 0."""


def shared_words(
    papers: Sequence[Paper],
    texts: Sequence[Text],
    pairs: tuple[Numbers, Numbers],
    vectors: Vectors,
    vocabulary: Vocabulary,
) -> Iterator[tuple[str, ...]]:
    """Yield for each pair of papers what they share as the first one writes it, strongest first.

    The pairs are two columns of places in `papers`, those of one first paper together; `texts` are theirs.
    """
    known: tuple[int, _Names] | None = None
    for start in range(0, len(pairs[0]), _BLOCK):
        firsts, others = (column[start : start + _BLOCK] for column in pairs)
        for place, terms in zip(firsts.tolist(), _shared_terms(firsts, others, vectors), strict=True):
            if known is None or known[0] != place:
                known = place, _Names(papers[place], texts[place], vocabulary)
            yield _shown(map(known[1].of, terms))


def _shared_terms(papers: Numbers, others: Numbers, vectors: Vectors) -> Iterator[list[_Term]]:
    """Yield for each pair the terms that both have, strongest first; of many not all."""
    lengths = np.diff(vectors.begins)
    single, rows = np.unique(papers, return_inverse=True)
    entries = ranges(vectors.begins[single], lengths[single])
    own = np.repeat(np.arange(len(single)), lengths[single]) << 32 | vectors.terms[entries]
    order = np.argsort(own)
    own, weights = own[order], vectors.weights[entries[order]].astype(np.int64)
    entries = ranges(vectors.begins[others], lengths[others])
    numbers = np.repeat(np.arange(len(others)), lengths[others])
    wanted = rows[numbers] << 32 | vectors.terms[entries]
    places = np.minimum(np.searchsorted(own, wanted), len(own) - 1)
    both = own[places] == wanted
    products = weights[places[both]] * vectors.weights[entries[both]]
    found = np.sort(numbers[both] << 53 | (HIGHEST - products) << 32 | vectors.terms[entries[both]])
    begins = np.searchsorted(found >> 53, np.arange(len(papers) + 1)).tolist()
    first, second = (part[found & 0xFFFFFFFF].tolist() for part in vectors.parts)
    for begin, end in pairwise(begins):
        some = slice(begin, min(end, begin + 3 * SHOWN))
        yield list(zip(first[some], second[some], strict=True))


class _Names:
    """The terms of a paper as it first writes them."""

    def __init__(self, paper: Paper, text: Text, vocabulary: Vocabulary) -> None:
        self._numbers: list[int] = text.written.tolist()
        self._meant = [vocabulary.meant[number] for number in self._numbers]
        self._written = vocabulary.written
        self._known = {(vocabulary.number(tag.url), 0): tag.title for tag in paper.tags}

    def of(self, term: _Term) -> str:
        """Return the name of a term."""
        name = self._known.get(term)
        if name is None:
            name = self._known[term] = self._found(*term)
        return name

    def _found(self, first: int, second: int) -> str:
        place = self._meant.index(first)
        if not second:
            return self._written[self._numbers[place]]
        while self._meant[place + 1] != second:
            place = self._meant.index(first, place + 1)
        return " ".join(self._written[number] for number in self._numbers[place : place + 2])


def _shown(names: Iterable[str]) -> tuple[str, ...]:
    """Return the strongest names; a pair of words stands for its words."""
    shown: list[tuple[str, frozenset[str]]] = []
    used: set[str] = set()
    for name in names:
        words = _words_of(name)
        if used >= words and any(words <= whole for _, whole in shown):
            continue
        if used.isdisjoint(words):
            shown.append((name, words))
        else:
            first = next((place for place, (_, part) in enumerate(shown) if part < words), len(shown))
            shown[first:] = [(name, words), *(item for item in shown[first:] if not item[1] < words)]
        used |= words
    return tuple(name for name, _ in shown[:SHOWN])


@lru_cache(100_000)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(name.lower().split())
