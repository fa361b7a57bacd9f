"""Tags by phrases: which tags of `tags.toml` a text raises, as whole words in any case; and by keywords."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.model import Tag
from sitegen.words import words

PhraseTable = dict[str, list[tuple[tuple[str, ...], str]]]


def phrase_table(tags: Sequence[Tag]) -> PhraseTable:
    """Return the phrases of all tags by their first word: the words and the tag's slug."""
    table: PhraseTable = {}
    for tag in tags:
        for phrase in tag.phrases:
            if parts := tuple(words(phrase)):
                table.setdefault(parts[0], []).append((parts, tag.slug))
    return table


def tags_in(text: str, table: PhraseTable) -> frozenset[str]:
    """Return the slugs of the tags of which a phrase stands in the text."""
    found = set()
    text_words = words(text)
    for index, word in enumerate(text_words):
        for parts, slug in table.get(word, ()):
            if tuple(text_words[index : index + len(parts)]) == parts:
                found.add(slug)
    return frozenset(found)


def name_key(keyword: str) -> tuple[str, ...]:
    """Return the words of a keyword, as `name_table` knows them."""
    return tuple(words(keyword))


def name_table(tags: Sequence[Tag]) -> dict[tuple[str, ...], str]:
    """Return the slugs of tags by all that a keyword may call them: title, slug or one of their phrases."""
    names: dict[tuple[str, ...], str] = {}
    for tag in tags:
        for name in (tag.title, tag.slug, *tag.phrases):
            if key := name_key(name):
                names.setdefault(key, tag.slug)
    return names
