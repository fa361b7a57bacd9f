"""Text and HTML made fit for a feed or a mail: no characters that XML cannot hold, full addresses."""

from __future__ import annotations

import re
from html import escape, unescape
from html.entities import name2codepoint
from urllib.parse import urlsplit

from sitegen.model import Facts

# Forbidden by XML 1.0, or (the C1 controls) a sign of broken text to the feed validator.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_REFERENCE = re.compile(r"&(#?\w+)")
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ADDRESS = re.compile(r"""(\s(?:[\w-]+:)?(?:href|src|poster|cite)=["'])([^"']*)""", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_RELATIVE = re.compile(rf"""=["'](?!{_SCHEME.pattern})""")
"""Where a tag may have an address that is not a full one; most texts have no such place."""


def clean(text: str) -> str:
    """Return `text` without the characters that XML cannot hold."""
    if all(map(str.isprintable, text.split("\n"))):  # it then holds none of them
        return text
    return _NOT_XML.sub("", text)


def clean_html(html: str, page: str) -> str:
    """Return `html` cleaned, with full addresses: a reader shows it on another host, or on none.

    A path starts at the host, for the path of the base URL stands in front of it already; anything
    else relative, such as the "#fn1" of a footnote, belongs to `page`.
    """
    if not _RELATIVE.search(html):
        return clean(html)
    parts = urlsplit(page)
    host = f"{parts.scheme}://{parts.netloc}"

    def full(match: re.Match[str]) -> str:
        attribute, value = match.groups()
        if _SCHEME.match(value):
            return match[0]
        if value.startswith("//"):
            return f"{attribute}{parts.scheme}:{value}"
        return attribute + (host if value.startswith("/") else page) + value

    return clean(_TAG.sub(lambda tag: _ADDRESS.sub(full, tag[0]), html))


def absolute(url: str, facts: Facts) -> str:
    """Return the full address of a path from the site's own root."""
    return facts.base_url.rstrip("/") + url


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
