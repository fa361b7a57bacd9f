"""What title and abstract of a paper say of its theme: phrases of the theme files, and single words.

Nothing is weighed here; the same evidence teaches the model and is judged by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from sitegen.model import Theme
from sitegen.phrases import PhraseBook, Weights
from sitegen.words import surface_words, words

_TITLE = 3
"""A word in the title counts like three in the abstract."""

_STOP = frozenset(
    """
    a about across all also an and any are as at be been being between both but by can could do does each
    for further from has have how however i if in into is it its made make may method model more most need
    new no not of on one only or other our out over paper propose proposed result show so some such task
    than that the their them then these they this those through to too two under up use used using very
    via was we well were what when where whether which while who why will with within without work
    approach based data deep different language large learn learning network neural train trained training
    """.split()
)


class Evidence(Struct, frozen=True):
    """What a paper's text says of its theme, before anything is weighed."""

    title: str
    abstract: str
    hits: Mapping[str, tuple[float, Weights]]
    """The phrases in it, each with its count and what it weighs."""
    terms: Mapping[str, float]
    """The words in it, in the singular, with their counts."""

    @property
    def text(self) -> str:
        """Title and abstract."""
        return f"{self.title}\n{self.abstract}"


def phrase_book(themes: Sequence[Theme]) -> PhraseBook:
    """Return the phrases of all themes."""
    return PhraseBook(
        (phrase, place, weight) for place, theme in enumerate(themes) for phrase, weight in theme.phrases
    )


def read_evidence(title: str, abstract: str, book: PhraseBook) -> Evidence:
    """Return what title and abstract, as plain text, say of the paper's theme."""
    hits: dict[str, tuple[float, Weights]] = {}
    for text, times in ((abstract, 1), (title, _TITLE)):
        shown = surface_words(text)
        for start, end, weights in book.find(words(text)):
            phrase = shown[start] if end == start + 1 else " ".join(shown[start:end])
            count = hits[phrase][0] if phrase in hits else 0
            hits[phrase] = (count + times, weights)
    counts = Counter(words(abstract))
    for word in words(title):
        counts[word] += _TITLE
    terms = {word: count for word, count in counts.items() if is_telling(word)}
    return Evidence(title, abstract, hits, terms)


@lru_cache(100_000)
def is_telling(word: str) -> bool:
    """Tell whether a word can say anything of a paper's theme."""
    return word not in _STOP and len(word) > 1 and not word.isdigit()
