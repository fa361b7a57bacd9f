"""Pages saved with their links: lines in, listings out; titles are told by their links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from sitegen.parsers.saved_page.lines import Line
from sitegen.parsers.saved_page.listing import (
    LONGEST_TITLE,
    NUMBER,
    Block,
    Listing,
    Listings,
    blocks_of,
    is_furniture,
    one_line,
)
from sitegen.parsers.saved_page.meta import is_date, read_meta

_FOOTER = frozenset(("previous", "next", "load more", "system theme", "company", "tos"))
_PICTURE = re.compile(r"(?:[-*•]\s*)?\[[^\[\]]*\]")
"""What is left of a picture: its description in brackets."""


def linked_listings(lines: Sequence[Line]) -> Listings:
    """Return the listings of a page saved with its links. What stands above the first is its menu."""
    lines = _without_submitters(lines)
    starts = _linked_titles(lines)
    if not starts:
        return Listings((), (), None, False)
    head = lines[: starts[0]]
    day = next((Block(line.number, line.text) for line in reversed(head) if is_date(line.text)), None)
    votes = _votes(head)
    found: list[Listing] = []
    unread: list[Block] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        listing, rest = _section(lines[start], lines[start + 1 : end], end == len(lines))
        found.append(replace(listing, upvotes=votes if listing.upvotes is None else listing.upvotes))
        votes = _votes(line for line in rest if line.votes_for != listing.arxiv_id or not line.votes_for)
        unread += _unknown(rest)
    genuine = any(listing.arxiv_id or listing.meta for listing in found)
    return Listings(tuple(found), tuple(unread), day, genuine)


def _without_submitters(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without pictures, and without "Submitted by" and the name below it."""
    kept: list[Line] = []
    name_follows = False
    for line in lines:
        if line.level == 0 and _PICTURE.fullmatch(line.text):
            continue
        submitted = line.text.lower() == "submitted by"
        if not submitted and not name_follows:
            kept.append(line)
        name_follows = submitted
    return kept


def _linked_titles(lines: Sequence[Line]) -> list[int]:
    """Return which lines are titles: the headings that are links, else the first link to each paper."""
    headings = [
        index
        for index, line in enumerate(lines)
        if line.level > 1 and (line.paper or (line.level > 2 and _is_reference(line)))
    ]
    if headings:
        return headings
    titles = []
    last = ""
    for index, line in enumerate(lines):
        if line.paper and line.paper != last and len(line.text) <= LONGEST_TITLE and not line.votes_for:
            titles.append(index)
            last = line.paper
    return titles


def _is_reference(line: Line) -> bool:
    return any(url.startswith("ref:") for url in line.urls)


def _section(title: Line, body: Sequence[Line], last: bool) -> tuple[Listing, Sequence[Line]]:
    """Return the listing that a title begins, and the lines that are no part of it."""
    meta, above, rest = None, body, body[len(body) :]
    for index in range(len(body)):
        if read := read_meta(body, index):
            meta, above, rest = read[0], body[:index], body[read[1] :]
            break
    if last:
        above, rest = _above_footer(above), _above_footer(rest)
    if meta is None:
        text = [index for index, line in enumerate(above) if not _is_aside(line)]
        end = text[-1] + 1 if text else 0
        above, rest = above[:end], above[end:]
    abstract = blocks_of(line for line in above if not _is_aside(line))
    own = _votes(line for line in rest if line.votes_for and line.votes_for == title.paper)
    if meta and meta.comments is None:
        meta = replace(meta, comments=_comments(rest))
    return (
        Listing(
            line=title.number,
            title=one_line(title.text),
            abstract="\n\n".join(block.text for block in abstract),
            paragraphs=len(abstract),
            meta=meta,
            arxiv_id=title.paper,
            upvotes=own,
            links=tuple(dict.fromkeys(url for line in rest for url in _code(line))),
        ),
        rest,
    )


def _above_footer(lines: Sequence[Line]) -> Sequence[Line]:
    end = next((i for i, line in enumerate(lines) if line.text.lower() in _FOOTER), len(lines))
    return lines[:end]


def _votes(lines: Iterable[Line]) -> int | None:
    """Return the last number of votes among the lines; none where "-" stands."""
    votes = None
    for line in lines:
        if not line.discussion and (found := NUMBER.fullmatch(line.text)):
            votes = None if found["number"] == "-" else int(found["number"])
    return votes


def _comments(lines: Iterable[Line]) -> int | None:
    numbers = (NUMBER.fullmatch(line.text) for line in lines if line.discussion)
    return next((int(found["number"]) for found in numbers if found and found["number"] != "-"), None)


def _code(line: Line) -> tuple[str, ...]:
    """Return the addresses of the paper's code that the page itself gives: "GitHub 1.5k"."""
    if not line.text.lower().startswith("github"):
        return ()
    return tuple(url for url in line.urls if url.startswith("https://github.com/"))


def _unknown(lines: Sequence[Line]) -> list[Block]:
    """Return the text below a listing that nothing explains, up to the next."""
    return blocks_of(line for line in lines if not line.urls and not _is_aside(line))


def _is_aside(line: Line) -> bool:
    """Return whether the line is a number or a word of the menu: no title, no abstract."""
    return bool(NUMBER.fullmatch(line.text) or line.votes_for or is_furniture(line.text))
