"""Import: a file that the curator offers in, the place that it goes to in `content/` and why out.

`recognition` says what it is, `days` of which day, `shelf` where it belongs beside what lies there, and
`receipt` what all of it changes. Nothing is read or written here; `commands.import_` does both.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.errors import BuildError, Problem
from sitegen.importing.days import day_at_start, day_of
from sitegen.importing.outcome import Day, Offer, Outcome, Wish
from sitegen.importing.recognition import recognise_offer
from sitegen.importing.shelf import Shelf
from sitegen.model import Kind, Source
from sitegen.parsers import PARSERS
from sitegen.parsers.sniff import Format
from sitegen.routes import slugify

LIBRARY_ENDINGS = {
    Format.DAILY_API: "json",
    Format.ARXIV_ATOM: "xml",
    Format.FEED: "xml",
    Format.BIBTEX: "bib",
    Format.RIS: "ris",
    Format.NBIB: "nbib",
    Format.CSL_JSON: "json",
    Format.MARKDOWN: "md",
}
"""How a file of each format is called in `content/library/`."""


def judge(offer: Offer, wish: Wish, shelf: Shelf) -> Outcome:
    """Return what becomes of a file; the shelf stays as it is until it is told to `keep` the outcome."""
    try:
        found = recognise_offer(offer)
        if isinstance(found, Problem):
            return Outcome(offer.name, "refused", problems=(found,))
        if path := shelf.place_of(found.text):
            return Outcome(offer.name, "known", found.format, path, day=Day(wish.day, "as --date says"))
        day = day_of(offer, found.format, found.text, wish)
        if isinstance(day, Problem):
            return Outcome(offer.name, "refused", found.format, problems=(day,))
        kind, target = _place(offer, found.format, day)
        entries, complaints = PARSERS[kind](Source(target, kind, found.text))
    except BuildError as error:
        return Outcome(offer.name, "refused", problems=_renamed(error.problems, offer.name))
    problems = _renamed([*found.doubts, *complaints], offer.name)
    if errors := tuple(problem for problem in problems if problem.severity == "error"):
        return Outcome(offer.name, "refused", found.format, problems=errors)
    action, path = shelf.verdict(target, found.text, entries)
    return Outcome(
        name=offer.name,
        action=action,
        format=found.format,
        target=path,
        entries=tuple(replace(entry, source=path) for entry in entries),
        problems=problems,
        day=day,
        text=found.text,
    )


def _renamed(problems: Iterable[Problem], name: str) -> tuple[Problem, ...]:
    """Return the problems of a file by the name that the curator knows."""
    return tuple(replace(problem, path=name) for problem in problems)


def _place(offer: Offer, form: Format, day: Day) -> tuple[Kind, str]:
    """Return the kind of source that a file becomes, and its path if nothing lies there."""
    if form is Format.CAPTURE or (form is Format.DAILY_API and day.day):
        assert day.day
        rest = slugify(offer.stem[10:]) if day_at_start(offer.stem) else ""
        kind, ending = (Kind.CAPTURE, "txt") if form is Format.CAPTURE else (Kind.DAILY_API, "json")
        return kind, f"content/captures/{'-'.join(filter(None, (str(day.day), rest)))}.{ending}"
    rest = slugify(offer.stem[10:] if day_at_start(offer.stem) else offer.stem)
    parts = (str(day.day) if day.day else "", rest or "papers")
    return Kind.LIBRARY, f"content/library/{'-'.join(filter(None, parts))}.{LIBRARY_ENDINGS[form]}"
