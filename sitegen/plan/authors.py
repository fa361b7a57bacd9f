"""The index of authors: one page while they are few, else a page or more for each letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Index, Line, Link, Page, Pagination, Section, Site, Term
from sitegen.plan.feeds import site_feed_links
from sitegen.plan.listing import moved_page, pagination
from sitegen.plan.wording import initial, plural, term_lines, terms_of

NAMES_ON_A_PAGE = 400
"""About 60 kB, and 6 kB compressed."""
_LEAD = (
    "Names that two papers or more carry, by their last word. A name is no person: people of one name share"
    " a page, and one of two spellings has two."
)


def authors_pages(site: Site, config: Config) -> Iterator[Page]:
    """Yield the index of authors and the pages of its letters; nothing where no author has a page."""
    terms = sorted(terms_of(site, "authors"), key=_filing)
    if not terms:
        return
    letters = {letter: tuple(of_letter) for letter, of_letter in groupby(terms, key=_letter)}
    if len(terms) <= NAMES_ON_A_PAGE:
        sections = [
            Section(letter, f"letter-{routes.letter_name(letter)}", term_lines(of_letter))
            for letter, of_letter in letters.items()
        ]
    else:
        sections = [Section("", "", tuple(_letter_line(*item) for item in letters.items()))]
        for letter, of_letter in letters.items():
            yield from _letter_pages(letter, of_letter, site, config)
    facts = (plural(len(terms), "author"),)
    yield _page(routes.AUTHORS, "Authors", _LEAD, facts, tuple(sections), None, site, config)


def _letter(term: Term) -> str:
    return initial(term.title.split()[-1])


def _filing(term: Term) -> tuple[str, str, str]:
    """Return what sorts names: letter, last word, whole name."""
    *_, last = term.title.split()
    return _letter(term), f"{routes.slugify(last)} {routes.slugify(term.title)}", term.slug


def _letter_line(letter: str, terms: Sequence[Term]) -> Line:
    count = plural(len(terms), "author")
    return Line(
        letter, routes.author_letter_url(letter), None, f"{count}, {terms[0].title} to {terms[-1].title}"
    )


def _letter_pages(letter: str, terms: Sequence[Term], site: Site, config: Config) -> Iterator[Page]:
    url = routes.author_letter_url(letter)
    title = f"Authors: {letter}"
    starts = range(0, len(terms), NAMES_ON_A_PAGE)
    for number, start in enumerate(starts, start=1):
        section = Section("", "", term_lines(terms[start : start + NAMES_ON_A_PAGE]))
        heading = title if number == 1 else f"{title}, page {number}"
        cut = pagination(url, number, len(starts)) if len(starts) > 1 else None
        facts = (plural(len(terms), "author"),)
        yield _page(routes.list_page_url(url, number), heading, "", facts, (section,), cut, site, config)
    if len(starts) > 1:
        yield moved_page(f"{url}page/", Link(title, url))


def _page(
    url: str,
    heading: str,
    lead: str,
    facts: tuple[str, ...],
    sections: tuple[Section, ...],
    cut: Pagination | None,
    site: Site,
    config: Config,
) -> Page:
    return Page(
        url=url,
        template="index.html",
        title=heading,
        description=f"{heading} of {config.title}: names that two papers or more carry.",
        body=Index("authors", "", heading, lead, facts, sections, pagination=cut),
        crumbs=() if url == routes.AUTHORS else (Link("Authors", routes.AUTHORS),),
        feeds=site_feed_links(site, config),
        updated=None,
        section=routes.AUTHORS,
    )
