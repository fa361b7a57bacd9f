"""Titles and abstracts, set: raw text in, safe HTML, plain text and links out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from sitegen.model import Prose
from sitegen.text.links import lifted
from sitegen.text.reader import tokenize
from sitegen.text.tokens import Token, boxed, text_token

_ELLIPSIS = "…"
_LOOSE = " ,;:–—-(“"
_STOP = re.compile(r"[.!?][\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|No|Nos|Dr|Prof|St|w\.r\.t|etc)|\b[A-Z])\.\Z"
)


@lru_cache(maxsize=2**17)
def title(raw: str) -> Prose:
    """Return a title, repaired and set; it holds no link, because pages make the whole of it one."""
    return _set(_unlinked(tokenize(raw)))


@lru_cache(maxsize=8192)
def prose(raw: str) -> Prose:
    """Return an abstract, repaired and set. Never raises."""
    return _set([boxed(token) for token in tokenize(raw)])


def _unlinked(tokens: Sequence[Token]) -> list[Token]:
    return [text_token(token.plain) if token.kind == "link" else token for token in tokens]


def _set(tokens: Sequence[Token]) -> Prose:
    plain = "".join([token.plain for token in tokens])
    if all(token.kind == "text" for token in tokens):
        return Prose(plain)
    html = Markup("".join([token.html for token in tokens]))  # noqa: S704  # each token escapes itself
    for_feeds = Markup("".join([token.feed for token in tokens]))  # noqa: S704
    return Prose(
        plain=plain,
        marked=html,
        marked_for_feeds=None if for_feeds == html else for_feeds,
        links=lifted([token.url for token in tokens if token.url]),
        warnings=tuple(token.plain for token in tokens if token.kind == "source"),
        formulas=tuple(token.tex for token in tokens if token.kind == "maths"),
    )


def plain(raw: str) -> str:
    """Return the plain text of a title."""
    return title(raw).plain


def summary(raw: str, length: int = 200) -> str:
    """Return the first sentence as plain text, cut at a word where it is longer than `length`."""
    text = prose(raw).plain
    sentence = text[: _first_stop(text)]
    return sentence if len(sentence) <= length else _cut(sentence, length)


def _first_stop(text: str) -> int:
    for match in _STOP.finditer(text):
        before = text[max(0, match.start() - 12) : match.start() + 1]
        if text[match.start()] != "." or not _ABBREVIATION.search(before):
            return match.end()
    return len(text)


def _cut(text: str, length: int) -> str:
    """Cut at the last word that fits into `length` together with "…"."""
    head = text[:length]
    if " " in head:
        head = head.rpartition(" ")[0]
    return head[: max(length - 1, 0)].rstrip(_LOOSE) + _ELLIPSIS


def teaser(raw: str, length: int = 280) -> Markup:
    """Return the first words as HTML without links, cut between words with "…".

    `length` counts characters of the plain text. A formula is never cut.
    """
    tokens = _unlinked(tokenize(raw))
    kept = _head(tokens, length)
    parts: list[str] = []
    closing: list[str] = []
    for token in kept:
        if token.kind == "open":
            closing.append(token.html.replace("<", "</"))
        elif token.kind == "close":
            closing.pop()
        parts.append(boxed(token).html)
    if len(kept) < len(tokens) or kept != tokens:
        parts.append(_ELLIPSIS)
    return Markup("".join(parts + closing[::-1]))  # noqa: S704  # each token escapes itself


def _head(tokens: list[Token], length: int) -> list[Token]:
    """Return the tokens that fit, the last one cut after a word."""
    kept: list[Token] = []
    left = length
    for token in tokens:
        kept.append(token)
        left -= len(token.plain)
        if left < 0:
            break
    else:
        return kept
    last = kept[-1]
    if last.kind == "text":
        kept[-1] = text_token(last.plain[:left])
    while kept:
        last = kept.pop()
        if last.kind == "text" and " " in last.plain:
            return [*kept, text_token(last.plain.rpartition(" ")[0].rstrip(_LOOSE))]
    first = "".join(token.plain for token in tokens)
    return [text_token(first[: max(length - 1, 0)])]
