"""The shelf: the files of papers that lie in `content/`, and where a further one belongs beside them.

Nothing is lost on it. A file gives way only to one of the same name that holds every paper and every fact
in it (counts, which grow, aside), and of the library only to one that holds every line of it as well: the
fuller download of the same day, the newer export of the same list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from sitegen.identity import keys_of
from sitegen.importing.outcome import Action, Outcome
from sitegen.model import Entry, Source

_FACTS = ("title", "abstract", "arxiv_id", "doi", "authors", "author_count", "organization", "published")
_SETS = ("keywords", "links")


class Shelf:
    """The files of papers, by what is asked of them."""

    def __init__(self, names: Iterable[str], sources: Iterable[Source], entries: Iterable[Entry]) -> None:
        self._taken = {name.casefold() for name in names}
        self._paths: dict[bytes, str] = {}
        self._texts: dict[str, str] = {}
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._by_key: dict[str, set[str]] = defaultdict(set)
        for source in sources:
            self._add_text(source.path, source.text)
        for entry in entries:
            self._add(entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what all files say, sorted as `parse` sorts."""
        found = [entry for entries in self._entries.values() for entry in entries]
        return tuple(sorted(found, key=lambda entry: (entry.source, entry.line)))

    def place_of(self, text: str) -> str:
        """Return where a file with this text lies; "" if none does."""
        return self._paths.get(_hash(text), "")

    def verdict(self, target: str, text: str, entries: Sequence[Entry]) -> tuple[Action, str]:
        """Return what is to become of a file, and its place.

        `target` is where it would lie alone. The place is the path of the file that it gives way to
        or takes the place of, else a free one.
        """
        for path in self._alike(target, text, entries):
            mine, written = self._entries[path], self._texts.get(path, "")
            held = written.startswith(text.rstrip()) or _holds(mine, entries)
            holds = _holds(entries, mine) and (not _in_library(path) or _lines(written) <= _lines(text))
            if held and not (holds and _counts(entries) > _counts(mine)):
                return "contained", path
            if holds and _is_numbered(path, target):
                return "replaced", path
        return "copied", self._free(target)

    def keep(self, outcome: Outcome) -> None:
        """Put a file that arrived on the shelf."""
        path = outcome.target
        for entry in self._entries.pop(path, ()):
            for key in keys_of(entry):
                self._by_key[key].discard(path)
        self._paths = {text: place for text, place in self._paths.items() if place != path}
        self._add_text(path, outcome.text)
        self._taken.add(path.casefold())
        for entry in outcome.entries:
            self._add(entry)

    def _add_text(self, path: str, text: str) -> None:
        self._paths.setdefault(_hash(text), path)
        if not _is_answer(path):  # half of one cannot be read, and it has no lines to speak of
            self._texts[path] = text.rstrip()

    def _add(self, entry: Entry) -> None:
        self._entries[entry.source].append(entry)
        for key in keys_of(entry):
            self._by_key[key].add(entry.source)

    def _alike(self, target: str, text: str, entries: Sequence[Entry]) -> list[str]:
        """Return the files of one folder, form and day that begin like this one or share a paper, sorted."""
        folder, _, name = target.rpartition("/")
        ending = name.rpartition(".")[2]
        paths = {path for path, written in self._texts.items() if written.startswith(text.rstrip())}
        paths.update(*(self._by_key.get(key, ()) for entry in entries for key in keys_of(entry)))
        return sorted(
            path
            for path in paths
            if path.startswith(f"{folder}/")
            and path.endswith(f".{ending}")
            and any(entry.day == entries[0].day for entry in self._entries[path][:1])
        )

    def _free(self, target: str) -> str:
        stem, _, ending = target.rpartition(".")
        number = 1
        while target.casefold() in self._taken:
            number += 1
            target = f"{stem}-{number}.{ending}"
        return target


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _is_answer(path: str) -> bool:
    return path.endswith(".json") and not _in_library(path)


def _in_library(path: str) -> bool:
    return path.startswith("content/library/")


def _lines(text: str) -> set[str]:
    """Return the lines of an export, in which the last item of a list may have become another one."""
    return {line.strip().rstrip(",") for line in text.split("\n")}


def _is_numbered(path: str, target: str) -> bool:
    """Return whether a path is a target, or that with the number that made it free: "a-2.bib" of "a.bib"."""
    stem, _, ending = target.rpartition(".")
    return path == target or re.fullmatch(rf"{re.escape(stem)}-\d+\.{ending}", path) is not None


def _holds(these: Sequence[Entry], those: Sequence[Entry]) -> bool:
    """Return whether these entries have every paper of those, and know every fact that those know."""
    known = {key: entry for entry in reversed(these) for key in keys_of(entry)}
    for entry in those:
        mine = next((known[key] for key in keys_of(entry) if key in known), None)
        if mine is None or not _knows(mine, entry):
            return False
    return True


def _knows(mine: Entry, other: Entry) -> bool:
    facts = ((getattr(mine, name), getattr(other, name)) for name in _FACTS)
    sets = ((getattr(mine, name), getattr(other, name)) for name in _SETS)
    return all(not said or said == known for known, said in facts) and all(
        set(said) <= set(known) for known, said in sets
    )


def _counts(entries: Iterable[Entry]) -> int:
    """Return the sum of all that is counted: it grows from one download of a day to the next."""
    return sum((entry.upvotes or 0) + (entry.comments or 0) + (entry.stars or 0) for entry in entries)
