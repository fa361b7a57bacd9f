"""What an offered file is: told by its bytes and its text, hardly by its name."""

from __future__ import annotations

from typing import NamedTuple

from sitegen.errors import BuildError, Problem
from sitegen.importing.outcome import Offer
from sitegen.model import Kind, Source
from sitegen.parsers import markdown_digest
from sitegen.parsers.capture import read_page
from sitegen.parsers.sniff import Format, recognise
from sitegen.sources import decode

_EXPORT = "Export the references in it as BibTeX, RIS or CSL-JSON, and import that."
_UNPACK = "Unpack it, and import what is in it."
_SIGNATURES = (
    (b"%PDF-", "a PDF", _EXPORT),
    (b"PK\x03\x04", "a ZIP archive or an office document", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"version https://git-lfs", "a pointer of Git LFS", "Fetch the file itself: git lfs pull"),
    (b"SQLite format 3\0", "a database", _EXPORT),
)
"""How files begin that people have beside their papers."""
_KINDS = {Format.CAPTURE: Kind.CAPTURE, Format.DAILY_API: Kind.DAILY_API}


class Recognised(NamedTuple):
    """What a file is."""

    format: Format
    text: str
    doubts: list[Problem]
    """Warnings about its encoding."""


def recognise_offer(offer: Offer) -> Recognised | Problem:
    """Return the format and the text of a file, or what it looks like instead."""
    for signature, what, hint in _SIGNATURES:
        if offer.data.startswith(signature):
            return Problem(offer.name, 0, f"this is {what}, not a list of papers.", hint)
    text, problems = decode(offer.name, Kind.LIBRARY, offer.data)
    for problem in problems:
        if problem.severity == "error":
            return problem
    form = _format(offer, text)
    if isinstance(form, Problem):
        return form
    return Recognised(form, *decode(offer.name, _KINDS.get(form, Kind.LIBRARY), offer.data))


def _format(offer: Offer, text: str) -> Format | Problem:
    """Return the format; of a file called .md, as which of two it holds more papers."""
    # The ending would be believed: a page that was saved as Markdown is a capture all the same.
    found = recognise(offer.name.removesuffix(".md"), text)
    if offer.ending not in ("md", "markdown") or found in (Format.DAILY_API, Format.CSL_JSON):
        return found
    if found is Format.CAPTURE and len(read_page(text).found) >= _papers_in_digest(text):
        return Format.CAPTURE
    return Format.MARKDOWN


def _papers_in_digest(text: str) -> int:
    try:
        return len(markdown_digest.parse(Source("digest.md", Kind.LIBRARY, text))[0])
    except BuildError:
        return 0
