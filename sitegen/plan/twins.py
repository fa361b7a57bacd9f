"""The machine twins: of each paper, of each list whole, and all papers as one collection in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sitegen import routes
from sitegen.model import Listing, Page, Paper, PaperBody, Site, Target, Twin, TwinFormat, TwinLink

LIST_LIMIT = 10_000
"""A list of more papers has no twins: some twenty megabytes are no file to import."""
PART_SIZE = 500
"""How many papers one part of the collection holds."""


@dataclass(frozen=True, slots=True)
class _Form:
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


def with_twins(pages: Sequence[Page]) -> tuple[list[Page], list[Target]]:
    """Return the pages, those of papers and the first of lists with links to their twins, and the twins.

    Withdrawn papers, and lists that are empty or too long, have none.
    """
    lists = _papers_of_lists(pages)
    announcing: list[Page] = []
    twins: list[Target] = []
    for page in pages:
        papers, forms = lists.get(page.url, ()), LIST_FORMS
        if isinstance(page.body, PaperBody) and not page.body.paper.withdrawn:
            papers, forms = (page.body.paper,), PAPER_FORMS
        if not 0 < len(papers) <= LIST_LIMIT:
            announcing.append(page)
            continue
        links = tuple(TwinLink(form.name, routes.twin_url(page.url, form.file), form.type) for form in forms)
        announcing.append(replace(page, twins=links))
        twins += [Twin(link.url, form.format, papers) for link, form in zip(links, forms, strict=True)]
    return announcing, twins


def _papers_of_lists(pages: Sequence[Page]) -> dict[str, tuple[Paper, ...]]:
    """Return the papers of each list, whose pages follow each other, by the address of its first page."""
    lists: dict[str, dict[str, Paper]] = {}
    first = ""
    for page in pages:
        if isinstance(page.body, Listing):
            if page.body.pagination is None or page.body.pagination.number == 1:
                first = page.url
            papers = lists.setdefault(first, {})
            for group in page.body.groups:
                papers.update((paper.slug, paper) for paper in group.papers)
    return {url: tuple(papers.values()) for url, papers in lists.items()}


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
