"""What the public may see today: drafts and what waits for its day are left out.

"Today" is `--as-of`; without it, the day of the newest source. The clock is never asked.
"""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from sitegen.config import Config
from sitegen.identity import group, id_key, keys_of, title_key
from sitegen.model import Entry, Label, Parsed, Visible


def visible(parsed: Parsed, config: Config) -> tuple[Parsed, date | None, tuple[Visible, ...]]:
    """Return what may be shown, today, and what waits for a later day, soonest first.

    A digest that is a draft holds its whole issue back, or readers would get it without the curator's words.
    """
    days = [entry.day for entry in parsed.entries if entry.day]
    today = config.as_of or max(days, default=None)

    def due(day: date | None) -> bool:
        return day is None or today is None or day <= today

    def shown(draft: bool) -> bool:
        return config.drafts or not draft

    held = {digest.day for digest in parsed.digests if not shown(digest.draft)}
    waiting = {
        *(Visible(day, "an issue") for day in days if not due(day) and day not in held),
        *(
            Visible(digest.day, digest.source)
            for digest in parsed.digests
            if not due(digest.day) and not digest.draft
        ),
        *(
            Visible(note.featured, note.source)
            for note in parsed.notes
            if note.featured and not due(note.featured) and note.featured not in held and not note.draft
        ),
    }
    public = replace(
        parsed,
        entries=tuple(entry for entry in parsed.entries if due(entry.day) and entry.day not in held),
        notes=tuple(
            note
            for note in parsed.notes
            if shown(note.draft) and (note.withdrawn or (due(note.featured) and note.featured not in held))
        ),
        digests=tuple(digest for digest in parsed.digests if due(digest.day) and shown(digest.draft)),
        pages=tuple(page for page in parsed.pages if shown(page.draft)),
    )
    if hidden := _hidden_papers(parsed, public):
        public = _without(public, hidden)
    return public, today, tuple(sorted(waiting, key=lambda item: (item.day, item.what)))


def _hidden_papers(parsed: Parsed, public: Parsed) -> frozenset[str]:
    """Return the keys of the papers that some source or note has, but none that may be shown."""
    if len(public.entries) == len(parsed.entries) and len(public.notes) == len(parsed.notes):
        return frozenset()
    shown = {*public.entries, *public.notes}
    known = set(public.entries)
    keys: set[str] = set()
    groups, _ = group([*parsed.entries, *parsed.labels, *parsed.notes])
    for members in groups:
        sources = [item for item in members if isinstance(item, Entry)]
        told = [item for item in members if not isinstance(item, Label)]
        if told and not (known.intersection(sources) if sources else shown.intersection(told)):
            keys.update(key for item in members for key in keys_of(item))
    return frozenset(keys)


def _without(public: Parsed, hidden: frozenset[str]) -> Parsed:
    """Return what may be shown without the curator's words on papers that wait."""

    def about(name: str) -> bool:
        return (id_key(name) or title_key(name)) in hidden

    return replace(
        public,
        notes=tuple(note for note in public.notes if hidden.isdisjoint(keys_of(note))),
        labels=tuple(label for label in public.labels if hidden.isdisjoint(keys_of(label))),
        digests=tuple(
            replace(digest, picks=tuple(pick for pick in digest.picks if not about(pick[0])))
            for digest in public.digests
        ),
    )
