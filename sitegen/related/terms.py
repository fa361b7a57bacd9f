"""What papers say, in numbers: their words, and the terms that these make with how often each stands there.

Terms are words, pairs of words and tags. Papers are taken in blocks, for speed and to bound memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sitegen.evidence import is_telling
from sitegen.model import Paper
from sitegen.words import singular, surface_words

Numbers = NDArray[np.int64]
Short = NDArray[np.int32]

_TITLE = 3
_TAG = 3
"""A word of the title counts like three of the abstract, and so does a tag."""
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

BITS = 27
LOW = (1 << BITS) - 1
"""The number of a term is that of its first word, then that of its second, or 0."""
BLOCK = 256
"""So many papers are counted or weighed at once."""


class Vocabulary(dict[str, int]):
    """The numbers of words as they are written, given when they are asked for; 0 stands between texts."""

    def __init__(self) -> None:
        """Begin without words."""
        super().__init__({"": 0})
        self.written = [""]
        """Words as they are written, by number."""
        self.meant = [0]
        """For each of them the number of what papers are compared by; 0 if that is nothing."""
        self.words = [""]
        """What papers are compared by, by number: words in the singular, and addresses of tags."""
        self._numbers = {"": 0}

    def __missing__(self, written: str) -> int:
        """Return the number of a word that is new here."""
        self[written] = number = len(self.written)
        self.written.append(written)
        self.meant.append(self.number(_term(written)))
        return number

    def number(self, word: str) -> int:
        """Return the number of a word in the singular, or of the address of a tag."""
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number


class Text(NamedTuple):
    """What a paper says, in numbers of the vocabulary."""

    written: Short
    """The words of the title, 0, those of the abstract, and 0."""
    title: int
    """How many words the title has."""
    tags: tuple[int, ...]
    """The addresses of the tags, so that a tag is no word of the text."""


class Counted(NamedTuple):
    """The terms of a paper, and how often each stands in it: the length of that number in bits."""

    terms: Numbers
    levels: NDArray[np.uint8]


class Reader:
    """Reads papers; one that it has read before, and that says the same, is not read again."""

    def __init__(self) -> None:
        """Begin without papers."""
        self.vocabulary = Vocabulary()
        self._read: dict[str, tuple[tuple[object, ...], Text, Counted]] = {}

    def read(self, papers: Sequence[Paper]) -> tuple[list[Text], list[Counted]]:
        """Return the words of papers and their terms; others are forgotten."""
        said = {paper.slug: said_by(paper) for paper in papers}
        known = {slug: last for slug, last in self._read.items() if said.get(slug) == last[0]}
        new = [paper for paper in papers if paper.slug not in known]
        texts = list(read(new, self.vocabulary))
        for paper, text, counted in zip(new, texts, count(texts, self.vocabulary), strict=True):
            known[paper.slug] = said[paper.slug], text, counted
        self._read = known
        found = [known[paper.slug] for paper in papers]
        return [text for _, text, _ in found], [counted for _, _, counted in found]


def said_by(paper: Paper) -> tuple[object, ...]:
    """Return what of a paper decides its terms."""
    return paper.title.plain, paper.abstract.plain if paper.abstract else "", paper.tags


def read(papers: Sequence[Paper], vocabulary: Vocabulary) -> Iterator[Text]:
    """Yield the words of each paper."""
    number = vocabulary.__getitem__
    for paper in papers:
        title = list(map(number, surface_words(paper.title.plain)))
        abstract = map(number, surface_words(paper.abstract.plain)) if paper.abstract else ()
        tags = tuple(vocabulary.number(url) for url in {tag.url: None for tag in paper.tags})
        yield Text(np.array([*title, 0, *abstract, 0], np.int32), len(title), tags)


def count(texts: Sequence[Text], vocabulary: Vocabulary) -> Iterator[Counted]:
    """Yield the terms of each text."""
    meant = np.array(vocabulary.meant)
    for start in range(0, len(texts), BLOCK):
        yield from _count_block(texts[start : start + BLOCK], meant)


def _count_block(texts: Sequence[Text], meant: Numbers) -> Iterator[Counted]:
    """Yield the terms of some texts; they are sorted together, which is much faster than one by one."""
    lengths = [len(text.written) for text in texts]
    words = meant[np.concatenate([text.written for text in texts])]
    begins = np.cumsum([0, *lengths])
    titles = np.repeat(begins[:-1] + [text.title for text in texts], lengths)
    times = np.where(np.arange(len(words)) < titles, _TITLE, 1)
    keys = np.repeat(np.arange(len(texts)), lengths) << 2 * BITS | words << BITS
    is_pair = (words[:-1] > 0) & (words[1:] > 0)
    pairs = keys[:-1][is_pair] | words[1:][is_pair]
    tags = [place << 2 * BITS | tag << BITS for place, text in enumerate(texts) for tag in text.tags]
    counted = (
        np.repeat(keys[words > 0], times[words > 0]),
        np.repeat(pairs, times[:-1][is_pair]),
        np.repeat(np.array(tags, np.int64), _TAG),
    )
    terms = np.sort(np.concatenate(counted))
    starts = starts_of(terms)
    levels = bit_length(np.diff(starts, append=len(terms))).astype(np.uint8)
    terms = terms[starts]
    begins = np.searchsorted(terms, np.arange(len(texts) + 1) << 2 * BITS)
    terms &= (1 << 2 * BITS) - 1
    for begin, end in pairwise(begins):
        yield Counted(terms[begin:end], levels[begin:end])


@lru_cache(200_000)
def _term(written: str) -> str:
    """Return the word as papers are compared by it; empty for one that says nothing."""
    word = singular(written)
    return word if is_telling(word) and word not in _GENERAL else ""


def starts_of(values: Numbers) -> Numbers:
    """Return where in sorted values each begins."""
    return np.flatnonzero(np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1])))


def bit_length(numbers: Numbers) -> Numbers:
    """Return the lengths of numbers in bits."""
    return np.frexp(numbers)[1].astype(np.int64)
