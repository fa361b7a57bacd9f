"""The links of a paper: to itself or a search for it, to code, project, model and data, and the curator's."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from sitegen import routes, text
from sitegen.merged import Merged, in_force
from sitegen.model import EntryLink, PaperLink, Prose


def links_of(facts: Merged, title: Prose, abstract: Prose | None) -> tuple[PaperLink, ...]:
    """Return the paper's address (or a search for it), and what its sources, text and note link to."""
    links = []
    if facts.arxiv_id:
        links.append(PaperLink("paper", "arXiv", routes.arxiv_url(facts.arxiv_id)))
    if facts.doi:
        links.append(PaperLink("paper", "DOI", routes.doi_url(facts.doi)))
    given = facts.note.links if facts.note else ()
    if not links and not facts.entries and given:
        links.append(PaperLink("paper", *given[0]))
        given = given[1:]
    from_sources = [link for entry in in_force(facts.entries) for link in entry.links]
    if not links:
        pages = [link.url for link in from_sources if link.kind == "paper"][:1]
        links += [PaperLink("paper", urlsplit(url).netloc.removeprefix("www."), url) for url in pages]
    in_text = [EntryLink(link.url) for link in abstract.links] if abstract else []
    links += [PaperLink(link.kind, link.label, link.url) for link in text.told([*from_sources, *in_text])]
    links += [PaperLink("other", label, url) for label, url in given]
    if not any(link.kind == "paper" for link in links):
        links += [PaperLink("search", name, url) for name, url in routes.search_urls(title.plain)]
    unique: Mapping[str, PaperLink] = {link.url: link for link in reversed(links)}
    return tuple(link for link in links if unique[link.url] is link)
