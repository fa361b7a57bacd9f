"""What a feed says of a paper or a letter, the same in every format.

A `FeedItem` comes in, the `Said` comes out: free of characters that XML cannot hold, and of relative
addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from html import escape

from msgspec import Struct

from sitegen.feeds.clean import absolute, clean, clean_html
from sitegen.feeds.letter import letter_html, shortened_to
from sitegen.model import Facts, FeedItem, Letter, Link, Paper, PaperLink, ThemeLink
from sitegen.text import in_feeds

_ADDRESS = re.compile(r"<[\w.+-]+@[\w.-]+>")
"""The address of a person beside the name, as mails have it: it is nobody's business."""
LETTER_SIZE = 80_000
"""The most bytes of a letter's HTML: Gmail clips a mail of 102 kB, and who sends it adds a frame."""


class Category(Struct, frozen=True):
    """A theme or a tag of an entry."""

    term: str
    scheme: str
    """The address of the list of all themes or tags."""
    label: str


class Said(Struct, frozen=True):
    """All that a feed says of one thing."""

    id: str
    url: str
    """The page on this site."""
    source_url: str
    """The paper itself, where its address is known."""
    title: str
    """Plain text; never empty, which no format allows."""
    summary: str
    """One sentence of plain text, or nothing."""
    html: str
    """The whole of it."""
    people: tuple[str, ...]
    categories: tuple[Category, ...]
    published: date
    updated: date


def say(item: FeedItem, facts: Facts) -> Said:
    """Return what a feed says of a paper or a letter."""
    return _letter(item, facts) if isinstance(item, Letter) else _paper(item, facts)


def _paper(paper: Paper, facts: Facts) -> Said:
    day = paper.updated or paper.first_day
    assert day, f"{paper.slug} is in a feed and has no day"
    page = absolute(paper.url, facts)
    return Said(
        id=clean(paper.feed_id),
        url=page,
        source_url=_source_url(paper),
        title=clean(paper.title.plain).strip() or paper.slug,
        summary=clean(paper.summary).strip(),
        html=clean_html("\n".join(_content(paper)), page),
        people=tuple(_people(paper)),
        categories=tuple(_categories(paper, facts)),
        published=paper.first_day or day,
        updated=day,
    )


def _letter(letter: Letter, facts: Facts) -> Said:
    shortened = shortened_to(letter, lambda part: len(letter_html(part, facts).encode()) <= LETTER_SIZE)
    return Said(
        id=clean(letter.feed_id),
        url=absolute(letter.url, facts),
        source_url="",
        title=clean(letter.title).strip() or letter.name,
        summary=clean(letter.summary).strip(),
        html=letter_html(shortened, facts),
        people=(),
        categories=(),
        published=letter.published,
        updated=letter.updated,
    )


def _people(paper: Paper) -> Iterator[str]:
    """Yield the authors; where they are unknown, the organisation; nobody where that is, too."""
    organization = (paper.organization.name,) if paper.organization else ()
    names = (_ADDRESS.sub("", clean(name)).strip() for name in paper.authors or organization)
    return (name for name in names if name)


def _source_url(paper: Paper) -> str:
    """Return the address of the paper itself; empty where it is unknown. A search is no address."""
    return next((clean(link.url) for link in paper.links if link.kind == "paper"), "")


def _categories(paper: Paper, facts: Facts) -> Iterator[Category]:
    """Yield the themes, the first one first, then the tags."""
    links: tuple[ThemeLink | Link, ...] = (paper.theme, *paper.more_themes, *paper.tags)
    return (_category(link.url, link.title, facts.base_url) for link in links)


@lru_cache(4096)
def _category(url: str, title: str, base_url: str) -> Category:
    folder, _, term = url.rstrip("/").rpartition("/")
    return Category(term, f"{base_url.rstrip('/')}{folder}/", clean(title).strip() or term)


def _content(paper: Paper) -> Iterator[str]:
    """Yield the whole entry as HTML: the abstract, the curator's note, the links out."""
    abstract = paper.abstract.feed_html if paper.abstract else "The sources give no abstract."
    yield f"<p>{abstract}</p>"
    if paper.note:
        yield f"<h2>Curator's note</h2>\n{in_feeds(paper.note.strip())}"
    yield from _links(paper)


def _links(paper: Paper) -> Iterator[str]:
    known = [link for link in paper.links if link.kind != "search"]
    searches = [link for link in paper.links if link.kind == "search"]
    if known:
        yield f"<p>{_link_line(known)}</p>"
    if searches:
        yield f"<p>Find it by a search for its title: {_link_line(searches)}</p>"


def _link_line(links: list[PaperLink]) -> str:
    return " · ".join(f'<a href="{escape(link.url)}">{escape(link.label)}</a>' for link in links)
