"""The ways to group papers: a row of `TAXONOMIES` for each, from a paper to the terms it belongs to.

Authors are grouped in a room of their own, for who has a page depends on all papers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

from msgspec.structs import replace

from sitegen import routes
from sitegen.authors import author_terms
from sitegen.dates import month_name
from sitegen.model import Paper, Taxonomy, Term
from sitegen.recent import Recent

TermKey = tuple[str, str, str]
"""Slug, title and address of a term."""


Places = tuple[tuple[Taxonomy, tuple[tuple[int, ...], ...]], ...]
"""Taxonomies whose terms lack their papers, and the places of these."""


def taxonomies(papers: Sequence[Paper], recent: Recent) -> tuple[Taxonomy, ...]:
    """Return every taxonomy with its terms, each with its papers in the order of `papers`.

    A term that holds the very papers of the build before is the very same.
    """
    places: Places = recent.over("taxonomies", papers, _face, lambda: _places(papers))
    return tuple(
        replace(
            taxonomy,
            terms=tuple(
                _filled(term, tuple(map(papers.__getitem__, of_term)), recent)
                for term, of_term in zip(taxonomy.terms, of_terms, strict=True)
            ),
        )
        for taxonomy, of_terms in places
    )


def _filled(term: Term, papers: tuple[Paper, ...], recent: Recent) -> Term:
    return recent.of(("term", term.url), (term, papers), lambda: replace(term, papers=papers))


def _face(paper: Paper) -> tuple[object, ...]:
    """Return all of a paper that decides in which terms it is, and what they are."""
    return [list(terms_of(paper)) for terms_of in TAXONOMIES.values()], paper.authors, paper.first_day


def _places(papers: Sequence[Paper]) -> Places:
    """Return where the papers of each term stand."""
    place = {id(paper): number for number, paper in enumerate(papers)}
    authors = [
        (replace(term, papers=()), tuple(place[id(paper)] for paper in term.papers))
        for term in author_terms(papers)
    ]
    grouped = {name: _terms(name, papers, terms_of) for name, terms_of in TAXONOMIES.items()}
    return tuple(
        (Taxonomy(name, tuple(term for term, _ in terms)), tuple(places for _, places in terms))
        for name, terms in (grouped | {"authors": authors}).items()
    )


def _themes_of(paper: Paper) -> Iterable[TermKey]:
    return [(theme.slug, theme.title, theme.url) for theme in (paper.theme, *paper.more_themes)]


def _tags_of(paper: Paper) -> Iterable[TermKey]:
    return [(tag.url.split("/")[-2], tag.title, tag.url) for tag in paper.tags]


def _organizations_of(paper: Paper) -> Iterable[TermKey]:
    if paper.organization:
        yield paper.organization_url.split("/")[-2], paper.organization.name, paper.organization_url


def _weeks_of(paper: Paper) -> Iterable[TermKey]:
    return map(_week, paper.days)


def _months_of(paper: Paper) -> Iterable[TermKey]:
    return map(_month, paper.days)


def _years_of(paper: Paper) -> Iterable[TermKey]:
    return map(_year, paper.days)


def _published_months_of(paper: Paper) -> Iterable[TermKey]:
    when = paper.published or paper.published_in
    return [_published_month(when.year, when.month)] if when and when.month else ()


def _published_years_of(paper: Paper) -> Iterable[TermKey]:
    when = paper.published or paper.published_in
    return [_published_year(when.year)] if when else ()


@cache
def _week(day: date) -> TermKey:
    year, week, _ = day.isocalendar()
    return f"{year:04}-w{week:02}", f"Week {week} of {year}", routes.week_url(day)


@cache
def _month(day: date) -> TermKey:
    return day.isoformat()[:7], month_name(day), routes.month_url(day)


@cache
def _year(day: date) -> TermKey:
    return day.isoformat()[:4], f"{day.year}", routes.year_url(day.year)


@cache
def _published_month(year: int, month: int) -> TermKey:
    first = date(year, month, 1)
    return first.isoformat()[:7], month_name(first), routes.published_month_url(first)


@cache
def _published_year(year: int) -> TermKey:
    return f"{year:04}", f"{year}", routes.published_year_url(year)


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
) -> list[tuple[Term, tuple[int, ...]]]:
    """Return the terms of a taxonomy by slug, without papers, each with the places of its papers."""
    members: dict[str, list[int]] = {}
    names: dict[str, TermKey] = {}
    for place, paper in enumerate(papers):
        for key in dict.fromkeys(terms_of(paper)):
            if key[0] not in names:
                names[key[0]] = key
                members[key[0]] = []
            members[key[0]].append(place)
    return [(Term(taxonomy, *names[slug], ()), tuple(members[slug])) for slug in sorted(members)]
