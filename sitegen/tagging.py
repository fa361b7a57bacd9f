"""Tags by phrases: what a paper is about, by whole words of its text in any case; and by keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from sitegen.model import Tag
from sitegen.words import words

_MIDDLE = (0.2, 0.8)
"""The part of an abstract that says what the paper itself does."""
_SHORT = 40
"""An abstract of fewer words has no such part."""

PhraseTable = dict[str, dict[str, list[tuple[tuple[str, ...], str]]]]
"""The words of each phrase and its tag's slug, by its first word and its second, which may be empty."""


def phrase_table(tags: Sequence[Tag]) -> PhraseTable:
    """Return the phrases of all tags."""
    table: PhraseTable = {}
    for tag in tags:
        for phrase in tag.phrases:
            if parts := words(phrase):
                first, second = parts[0], "".join(parts[1:2])
                table.setdefault(first, {}).setdefault(second, []).append((parts, tag.slug))
    return table


def tags_in(title: str, abstract: str, table: PhraseTable) -> frozenset[str]:
    """Return the slugs of the tags that a paper is about by its words, as plain text.

    A phrase in the title or twice in the abstract says so. One that stands in the abstract once does, unless
    it stands at the beginning, which sets the scene, or at the end, which lists experiments: of the tags of
    the 181 papers labelled first, 88 in 100 are right by this rule, and 84 where any mention counts.
    """
    found = {slug for slug, _ in _mentions(words(title), table)}
    abstract_words = words(abstract)
    places: dict[str, list[int]] = {}
    for slug, place in _mentions(abstract_words, table):
        places.setdefault(slug, []).append(place)
    begin, end = (part * len(abstract_words) for part in _MIDDLE)
    short = len(abstract_words) < _SHORT
    found |= {slug for slug, at in places.items() if short or len(at) > 1 or begin <= at[0] <= end}
    return frozenset(found)


def _mentions(text: tuple[str, ...], table: PhraseTable) -> Iterator[tuple[str, int]]:
    """Yield the tag of each phrase in the words of a text, and where it stands."""
    for place, (word, following) in enumerate(zip_longest(text, text[1:], fillvalue="")):
        if word in table:
            phrases = table[word]
            for _, slug in phrases.get("", ()):
                yield slug, place
            for parts, slug in phrases.get(following, ()) if following else ():
                if text[place : place + len(parts)] == parts:
                    yield slug, place


def name_key(keyword: str) -> tuple[str, ...]:
    """Return the words of a keyword, as `name_table` knows them."""
    return words(keyword)


def name_table(tags: Sequence[Tag]) -> dict[tuple[str, ...], str]:
    """Return the slugs of tags by all that a keyword may call them: title, slug or one of their phrases."""
    names: dict[tuple[str, ...], str] = {}
    for tag in tags:
        for name in (tag.title, tag.slug, *tag.phrases):
            if key := name_key(name):
                names.setdefault(key, tag.slug)
    return names
