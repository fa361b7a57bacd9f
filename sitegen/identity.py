"""Which entries, labels and notes are about the same paper.

The key of a paper is its arXiv id where known, else its DOI, else its normalised title. Statements
that share an id are one paper; a shared title joins them too, unless their ids contradict.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from msgspec.structs import replace

from sitegen import text
from sitegen.errors import Problem, warning
from sitegen.model import Entry, Label, Note
from sitegen.paperid import arxiv_id, doi
from sitegen.routes import paper_slug

Statement = Entry | Label | Note
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{4}|%", re.ASCII)
"""What every id that `paperid` reads holds, in an address perhaps escaped."""


@cache
def title_key(title: str) -> str:
    """Return the key of a title: "title:" and its words, without case, accents, TeX or punctuation."""
    letters = text.plain(title).casefold()
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", text.plain(title)).casefold()
        letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return "title:" + "-".join(_WORDS.findall(letters))


@cache
def id_key(written: str) -> str:
    """Return the key of an id as people write it ("arXiv:2410.14649v2", "doi:10...", an address), else ""."""
    if not _NUMBER.search(written):
        return ""
    if number := arxiv_id(written):
        return f"arxiv:{number}"
    bare = doi(written)
    return f"doi:{bare}" if bare else ""


def with_names(values: Iterable[Any]) -> Iterator[Any]:
    """Yield what stands in a source; statements know their keys and entries their slugs from then on."""
    for value in values:
        match value:
            case Entry():
                yield replace(value, keys=_said_keys(value), slug=paper_slug(text.plain(value.title)))
            case Label() | Note():
                yield replace(value, keys=_said_keys(value))
            case _:
                yield value


def slug_of(entry: Entry) -> str:
    """Return the slug of an entry's title."""
    return entry.slug or paper_slug(text.plain(entry.title))


def keys_of(statement: Statement) -> tuple[str, ...]:
    """Return every key that a statement gives, the strongest first."""
    return statement.keys or _said_keys(statement)


def _said_keys(statement: Statement) -> tuple[str, ...]:
    written: tuple[str, ...]
    match statement:
        case Entry():
            written = (statement.arxiv_id, statement.doi)
            title = statement.title
        case Label():
            written = (statement.id, statement.paper)
            title = "" if id_key(statement.paper) else statement.paper
        case Note():
            written = (statement.paper,)
            title = "" if id_key(statement.paper) else statement.paper
    return _keys(written, title)


@cache
def _keys(written: tuple[str, ...], title: str) -> tuple[str, ...]:
    ids = sorted({key for item in written if item and (key := id_key(item))})
    named = title_key(title)
    return (*ids, named) if named != "title:" else tuple(ids)


def forget() -> None:
    """Give back what is remembered of texts and keys: much memory, for many papers."""
    for reader in (title_key, id_key, _keys, text.title, text.prose, paper_slug):
        reader.cache_clear()


def group(statements: Sequence[Statement]) -> tuple[list[list[Statement]], list[Problem]]:
    """Return the statements grouped by paper, each group and all groups in the order given.

    A title that belongs to several papers with different ids is a warning; a statement without an
    id then goes to the first of them.
    """
    sets = _DisjointSets(len(statements))
    ids: dict[int, list[str]] = {}
    named: dict[str, list[int]] = {}
    for index, statement in enumerate(statements):
        for key in keys_of(statement):
            if key.startswith("title:"):
                named.setdefault(key, []).append(index)
            else:
                ids.setdefault(index, []).append(key)
    first: dict[str, int] = {}
    for index, own in ids.items():
        for key in own:
            sets.join(first.setdefault(key, index), index)
    for index, own in ids.items():
        sets.ids[sets.find(index)].update(own)
    problems = []
    for indices in named.values():
        if len(indices) > 1:
            indices.sort(key=lambda index: index not in ids)
            problems += _join_by_title(sets, statements, indices)
    groups: dict[int, list[Statement]] = {}
    for index, statement in enumerate(statements):
        groups.setdefault(sets.find(index), []).append(statement)
    return list(groups.values()), problems


def _join_by_title(
    sets: _DisjointSets, statements: Sequence[Statement], indices: Iterable[int]
) -> list[Problem]:
    """Join statements of one title where their ids allow it."""
    roots: list[int] = []
    problems = []
    for index in indices:
        fitting = [root for root in roots if _agree(sets.ids[sets.find(root)], sets.ids[sets.find(index)])]
        if len({sets.find(root) for root in fitting}) > 1:
            statement = statements[index]
            ids = ", ".join(sorted({key for root in fitting for key in sets.ids[sets.find(root)]}))
            problems.append(
                warning(
                    "ambiguous-title",
                    statement.source,
                    statement.line,
                    f"several papers have this title: {ids}. It is taken for the first of them.",
                    "Give its id in a note or in labels.csv.",
                )
            )
        if fitting:
            sets.join(fitting[0], index)
        else:
            roots.append(index)
    return problems


def _agree(mine: set[str], other: set[str]) -> bool:
    """Return whether two sets of ids can belong to one paper: no two of the same kind differ."""
    for kind in ("arxiv:", "doi:"):
        if len({key for key in mine | other if key.startswith(kind)}) > 1:
            mine_of_kind = {key for key in mine if key.startswith(kind)}
            if not mine_of_kind & other and mine_of_kind and any(key.startswith(kind) for key in other):
                return False
    return True


class _DisjointSets:
    """Union-find over indices; the smallest index stands for its set, and `ids` grow with it."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.ids: list[set[str]] = [set() for _ in range(size)]

    def find(self, index: int) -> int:
        while self.parent[index] != index:
            self.parent[index] = self.parent[self.parent[index]]
            index = self.parent[index]
        return index

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.find(first), self.find(second)))
        if low != high:
            self.parent[high] = low
            self.ids[low] |= self.ids[high]
