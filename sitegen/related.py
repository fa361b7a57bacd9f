"""Which papers are about the same: for each, the nearest others and what they share.

Papers are compared by the words, pairs of words and tags they have (TF-IDF, cosine); a shared theme
counts a quarter more. How rare a term is counts in powers of two and all weights are whole numbers, so
that a new paper changes another's list only where it enters it, and no order of adding changes a score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import sqrt
from typing import TYPE_CHECKING

from sitegen.evidence import is_telling
from sitegen.memory import Memory
from sitegen.model import Paper, Related
from sitegen.processes import by_processes, can_fork
from sitegen.words import singular, surface_words

if TYPE_CHECKING:
    from numpy import int64
    from numpy.typing import NDArray

    Integers = NDArray[int64]

WORTH_WORKERS = 400
"""For fewer papers than this one process is the quickest."""

NEIGHBOURS = 5
SHOWN = 4
"""So many shared terms say why."""
_TITLE = 3
_TAG = 3
"""A word of the title counts like three of the abstract, and so does a tag."""
_TERMS = 80
"""So many terms of a paper, its strongest, are compared."""
_ONE = 1 << 10
"""The length of a paper's vector."""
_LEAST = _ONE * _ONE // 10
"""Two papers that are less alike share an expression rather than a subject."""
_SAME, _MANY = _ONE * _ONE * 9 // 10, 20
"""Two papers with so many terms that are more alike are one paper, known by two names."""
_SMALLEST = 6
"""A site of fewer papers than this power of two counts as one of so many, and stays steady as it grows."""
_COMMON, _COMMONEST = 2, 12
"""A term in more than a quarter of the papers says nothing (powers of two), nor one in 4,096."""
_GENERAL = frozenset(
    """
    ability achieve across address advanced advancing along art available benchmark benefit best better
    capability challenge code comprehensive current dataset demonstrate demonstrated despite develop
    effective effectively effectiveness efficiency efficient enable enabling evaluation existing experiment
    extensive first framework general github good high however improve improvement improving instead introduce
    key lab let like limited low many novel often one outperform paper performance potential present
    problem promising propose purpose range real recent related remain second several significant
    significantly small sota state strong study superior technique third three toward towards traditional
    two unleashing various while world you your during findings fully lack least meanwhile great efforts
    """.split()
)
"""Words that abstracts of every subject have, beside those that `is_telling` leaves out."""

Terms = Mapping[str, int]
Names = Mapping[str, str]
Row = list[tuple[str, int]]
Near = tuple[tuple[int, tuple[str, ...]], ...]
"""Places of other papers, nearest first, each with the words that are shared."""


def related(
    papers: Sequence[Paper], memory: Memory | None = None, jobs: int = 1
) -> dict[str, tuple[Related, ...]]:
    """Return the nearest others of each paper by its slug, nearest first; fewer where fewer are near.

    `jobs` is the most processes that may work.
    """
    memory = memory or Memory()
    ordered = sorted(papers, key=lambda paper: paper.slug)
    faces = [_face(paper) for paper in ordered]
    return memory.recent.of("related", (faces,), lambda: _shown(ordered, faces, memory, jobs))


def _shown(
    ordered: Sequence[Paper], faces: Sequence[tuple[object, ...]], memory: Memory, jobs: int
) -> dict[str, tuple[Related, ...]]:
    key = memory.key(faces)
    found: tuple[Near, ...] | None = memory.related.get(key, tuple[Near, ...])
    if found is None:
        found = tuple(_neighbours(ordered, jobs))
        memory.related.keep(key, found)
    return {
        paper.slug: tuple(
            Related(other.title.html, other.url, other.theme.hue, words)
            for place, words in near
            for other in (ordered[place],)
        )
        for paper, near in zip(ordered, found, strict=True)
    }


def _face(paper: Paper) -> tuple[object, ...]:
    """Return all of a paper that decides what is near to it and how others show it."""
    abstract = paper.abstract.plain if paper.abstract else ""
    return paper.slug, paper.url, paper.title, abstract, paper.tags, paper.theme


def _neighbours(ordered: Sequence[Paper], jobs: int) -> Iterator[Near]:
    """Yield for each paper the places of the nearest others, and what they share."""
    read = [_read(paper) for paper in ordered]
    rows = _weigh([terms for terms, _ in read])
    nearest = _finder(ordered, rows)

    def near(place: int) -> Near:
        own, names = dict(rows[place]), read[place][1]
        return tuple((other, _shared(own, rows[other], names)) for other in nearest(place))

    def chunk(part: slice) -> list[Near]:
        return [near(place) for place in range(part.start, part.stop)]

    is_worth = can_fork() and len(ordered) >= WORTH_WORKERS
    for some in by_processes(len(ordered), lambda: chunk, chunk, jobs if is_worth else 1):
        yield from some


