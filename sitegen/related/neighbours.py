"""What is near to each paper of a site, as it is remembered: compact, and read without numpy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sitegen.memory import SIZE

NEIGHBOURS = 5
"""So many are shown of each paper; a few more are known."""

Words = tuple[tuple[str, ...], ...]
"""What a paper shares with each of its neighbours."""


class Neighbours(NamedTuple):
    """The nearest others of each paper, in columns of whole numbers of 32 bits."""

    programs: bytes
    """The fingerprint of those that found it."""
    slugs: tuple[str, ...]
    """Of all papers, sorted; the others are numbered by their place here."""
    marks: bytes
    """For each paper the fingerprint of all that decides what is near to it."""
    lengths: bytes
    """How many others of each paper follow."""
    others: bytes
    """Nearest first, the list of one paper after that of the other."""
    scores: bytes
    """How near each of them is."""
    floors: bytes
    """For each paper: all others with a higher score are in its list."""
    words: tuple[Words, ...]

    @property
    def tops(self) -> Iterator[list[int]]:
        """The places of those that are shown of each paper, nearest first."""
        return tops(memoryview(self.lengths).cast("i"), memoryview(self.others).cast("i").tolist())

    @property
    def is_whole(self) -> bool:
        """Whether there is something of each paper."""
        papers, entries = len(self.slugs), len(self.others) // 4
        sizes = [len(column) for column in (self.marks, self.lengths, self.floors, self.others, self.scores)]
        if sizes != [SIZE * papers, 4 * papers, 4 * papers, 4 * entries, 4 * entries]:
            return False
        lengths, others = (memoryview(column).cast("i").tolist() for column in (self.lengths, self.others))
        return (
            sum(lengths) == entries
            and min(lengths + others, default=0) >= 0
            and max(others, default=-1) < papers
            and [len(shared) for shared in self.words] == [min(length, NEIGHBOURS) for length in lengths]
        )


NOTHING = Neighbours(b"", (), b"", b"", b"", b"", b"", ())


def tops(lengths: Iterable[int], others: Sequence[int]) -> Iterator[list[int]]:
    """Yield those that are shown of each paper, of lists that stand one after the other."""
    begin = 0
    for length in lengths:
        yield list(others[begin : begin + min(length, NEIGHBOURS)])
        begin += length
