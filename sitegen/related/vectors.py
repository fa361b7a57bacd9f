"""Papers as vectors: the terms that each has, weighed by how rare these are.

How rare a term is counts in powers of two and all weights are whole numbers, so that a new paper changes
few vectors, and no order of adding changes a weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sitegen.related.terms import BITS, BLOCK, LOW, Counted, Numbers, Short, Vocabulary, bit_length, starts_of

ONE = 1 << 10
"""The length of a paper's vector."""
_TERMS = 80
"""So many terms of a paper, its strongest, are compared."""
_SMALLEST = 6
"""A site of fewer papers than this power of two counts as one of so many, and stays steady as it grows."""
_COMMON, _COMMONEST = 2, 12
"""A term in more than a quarter of the papers says nothing (powers of two), nor one in 4,096."""


class Vectors(NamedTuple):
    """The vectors of papers, one after the other, each with its strongest term first."""

    begins: Numbers
    """Where that of each paper begins, and the last one ends."""
    terms: Short
    """Terms, numbered as their words are sorted."""
    weights: Short
    parts: tuple[Numbers, Numbers]
    """For each term the numbers of its words in the vocabulary, or of the one and 0."""


def weigh(papers: Sequence[Counted], vocabulary: Vocabulary) -> Vectors:
    """Return the strongest terms of each paper, strongest first, as a vector of length `ONE`."""
    if not papers:
        return Vectors(np.zeros(1, np.int64), *(np.empty(0, np.int32),) * 2, (np.empty(0, np.int64),) * 2)
    order = np.array(sorted(range(len(vocabulary.words)), key=vocabulary.words.__getitem__))
    terms = _by_rank(np.concatenate([paper.terms for paper in papers]), order)
    known, rarity = _rarities(terms, len(papers))
    begins = np.cumsum([0, *(len(paper.terms) for paper in papers)])
    made = []
    for start in range(0, len(papers), BLOCK):
        bounds = begins[start : start + BLOCK + 1]
        levels = np.concatenate([paper.levels for paper in papers[start : start + BLOCK]])
        made.append(_weigh_block(terms[bounds[0] : bounds[-1]], levels, np.diff(bounds), known, rarity))
    lengths, strongest, weights = (np.concatenate(parts) for parts in zip(*made, strict=True))
    return Vectors(
        begins=np.append(0, np.cumsum(lengths)),
        terms=strongest.astype(np.int32),
        weights=weights.astype(np.int32),
        parts=(order[known >> BITS], order[known & LOW]),
    )


def _by_rank(terms: Numbers, order: Numbers) -> Numbers:
    """Return the terms with the place of each word in this order instead of its number: they sort as text."""
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    for start in range(0, len(terms), 1 << 20):
        part = terms[start : start + (1 << 20)]
        terms[start : start + (1 << 20)] = ranks[part >> BITS] << BITS | ranks[part & LOW]
    return terms


def _rarities(terms: Numbers, papers: int) -> tuple[Numbers, Numbers]:
    """Return the terms that say something of their papers, sorted, and how rare they are."""
    size = max(_SMALLEST, papers.bit_length())
    every = np.sort(terms)
    starts = starts_of(every)
    spread = np.diff(starts, append=len(every))
    is_shared = spread > 1
    known, rarity = every[starts[is_shared]], size - bit_length(spread[is_shared])
    is_rare = rarity >= max(_COMMON, size - _COMMONEST)
    return known[is_rare], rarity[is_rare]


def _weigh_block(
    terms: Numbers, levels: NDArray[np.uint8], lengths: Numbers, known: Numbers, rarity: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the lengths of some papers' vectors, and these: terms by their place in `known`, weights."""
    places = np.searchsorted(known, terms)
    places[places == len(known)] = 0
    is_known = known[places] == terms if len(known) else np.zeros(len(terms), bool)
    places = places[is_known]
    owners = np.repeat(np.arange(len(lengths)), lengths)[is_known]
    weights = levels[is_known] * rarity[places]
    sorted_ = np.sort(owners << 42 | (1023 - weights) << 32 | places)  # strongest first, then by the word
    owners = sorted_ >> 42
    begins = np.searchsorted(owners, np.arange(len(lengths)))
    sorted_ = sorted_[np.arange(len(owners)) - begins[owners] < _TERMS]
    owners, weights, places = sorted_ >> 42, 1023 - (sorted_ >> 32 & 1023), sorted_ & 0xFFFFFFFF
    whole = np.sqrt(np.bincount(owners, weights * weights, len(lengths)))
    return (
        np.bincount(owners, minlength=len(lengths)),
        places,
        np.rint(weights * ONE / whole[owners]).astype(np.int64),
    )


def digests(vectors: Vectors, vocabulary: Vocabulary) -> Iterator[bytes]:
    """Yield for each vector bytes that are equal for equal ones, whatever the numbers of their terms."""
    every = b"".join(
        blake2b(word.encode(errors="surrogatepass"), digest_size=16).digest() for word in vocabulary.words
    )
    words = np.frombuffer(every, np.uint8).reshape(-1, 16)
    first, second = vectors.parts
    for begin, end in pairwise(vectors.begins):
        terms = vectors.terms[begin:end]
        digest = blake2b(words[first[terms]].tobytes(), digest_size=16)
        digest.update(words[second[terms]].tobytes())
        digest.update(vectors.weights[begin:end].tobytes())
        yield digest.digest()
