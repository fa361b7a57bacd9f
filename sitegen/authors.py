"""Authors: the names that two papers or more carry, each with its papers and an address.

A name is all that is known of an author, so one spelling is one author, and two spellings are two. Of
names that share a slug the one that had a page first keeps it; the others get a hash of their spelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sitegen import routes
from sitegen.model import Paper, Term
from sitegen.text.clean import one_line
from sitegen.text.names import name_key

FEWEST = 2
"""How many papers make a page."""


def author_terms(papers: Sequence[Paper]) -> tuple[Term, ...]:
    """Return the authors by slug, each with its papers in the order of `papers`, which is newest first."""
    members: dict[str, list[Paper]] = {}
    for paper in papers:
        for key in dict.fromkeys(map(name_key, paper.authors)):
            members.setdefault(key, []).append(paper)
    found = {key: tuple(of_author) for key, of_author in members.items() if key and len(of_author) >= FEWEST}
    slugs = _slugs(found)
    terms = (
        Term("authors", slugs[key], _title(key, of_author[0]), routes.author_url(slugs[key]), of_author)
        for key, of_author in found.items()
    )
    return tuple(sorted(terms, key=lambda term: term.slug))


def _slugs(found: dict[str, tuple[Paper, ...]]) -> dict[str, str]:
    """Return the slug of each author; a page began with the paper that was its second."""
    began = {key: of_author[-FEWEST].first_day or date.max for key, of_author in found.items()}
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(found, key=lambda key: (began[key], key)):
        slug = routes.author_slug(key)
        slugs[key] = routes.author_slug(key, alone=False) if slug in taken else slug
        taken.add(slugs[key])
    return slugs


def _title(key: str, paper: Paper) -> str:
    """Return the name as a paper spells it."""
    return next(one_line(name) for name in paper.authors if name_key(name) == key)
