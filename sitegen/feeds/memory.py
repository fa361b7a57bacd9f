"""What was already made of the items of feeds, so that many feeds can share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sitegen.model import FeedItem

T = TypeVar("T")

# At some kilobytes an item, this bounds the memory of a site of any size.
LIMIT = 1_500


class ItemMemory(Generic[T]):
    """Remembers what was made of items: of one kind, and for one build with its facts.

    It changes nothing but the speed: a thing is found only by an item that is equal in every field.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[FeedItem, T]] = {}

    def of(self, item: FeedItem, make: Callable[[FeedItem], T]) -> T:
        """Return what `make` makes, or made, of `item`; when there is too much, forget the oldest."""
        # Not keyed by the item itself, for then each look-up would hash all that it holds.
        known = self._known.get(item.feed_id)
        if known and (known[0] is item or known[0] == item):
            return known[1]
        made = make(item)
        if len(self._known) >= LIMIT:
            del self._known[next(iter(self._known))]
        self._known[item.feed_id] = (item, made)
        return made
