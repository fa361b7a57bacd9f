"""The facts of one paper: what its entries, its label and its note say, each fact by the first that knows it.

The order is note, label, newest source, ..., oldest source, sources without a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from sitegen.disagreement import holds
from sitegen.identity import keys_of, title_key
from sitegen.model import Entry, Label, Note, Organization, PartialDate


class Merged(Struct, frozen=True):
    """All facts about one paper, and who says so."""

    keys: tuple[str, ...]
    """Every key by which it is known; the first is its own."""
    entries: tuple[Entry, ...]
    """Oldest first; those without a day come last."""
    note: Note | None
    label: Label | None
    title: str
    title_key: str
    abstract: str
    arxiv_id: str
    doi: str
    authors: tuple[str, ...]
    author_count: int | None
    organization: Organization | None
    published: date | None
    published_in: PartialDate | None
    """The year, or year and month, where the day is unknown."""
    comments: int | None
    upvotes: int | None
    stars: int | None
    machine_summary: str

    @property
    def place(self) -> tuple[str, int]:
        """Where the newest word on the paper stands: path and line, for messages."""
        said: Entry | Note = self.note or in_force(self.entries)[0]
        return said.source, said.line


def merged(keys: Sequence[str], entries: Sequence[Entry], note: Note | None, label: Label | None) -> Merged:
    """Return the facts; whoever remembers what is made of them knows them by these arguments."""
    newest = in_force(entries)
    title, its_key = _title(note, newest)
    parts = (key.partition(":") for key in reversed(keys) if not key.startswith("title:"))
    ids = {kind: number for kind, _, number in parts}
    authors, author_count = _authors(note, newest)
    published, published_in = _published(_correction(note, entries), newest)
    return Merged(
        keys=tuple(keys),
        entries=tuple(entries),
        note=note,
        label=label,
        title=title,
        title_key=its_key,
        abstract=(note.abstract if note else "") or _first(newest, "abstract") or "",
        arxiv_id=ids.get("arxiv", ""),
        doi=ids.get("doi", ""),
        authors=authors,
        author_count=author_count,
        organization=_first(newest, "organization"),
        published=published,
        published_in=published_in,
        comments=_first(newest, "comments"),
        upvotes=_first(newest, "upvotes"),
        stars=_first(newest, "stars"),
        machine_summary=_first(newest, "machine_summary") or "",
    )


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries that are sorted by age in the order in which they hold.

    The newest comes first; those without a day come last, and fill in what the others do not know.
    """
    if len(entries) == 1:
        return list(entries)
    dated = [entry for entry in entries if entry.day]
    return [*dated[::-1], *entries[len(dated) :]]


def _first(entries: Sequence[Entry], field: str) -> Any:
    """Return what the first entry that knows a fact says of it; none where nobody does."""
    for entry in entries:
        said = getattr(entry, field)
        if said is not None and said != "":
            return said
    return None


def _title(note: Note | None, newest: Sequence[Entry]) -> tuple[str, str]:
    """Return the title and its key."""
    if note and note.title:
        return note.title, title_key(note.title)
    if newest:
        named = (key for key in keys_of(newest[0]) if key.startswith("title:"))
        return newest[0].title, next(named, "title:")
    assert note
    return note.paper, title_key(note.paper)


def _authors(note: Note | None, newest: Sequence[Entry]) -> tuple[tuple[str, ...], int | None]:
    """Return the names, those of a source that knows all of them before others, and how many there are."""
    if note and note.authors:
        return note.authors, len(note.authors)
    naming = [entry for entry in newest if entry.authors]
    naming.sort(key=lambda entry: entry.author_count is None)
    counts = [entry.author_count for entry in (*naming[:1], *newest) if entry.author_count is not None]
    return naming[0].authors if naming else (), next(iter(counts), None)


def _published(correction: date | None, newest: Sequence[Entry]) -> tuple[date | None, PartialDate | None]:
    """Return the day of publication, or the month or year where no source that agrees knows the day."""
    said = [when for entry in newest if (when := entry.published or entry.published_in)]
    held = correction or next(iter(said), None)
    if not isinstance(held, PartialDate):
        return held, None
    if day := next((when for when in said if isinstance(when, date) and holds(held, when)), None):
        return day, None
    partial = (when for when in said if isinstance(when, PartialDate))
    months = (when for when in partial if when.year == held.year and when.month)
    return None, held if held.month else next(months, held)


def _correction(note: Note | None, entries: Sequence[Entry]) -> date | None:
    """Return the paper's date as the note corrects it.

    No paper appeared after a source had it: such a `date` is the day of the note itself.
    """
    days = [entry.day for entry in entries if entry.day]
    if note and note.published and not (days and note.published > min(days)):
        return note.published
    return None
