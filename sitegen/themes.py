"""The theme of a paper that the curator has not placed: the nearest by the themes' own words.

TF-IDF over single words and pairs, title counted three times, cosine. The words that decided are
returned with the theme; below `THRESHOLD` a paper stays unsorted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.model import Theme
from sitegen.words import singular, surface_words

THRESHOLD = 0.03
"""Measured on the 181 labelled papers: see benchmarks/README.md."""
_REASONS = 4

_STOP = frozenset(
    """
    a about across all also an and any are as at be been being between both but by can could do does each
    for from further has have how however i if in into is it its made make may method model more most need
    new no not of on one only or other our out over paper propose proposed result show so some such task
    than that the their them then these they this those through to too two under up use used using very
    via was we well were what when where whether which while who why will with within without work
    approach based data deep different language large learn learning network neural train trained training
    """.split()
)


@dataclass(frozen=True, slots=True)
class ThemeIndex:
    """The themes as weighted words, each of length one."""

    slugs: tuple[str, ...]
    weights: dict[str, tuple[tuple[int, float], ...]]
    """For each term the themes that have it, by index, with its weight in them."""
    idf: dict[str, float]


def index_themes(themes: Sequence[Theme]) -> ThemeIndex:
    """Return the index of the themes' titles, summaries and what they include."""
    texts = [((theme.title, 3), (theme.summary, 2), (theme.includes, 1)) for theme in themes]
    counts = [_terms(parts)[0] for parts in texts]
    spread = Counter(term for mine in counts for term in mine)
    idf = {term: math.log(1 + len(themes) / number) for term, number in spread.items()}
    weights: dict[str, list[tuple[int, float]]] = {}
    for index, mine in enumerate(counts):
        weighted = {term: (1 + math.log(number)) * idf[term] for term, number in mine.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        for term, weight in weighted.items():
            weights.setdefault(term, []).append((index, weight / length))
    slugs = tuple(theme.slug for theme in themes)
    return ThemeIndex(slugs, {term: tuple(pairs) for term, pairs in weights.items()}, idf)


def nearest_theme(title: str, abstract: str, index: ThemeIndex) -> tuple[str, tuple[str, ...]]:
    """Return the nearest theme's slug and the words that decided, weightiest first.

    The slug is empty where no theme is near enough.
    """
    counts, surface = _terms(((title, 3), (abstract, 1)))
    weighted = {
        term: (1 + math.log(number)) * index.idf[term] for term, number in counts.items() if term in index.idf
    }
    length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
    scores = [0.0] * len(index.slugs)
    for term, weight in weighted.items():
        for theme, theme_weight in index.weights[term]:
            scores[theme] += weight * theme_weight / length
    best = max(range(len(scores)), key=lambda theme: (scores[theme], -theme), default=None)
    if best is None or scores[best] < THRESHOLD:
        return "", ()
    shares = {term: weight * dict(index.weights[term]).get(best, 0.0) for term, weight in weighted.items()}
    return index.slugs[best], _reasons(shares, surface)


def _terms(parts: Sequence[tuple[str, int]]) -> tuple[Counter[str], dict[str, str]]:
    """Return the counts of words and pairs of words, and how each first stood in the text."""
    counts: Counter[str] = Counter()
    surface: dict[str, str] = {}
    for text, times in parts:
        previous = ("", "")
        for shown in surface_words(text):
            word = singular(shown)
            if word in _STOP or len(word) < 2 or word.isdigit():
                previous = ("", "")
                continue
            counts[word] += times
            surface.setdefault(word, shown)
            if previous[0]:
                pair = f"{previous[0]} {word}"
                counts[pair] += times
                surface.setdefault(pair, f"{previous[1]} {shown}")
            previous = (word, shown)
    return counts, surface


def _reasons(shares: dict[str, float], surface: dict[str, str]) -> tuple[str, ...]:
    """Return the words with the largest shares; a word inside a pair that stands is left out."""
    reasons: list[str] = []
    for term in sorted(shares, key=lambda term: (-shares[term], term)):
        if shares[term] > 0 and not any(set(term.split()) & set(other.split()) for other in reasons):
            reasons.append(term)
    return tuple(surface[term] for term in reasons[:_REASONS])
