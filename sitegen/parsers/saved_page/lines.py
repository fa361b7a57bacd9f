"""Saved pages: the text of one in, its lines out, freed of links, images and headings.

A page saved as plain text passes as it is. One saved as Markdown, or with addresses beside the
text, loses its markup; what the links said stays with each line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

_HUB = r"https?://(?:www\.)?(?:huggingface|hf)\.co/"
_PAPER_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"

_LINKED_TITLE = re.compile(
    rf"^[ \t]*(?:#{{2,6}}[ \t]+\[|\[[^\n]*\]\((?:{_HUB}|/)papers/{_PAPER_ID}\)[ \t]*$"
    rf"|{_HUB}login\?next=%2Fpapers%2F)",
    re.MULTILINE,
)
_MARKDOWN_TITLE = re.compile(r"^[ \t]*#{2,6}[ \t]+\[.*\]\(", re.MULTILINE)
_PAPER_ADDRESS = re.compile(rf"(?:{_HUB}|^/)papers/({_PAPER_ID})(?:v\d+)?/?$")
_LOGIN_ADDRESS = re.compile(rf"(?:{_HUB}|^/)login\?next=%2Fpapers%2F({_PAPER_ID})$")
_OWNER_ADDRESS = re.compile(rf"(?:{_HUB}|^/)([\w.-]+)/?$")
_REFERENCE = re.compile(r"^[ \t]*\[(\d+)\]:[ \t]+(\S+)[ \t]*$", re.MULTILINE)

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_HEADING = re.compile(r"(#{1,6})\s+")
_HUB_ADDRESS = re.compile(rf"(?:{_HUB})\S*")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_LINK_TEXT = r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
_LINK = re.compile(r"(?<!\\)" + _LINK_TEXT + r"(?:\(([^()\s]*)(?: \"[^\"]*\")?\)|\[(\d+)\])")
_LINK_END = re.compile(r"\](?:\(([^()\s]*)\)|\[(\d+)\])$")
_ESCAPED = re.compile(r"\\([\\*\-+=#`~\[\]>_])")
_HARD_BREAK = re.compile(r"\\\s+")

_MOST_ADDRESSES = 9
"""Of those that stand alone below a line, no more are believed to belong to it."""


class Line(Struct, frozen=True):
    """A line that says something."""

    number: int
    """Counted from 1."""
    text: str
    gap: bool
    """Whether a blank line, or nothing, stands above it."""
    level: int = 0
    """Of a heading, 1 to 6; else 0."""
    urls: tuple[str, ...] = ()
    """Where its links go; "ref:7" for a link whose address the page does not give."""

    @property
    def paper(self) -> str:
        """Return the arXiv id of the paper that the line links to, or nothing."""
        return _first(_PAPER_ADDRESS, self.urls)

    @property
    def votes_for(self) -> str:
        """Return the arXiv id of the paper whose votes the line links to, or nothing."""
        return _first(_LOGIN_ADDRESS, self.urls)

    @property
    def owner(self) -> str:
        """Return the handle of the person or organisation that the line links to, or nothing."""
        return _first(_OWNER_ADDRESS, self.urls)

    @property
    def discussion(self) -> bool:
        """Return whether the line links to the comments on a paper."""
        return any(url.endswith("#community") for url in self.urls)


def is_linked(text: str) -> bool:
    """Return whether the page was saved with its links: then its titles are told by them."""
    return _LINKED_TITLE.search(text) is not None


def plain_lines(text: str) -> list[Line]:
    """Return the lines of a page saved as plain text, in order; blank ones are only gaps.

    A page that was saved without any blank line has a gap above each line.
    """
    lines = []
    gap = True
    dense = _BLANK_LINE.search(text.strip()) is None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line:
            lines.append(Line(number, line, gap or dense))
        gap = not line
    return lines


def linked_lines(text: str) -> list[Line]:
    """Return the lines of a page saved with its links, in order and without the markup."""
    references = dict(_REFERENCE.findall(text))
    markdown = _MARKDOWN_TITLE.search(text) is not None
    lines: list[Line] = []
    gap = True
    for number, raw in enumerate(text.split("\n"), 1):
        line = _unlinked(number, raw.strip(), gap, references, markdown)
        address = _HUB_ADDRESS.fullmatch(line.text) is not None
        if address and lines and len(lines[-1].urls) < _MOST_ADDRESSES:
            lines[-1] = replace(lines[-1], urls=(*lines[-1].urls, line.text))
        elif line.text and not address:
            lines.append(line)
        gap = address or not line.text
    return list(_joined_headings(lines))


def _unlinked(number: int, raw: str, gap: bool, references: Mapping[str, str], markdown: bool) -> Line:
    """Return the line without its markup; without text if it held nothing else."""
    if _REFERENCE.match(raw):
        return Line(number, "", gap)
    heading = _HEADING.match(raw)
    text = _IMAGE.sub("", raw[heading.end() :] if heading else raw)
    urls: list[str] = []

    def lift(match: re.Match[str]) -> str:
        label, url, reference = match.groups()
        urls.append(url or references.get(reference or "", f"ref:{reference}"))
        # A number of comments is glued to the date before it: "May 29[6](...#community)".
        return f" {label}" if urls[-1].endswith("#community") else label

    text = _LINK.sub(lift, text)
    if "](" in text:
        text = _LINK.sub(lift, text)
    if end := _LINK_END.search(text[-2000:]):
        urls.append(end[1] or references.get(end[2] or "", f"ref:{end[2]}"))
        text = text[: len(text) - len(end[0])]
    if text.startswith("[") and text.count("[") > text.count("]"):
        text = text[1:]
    if markdown:
        text = _ESCAPED.sub(r"\1", _HARD_BREAK.sub(" ", text.rstrip("\\")))
    return Line(number, text.strip(), gap, len(heading[1]) if heading else 0, tuple(urls))


def _joined_headings(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines, a linked heading that was wrapped over two or three made one."""
    index = 0
    while index < len(lines):
        line = lines[index]
        for follower in lines[index + 1 : index + 3] if line.level > 1 and not line.urls else ():
            if follower.gap or follower.level not in (0, line.level):
                break
            line = replace(line, text=f"{line.text} {follower.text}", urls=follower.urls)
            index += 1
            if line.urls:
                break
        yield line
        index += 1


def _first(pattern: re.Pattern[str], urls: tuple[str, ...]) -> str:
    """Return the first group of the first address that fits, or nothing."""
    return next((found[1] for url in urls if (found := pattern.search(url))), "")
