"""RSS and Atom feeds, arXiv's own among them: a saved feed in, an entry for each of its items out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sitegen.errors import Problem, warning
from sitegen.model import Entry, Source
from sitegen.parsers import markup
from sitegen.parsers.fields import day_of_name, ids_and_links, untitled, whole_day
from sitegen.parsers.xml_text import broken_off, unsafe
from sitegen.text.clean import one_line

_LONG_WORD = re.compile(r"[A-Za-z0-9_.+-]{100,}")
_MOST_WORK = 10**8
"""Letters of long words by the letters of each, which is what feedparser takes: some seconds."""
_ITEM = re.compile(r"<(?:[\w-]+:)?(?:item|entry)[\s>]")
_IN_TITLE = re.compile(r"\s*\((arXiv:\S+)(?: \[[\w.-]+\])?(?: UPDATED| CROSS LISTED)?\)\s*\Z", re.IGNORECASE)
_ANNOUNCED = re.compile(r"(?is)\s*arXiv:\S+\s+Announce Type:\s*[\w-]+\s*(?:Abstract:)?\s*")
_LABEL = re.compile(r"(?is)(authors?|upvotes|summary|abstract|description)\s*:\s*(.*)")


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the feed, and its problems."""
    path = source.path
    if problem := unsafe(path, source.text) or broken_off(path, source.text) or _endless(path, source.text):
        return [], [problem]
    feed = _read(source.text)
    if feed is None:
        message = "this feed is damaged in a way that cannot be read: its elements stand where none belong."
        return [], [Problem(path, 1, message, "Save it once more.")]
    problems = _damage(path, feed)
    lines = list(_lines_of_items(source.text))
    lines = lines if len(lines) == len(feed.entries) else [0] * len(feed.entries)
    day = day_of_name(source.stem)
    entries: list[Entry] = []
    for line, item in zip(lines, feed.entries, strict=True):
        title, in_title = _title(item)
        if title:
            entries.append(_entry(path, line, day, title, in_title, item))
        else:
            problems.append(untitled(path, line, "an item of this feed"))
    if not feed.entries:
        problems.append(Problem(path, 1, "this feed holds no item.", "Remove the file."))
    return entries, problems


def _endless(path: str, text: str) -> Problem | None:
    """Return an error for words so long that feedparser, which looks for addresses in them, never ends."""
    work = 0
    for word in _LONG_WORD.finditer(text):
        work += len(word[0]) ** 2
        if work > _MOST_WORK:
            line = text.count("\n", 0, word.start()) + 1
            message = f"this feed is made of words too long to read: one here has {len(word[0])} letters."
            return Problem(path, line, message, "No title and no name is so long. Save the feed once more.")
    return None


def _read(text: str) -> Any:
    """Return the feed as feedparser reads it, None where it fails; given bytes, it opens no address."""
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except Exception:  # it raises whatever it stumbles over: an item inside a link is a KeyError
        return None


def _damage(path: str, feed: Any) -> list[Problem]:
    """Return a warning if the feed is no valid XML; feedparser reads on as well as it can."""
    error = feed.get("bozo_exception")
    line = getattr(error, "getLineNumber", lambda: None)()
    if not feed.bozo or line is None:
        return []
    message = f"this is not valid XML: {error.getMessage()}."
    hint = "What could be read was read. Compare it with the feed."
    return [warning("damaged", path, line, message, hint)]


def _lines_of_items(text: str) -> Iterator[int]:
    line, counted = 1, 0
    for found in _ITEM.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield line


def _title(item: Any) -> tuple[str, str]:
    """Return the title, and the arXiv id that arXiv's older feeds put behind it."""
    title = markup.plain(_word(item, "title"))
    found = _IN_TITLE.search(title)
    return (title[: found.start()].removesuffix("."), found[1]) if found else (title, "")


def _entry(path: str, line: int, day: date | None, title: str, in_title: str, item: Any) -> Entry:
    ids = [in_title, *(_word(item, name) for name in ("id", "dc_identifier", "prism_doi"))]
    arxiv, doi, links = ids_and_links(ids, _addresses(item))
    labelled, text = _labelled(item)
    is_arxiv = bool(in_title or "arxiv_announce_type" in item or _ANNOUNCED.match(text))
    authors = _authors(item, labelled.get("authors") or labelled.get("author", ""))
    votes = labelled.get("upvotes", "")
    return Entry(
        source=path,
        line=line,
        day=day,
        title=title,
        abstract=_ANNOUNCED.sub("", text, count=1),
        arxiv_id=arxiv,
        doi=doi,
        authors=authors,
        author_count=len(authors) or None,
        published=None if is_arxiv else _day(item),
        upvotes=int(votes) if re.fullmatch(r"[0-9]{1,7}", votes) else None,
        keywords=tuple(dict.fromkeys(one_line(_word(tag, "term")) for tag in item.get("tags", ()))),
        links=links,
    )


def _word(part: Any, name: str) -> str:
    """Return a text of a part of the feed; feedparser holds None for one that it could not make out."""
    return part.get(name) or ""


def _addresses(item: Any) -> list[str]:
    """Return the addresses that an item leads to, its own first."""
    related = [
        _word(link, "href") for link in item.get("links", ()) if link.get("rel") in ("alternate", "related")
    ]
    return [address for address in [_word(item, "link"), *related] if address]


def _labelled(item: Any) -> tuple[dict[str, str], str]:
    """Return the paragraphs that begin with a label such as "Authors:", and the abstract."""
    bodies = [_word(content, "value") for content in item.get("content", ())] or [_word(item, "summary")]
    labelled: dict[str, str] = {}
    rest = []
    for text in markup.paragraphs(bodies[0]):
        if found := _LABEL.match(text):
            labelled.setdefault(found[1].lower(), found[2])
        else:
            rest.append(text)
    abstracts = (labelled[name] for name in ("summary", "abstract", "description") if name in labelled)
    return labelled, next(abstracts, "") or " ".join(rest)


def _authors(item: Any, labelled: str) -> tuple[str, ...]:
    """Return the names; one field with full names parted by commas is a list of them."""
    names = [labelled] if labelled else [_word(author, "name") for author in item.get("authors", ())]
    found: list[str] = []
    for name in map(markup.plain, names):
        parts = [part.strip() for part in re.split(r",\s|;\s|\sand\s", name)]
        found += parts if all(" " in part for part in parts) else [name]
    return tuple(name for name in found if name)


def _day(item: Any) -> date | None:
    moment = item.get("published_parsed")
    return whole_day(*map(str, moment[:3])) if moment else None
