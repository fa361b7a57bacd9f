"""The arXiv API: a saved answer (Atom) in, an entry for each paper out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sitegen.errors import Problem, warning
from sitegen.model import Entry, Source
from sitegen.paperid import arxiv_id, doi
from sitegen.parsers.fields import day_of_name, iso_day, short, untitled
from sitegen.parsers.xml_text import broken_off, unsafe
from sitegen.text.clean import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the answer, and its problems."""
    path = source.path
    day = day_of_name(source.stem)
    root = _root(path, source.text)
    if isinstance(root, Problem):
        return [], [root]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for element in root.iterchildren(f"{_ATOM}entry"):
        title = _text(element, f"{_ATOM}title")
        written = _text(element, f"{_ATOM}id")
        if "/api/errors" in written:
            problems.append(_error(path, element))
        elif not title:
            problems.append(untitled(path, _line(element), f"the entry {arxiv_id(written)}".rstrip()))
        else:
            entries.append(_entry(path, element, day, title))
            if not entries[-1].abstract:
                line = entries[-1].line
                problems.append(warning("no-abstract", path, line, f"“{short(title)}” has no abstract."))
    if not entries:
        hint = "Ask arXiv once more, and save the answer."
        return [], [*problems, Problem(path, 1, "no paper stands in this answer of the arXiv API.", hint)]
    return entries, problems


def _root(path: str, text: str) -> _Element | Problem:
    """Return the root of the document, or why it cannot be read."""
    from lxml import etree

    if problem := unsafe(path, text) or broken_off(path, text):
        return problem
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        message = f"this is not valid XML: {error.msg}."
        return Problem(path, error.lineno or 1, message, "Save the answer once more.")


def _error(path: str, element: _Element) -> Problem:
    said = _text(element, f"{_ATOM}summary")
    return warning("arxiv-error", path, _line(element), f"arXiv answered with an error: “{short(said)}”.")


def _entry(path: str, element: _Element, day: date | None, title: str) -> Entry:
    number = arxiv_id(_text(element, f"{_ATOM}id"))
    people = (_text(author, f"{_ATOM}name") for author in element.iterchildren(f"{_ATOM}author"))
    names = tuple(name for name in people if name)
    return Entry(
        source=path,
        line=_line(element.find(f"{_ATOM}title")),
        day=day,
        title=title,
        abstract=_text(element, f"{_ATOM}summary"),
        arxiv_id=number,
        doi=next(_dois(element), ""),
        authors=names,
        author_count=len(names) or None,
        published=iso_day(_text(element, f"{_ATOM}published")),
    )


def _dois(element: _Element) -> Iterator[str]:
    """Yield the DOIs of the published version."""
    written = [_text(element, f"{_ARXIV}doi")]
    links = element.iterchildren(f"{_ATOM}link")
    written += [link.get("href", "") for link in links if link.get("title") == "doi"]
    yield from filter(None, map(doi, written))


def _text(element: _Element, name: str) -> str:
    found = element.find(name)
    return one_line("".join(map(str, found.itertext()))) if found is not None else ""


def _line(element: _Element | None) -> int:
    line = element.sourceline if element is not None else 0
    return line if isinstance(line, int) else 0
