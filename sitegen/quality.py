"""How often the assigned themes are right: cross-validation over the papers that the curator has placed.

Each label is hidden in turn and guessed from the others. The parts are dealt by a hash of the papers,
so that the same labels give the same figures on any machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from msgspec import Struct

from sitegen.evidence import Evidence
from sitegen.model import Theme
from sitegen.themes import Judgement, judge, learn

FOLDS, ROUNDS = 5, 10
_LEAST_LABELS = 20
_MANY_LABELS = 2_000
_CURVE = (0, 1 / 8, 1 / 4, 1 / 2, 1)
_CURVE_ROUNDS = 2

Labelled = tuple[str, Evidence]
Guess = tuple[str, Judgement]
"""The true theme, and the judgement without its label."""


class Confusion(Struct, frozen=True):
    """A theme that was taken for another."""

    theme: str
    given: str
    papers: float
    """In one round, on average."""


class Quality(Struct, frozen=True):
    """What cross-validation found. Shares are from 0 to 1."""

    labels: int
    rounds: int
    right: float
    """Share of papers whose first theme is the curator's."""
    low: float
    high: float
    """The interval in which `right` lies with 95 % certainty, had other papers been labelled."""
    first_two: float
    """Share whose first or second theme is the curator's."""
    untaught: float
    """`right` without any label, by the theme files alone."""
    sure: float
    """Share that is called sure."""
    sure_right: float
    confusions: tuple[Confusion, ...]
    """The most frequent first."""
    curve: tuple[tuple[int, float], ...]
    """Number of labels learned from, and `right`."""


def measure(themes: Sequence[Theme], labelled: Sequence[Labelled]) -> Quality | None:
    """Return the quality of the themes' assignment, or nothing where too few papers are labelled."""
    count = len(labelled)
    if count < _LEAST_LABELS:
        return None
    rounds = ROUNDS if count <= _MANY_LABELS else 1
    guesses = [guess for number in range(rounds) for guess in _guesses(themes, labelled, number, 1)]
    untaught = learn(themes, ())
    right = _right(guesses)
    sure = [guess for guess in guesses if guess[1].confidence == "sure"]
    low, high = _interval(right, count)
    return Quality(
        labels=count,
        rounds=rounds,
        right=right,
        low=low,
        high=high,
        first_two=sum(slug in guess.ranking[:2] for slug, guess in guesses) / len(guesses),
        untaught=_right([(slug, judge(evidence, untaught)) for slug, evidence in labelled]),
        sure=len(sure) / len(guesses),
        sure_right=_right(sure),
        confusions=_confusions(guesses, rounds),
        curve=tuple(_curve(themes, labelled, min(rounds, _CURVE_ROUNDS))),
    )


def _guesses(
    themes: Sequence[Theme], labelled: Sequence[Labelled], number: int, share: float
) -> Iterable[Guess]:
    """Yield one guess for each label, from a share of those in the other parts."""
    order = _dealt(labelled, number)
    for part in range(FOLDS):
        others = [paper for place, paper in enumerate(order) if place % FOLDS != part]
        model = learn(themes, _some(others, share))
        for slug, evidence in order[part::FOLDS]:
            yield slug, judge(evidence, model)


def _dealt(labelled: Sequence[Labelled], number: int) -> list[Labelled]:
    """Return the papers theme by theme, each theme's in an order that looks like chance."""
    return sorted(
        labelled, key=lambda paper: (paper[0], sha256(f"{number} {paper[1].text}".encode()).digest())
    )


def _some(papers: Sequence[Labelled], share: float) -> list[Labelled]:
    """Return a share of papers that are sorted by theme, spread over all of them."""
    wanted = round(len(papers) * share)
    return [papers[place * len(papers) // wanted] for place in range(wanted)]


def _curve(themes: Sequence[Theme], labelled: Sequence[Labelled], rounds: int) -> Iterable[tuple[int, float]]:
    taught = len(labelled) * (FOLDS - 1) / FOLDS
    for share in _CURVE:
        guesses = [guess for number in range(rounds) for guess in _guesses(themes, labelled, number, share)]
        yield round(taught * share), _right(guesses)


def _right(guesses: Sequence[Guess]) -> float:
    return sum(guess.ranking[:1] == (slug,) for slug, guess in guesses) / (len(guesses) or 1)


def _confusions(guesses: Sequence[Guess], rounds: int) -> tuple[Confusion, ...]:
    counts = Counter(
        (slug, guess.ranking[0] if guess.ranking else "unsorted")
        for slug, guess in guesses
        if guess.ranking[:1] != (slug,)
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(theme, given, number / rounds) for (theme, given), number in ranked)


def _interval(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's interval of 95 % for a share that was found among `count` papers."""
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    width = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return middle - width, middle + width
