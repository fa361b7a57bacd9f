"""What a feed says of a paper, in every format: text, HTML, people, categories, addresses.

Each value that leaves this room is free of characters that XML cannot hold, and of relative addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from html.entities import name2codepoint
from urllib.parse import urlsplit

from sitegen.model import Facts, Link, Paper, PaperLink, ThemeLink

# Forbidden by XML 1.0, or (the C1 controls) a sign of broken text to the feed validator.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_REFERENCE = re.compile(r"&(#?\w+)")
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ADDRESS = re.compile(r"""(\s(?:[\w-]+:)?(?:href|src|poster|cite)=["'])([^"']*)""", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Category:
    """A theme or a tag of an entry."""

    term: str
    scheme: str
    """The address of the list of all themes or tags."""
    label: str


def clean(text: str) -> str:
    """Return `text` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def as_html(text: str) -> str:
    """Return plain text as HTML, unchanged where HTML reads it as it stands.

    RSS does not say whether a title is text or HTML, and readers differ. Many take it for HTML and drop
    what looks like a tag (feedbin/feedbin#232, brief-rss/brief#416), so that "<SEG>" must be escaped
    once more to be seen at all; "R&D" and "I <3 graphs" read the same to both and are left alone.
    """
    return escape(text, quote=False) if _looks_like_html(text) else text


def _looks_like_html(text: str) -> bool:
    """Return whether HTML, or the feed validator, would see a tag or a character reference."""
    return (
        _TAG_START.search(text) is not None
        or unescape(text) != text
        or any(not name.isalpha() or name in name2codepoint for name in _REFERENCE.findall(text))
    )


def absolute(url: str, facts: Facts) -> str:
    """Return the full address of a path from the site's own root."""
    return facts.base_url.rstrip("/") + url


def title(paper: Paper) -> str:
    """Return the title as plain text; never empty, which no format allows."""
    return clean(paper.title.plain).strip() or paper.slug


def summary(paper: Paper) -> str:
    """Return one sentence as plain text; empty without an abstract."""
    return clean(paper.summary).strip()


def updated(paper: Paper) -> date:
    """Return the day of the last change; `plan` puts no paper without a day into a feed."""
    day = paper.updated or paper.first_day
    assert day, f"{paper.slug} is in a feed and has no day"
    return day


def people(paper: Paper) -> list[str]:
    """Return the authors; where they are unknown, the organisation; nobody where that is, too."""
    organization = (paper.organization.name,) if paper.organization else ()
    return [name for name in (clean(name).strip() for name in paper.authors or organization) if name]


def source_url(paper: Paper) -> str:
    """Return the address of the paper itself; empty where it is unknown. A search is no address."""
    return next((clean(link.url) for link in paper.links if link.kind == "paper"), "")


def categories(paper: Paper, facts: Facts) -> Iterator[Category]:
    """Yield the themes, the first one first, then the tags."""
    links: tuple[ThemeLink | Link, ...] = (paper.theme, *paper.more_themes, *paper.tags)
    for link in links:
        folder, _, term = link.url.rstrip("/").rpartition("/")
        yield Category(term, absolute(folder + "/", facts), clean(link.title).strip() or term)


def content(paper: Paper, facts: Facts) -> str:
    """Return the whole entry as HTML: the abstract, the curator's note, the links out."""
    abstract = paper.abstract.feed_html if paper.abstract else "The sources give no abstract."
    parts = [f"<p>{abstract}</p>"]
    if paper.note:
        parts.append(f"<h2>Curator's note</h2>\n{paper.note.strip()}")
    parts += _links(paper)
    return clean(_with_absolute_addresses("\n".join(parts), absolute(paper.url, facts)))


def _links(paper: Paper) -> Iterator[str]:
    known = [link for link in paper.links if link.kind != "search"]
    searches = [link for link in paper.links if link.kind == "search"]
    if known:
        yield f"<p>{_link_line(known)}</p>"
    if searches:
        yield f"<p>Find it by a search for its title: {_link_line(searches)}</p>"


def _link_line(links: list[PaperLink]) -> str:
    return " · ".join(f'<a href="{escape(link.url)}">{escape(link.label)}</a>' for link in links)


def _with_absolute_addresses(html: str, page: str) -> str:
    """Return `html` with full addresses: a reader shows it on another host, or on none at all.

    A path starts at the host, for the path of the base URL stands in front of it already; anything
    else relative, such as the "#fn1" of a footnote, belongs to the paper's page.
    """
    parts = urlsplit(page)
    host = f"{parts.scheme}://{parts.netloc}"

    def full(match: re.Match[str]) -> str:
        attribute, value = match.groups()
        if _SCHEME.match(value):
            return match[0]
        if value.startswith("//"):
            return f"{attribute}{parts.scheme}:{value}"
        return attribute + (host if value.startswith("/") else page) + value

    return _TAG.sub(lambda tag: _ADDRESS.sub(full, tag[0]), html)
