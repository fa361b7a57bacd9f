"""A text as the words that themes and tags are matched by: lower case, singular, no addresses."""

from __future__ import annotations

import re
from functools import lru_cache

_ADDRESS = re.compile(r"https?://\S+|\b[\w.-]+\.(?:com|org|io|net|edu)/\S*", re.IGNORECASE)
_SLASH = re.compile(r"/(?:/|(?<=\.com/)|(?<=\.org/)|(?<=\.io/)|(?<=\.net/)|(?<=\.edu/))", re.IGNORECASE)
"""What every address has: a text without it need not be searched for one."""
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = {place: " " for place in range(128) if not chr(place).isalnum()}
_MARKS = "’‘“”–—"
"""With these as spaces most texts are ASCII, whose words are found much faster."""
_FEW = 4
"""Themes and tags ask for the words of a paper's title and abstract one after the other."""
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


@lru_cache(_FEW)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order; hyphens part words, plurals become singular."""
    return tuple(map(singular, surface_words(text)))


@lru_cache(_FEW)
def surface_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order as they stand, in lower case."""
    if _SLASH.search(text):
        text = _ADDRESS.sub(" ", text)
    text = text.lower()
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    return tuple(text.translate(_BETWEEN).split() if text.isascii() else _WORD.findall(text))


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
