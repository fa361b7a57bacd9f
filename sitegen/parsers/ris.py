"""RIS, as reference managers and publishers export it: a file in, an entry for each reference out."""

from __future__ import annotations

import re
from datetime import date

from sitegen.errors import Problem, warning
from sitegen.model import Entry, Source
from sitegen.paperid import mentioned_arxiv_id
from sitegen.parsers import markup
from sitegen.parsers.fields import day_of_name, finest, ids_and_links, iso_when, short, turned, untitled
from sitegen.parsers.tagged import Record, Stray, read_records

_LINE = re.compile(
    r"[ \t\ufeff]*([A-Z][A-Z0-9])(?:  |(?<=TY|ER|TI|T1|AU|A1|AB|N2|DO|UR|PY|Y1|DA|KW) )-(?: (.*)|$)"
)
"""Two spaces before the hyphen; one, as some programs write, only behind the tags that are read here."""
_TITLES = ("TI", "T1", "CT", "BT", "ST")
_NUMBERING = re.compile(r"\s*[0-9]{1,6}\.?\s*")
"""Some programs number the references, on lines of their own."""


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the file, and its problems."""
    records, strays = read_records(source.text, _LINE, "TY", "ER")
    day = day_of_name(source.stem)
    entries: list[Entry] = []
    problems = unread(source.path, [stray for stray in strays if not _NUMBERING.fullmatch(stray.text)])
    for record in records:
        if title := markup.plain(record.first(*_TITLES)):
            entries.append(_entry(source.path, record, day, title))
        else:
            problems.append(untitled(source.path, record.line, "this reference"))
        if title and not record.closed:
            message = f"the reference “{short(title)}” has no end (ER  -)."
            hint = "Look whether a part of it is missing."
            problems.append(warning("damaged", source.path, record.line, message, hint))
    if not records:
        problems.append(Problem(source.path, 0, "no reference (TY  - …) was found in this file."))
    return entries, problems


def unread(path: str, strays: list[Stray]) -> list[Problem]:
    """Return one warning for all lines that belong to nothing."""
    if not strays:
        return []
    more = f", and {len(strays) - 1} more such lines" if len(strays) > 1 else ""
    message = f"this was not read: “{short(strays[0].text)}”{more}"
    return [warning("unread", path, strays[0].line, message)]


def _entry(path: str, record: Record, day: date | None, title: str) -> Entry:
    addresses = record.all("UR") + record.all("L3") + record.all("LK")
    ids = [*record.all("DO"), *record.all("AN"), *record.all("M1", "C1")]
    arxiv, doi, links = ids_and_links(ids, addresses)
    authors = tuple(name for value in record.all("AU", "A1") if (name := turned(value)))
    whole = tuple(name for name in authors if name.lower() not in ("others", "et al", "et al."))
    dates = [value for tag in ("DA", "Y1", "PY") for value in record.all(tag)]
    published, published_in = finest(map(iso_when, dates))
    return Entry(
        source=path,
        line=next(record.lines[tag] for tag in _TITLES if record.first(tag)),
        day=day,
        title=title,
        abstract=markup.abstract(record.first("AB", "N2")),
        arxiv_id=arxiv or mentioned_arxiv_id(record.first("JO", "T2", "JF", "PB")),
        doi=doi,
        authors=whole,
        author_count=len(whole) if whole and whole == authors else None,
        published=published,
        published_in=published_in,
        keywords=tuple(dict.fromkeys(record.all("KW"))),
        links=links,
    )
