"""The ways to group papers: a row of `TAXONOMIES` for each, from a paper to the terms it belongs to.

Authors are grouped in a room of their own, for who has a page depends on all papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sitegen import routes
from sitegen.authors import author_terms
from sitegen.dates import month_name
from sitegen.model import Paper, Taxonomy, Term

TermKey = tuple[str, str, str]
"""Slug, title and address of a term."""


def taxonomies(papers: Sequence[Paper]) -> tuple[Taxonomy, ...]:
    """Return every taxonomy with its terms, each with its papers in the order of `papers`."""
    grouped = (Taxonomy(name, _terms(name, papers, terms_of)) for name, terms_of in TAXONOMIES.items())
    return (*grouped, Taxonomy("authors", author_terms(papers)))


def _themes_of(paper: Paper) -> Iterable[TermKey]:
    return [(theme.slug, theme.title, theme.url) for theme in (paper.theme, *paper.more_themes)]


def _tags_of(paper: Paper) -> Iterable[TermKey]:
    return [(tag.url.split("/")[-2], tag.title, tag.url) for tag in paper.tags]


def _organizations_of(paper: Paper) -> Iterable[TermKey]:
    if paper.organization:
        yield paper.organization_url.split("/")[-2], paper.organization.name, paper.organization_url


def _weeks_of(paper: Paper) -> Iterable[TermKey]:
    for day in paper.days:
        year, week, _ = day.isocalendar()
        yield f"{year:04}-w{week:02}", f"Week {week} of {year}", routes.week_url(day)


def _months_of(paper: Paper) -> Iterable[TermKey]:
    return [(day.isoformat()[:7], month_name(day), routes.month_url(day)) for day in paper.days]


def _years_of(paper: Paper) -> Iterable[TermKey]:
    return [(day.isoformat()[:4], f"{day.year}", routes.year_url(day.year)) for day in paper.days]


def _published_months_of(paper: Paper) -> Iterable[TermKey]:
    when = paper.published or paper.published_in
    if when and when.month:
        yield when.isoformat()[:7], month_name(when), paper.published_url


def _published_years_of(paper: Paper) -> Iterable[TermKey]:
    if when := paper.published or paper.published_in:
        yield when.isoformat()[:4], f"{when.year}", routes.published_year_url(when.year)


TAXONOMIES: dict[str, Callable[[Paper], Iterable[TermKey]]] = {
    "themes": _themes_of,
    "tags": _tags_of,
    "organizations": _organizations_of,
    "weeks": _weeks_of,
    "months": _months_of,
    "years": _years_of,
    "published-months": _published_months_of,
    "published-years": _published_years_of,
}


def _terms(
    taxonomy: str, papers: Sequence[Paper], terms_of: Callable[[Paper], Iterable[TermKey]]
) -> tuple[Term, ...]:
    """Return the terms of a taxonomy by slug, each with its papers in the order of `papers`."""
    members: dict[str, list[Paper]] = {}
    names: dict[str, TermKey] = {}
    for paper in papers:
        for key in dict.fromkeys(terms_of(paper)):
            names.setdefault(key[0], key)
            members.setdefault(key[0], []).append(paper)
    return tuple(Term(taxonomy, *names[slug], tuple(members[slug])) for slug in sorted(members))
