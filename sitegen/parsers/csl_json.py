"""CSL-JSON, as Zotero and citeproc tools export it: a file in, an entry for each item out.

Dates come as numbers or texts, names with particles or literal, titles and abstracts with HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sitegen.errors import Problem
from sitegen.model import Entry, Source, When
from sitegen.paperid import mentioned_arxiv_id
from sitegen.parsers import markup
from sitegen.parsers.fields import day_of_name, finest, ids_and_links, iso_when, person, untitled, when
from sitegen.parsers.json_text import objects, read_json
from sitegen.parsers.sniff import CSL_FIELDS
from sitegen.text.clean import one_line

_OTHERS = ("others", "et al.", "et al")


def is_item(value: dict[str, Any]) -> bool:
    """Return whether an object is an item: something with a title and a field that only CSL has."""
    return not CSL_FIELDS.isdisjoint(value) and ("title" in value or "id" in value)


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the file, and its problems. Raises `BuildError` if it is no JSON."""
    day = day_of_name(source.stem)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for node in objects(read_json(source.path, source.text), is_item):
        if title := markup.plain(_text(node.value, "title")):
            entries.append(_entry(source.path, node.line, day, title, node.value))
        else:
            problems.append(untitled(source.path, node.line, f"the item “{_text(node.value, 'id')}”"))
    if not entries and not problems:
        problems.append(Problem(source.path, 1, "no item of CSL-JSON was found in this file."))
    return entries, problems


def _entry(path: str, line: int, day: date | None, title: str, item: dict[str, Any]) -> Entry:
    ids = [_text(item, name) for name in ("DOI", "number", "id", "archive_location", "note")]
    arxiv, doi, links = ids_and_links(ids, [_text(item, "URL")])
    authors, count = _authors(item.get("author"))
    published, published_in = finest(_said(item.get("issued")))
    return Entry(
        source=path,
        line=line,
        day=day,
        title=title,
        abstract=markup.abstract(_text(item, "abstract")),
        arxiv_id=arxiv or mentioned_arxiv_id(_text(item, "note") or _text(item, "container-title")),
        doi=doi,
        authors=authors,
        author_count=count,
        published=published,
        published_in=published_in,
        keywords=_keywords(item.get("keyword")),
        links=links,
    )


def _text(item: dict[str, Any], name: str) -> str:
    """Return a field; citeproc tools write some as lists of one text, and numbers as numbers."""
    value = item.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    if type(value) is int:
        value = str(value)
    return value if isinstance(value, str) else ""


def _authors(value: object) -> tuple[tuple[str, ...], int | None]:
    """Return the names, and how many they are unless the list is cut."""
    if not isinstance(value, list):
        return (), None
    names = [_name(part) if isinstance(part, dict) else one_line(str(part)) for part in value]
    shown = tuple(name for name in names if name and name.lower() not in _OTHERS)
    return shown, len(shown) if shown and len(shown) == len(value) else None


def _name(part: dict[str, Any]) -> str:
    def field(name: str) -> str:
        return markup.plain(_text(part, name))

    family = " ".join(filter(None, (field("non-dropping-particle"), field("family"), field("suffix"))))
    given = " ".join(filter(None, (field("given"), field("dropping-particle"))))
    return person(given, family) or field("literal") or field("name")


def _said(value: object) -> Iterator[When | None]:
    """Yield the dates that a field holds, as text or in parts, as far as they are known."""
    if isinstance(value, str):
        yield iso_when(value)
    if not isinstance(value, dict):
        return
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and 1 <= len(parts[0]) <= 3:
        yield when(*map(str, parts[0]))
    written = [value.get(name) for name in ("raw", "literal", "date-time")]
    yield from (iso_when(text) for text in written if isinstance(text, str))


def _keywords(value: object) -> tuple[str, ...]:
    words = re.split("[,;]", value) if isinstance(value, str) else value if isinstance(value, list) else []
    texts = (markup.plain(word) for word in words if isinstance(word, str))
    return tuple(dict.fromkeys(text for text in texts if text))
