"""The theme of a paper that the curator has not placed, and why.

Two witnesses are heard: the phrases that the theme files weigh, and the words that each theme's own
file and its labelled papers have in common (TF-IDF, nearest centroid). The second is believed more the
more labels there are. Nothing depends on papers without a label, so a new paper moves no other.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen.evidence import Evidence, is_telling
from sitegen.model import Confidence, Theme
from sitegen.words import singular, surface_words
from sitegen.words import words as words_of

# Chosen in cross-validation with phrases that were written before any measurement; near these values
# the figures hardly move.
_CALM = 3.0  # how soon a phrase that is repeated stops adding
_DOUBT = 20.0  # the phrase weight beside which a paper's own is judged: little text decides little
_UNTAUGHT, _HALF_TAUGHT = 0.3, 40  # belief in the second witness without labels; labels for half the rest
_OWN = 2.0  # a theme's own file beside one labelled paper
_PRECEDENCE = 0.2  # share of its phrase weight that a theme takes from those it goes before
_SURE, _LIKELY = 0.4, 0.15  # lead over the runner-up
_SURE_WEIGHT = 10.0  # phrase weight without which nothing is sure
_LEAST_WEIGHT, _LEAST_NEARNESS = 2.0, 0.06  # a paper below both fits nowhere
_REASONS = 4


class ThemeModel(Struct, frozen=True):
    """What theme files and labelled papers teach. Themes are named by their place."""

    slugs: tuple[str, ...]
    words: Mapping[str, tuple[float, tuple[tuple[int, float], ...]]]
    """For each word how rare it is, and the themes it speaks for with how much."""
    rarest: float
    """How rare a word is that nobody taught."""
    belief: float
    """In the words, beside the phrases."""
    after: tuple[tuple[int, ...], ...]
    """For each theme those that go before it where a paper fits both."""


class Judgement(Struct, frozen=True):
    """Where a paper belongs, and why."""

    ranking: tuple[str, ...]
    """All themes, best first; empty for a paper that fits nowhere."""
    lead: float
    """Of the first theme over the second."""
    confidence: Confidence
    further: tuple[str, ...]
    """Where a reader should find it as well: the second theme of a doubtful paper."""
    reasons: tuple[str, ...]
    """The words that decided, weightiest first, as the paper writes them."""


def learn(themes: Sequence[Theme], labelled: Iterable[tuple[str, Evidence]]) -> ThemeModel:
    """Return the model of the themes' own words and of labelled papers, each a slug and its evidence."""
    taught = [(slug, evidence.terms) for slug, evidence in labelled]
    own = [own_terms(theme) for theme in themes]
    spread = Counter(term for terms in (*own, *(terms for _, terms in taught)) for term in terms)
    idf = {term: math.log(1 + (len(own) + len(taught)) / number) for term, number in spread.items()}
    weights: dict[str, list[tuple[int, float]]] = {}
    for place, theme in enumerate(themes):
        papers = [_unit(terms, idf) for slug, terms in taught if slug == theme.slug]
        centre = {term: _OWN * weight for term, weight in _unit(own[place], idf).items()}
        for paper in papers:
            for term, weight in paper.items():
                centre[term] = centre.get(term, 0.0) + weight / math.sqrt(len(papers))
        length = _length(centre.values()) or 1.0
        for term, weight in centre.items():
            weights.setdefault(term, []).append((place, weight / length * idf[term]))
    return ThemeModel(
        slugs=tuple(theme.slug for theme in themes),
        words={term: (idf[term], tuple(pairs)) for term, pairs in weights.items()},
        rarest=max(idf.values(), default=0.0),
        belief=_UNTAUGHT + (1 - _UNTAUGHT) * len(taught) / (len(taught) + _HALF_TAUGHT),
        after=tuple(
            tuple(place for place, other in enumerate(themes) if theme.slug in other.before)
            for theme in themes
        ),
    )


def judge(evidence: Evidence, model: ThemeModel) -> Judgement:
    """Return the themes of a paper, how sure that is, and the words that decided."""
    weighed = _weigh_phrases(evidence, model)
    near, nearest = _near(evidence, model)
    calm, norm = _length(weighed) + _DOUBT, _length(near) / model.belief or 1.0
    scores = [phrases / calm + words / norm for phrases, words in zip(weighed, near, strict=True)]
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    if not order or (max(weighed) < _LEAST_WEIGHT and nearest < _LEAST_NEARNESS):
        return Judgement((), 0.0, "doubtful", (), ())
    first = order[0]
    lead = scores[first] - scores[order[1]] if len(order) > 1 else scores[first]
    confidence = _confidence(lead, weighed[first])
    ranking = tuple(model.slugs[place] for place in order)
    return Judgement(
        ranking=ranking,
        lead=lead,
        confidence=confidence,
        further=ranking[1:2] if confidence == "doubtful" else (),
        reasons=_reasons(evidence, model, first),
    )


