"""The machine twins: of each paper, of each list whole, and all papers as one collection in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import routes
from sitegen.model import Listing, Page, Paper, PaperBody, Site, Target, Twin, TwinFormat, TwinLink
from sitegen.recent import Recent

LIST_LIMIT = 10_000
"""A list of more papers has no twins: some twenty megabytes are no file to import."""
PART_SIZE = 500
"""How many papers one part of the collection holds."""


class _Form(Struct, frozen=True):
    format: TwinFormat
    name: str
    file: str
    """Its name, beside the page that shows the same."""
    type: str


_CSL = "application/vnd.citationstyles.csl+json"
PAPER_FORMS: tuple[_Form, ...] = (
    _Form("bibtex", "BibTeX", "paper.bib", "application/x-bibtex"),
    _Form("ris", "RIS", "paper.ris", "application/x-research-info-systems"),
    _Form("csl", "JSON", "index.json", _CSL),
    _Form("markdown", "Markdown", "index.md", "text/markdown"),
)
LIST_FORMS: tuple[_Form, ...] = (
    _Form("bibtex", "BibTeX", "papers.bib", "application/x-bibtex"),
    _Form("csl", "JSON", "papers.json", _CSL),
)
"""How `twins` writes each is in its own table."""


def with_twins(pages: Sequence[Page], recent: Recent) -> tuple[list[Page], list[Target]]:
    """Return the pages, those of papers and the first of lists with links to their twins, and the twins.

    Withdrawn papers, and lists that are empty or too long, have none.
    """
    made = recent.each("twins", _runs(pages), _with_twins)
    return [page for run, _ in made for page in run], [twin for _, twins in made for twin in twins]


def _runs(pages: Sequence[Page]) -> Iterator[tuple[Page, ...]]:
    """Yield the pages of each list, which follow each other, and each other page alone."""
    run: list[Page] = []
    for page in pages:
        if run and not _continues(page):
            yield tuple(run)
            run = []
        run.append(page)
    if run:
        yield tuple(run)


def _continues(page: Page) -> bool:
    """Tell whether a page goes on with the list of the one before it."""
    body = page.body
    return isinstance(body, Listing) and body.pagination is not None and body.pagination.number > 1


def _with_twins(run: Sequence[Page]) -> tuple[tuple[Page, ...], tuple[Target, ...]]:
    first, *others = run
    forms: tuple[_Form, ...] = LIST_FORMS
    papers = tuple({paper.slug: paper for page in run for paper in _papers_of(page)}.values())
    if isinstance(first.body, PaperBody) and not first.body.paper.withdrawn:
        papers, forms = (first.body.paper,), PAPER_FORMS
    if not 0 < len(papers) <= LIST_LIMIT:
        return tuple(run), ()
    links = tuple(TwinLink(form.name, routes.twin_url(first.url, form.file), form.type) for form in forms)
    twins = tuple(Twin(link.url, form.format, papers) for link, form in zip(links, forms, strict=True))
    return (replace(first, twins=links), *others), twins


def _papers_of(page: Page) -> Iterator[Paper]:
    if isinstance(page.body, Listing):
        for group in page.body.groups:
            yield from group.papers


def collection(site: Site) -> Iterator[Twin]:
    """Yield all papers, newest first, in parts that are filled from the oldest, so that full ones last."""
    papers = site.papers
    count = (len(papers) - 1) // PART_SIZE if papers else 0
    newest = len(papers) - count * PART_SIZE
    for number in (0, *range(count, 0, -1)):
        start = newest + (count - number) * PART_SIZE if number else 0
        older = number - 1 if number else count
        yield Twin(
            url=routes.collection_url(number),
            format="collection",
            papers=papers[start : start + PART_SIZE] if number else papers[:newest],
            total=None if number else len(papers),
            next_url=routes.collection_url(older) if older else "",
        )
