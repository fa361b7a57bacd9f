"""Markdown with front matter: a paper comes in, the text of its page for programs that read goes out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from sitegen.citation import has_more_authors
from sitegen.model import Facts, Paper, PaperLink

_MARKS = re.compile(r"[\\`*_\[\]<>~|!$]|&(?=[#A-Za-z])|^[+=-]|(?<!\S)#|^(\d{1,9})([.)])(?=\s|$)")
"""What begins something in CommonMark and its extensions, on a line of its own or within."""
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def write_markdown(paper: Paper, facts: Facts) -> bytes:
    """Return a paper as Markdown: front matter in YAML, then title, abstract and note."""
    front = "".join(f"{name}: {value}\n" for name, value in _front_matter(paper, facts))
    parts = [f"# {escape(paper.title.plain)}"]
    if paper.abstract:
        parts += ["## Abstract", escape(paper.abstract.plain)]
    if paper.note_plain:
        parts += ["## The curator’s note", escape(" ".join(paper.note_plain.split()))]
    body = "\n\n".join(parts)
    return f"---\n{front}---\n\n{body}\n".encode()


def escape(text: str) -> str:
    """Return plain text on one line as CommonMark that shows just this text."""
    return _MARKS.sub(lambda mark: f"{mark[1]}\\{mark[2]}" if mark[1] else f"\\{mark[0]}", text)


def _front_matter(paper: Paper, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield names and values in YAML; what is not known is left out."""
    organization = paper.organization
    yield "title", _quoted(paper.title.plain)
    if paper.authors:
        yield "authors", _list([*paper.authors, *(["others"] if has_more_authors(paper) else [])])
    if paper.author_count:
        yield "author_count", str(paper.author_count)
    if organization:
        yield "organization", _quoted(organization.name)
    if when := paper.published or paper.published_in:
        yield "date", when.isoformat()
    if paper.arxiv_id:
        yield "arxiv", _quoted(paper.arxiv_id)
    if paper.doi:
        yield "doi", _quoted(paper.doi)
    yield "theme", _quoted(paper.theme.title)
    if paper.more_themes:
        yield "more_themes", _list([theme.title for theme in paper.more_themes])
    if paper.tags:
        yield "tags", _list([tag.title for tag in paper.tags])
    if links := [link for link in paper.links if link.kind != "search"]:
        yield "links", "[" + ", ".join(map(_link, links)) + "]"
    if paper.days:
        yield "collected", "[" + ", ".join(day.isoformat() for day in paper.days) + "]"
    yield "page", _quoted(facts.base_url + paper.url[1:])


def _link(link: PaperLink) -> str:
    return f"{{label: {_quoted(link.label)}, url: {_quoted(link.url)}}}"


def _list(values: list[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _quoted(text: str) -> str:
    """Return a text as JSON writes it, which YAML reads too."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
