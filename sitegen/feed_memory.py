"""The entries that one format has already written, so that many feeds can share them."""

from __future__ import annotations

from sitegen.model import Paper

# At some kilobytes an entry, this bounds the memory of a site of any size.
LIMIT = 5_000


class EntryMemory:
    """Remembers the bytes of entries; for one format, and for one build with its facts.

    It changes nothing but the speed: an entry is found only by a paper that is equal in every field.
    """

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Paper, bytes]] = {}

    def get(self, paper: Paper) -> bytes | None:
        """Return the entry of `paper`, or nothing where it must be written."""
        # Not keyed by the paper itself, for then each look-up would hash all that it holds.
        known = self._entries.get(paper.feed_id)
        return known[1] if known and known[0] == paper else None

    def keep(self, paper: Paper, entry: bytes) -> None:
        """Remember the entry of `paper` and, when there are too many, forget the oldest."""
        if len(self._entries) >= LIMIT:
            del self._entries[next(iter(self._entries))]
        self._entries[paper.feed_id] = (paper, entry)
