"""Citations read back by programs that are not ours: pybtex, bibtexparser, rispy, json, pylatexenc."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import bibtexparser
import rispy
from pybtex.database import Person
from pybtex.database.input.bibtex import Parser
from pylatexenc.latex2text import LatexNodes2Text

from sitegen.model import Prose

MONTHS = "January February March April May June July August September October November December".split()
_LATEX = LatexNodes2Text(math_mode="verbatim", keep_comments=True)
_FORMULA = re.compile(r"(?<!\\)\$.*?(?<!\\)\$")


class Cited(NamedTuple):
    """What a program says of a paper that it has read. Text is TeX where `is_tex` of its format says so."""

    title: str
    abstract: str
    date: str
    url: str
    authors: tuple[str, ...]


def by_pybtex(text: str) -> dict[str, Cited]:
    """Return the entries of a .bib file by key."""
    entries = Parser(encoding="utf-8").parse_string(text).entries
    found = {}
    for key, entry in entries.items():
        get = lambda name, entry=entry: entry.fields.get(name, "")  # noqa: E731
        month = f"{MONTHS.index(get('month')) + 1:02}" if get("month") else ""
        day = f"{int(get('day')):02}" if get("day") else ""
        date = "-".join(filter(None, (get("year"), month, day)))
        people = tuple(_person(person) for person in entry.persons.get("author", ()))
        found[key] = Cited(get("title"), get("abstract"), date, get("url"), people)
    return found


def _person(person: Person) -> str:
    parts = [*person.first_names, *person.middle_names, *person.prelast_names, *person.last_names]
    return plain(" ".join(parts))


def by_bibtexparser(text: str) -> dict[str, Cited]:
    """Return the entries of a .bib file by key."""
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    found = {}
    for entry in library.entries:
        get = lambda name, entry=entry: field.value if (field := entry.get(name)) else ""  # noqa: E731
        months = [name[:3].lower() for name in MONTHS]
        month = f"{months.index(get('month')) + 1:02}" if get("month") else ""
        day = f"{int(get('day')):02}" if get("day") else ""
        date = "-".join(filter(None, (get("year"), month, day)))
        names = tuple(plain(name) for name in get("author").split(" and ")) if get("author") else ()
        turned = tuple(" ".join(reversed(name.split(", "))) for name in names)
        found[entry.key] = Cited(get("title"), get("abstract"), date, get("url"), turned)
    return found


def by_rispy(text: str) -> dict[str, Cited]:
    """Return the records of a .ris file by id."""
    found = {}
    for record in rispy.load(io.StringIO(text)):
        names = tuple(" ".join(reversed(name.split(", "))) for name in record.get("authors", ()))
        date = record.get("date", "").replace("/", "-")
        found[record["id"]] = Cited(
            record["title"], record.get("abstract", ""), date, "".join(record.get("urls", ())), names
        )
    return found


def by_json(text: str) -> dict[str, Cited]:
    """Return the items of a CSL-JSON file by id."""
    found = {}
    for item in json.loads(text):
        names = tuple(
            name.get("literal") or f"{name['given']} {name['family']}" for name in item.get("author", ())
        )
        parts = item["issued"]["date-parts"][0] if "issued" in item else []
        date = "-".join(f"{part:02}" for part in parts)
        found[item["id"]] = Cited(item["title"], item.get("abstract", ""), date, item.get("URL", ""), names)
    return found


READERS: dict[str, tuple[tuple[Callable[[str], dict[str, Cited]], bool], ...]] = {
    "bib": ((by_pybtex, True), (by_bibtexparser, True)),
    "ris": ((by_rispy, False),),
    "json": ((by_json, False),),
}
"""For each ending the programs that read it, and whether their texts are TeX."""


@lru_cache(maxsize=1024)
def plain(tex: str) -> str:
    """Return what pylatexenc makes of TeX; the one character that it turns into another is turned back."""
    return str(_LATEX.latex_to_text(tex)).replace("ˆ", "^")


def says(field: str, prose: Prose | None, is_tex: bool) -> bool:
    """Tell whether a field that was read back says what a title or an abstract says, formulas apart."""
    if prose is None:
        return field == ""
    said = _one_line(prose.plain).strip()
    if not is_tex:
        return _one_line(field).strip() == said
    parts = [re.escape(_one_line(plain(part))) for part in _FORMULA.split(field)]
    return re.fullmatch(r"\s*" + ".+?".join(parts) + r"\s*", f" {said} ") is not None


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
