"""A text as the words that themes and tags are matched by: lower case, singular, no addresses."""

from __future__ import annotations

import re
from functools import lru_cache

_ADDRESS = re.compile(r"https?://\S+|\b[\w.-]+\.(?:com|org|io|net|edu)/\S*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_IRREGULAR = {
    "analyses": "analysis",
    "bias": "bias",
    "biases": "bias",
    "caches": "cache",
    "criteria": "criterion",
    "hypotheses": "hypothesis",
    "indices": "index",
    "lens": "lens",
    "lenses": "lens",
    "matrices": "matrix",
    "phenomena": "phenomenon",
    "vertices": "vertex",
}


def words(text: str) -> list[str]:
    """Return the words of a text in order; hyphens part words, plurals become singular."""
    return [singular(word) for word in surface_words(text)]


def surface_words(text: str) -> list[str]:
    """Return the words of a text in order as they stand, in lower case."""
    if "/" in text:
        text = _ADDRESS.sub(" ", text)
    return _WORD.findall(text.lower())


@lru_cache(100_000)
def singular(word: str) -> str:
    """Return a word without the ending of its plural; the same rule serves both sides of a match."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
