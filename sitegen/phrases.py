"""The phrases of the themes, found in a text: whole words, in any case, plural or not.

A hyphen in a phrase stands for a hyphen, a space or nothing; an asterisk at the end of a word for any
ending. Where several phrases begin, the longest counts and hides the shorter ones inside it: "token
pruning" is not "pruning".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import product

from sitegen.words import singular

Weights = dict[int, int]
"""What a phrase weighs for each theme that has it, by the theme's place."""

_PART = re.compile(r"[^\W_]+\*?")
_MEMORY = 50_000
_HYPHENS = 4
_NOTHING: Weights = {}


class PhraseBook:
    """All phrases as a tree of words; it remembers what a word can begin, which changes no answer."""

    def __init__(self, phrases: Iterable[tuple[str, int, int]]) -> None:
        """Take phrase, place of the theme, and weight."""
        self._root = _Node()
        self._keys: set[str] = set()
        self._starts = lru_cache(_MEMORY)(self._begin)
        self._keys_of = lru_cache(_MEMORY)(self._match)
        for phrase, theme, weight in phrases:
            for form in _forms(phrase):
                self._add(form, theme, weight)
        self._stems = sorted({len(key) - 1 for key in self._keys if key.endswith("*")})

    def find(self, words: Sequence[str]) -> list[tuple[int, int, Weights]]:
        """Return start, end and weights of the phrases in a text's words (singular), in order."""
        found = []
        free = 0
        for index, begun in enumerate(map(self._starts, words)):
            if begun and index >= free:
                nodes, wanted = begun
                if wanted and (index + 1 == len(words) or words[index + 1] not in wanted):
                    continue
                end, weights = _longest(nodes, words, index + 1, self._keys_of)
                if weights:
                    found.append((index, end, weights))
                    free = end
        return found

    def _add(self, form: str, theme: int, weight: int) -> None:
        parts = [part if part.endswith("*") else singular(part) for part in _PART.findall(form.lower())]
        self._keys.update(parts)
        node = self._root
        for part in parts:
            node = node.children.setdefault(part, _Node())
        if parts and abs(weight) >= abs(node.weights.get(theme, 0)):
            node.weights[theme] = weight

    def _begin(self, word: str) -> tuple[tuple[_Node, ...], frozenset[str]] | None:
        """Return the nodes of the first words that this word matches, and one of which words must follow.

        Of these none is named where the word may be a phrase itself, or stems may follow.
        """
        children = self._root.children
        nodes = tuple(children[key] for key in self._keys_of(word) if key in children)
        wanted = frozenset(key for node in nodes for key in node.children)
        if any(node.weights for node in nodes) or any(key.endswith("*") for key in wanted):
            wanted = frozenset()
        return (nodes, wanted) if nodes else None

    def _match(self, word: str) -> tuple[str, ...]:
        """Return the word, and each stem with which it begins: all that it can match."""
        stems = (f"{word[:size]}*" for size in self._stems if size <= len(word))
        return (word, *(stem for stem in stems if stem in self._keys))


class _Node:
    """What may follow a word, and what the phrase that ends here weighs."""

    __slots__ = ("children", "weights")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.weights: Weights = {}


def _longest(
    nodes: Sequence[_Node], words: Sequence[str], start: int, keys_of: Callable[[str], Sequence[str]]
) -> tuple[int, Weights]:
    """Return where the longest phrase ends and what it weighs; of equal ones the heavier counts."""
    best, weights, end = 0, _NOTHING, start
    while nodes:
        for node in nodes:
            if node.weights:
                weights = _heavier(weights, node.weights) if best == end else node.weights
                best = end
        if end == len(words):
            break
        keys = keys_of(words[end])
        nodes = [node.children[key] for node in nodes for key in keys if key in node.children]
        end += 1
    return best, weights


def _forms(phrase: str) -> Iterable[str]:
    """Yield the phrase with each of its hyphens as a space and as nothing; with many, as spaces only."""
    first, *rest = phrase.split("-")
    joints = product((" ", ""), repeat=len(rest)) if len(rest) <= _HYPHENS else [(" ",) * len(rest)]
    for chosen in joints:
        yield first + "".join(joint + part for joint, part in zip(chosen, rest, strict=True))


def _heavier(first: Weights, second: Weights) -> Weights:
    """Return for each theme the weight that says more."""
    both = first.keys() | second.keys()
    return {theme: max(first.get(theme, 0), second.get(theme, 0), key=abs) for theme in both}
