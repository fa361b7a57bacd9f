"""Tags by phrases: what a paper is about, by whole words of its text in any case; and by keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.model import Tag
from sitegen.words import words

_MIDDLE = (0.2, 0.8)
"""The part of an abstract that says what the paper itself does."""
_SHORT = 40
"""An abstract of fewer words has no such part."""

PhraseTable = dict[str, tuple[list[str], dict[str, list[tuple[tuple[str, ...], str]]]]]
"""For each first word of phrases the slugs of the tags that it means alone; and longer phrases by their
second word, each with all its words and its tag's slug."""


def phrase_table(tags: Sequence[Tag]) -> PhraseTable:
    """Return the phrases of all tags."""
    table: PhraseTable = {}
    for tag in tags:
        for phrase in tag.phrases:
            if parts := words(phrase):
                alone, longer = table.setdefault(parts[0], ([], {}))
                if len(parts) == 1:
                    alone.append(tag.slug)
                else:
                    longer.setdefault(parts[1], []).append((parts, tag.slug))
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
    for place in [place for place, word in enumerate(text) if word in table]:
        alone, longer = table[text[place]]
        for slug in alone:
            yield slug, place
        if longer and place + 1 < len(text) and (following := text[place + 1]) in longer:
            for parts, slug in longer[following]:
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
