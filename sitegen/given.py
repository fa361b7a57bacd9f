"""What is given out for ever: the slug and the feed id of each paper.

`ids.csv` holds what was given; a paper in it keeps both whatever happens to its title, its id or its
sources. One not yet in it gets both by rule from its oldest source.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain, count
from urllib.parse import quote

from msgspec import Struct

from sitegen import text
from sitegen.errors import BuildError, Problem
from sitegen.identity import keys_of, slug_of
from sitegen.merged import Merged
from sitegen.model import Given
from sitegen.routes import RESERVED, SLUG_LENGTH, paper_slug


class Identity(Struct, frozen=True):
    """A paper's slug and feed id."""

    slug: str
    feed_id: str
    first_day: date | None
    """As it was given out; none for a paper that is not in the ledger."""
    old_slugs: tuple[str, ...]
    """Slugs under which it was published before."""
    recorded: bool
    """Whether `ids.csv` holds the paper under its present key."""


def give(papers: Sequence[Merged], given: Sequence[Given], authority: str) -> tuple[Identity, ...]:
    """Return the identity of each paper, in their order.

    Raises `BuildError` where two papers claim one slug in their notes, or a note claims one that
    was given to another paper.
    """
    rows = _claims(papers, given)
    taken = {row.slug for mine in rows for row in mine} | {row.slug for row in given}
    problems: list[Problem] = []
    chosen: dict[str, Merged] = {}
    for paper, mine in zip(papers, rows, strict=True):
        if paper.note and paper.note.slug:
            problems += _claim_slug(paper, chosen, {row.slug for row in mine}, taken)
    if problems:
        raise BuildError(problems)
    taken |= {*chosen, *RESERVED}
    identities = []
    for paper, mine in zip(papers, rows, strict=True):
        identities.append(_identity(paper, mine, taken, authority))
        taken.add(identities[-1].slug)
    return tuple(identities)


def facts_given(paper: Merged) -> tuple[object, ...]:
    """Return all of a paper that `give` looks at."""
    note = paper.note and (paper.note.slug, paper.note.source, paper.note.lines)
    return paper.keys, paper.entries, paper.title, paper.published, paper.published_in, note


def _identity(paper: Merged, mine: Sequence[Given], taken: set[str], authority: str) -> Identity:
    """Return a paper's identity; of its rows the oldest gives the feed id, that id's last row the slug."""
    feed_id = f"tag:{authority}:{quote(_oldest_key(paper), safe=':/-._~')}"
    slug = paper.note.slug if paper.note else ""
    if mine:
        feed_id = mine[0].feed_id
        slug = slug or [row.slug for row in mine if row.feed_id == feed_id][-1]
    slug = slug or _free_slug(paper, taken)
    return Identity(
        slug=slug,
        feed_id=feed_id,
        first_day=mine[0].first_day if mine else None,
        old_slugs=tuple(dict.fromkeys(row.slug for row in mine if row.slug != slug)),
        recorded=any(row.key == paper.keys[0] and row.slug == slug for row in mine),
    )


def _claims(papers: Sequence[Merged], given: Sequence[Given]) -> list[list[Given]]:
    """Return the rows of each paper, oldest first: by its keys, else by the slug of its title."""
    owners = {key: index for index, paper in reversed(list(enumerate(papers))) for key in paper.keys}
    rows: list[list[Given]] = [[] for _ in papers]
    free: list[Given] = []
    for row in given:
        if row.key in owners:
            rows[owners[row.key]].append(row)
        else:
            free.append(row)
    by_slug = {row.slug: row for row in reversed(free)}
    given_slugs = {row.slug for mine in rows for row in mine}
    for paper, mine in zip(papers, rows, strict=True) if by_slug else ():
        slug = "" if mine else _rule_slug(paper)
        if slug in by_slug and slug not in given_slugs:
            mine.append(by_slug.pop(slug))
    owned = {row.feed_id: index for index, mine in enumerate(rows) for row in mine}
    for row in free:  # earlier keys of a paper that is known by another row
        if row.feed_id in owned and row not in rows[owned[row.feed_id]]:
            rows[owned[row.feed_id]].append(row)
    order = {row: number for number, row in enumerate(given)}
    for mine in rows:
        mine.sort(key=lambda row: (row.first_day or date.max, order[row]))
    return rows


def _claim_slug(paper: Merged, chosen: dict[str, Merged], own: set[str], taken: set[str]) -> list[Problem]:
    """Enter the slug that a note claims; return a problem where another paper has it."""
    note = paper.note
    assert note
    line = dict(note.lines)["slug"]
    hint = "Choose another slug; addresses are for ever."
    if note.slug in chosen:
        other = chosen[note.slug].note
        assert other
        message = f"the slug “{note.slug}” is claimed by {other.source} as well."
        return [Problem(note.source, line, message, hint)]
    if note.slug in taken - own:
        message = f"the slug “{note.slug}” was given to another paper (content/ids.csv)."
        return [Problem(note.source, line, message, hint)]
    chosen[note.slug] = paper
    return []


def _oldest_key(paper: Merged) -> str:
    """Return the key that the paper's oldest source gives."""
    return keys_of(paper.entries[0])[0] if paper.entries else paper.keys[0]


def _rule_slug(paper: Merged) -> str:
    """Return the slug of the title in the paper's oldest source."""
    return slug_of(paper.entries[0]) if paper.entries else paper_slug(text.plain(paper.title))


def _free_slug(paper: Merged, taken: set[str]) -> str:
    """Return the slug by rule; on a clash with the year, then with a number."""
    slug = _rule_slug(paper)
    if slug not in taken:
        return slug
    published = paper.published or paper.published_in
    year = f"-{published.year}" if published else ""
    endings = chain([year] if year else [], (f"{year}-{number}" for number in count(2)))
    fitted = (slug[: SLUG_LENGTH - len(ending)].rstrip("-") + ending for ending in endings)
    return next(candidate for candidate in fitted if candidate not in taken)