def _read(paper: Paper) -> tuple[Terms, Names]:
    """Return how often each term stands in a paper, and how the paper first writes it.

    A tag is known by its address, so that it is no word of the text.
    """
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for text, times in ((paper.title.plain, _TITLE), (paper.abstract.plain if paper.abstract else "", 1)):
        before = as_written = ""
        for written in surface_words(text):
            word = _term(written)
            if not word:
                before = ""
                continue
            counts[word] = counts.get(word, 0) + times
            names.setdefault(word, written)
            if before:
                pair = f"{before} {word}"
                counts[pair] = counts.get(pair, 0) + times
                names.setdefault(pair, f"{as_written} {written}")
            before, as_written = word, written
    for tag in paper.tags:
        counts[tag.url] = _TAG
        names[tag.url] = tag.title
    return counts, names


@lru_cache(200_000)
def _term(written: str) -> str:
    """Return the word as papers are compared by it; empty for one that says nothing."""
    word = singular(written)
    return word if is_telling(word) and word not in _GENERAL else ""


def _weigh(papers: Sequence[Terms]) -> list[Row]:
    """Return the strongest terms of each paper, strongest first, as a vector of length `_ONE`."""
    spread = Counter(term for terms in papers for term in terms)
    size = max(_SMALLEST, len(papers).bit_length())
    least = max(_COMMON, size - _COMMONEST)
    rarity = {term: size - count.bit_length() for term, count in spread.items() if count > 1}
    rows = []
    for terms in papers:
        weights = [
            (count.bit_length() * rarity[term], term)
            for term, count in terms.items()
            if rarity.get(term, 0) >= least
        ]
        weights.sort(key=lambda weighed: (-weighed[0], weighed[1]))
        strongest = weights[:_TERMS]
        length = sqrt(sum(weight * weight for weight, _ in strongest))
        rows.append([(term, round(weight * _ONE / length)) for weight, term in strongest])
    return rows


def _finder(papers: Sequence[Paper], rows: Sequence[Row]) -> Callable[[int], list[int]]:
    """Return what gives the places of the nearest others of a paper, nearest first; of equals the first."""
    import numpy as np

    numbers: dict[str, int] = {}
    terms = np.array([numbers.setdefault(term, len(numbers)) for row in rows for term, _ in row], np.int64)
    weights = np.array([weight for row in rows for _, weight in row], np.int64)
    owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    order = np.argsort(terms, kind="stable")
    owners, inverted = owners[order], weights[order]
    starts = np.searchsorted(terms[order], np.arange(len(numbers) + 1))
    themes = np.array([paper.theme.order for paper in papers])
    begins = [0, *accumulate(len(row) for row in rows)]

    def nearest(place: int) -> list[int]:
        begin, end = begins[place : place + 2]
        if begin == end:
            return []
        spans = [slice(starts[term], starts[term + 1]) for term in terms[begin:end]]
        others = np.concatenate([owners[span] for span in spans])
        products = np.concatenate(
            [inverted[span] * weight for span, weight in zip(spans, weights[begin:end], strict=True)]
        )
        scores = np.bincount(others, products, len(rows)).astype(np.int64)
        scores[place] = 0
        if end - begin >= _MANY:
            scores[scores > _SAME] = 0
        scores += scores * (themes == themes[place]) // 4
        return _best(scores)

    return nearest


def _best(scores: Integers) -> list[int]:
    """Return the places of the highest scores that are high enough."""
    import numpy as np

    high = np.flatnonzero(scores >= _LEAST)
    if len(high) > NEIGHBOURS:
        floor = np.partition(scores[high], -NEIGHBOURS)[-NEIGHBOURS]
        high = high[scores[high] >= floor]
    ranked = high[np.argsort(-scores[high], kind="stable")]
    return [int(place) for place in ranked[:NEIGHBOURS]]


def _shared(own: Terms, other: Row, names: Names) -> tuple[str, ...]:
    """Return what two papers share, strongest first; a pair of words stands for its words."""
    shared = sorted((-weight * own[term], term) for term, weight in other if term in own)
    shown: list[tuple[str, frozenset[str]]] = []
    for _, term in shared[: 3 * SHOWN]:
        name = names[term]
        words = _words_of(name)
        if any(words <= whole for _, whole in shown):
            continue
        first = next((place for place, (_, part) in enumerate(shown) if part < words), len(shown))
        shown[first:] = [(name, words), *(item for item in shown[first:] if not item[1] < words)]
    return tuple(name for name, _ in shown[:SHOWN])


@lru_cache(100_000)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(name.lower().split())
