"""Which source gave each fact of a paper: the first that says what we believe, in the order of merging.

The note and the labels come first, then the newest source. What nobody says, nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from sitegen.identity import id_key
from sitegen.merged import Merged, in_force
from sitegen.model import Note, PaperLink, Seen

_FACTS = (
    ("title", "title"),
    ("abstract", "abstract"),
    ("authors", "authors"),
    ("number of authors", "author_count"),
    ("organization", "organization"),
    ("date", "published"),
    ("date", "published_in"),
    ("arXiv id", "arxiv_id"),
    ("DOI", "doi"),
    ("comments", "comments"),
    ("upvotes", "upvotes"),
)
"""What readers call a fact, and the field that holds it, in a source as in the paper."""
_CORRECTED = frozenset({"title", "abstract", "authors", "published"})
"""The fields that a note can hold as well."""


def seen_in(facts: Merged, links: Sequence[PaperLink]) -> tuple[Seen, ...]:
    """Return the sources that have the paper, oldest first, each with the facts that it gave.

    `links` are those that the paper shows.
    """
    given: dict[int, list[str]] = {id(entry): [] for entry in facts.entries}
    newest = in_force(facts.entries)
    for name, field in _open_facts(facts):
        held = getattr(facts, field)
        giver = next((entry for entry in newest if getattr(entry, field) == held), None)
        if giver:
            given[id(giver)].append(name)
    shown = {link.url for link in links}
    for entry in newest:
        if mine := shown.intersection(link.url for link in entry.links):
            given[id(entry)].append("links")
            shown -= mine
    return tuple(
        Seen(entry.day, entry.source, entry.line, _shared(tuple(given[id(entry)]))) for entry in facts.entries
    )


def curated(facts: Merged) -> tuple[Seen, ...]:
    """Return the files in which the curator speaks of the paper, each with the facts that it gave.

    They are known by their path: a new row in a table moves the lines of all that stand below it.
    """
    note, label = facts.note, facts.label
    from_note = tuple(_from_note(note, facts)) if note else ()
    from_label = (name for name in _from_label(facts) if name not in from_note)
    said = [(note, from_note), (label, tuple(from_label))]
    return tuple(Seen(None, words.source, 0, _shared(names)) for words, names in said if words and names)


def _open_facts(facts: Merged) -> Iterator[tuple[str, str]]:
    """Yield the facts that are known and that no note settles."""
    note = facts.note
    for name, field in _FACTS:
        held = getattr(facts, field)
        if held is None or held in ("", ()):
            continue
        if field == "author_count" and len(facts.authors) == held:
            continue  # the names tell their number
        if not (note and field in _CORRECTED and getattr(note, field) == held):
            yield name, field


def _from_note(note: Note, facts: Merged) -> Iterator[str]:
    for name, field in _FACTS:
        if field in _CORRECTED and getattr(note, field) and getattr(note, field) == getattr(facts, field):
            yield name
    yield from _ids(id_key(note.paper), facts)
    named = {"theme": note.theme or note.themes, "tags": note.tags, "links": note.links}
    yield from (name for name, value in named.items() if value)


def _from_label(facts: Merged) -> Iterator[str]:
    if label := facts.label:
        yield from _ids(id_key(label.id) or id_key(label.paper), facts)
        named = {"theme": label.theme or label.more_themes, "tags": label.tags}
        yield from (name for name, value in named.items() if value)


def _ids(key: str, facts: Merged) -> Iterator[str]:
    """Yield the name of an id that no source has; where a source has it, that one gave it."""
    kind, _, number = key.partition(":")
    name, field = {"arxiv": ("arXiv id", "arxiv_id"), "doi": ("DOI", "doi")}.get(kind, ("", ""))
    if name and not any(getattr(entry, field) == number for entry in facts.entries):
        yield name


@cache
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the one tuple that all papers share: few combinations occur."""
    return names
