"""What the public may see today: drafts and what waits for its day are left out.

"Today" is `--as-of`; without it, the day of the newest source. The clock is never asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sitegen.config import Config
from sitegen.model import Parsed, Visible


def visible(parsed: Parsed, config: Config) -> tuple[Parsed, date | None, tuple[Visible, ...]]:
    """Return what may be shown, today, and what waits for a later day, soonest first."""
    days = [entry.day for entry in parsed.entries if entry.day]
    today = config.as_of or max(days, default=None)

    def due(day: date | None) -> bool:
        return day is None or today is None or day <= today

    def shown(draft: bool) -> bool:
        return config.drafts or not draft

    waiting = {
        *(Visible(day, "an issue") for day in days if not due(day)),
        *(
            Visible(digest.day, digest.source)
            for digest in parsed.digests
            if not due(digest.day) and not digest.draft
        ),
        *(
            Visible(note.featured, note.source)
            for note in parsed.notes
            if note.featured and not due(note.featured) and not note.draft
        ),
    }
    public = replace(
        parsed,
        entries=tuple(entry for entry in parsed.entries if due(entry.day)),
        notes=tuple(note for note in parsed.notes if due(note.featured) and shown(note.draft)),
        digests=tuple(digest for digest in parsed.digests if due(digest.day) and shown(digest.draft)),
        pages=tuple(page for page in parsed.pages if shown(page.draft)),
    )
    return public, today, tuple(sorted(waiting, key=lambda item: (item.day, item.what)))
