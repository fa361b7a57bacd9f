"""Titles that are nearly the same, as those of a preprint and of its published version often are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SHORTEST = 4
"""Titles of fewer words are alike by chance."""


def near_pairs(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of two titles that differ by one word, or by how words are joined.

    `keys` are normalised titles, words joined by hyphens. Each place is paired with the first it is
    like only. Takes time in proportion to the number of titles.
    """
    first: dict[str, int] = {}
    for place, key in enumerate(keys):
        words = key.split("-")
        if len(words) < SHORTEST:
            continue
        found = {first.setdefault(form, place) for form in _forms(key, words)} - {place}
        if found:
            yield min(found), place


def _forms(key: str, words: list[str]) -> Iterator[str]:
    """Yield the forms that near titles share: the title without each of its words, and as one word."""
    yield "-" + "".join(words)
    yield key
    start = 0
    for word in words:
        yield key[:start] + key[start + len(word) + 1 :] if start + len(word) < len(key) else key[: start - 1]
        start += len(word) + 1
