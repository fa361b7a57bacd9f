"""The services that know papers: how each is asked for a title, and how its answer is read.

Answers become entries. One that has not the form it is known to have is refused, for a service that
changed must not turn into wrong facts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from sitegen.identity import title_key
from sitegen.model import Entry, Kind, Source
from sitegen.paperid import arxiv_id, doi
from sitegen.parsers import arxiv_atom, markup
from sitegen.parsers.fields import iso_day

_MOST = 10
"""How many papers one answer may hold."""
_TELLING = 6
"""How many words of a title are asked for where the whole finds nothing."""
_CUT = 100
"""OpenAlex leaves out the authors after this one."""


_Form = TypeVar("_Form")


class Unreadable(Exception):
    """An answer has not the form that its service gave when this was written."""


class Refused(Exception):
    """A service does not take a question; says why."""


class Service(Struct, frozen=True):
    """A service that is asked by title."""

    name: str
    """As readers know it; the source of what it says."""
    api: str
    """Where it is asked."""
    pause: float
    """Seconds from one question to the next."""
    questions: Callable[[str], tuple[str, ...]]
    """Give what to append to the address to ask for a title, the narrowest question first."""
    read: Callable[[bytes], list[Entry]]
    """Gives the papers of an answer; raises `Unreadable`, or `Refused`."""


def _words(title: str) -> list[str]:
    """Return the words of a title as they are compared: no sign in them means anything to a search."""
    return title_key(title).removeprefix("title:").split("-")


# ------------------------------------------------------------------------ arXiv


def _ask_arxiv(title: str) -> tuple[str, ...]:
    """Ask for the title as a phrase, then for its longest words: arXiv cuts some words in its own way."""
    words = _words(title)
    plain = sorted(
        {word for word in words if re.fullmatch("[a-z]{4,}", word)}, key=lambda word: (-len(word), word)
    )
    asked = [f'ti:"{" ".join(words)}"', " AND ".join(f"ti:{word}" for word in plain[:_TELLING])]
    return tuple("?" + urlencode({"search_query": query, "max_results": _MOST}) for query in asked if query)


def _read_arxiv(body: bytes) -> list[Entry]:
    text = body.decode("utf-8", "replace")
    total = re.search(r"totalResults[^>]{0,200}>\s*(\d{1,9})", text)
    entries, problems = arxiv_atom.parse(Source("arXiv", Kind.LIBRARY, text))
    if any(problem.code == "arxiv-error" for problem in problems):
        raise Refused("it answered with an error")
    if not total or (not entries and total[1] != "0"):  # now and then arXiv forgets the papers it counted
        raise Unreadable
    return entries


# ------------------------------------------------------------------------ OpenAlex


class _OpenAlexPerson(msgspec.Struct):
    display_name: str | None = None


class _Authorship(msgspec.Struct):
    author: _OpenAlexPerson


class _Location(msgspec.Struct):
    landing_page_url: str | None = None


class _Work(msgspec.Struct):
    title: str | None = None
    doi: str | None = None
    publication_date: str | None = None
    authorships: tuple[_Authorship, ...] = ()
    locations: tuple[_Location, ...] = ()


class _Works(msgspec.Struct):
    results: tuple[_Work, ...]


def _ask_openalex(title: str) -> tuple[str, ...]:
    fields = "title,doi,publication_date,authorships,locations"
    query = {"filter": f"title.search:{' '.join(_words(title))}", "per-page": _MOST, "select": fields}
    return (f"/works?{urlencode(query)}",)


def _read_openalex(body: bytes) -> list[Entry]:
    return [_work(work) for work in _decode(body, _Works).results if work.title]


def _work(work: _Work) -> Entry:
    addresses = [work.doi, *(location.landing_page_url for location in work.locations)]
    names = tuple(person.author.display_name or "" for person in work.authorships)
    return _entry("OpenAlex", work.title, addresses, names, work.publication_date, _CUT)


# ------------------------------------------------------------------------ Semantic Scholar


class _Author(msgspec.Struct):
    name: str | None = None


class _Ids(msgspec.Struct, rename={"arxiv": "ArXiv", "doi": "DOI"}):
    arxiv: str | None = None
    doi: str | None = None


class _Match(msgspec.Struct, rename={"ids": "externalIds", "published": "publicationDate"}):
    title: str | None = None
    ids: _Ids | None = None
    published: str | None = None
    authors: tuple[_Author, ...] | None = ()


class _Matches(msgspec.Struct):
    total: int
    data: tuple[_Match, ...] = ()


def _ask_semantic_scholar(title: str) -> tuple[str, ...]:
    fields = "title,externalIds,publicationDate,authors"
    return (
        "/paper/search?" + urlencode({"query": " ".join(_words(title)), "limit": _MOST, "fields": fields}),
    )


def _read_semantic_scholar(body: bytes) -> list[Entry]:
    return [_match(match) for match in _decode(body, _Matches).data if match.title]


def _match(match: _Match) -> Entry:
    ids = match.ids or _Ids()
    names = tuple(author.name or "" for author in match.authors or ())
    return _entry("Semantic Scholar", match.title, [ids.arxiv, ids.doi], names, match.published)


# ------------------------------------------------------------------------ what they share


def _decode(body: bytes, form: type[_Form]) -> _Form:
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Unreadable from None


def _entry(
    service: str,
    title: str | None,
    ids: Sequence[str | None],
    names: Sequence[str],
    day: str | None,
    most: int | None = None,
) -> Entry:
    """Return an answer as an entry; `most` is how many authors the service tells at most."""
    written = [text for text in ids if text]
    authors = tuple(name for name in names if name)
    is_whole = bool(authors) and len(authors) == len(names) and len(names) != most
    return Entry(
        source=service,
        line=0,
        day=None,
        title=markup.plain(title or ""),
        arxiv_id=next((found for text in written if (found := arxiv_id(text))), ""),
        doi=next((found for text in written if (found := doi(text))), ""),
        authors=authors,
        author_count=len(authors) if is_whole else None,
        published=iso_day(day or ""),
    )


SERVICES: dict[str, Service] = {
    # Its terms of use allow one question every three seconds, on one connection.
    "arxiv": Service("arXiv", "https://export.arxiv.org/api/query", 3.0, _ask_arxiv, _read_arxiv),
    "openalex": Service("OpenAlex", "https://api.openalex.org", 1.0, _ask_openalex, _read_openalex),
    "semanticscholar": Service(
        "Semantic Scholar",
        "https://api.semanticscholar.org/graph/v1",
        3.0,
        _ask_semantic_scholar,
        _read_semantic_scholar,
    ),
}
