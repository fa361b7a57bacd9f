"""Machine twins: the papers of a page to bytes, in the formats of one table.

Pure: the same papers and facts give the same bytes. The record of a paper is written once and used in all
the files that hold it.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from sitegen.model import Facts, Paper, Twin, TwinFormat
from sitegen.twins.bibtex import write_entry
from sitegen.twins.csl import write_item
from sitegen.twins.markdown import write_markdown
from sitegen.twins.ris import write_record

__all__ = ["TWIN_FORMATS", "twin_renderer"]

Writer = Callable[[Paper], bytes]

_LIMIT = 10_000
"""How many records of one format are remembered: at 2 kB each, this bounds the memory of a large site."""


def twin_renderer(facts: Facts) -> Callable[[Twin], bytes]:
    """Return a function from a twin to its bytes, to be made once and used for every twin of a build."""
    entry = _remembering(write_entry)
    item = _remembering(lambda paper: write_item(paper, facts))
    writers: dict[TwinFormat, Writer] = {
        "bibtex": entry,
        "ris": write_record,
        "csl": item,
        "markdown": lambda paper: write_markdown(paper, facts),
        "collection": item,
    }
    return lambda twin: TWIN_FORMATS[twin.format](twin, facts, writers[twin.format])


def _remembering(write: Writer) -> Writer:
    """Return a writer that writes a paper once; when it knows too many, it forgets the oldest."""
    known: dict[str, tuple[Paper, bytes]] = {}

    def remembered(paper: Paper) -> bytes:
        found = known.get(paper.slug)
        if found and found[0] is paper:
            return found[1]
        if len(known) >= _LIMIT:
            del known[next(iter(known))]
        written = write(paper)
        known[paper.slug] = (paper, written)
        return written

    return remembered


def _one_by_one(twin: Twin, _facts: Facts, write: Writer) -> bytes:
    return b"\n".join(map(write, twin.papers))


def _array(twin: Twin, _facts: Facts, write: Writer) -> bytes:
    return b"[\n" + b",\n".join(map(write, twin.papers)) + b"\n]\n"


def _collection(twin: Twin, facts: Facts, write: Writer) -> bytes:
    """Return a part of all papers, with the number of all in the newest part and the address of the next."""
    head: dict[str, object] = {"title": facts.title, "home_page_url": facts.base_url}
    if twin.total is not None:
        head["total"] = twin.total
    if twin.next_url:
        head["next"] = facts.base_url + twin.next_url[1:]
    start = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    return start + b',"papers":' + _array(twin, facts, write).rstrip() + b"}\n"


TWIN_FORMATS: dict[TwinFormat, Callable[[Twin, Facts, Writer], bytes]] = {
    "bibtex": _one_by_one,
    "ris": _one_by_one,
    "csl": _array,
    "markdown": _one_by_one,
    "collection": _collection,
}
