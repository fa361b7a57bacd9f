"""What was already made of the items of feeds, so that many feeds can share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sitegen.model import FeedItem

T = TypeVar("T")

LIMIT = 1_500
"""So many items are remembered, at some kilobytes each, unless there is a use for more."""


class ItemMemory(Generic[T]):
    """Remembers what was made of items: of one kind, and for one build with its facts.

    It changes nothing but the speed: a thing is found only by an item that is equal in every field.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        """Begin with nothing, and remember at most so many items."""
        self._limit = limit
        self._known: dict[str, tuple[FeedItem, T]] = {}

    def of(self, item: FeedItem, make: Callable[[FeedItem], T], *, is_last: bool = False) -> T:
        """Return what `make` makes, or made, of `item`; when there is too much, forget the oldest.

        What is made for the last time is not remembered.
        """
        # Not keyed by the item itself, for then each look-up would hash all that it holds.
        known = self._known.get(item.feed_id)
        if known and (known[0] is item or known[0] == item):
            return known[1]
        made = make(item)
        if is_last:
            return made
        if len(self._known) >= self._limit:
            del self._known[next(iter(self._known))]
        self._known[item.feed_id] = (item, made)
        return made
