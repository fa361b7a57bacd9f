"""PubMed exports (nbib, the MEDLINE format): a file in, an entry for each article out."""

from __future__ import annotations

import re
from datetime import date

from sitegen.errors import Problem
from sitegen.model import Entry, EntryLink, PartialDate, Source
from sitegen.parsers import markup
from sitegen.parsers.fields import day_of_name, finest, ids_and_links, turned, untitled, when
from sitegen.parsers.ris import unread
from sitegen.parsers.tagged import Record, read_records

_LINE = re.compile(r"([A-Z]{2,4}) {0,2}-(?: (.*)|$)")
_DOI = re.compile(r"(?<!\S)(\S+) \[doi\]")
_PUBLISHED = re.compile(r"(\d{4})(?: ([A-Z][a-z]{2})\b(?: (\d{1,2})\b)?)?", re.ASCII)
_ELECTRONIC = re.compile(r"(\d{4})(\d\d)(\d\d)\Z", re.ASCII)


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the file, and its problems."""
    records, strays = read_records(source.text, _LINE, "PMID")
    day = day_of_name(source.stem)
    entries: list[Entry] = []
    problems = unread(source.path, strays)
    for record in records:
        if title := _title(record):
            entries.append(_entry(source.path, record, day, title))
        else:
            problems.append(untitled(source.path, record.line, f"the article {record.first('PMID')}"))
    if not records:
        problems.append(Problem(source.path, 0, "no article (PMID- …) was found in this file."))
    return entries, problems


def _title(record: Record) -> str:
    """Return the title without PubMed's full stop behind it and brackets around a translation."""
    title = markup.plain(record.first("TI", "BTI"))
    if title.startswith("[") and title.rstrip(".").endswith("]"):
        title = title.rstrip(".")[1:-1]
    return title[:-1].rstrip() if title.endswith(".") and not title.endswith("..") else title


def _entry(path: str, record: Record, day: date | None, title: str) -> Entry:
    ids = [found[1] for value in record.all("LID") + record.all("AID") if (found := _DOI.search(value))]
    arxiv, doi, _ = ids_and_links(ids, [])
    names = record.all("FAU") or [_initials(value) for value in record.all("AU")]
    authors = tuple(turned(name) for name in [*names, *record.all("CN")])
    published, published_in = _published(record)
    return Entry(
        source=path,
        line=record.lines.get("TI", record.line),
        day=day,
        title=title,
        abstract=markup.abstract(record.first("AB")),
        arxiv_id=arxiv,
        doi=doi,
        authors=authors,
        author_count=len(authors) or None,
        published=published,
        published_in=published_in,
        keywords=tuple(dict.fromkeys(record.all("OT"))),
        links=_links(record.first("PMID")),
    )


def _links(number: str) -> tuple[EntryLink, ...]:
    """Return the article's page at PubMed."""
    if not re.fullmatch("[0-9]{1,9}", number):
        return ()
    return (EntryLink(f"https://pubmed.ncbi.nlm.nih.gov/{number}/", "paper"),)


def _initials(name: str) -> str:
    """Return "Himmelstein DS" as "Himmelstein, DS"."""
    family, _, initials = name.rpartition(" ")
    return f"{family}, {initials}" if family and initials.isupper() else name


def _published(record: Record) -> tuple[date | None, PartialDate | None]:
    """Return the earlier of the days of publication, in print and electronic; else the month or year."""
    said = []
    for tag, pattern in (("DP", _PUBLISHED), ("DEP", _ELECTRONIC)):
        if found := pattern.match(record.first(tag)):
            said.append(when(found[1], found[2] or "", found[3] or ""))
    days = sorted(day for day in said if isinstance(day, date))
    return finest([*days, *said])
