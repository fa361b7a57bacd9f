"""What the head of a page says to programs: OpenGraph, citation tags, linked data. Only what is known.

A page comes in, typed values go out, made when the page is rendered so that they cost no memory. The
digest is no publisher: the citation of a paper names the paper, its authors and its own address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from markupsafe import Markup

from sitegen.citation import Name, address, date_parts, names
from sitegen.model import Facts, Feeds, Home, Index, Listing, Page, Paper, PaperBody, Text
from sitegen.routes import HOME, arxiv_pdf_url

Pairs = tuple[tuple[str, str], ...]
Thing = dict[str, object]

_SAFE = (("<", r"\u003c"), (">", r"\u003e"), ("&", r"\u0026"), ("\u2028", r"\u2028"), ("\u2029", r"\u2029"))
"""What could end a script element, or a line in it."""


class Head(NamedTuple):
    """What the head of one page says beside its title and description."""

    names: Pairs
    """Of `meta` elements with a name."""
    properties: Pairs
    """Of `meta` elements with a property."""
    linked_data: Markup
    """JSON-LD for a script element; empty for a page that search engines should leave."""


def head_maker(facts: Facts) -> Callable[[Page], Head]:
    """Return the function from a page to what its head says."""

    def head(page: Page) -> Head:
        paper = page.body.paper if isinstance(page.body, PaperBody) else None
        if paper is None or paper.withdrawn:
            return Head((), (), _script(_graph(page, facts)))
        return Head(tuple(_citation(paper, facts)), tuple(_open_graph(paper)), _script(_graph(page, facts)))

    return head


def _open_graph(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield what an article has in OpenGraph. Not its section: Zotero takes that for one of a journal."""
    if paper.published:
        yield "article:published_time", paper.published.isoformat()
    for tag in paper.tags:
        yield "article:tag", tag.title


# ------------------------------------------------------------------------ citation tags


def _citation(paper: Paper, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield Highwire's tags, which reference managers and search engines of papers read.

    Those beginning with "z:" and "DC." tell Zotero's translator, which would take it for an article in a
    journal, that a paper at arXiv is a preprint.
    """
    if not address(paper):
        yield from _description(paper)
        return
    yield "citation_title", paper.title.plain
    for name in names(paper):
        yield "citation_author", _author(name, alone=len(paper.authors) == 1)
    if date := date_parts(paper):
        yield "citation_publication_date", "/".join(f"{part:02}" for part in date)
    if paper.arxiv_id:
        yield "citation_arxiv_id", paper.arxiv_id
        yield "citation_pdf_url", arxiv_pdf_url(paper.arxiv_id)
        yield "DC.type", "preprint"
        yield "z:repository", "arXiv"
        yield "z:archiveID", f"arXiv:{paper.arxiv_id}"
    if paper.doi:
        yield "citation_doi", paper.doi
    yield "citation_public_url", address(paper)
    yield "citation_abstract_html_url", facts.base_url + paper.url[1:]
    if paper.abstract:
        yield "citation_abstract", paper.abstract.plain
    if paper.tags:
        yield "citation_keywords", "; ".join(tag.title for tag in paper.tags)


def _description(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield what describes a paper of unknown address, which nobody can cite from here, in EPrints' tags."""
    yield "eprints.type", "article"
    yield "eprints.title", paper.title.plain
    for name in names(paper):
        yield "eprints.creators_name", _author(name, alone=False)
    if date := date_parts(paper):
        yield "eprints.date", "-".join(f"{part:02}" for part in date)
    if paper.abstract:
        yield "eprints.abstract", paper.abstract.plain


def _author(name: Name, *, alone: bool) -> str:
    """Return a name, family first; Zotero takes a lone "van Gogh, Vincent W" for two people."""
    if not name.given or (alone and " " in name.given and " " in name.family):
        return f"{name.given} {name.family}".strip()
    return f"{name.family}, {name.given}"


# ------------------------------------------------------------------------ linked data


def _script(things: list[Thing]) -> Markup:
    if not things:
        return Markup("")
    data = {"@context": "https://schema.org", "@graph": things}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for mark, escaped in _SAFE:
        text = text.replace(mark, escaped)
    return Markup(text)  # noqa: S704 - no mark of HTML is left in it


def _graph(page: Page, facts: Facts) -> list[Thing]:
    """Return what the page is about, and the way to it."""
    if not page.indexed:
        return []
    url = facts.base_url + page.url[1:]
    match page.body:
        case Home():
            return [_site(page, facts)]
        case PaperBody():
            return [_paper(page.body.paper, url), _breadcrumbs(page, facts)]
        case Listing() | Index():
            return [_collection(page, page.body, url, facts), _breadcrumbs(page, facts)]
        case Text() | Feeds():
            return [_page("WebPage", page, url, facts)]
        case _:
            return []


def _site(page: Page, facts: Facts) -> Thing:
    return _known(
        {
            "@type": "WebSite",
            "@id": f"{facts.base_url}#site",
            "name": facts.title,
            "description": page.description,
            "url": facts.base_url,
            "inLanguage": facts.language,
        }
    )


def _page(kind: str, page: Page, url: str, facts: Facts) -> Thing:
    return _known(
        {
            "@type": kind,
            "@id": url,
            "name": page.title,
            "description": page.description,
            "url": url,
            "isPartOf": {"@type": "WebSite", "@id": f"{facts.base_url}#site", "name": facts.title},
        }
    )


def _collection(page: Page, body: Listing | Index, url: str, facts: Facts) -> Thing:
    """Return a list, with the papers that this page of it shows."""
    papers = dict.fromkeys(paper_.url for group in body.groups for paper_ in group.papers)
    items = [
        {"@type": "ListItem", "position": place, "url": facts.base_url + paper_url[1:]}
        for place, paper_url in enumerate(papers, start=1)
    ]
    items_list = {"@type": "ItemList", "itemListElement": items} if items else {}
    return _page("CollectionPage", page, url, facts) | _known({"mainEntity": items_list})


def _paper(paper: Paper, url: str) -> Thing:
    identifiers = [
        {"@type": "PropertyValue", "propertyID": name, "value": value}
        for name, value in (("arXiv", paper.arxiv_id), ("DOI", paper.doi))
        if value
    ]
    organization = paper.organization
    return _known(
        {
            "@type": "ScholarlyArticle",
            "@id": f"{url}#paper",
            "name": paper.title.plain,
            "headline": paper.title.plain,
            "author": [{"@type": "Person", "name": name} for name in paper.authors],
            "sourceOrganization": {"@type": "Organization", "name": organization.name}
            if organization
            else {},
            "datePublished": "-".join(f"{part:02}" for part in date_parts(paper)),
            "abstract": paper.abstract.plain if paper.abstract else "",
            "identifier": identifiers,
            "sameAs": [link.url for link in paper.links if link.kind == "paper"],
            "keywords": [tag.title for tag in paper.tags],
            "mainEntityOfPage": url,
        }
    )


def _breadcrumbs(page: Page, facts: Facts) -> Thing:
    steps = [
        (facts.title, HOME),
        *((crumb.title, crumb.url) for crumb in page.crumbs),
        (page.title, page.url),
    ]
    items = [
        {"@type": "ListItem", "position": place, "name": title, "item": facts.base_url + url[1:]}
        for place, (title, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _known(fields: Thing) -> Thing:
    return {name: value for name, value in fields.items() if value not in ("", [], {})}