def _confidence(lead: float, weight: float) -> Confidence:
    if lead >= _SURE and weight >= _SURE_WEIGHT:
        return "sure"
    return "likely" if lead >= _LIKELY else "doubtful"


def _weigh_phrases(evidence: Evidence, model: ThemeModel) -> list[float]:
    """Return for each theme the weight of its phrases; more of one phrase adds ever less."""
    weighed = [0.0] * len(model.slugs)
    for count, weights in evidence.hits.values():
        calmed = _CALM * math.log1p(count / _CALM)
        for place, weight in weights.items():
            weighed[place] += weight * calmed
    return [
        weight - _PRECEDENCE * sum(weighed[place] for place in rivals)
        for weight, rivals in zip(weighed, model.after, strict=True)
    ]


def _near(evidence: Evidence, model: ThemeModel) -> tuple[list[float], float]:
    """Return for each theme how much the paper's words speak for it, and the largest cosine."""
    near = [0.0] * len(model.slugs)
    square = 0.0
    unknown = (model.rarest, ())
    for term, count in evidence.terms.items():
        factor = 1 + math.log(count) if count != 1 else 1.0
        idf, weights = model.words.get(term, unknown)
        square += (factor * idf) ** 2
        for place, weight in weights:
            near[place] += factor * weight
    return near, max(near, default=0.0) / (math.sqrt(square) or 1.0)


def _reasons(evidence: Evidence, model: ThemeModel, theme: int) -> tuple[str, ...]:
    """Return the words that speak loudest for a theme: its phrases, and where these are few, its terms."""
    phrases = {
        phrase: weights[theme] * math.log1p(count / _CALM)
        for phrase, (count, weights) in evidence.hits.items()
        if weights.get(theme, 0) > 0
    }
    chosen = _loudest(phrases, [])
    if len(chosen) < _REASONS:
        shown: dict[str, str] = {}
        for text in (evidence.title, evidence.abstract):
            shown.update(zip(words_of(text), surface_words(text), strict=True))
        terms = {
            shown[term]: (1 + math.log(count)) * weight
            for term, count in evidence.terms.items()
            for place, weight in model.words.get(term, (0.0, ()))[1]
            if place == theme
        }
        chosen = _loudest(terms, chosen)
    whole = evidence.text
    lower = whole.lower()
    return tuple(_as_written(words, whole, lower) for words in chosen)


def _loudest(shares: Mapping[str, float], chosen: list[str]) -> list[str]:
    """Return what was chosen and the next by share, up to `_REASONS`, no word twice."""
    used = {singular(word) for words in chosen for word in words.split()}
    for words in sorted(shares, key=lambda words: (-shares[words], words)):
        if len(chosen) >= _REASONS:
            break
        parts = {singular(word) for word in words.split()}
        if used.isdisjoint(parts):
            used |= parts
            chosen = [*chosen, words]
    return chosen


def _as_written(words: str, text: str, lower: str) -> str:
    """Return the words with the capitals and hyphens of the text; `lower` is the text in lower case."""
    if len(lower) != len(text):
        return words
    for form in (words, words.replace(" ", "-")):  # most often; much faster than an expression
        start = lower.find(form)
        while start >= 0:
            end = start + len(form)
            if not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum()):
                return text[start:end]
            start = lower.find(form, end)
    between = r"[\W_]+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<![^\W_]){between}(?![^\W_])", lower)
    return " ".join(text[found.start() : found.end()].split()) if found else words


def own_terms(theme: Theme) -> dict[str, float]:
    """Return the words of a theme's own file with their counts."""
    texts = [(theme.title, 3.0), (theme.summary, 2.0), (theme.includes, 1.0)]
    texts += [(phrase, weight / 2) for phrase, weight in theme.phrases if weight > 0]
    terms: dict[str, float] = {}
    for text, times in texts:
        for word in map(singular, surface_words(text)):
            if is_telling(word):
                terms[word] = terms.get(word, 0.0) + times
    return terms


def _unit(terms: Mapping[str, float], idf: Mapping[str, float]) -> dict[str, float]:
    """Return the terms weighed by TF-IDF, as a vector of length one."""
    vector = {term: min(1 + math.log(count), count) * idf[term] for term, count in terms.items()}
    length = _length(vector.values()) or 1.0
    return {term: weight / length for term, weight in vector.items()}


def _length(vector: Iterable[float]) -> float:
    return math.sqrt(sum(weight * weight for weight in vector))
