"""BibTeX and BibLaTeX: a .bib file in, an entry for each reference out.

bibtexparser splits the file into blocks and survives broken ones; macros, names and TeX are read here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from sitegen.dates import MONTHS
from sitegen.errors import Problem, warning
from sitegen.model import Entry, Source
from sitegen.paperid import arxiv_id, mentioned_arxiv_id
from sitegen.parsers import tex
from sitegen.parsers.fields import day_of_name, finest, ids_and_links, iso_when, short, untitled, when
from sitegen.text.clean import one_line

if TYPE_CHECKING:
    from bibtexparser.model import Block, Field
    from bibtexparser.model import Entry as Reference

_JOINT = re.compile(r'[#{}"]')
_MONTHS = {name[:3].lower(): name for name in MONTHS}


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the file, and its problems. A broken block costs only itself."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import Entry as Reference

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it complains of, we report
    library = parse_string(source.text, parse_stack=[])
    macros = _macros((block.key, str(block.value)) for block in library.strings)
    day = day_of_name(source.stem)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for block in library.blocks:
        reference, complaints = _reference(source.path, block)
        problems += complaints
        if not isinstance(reference, Reference):
            continue
        fields = {field.key.lower(): _value(str(field.value), macros) for field in reversed(reference.fields)}
        if title := tex.decode(fields.get("title", "")):
            entries.append(_entry(source.path, reference, day, title, fields))
            problems += _unknown_macros(source.path, reference, macros)
        else:
            problems.append(untitled(source.path, _line(reference), f"the entry “{short(reference.key)}”"))
    if not entries and not problems:
        problems.append(Problem(source.path, 0, "no entry (@article{…}) was found in this file."))
    return entries, problems


def _reference(path: str, block: Block) -> tuple[Block, list[Problem]]:
    """Return the block, or what can be used of one that bibtexparser finds fault with, and a warning."""
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, ParsingFailedBlock
    from bibtexparser.model import Entry as Reference

    if isinstance(block, DuplicateBlockKeyBlock) and isinstance(block.ignore_error_block, Reference):
        message = f"the key “{short(block.key)}” stands here a second time; both entries are read."
        return block.ignore_error_block, [warning("repeated-key", path, _line(block), message)]
    if isinstance(block, DuplicateFieldKeyBlock) and block.ignore_error_block:
        names = ", ".join(sorted(block.duplicate_keys))
        message = f"this entry has a field twice: {names}. The first of them is read."
        return block.ignore_error_block, [warning("repeated-field", path, _line(block), message)]
    if isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateBlockKeyBlock):
        message = f"this entry is damaged, so it is left out: “{short(block.raw or '')}”"
        hint = "A brace, a quote or a comma is missing in it, or one is too many."
        return block, [warning("damaged", path, _line(block), message, hint)]
    return block, []


def _unknown_macros(path: str, reference: Reference, macros: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each name without quotes or braces that is no macro of the file."""
    return [
        warning(
            "unknown-macro", path, _line_of(field), f"there is no @string “{short(part)}”; its name is shown."
        )
        for field in reference.fields
        if field.key.lower() in ("title", "author", "abstract", "doi", "url", "eprint")
        for part in _parts(str(field.value))
        if part and part[0] not in '{"' and not part.isdigit() and part.lower() not in macros
    ]


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _macros(strings: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the values of macros by name in lower case: the months, then those of the file."""
    macros = dict(_MONTHS)
    for name, raw in strings:
        macros[name.lower()] = _value(raw, macros)
    return macros


def _value(raw: str, macros: Mapping[str, str]) -> str:
    """Return a field's value: its enclosing taken off, macros put in, parts joined by # together."""
    raw = raw.strip()
    if raw[:1] == "{" and raw[-1:] == "}" and "#" not in raw:
        return raw[1:-1]
    parts = []
    for part in _parts(raw):
        if part[:1] in ("{", '"'):
            parts.append(part[1:-1])
        else:
            parts.append(macros.get(part.lower(), part))
    return "".join(parts)


def _parts(raw: str) -> list[str]:
    """Split a value at the # that join its parts, those in braces and quotes left alone."""
    parts = []
    start = depth = 0
    quoted = False
    for found in _JOINT.finditer(raw):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth:
            continue
        if found[0] == '"':
            quoted = not quoted
        elif found[0] == "#" and not quoted:
            parts.append(raw[start : found.start()])
            start = found.end()
    return [part.strip() for part in (*parts, raw[start:])]


def _entry(path: str, reference: Reference, day: date | None, title: str, fields: Mapping[str, str]) -> Entry:
    addresses = [tex.bare_address(fields.get(name, "")) for name in ("url", "howpublished", "ee", "pdf")]
    ids = [_eprint(fields), *(tex.decode(fields.get(name, "")) for name in ("doi", "number"))]
    arxiv, doi, links = ids_and_links(ids, addresses)
    said = (fields.get(name, "") for name in ("journal", "volume", "note", "howpublished"))
    authors, count = _authors(fields.get("author", ""))
    parts = (fields.get(name, "").strip("{} ") for name in ("year", "month", "day"))
    published, published_in = finest([iso_when(fields.get("date", "").strip("{} ")), when(*parts)])
    return Entry(
        source=path,
        line=_line_of_title(reference),
        day=day,
        title=title,
        abstract=tex.decode(fields.get("abstract", "")),
        arxiv_id=arxiv or next(filter(None, map(mentioned_arxiv_id, said)), ""),
        doi=doi,
        authors=authors,
        author_count=count,
        published=published,
        published_in=published_in,
        keywords=_keywords(fields.get("keywords") or fields.get("keyword") or ""),
        links=links,
    )


def _line_of_title(reference: Reference) -> int:
    titles = (field for field in reference.fields if field.key.lower() == "title")
    return next(map(_line_of, titles), _line(reference))


def _line_of(field: Field) -> int:
    return (field.start_line or 0) + 1


def _eprint(fields: Mapping[str, str]) -> str:
    """Return the arXiv id in `eprint`, unless it is said to be of another archive."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    number = one_line(fields.get("eprint", "")).strip("{}")
    if archive.strip("{} ").lower() != "arxiv":
        return ""
    group = (fields.get("primaryclass") or fields.get("eprintclass") or "").strip("{} ")
    return arxiv_id(number) or arxiv_id(f"{group}/{number}")


def _authors(field: str) -> tuple[tuple[str, ...], int | None]:
    """Return the names, given name first, and how many they are unless the list ends in "and others"."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    written = _split_names(one_line(field))
    whole = [name for name in written if name.strip("{} ").lower() not in ("others", "et al.", "et al")]
    parts = [parse_single_name_into_parts(name, strict=False) for name in whole]
    names = tuple(name for part in parts if (name := tex.decode(part.merge_first_name_first)))
    return names, len(names) if names and len(names) == len(written) else None


def _split_names(field: str) -> list[str]:
    """Split names at each "and" outside braces."""
    names = [""]
    depth = 0
    for word in field.split(" "):
        if word.lower() == "and" and not depth:
            names.append("")
        else:
            names[-1] += f" {word}"
            depth = max(0, depth + word.count("{") - word.count("}"))
    return [name.strip() for name in names if name.strip()]


def _keywords(field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in re.split("[,;]", field) if (word := tex.decode(part))))
