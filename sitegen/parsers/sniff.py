"""Which format a file is in, told by its content; or what it is instead of one that sitegen reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from sitegen.errors import BuildError, Problem
from sitegen.parsers.fields import short
from sitegen.parsers.json_text import error_message, read_json


class Format(StrEnum):
    """A format in which papers come; the value is its name in messages."""

    CAPTURE = "a text capture of a Daily Papers page"
    DAILY_API = "an answer of the Daily Papers API"
    ARXIV_ATOM = "an answer of the arXiv API"
    FEED = "a feed"
    BIBTEX = "BibTeX"
    RIS = "RIS"
    NBIB = "a PubMed export (nbib)"
    CSL_JSON = "CSL-JSON"
    MARKDOWN = "a Markdown digest"


HEAD = 20_000
"""How much of a file is looked at to tell one JSON or XML from another."""

_HTML = re.compile(
    r"\s*(?:<\?xml[^<>]*>\s*)?(?:<!--[^<>]*-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^<>]*>([^<>]{1,500})</title>", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)[\s/>]")
_KEY = re.compile(r'(?<!\\)"([\w-]+)"\s*:')
API_FIELDS = {"summary", "upvotes", "publishedAt", "submittedOnDailyAt", "ai_summary", "discussionId"}
"""Fields of which a paper of the Daily Papers API has one, and an item of CSL-JSON none."""
CSL_FIELDS = {"author", "issued", "DOI", "URL", "container-title", "type", "accessed"}
"""Fields of which an item of CSL-JSON has one."""

_RULES: tuple[tuple[Format, re.Pattern[str]], ...] = (
    (Format.MARKDOWN, re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*\n")),
    (Format.RIS, re.compile(r"(?m)^[ \t\ufeff]*TY {1,3}-(?: |$)")),
    (Format.NBIB, re.compile(r"(?m)^PMID ?- ?\d")),
    (Format.BIBTEX, re.compile(r"(?m)^[ \t]*@[A-Za-z]+[ \t]*[{(]")),
    (Format.CAPTURE, re.compile(r"(?mi)^[ \t]*(?:•[ \t]*\d+ authors?|(?:# *)?Daily Papers)[ \t]*$")),
    (Format.CAPTURE, re.compile(r"(?m)^[ \t]*·[ \t]*\n\s*[A-Z][a-z]{2} \d{1,2}\b")),
    (Format.MARKDOWN, re.compile(r"(?m)^[ \t]*(?:#{1,6}|[-*+]|\d+[.)])[ \t].*\]\(https?://")),
)
"""The formats that are lines of text, in the order in which they are tried."""


def recognise(path: str, text: str) -> Format | Problem:
    """Return the format of a file, or the problem that says what it looks like instead."""
    head = text[:HEAD]
    if not head.strip() and not text.strip():
        return Problem(path, 0, "the file is empty.")
    if "\0" in text:
        return Problem(path, 0, "this is not a text file (it contains NUL bytes).")
    if _HTML.match(head):
        return _page(path, head)
    if path.endswith(".md"):
        return Format.MARKDOWN
    if found := _BY_OPENING.get(head.lstrip()[:1]):
        return found(path, text)
    for form, pattern in _RULES:
        if pattern.search(text):
            return form
    return _unknown(path, f"this begins with “{short(head.lstrip())}”, which no format does.")


def _page(path: str, head: str) -> Problem:
    title = _TITLE.search(head)
    named = f" (“{short(title[1])}”)" if title else ""
    hint = "A server may have sent it instead of the file: log in, or ask once more, and save the answer."
    if title and "Daily Papers" in title[1]:
        hint = "Open it in a browser, select all, copy, and save that as a text file."
    return Problem(path, 1, f"this is an HTML page{named}, not a list of papers.", hint)


def _json(path: str, text: str) -> Format | Problem:
    """Tell by the names of its fields which JSON this is."""
    keys = set(_KEY.findall(text[:HEAD]))
    if keys & {"paper", *API_FIELDS}:
        return Format.DAILY_API
    if keys & CSL_FIELDS:
        return Format.CSL_JSON
    try:
        nodes = read_json(path, text)
    except BuildError as error:
        return error.problems[0]
    if said := error_message(nodes):
        message = f"this is an error message of a server, not a list of papers: “{short(said)}”."
        return Problem(path, 1, message, "Ask once more, and save the answer.")
    if all(node.value in ([], {}) for node in nodes):
        hint = "The Daily Papers API says so of a day that has none. Leave the file out."
        return Problem(path, 1, "this list of papers is empty.", hint)
    return _unknown(path, "this is JSON, but no paper was found in it.")


def _xml(path: str, text: str) -> Format | Problem:
    """Tell by its root which XML this is."""
    root = _ROOT.search(text[:HEAD])
    name = root[1].rpartition(":")[2] if root else ""
    if name == "feed" and re.search(r"<id>\s*https?://(?:export\.)?arxiv\.org/(?:api|abs)/", text[:HEAD]):
        return Format.ARXIV_ATOM
    if name.lower() in ("feed", "rss", "rdf"):
        return Format.FEED
    return _unknown(path, f"this is XML of a kind that sitegen does not read (<{name or '?'}>).")


def _unknown(path: str, message: str) -> Problem:
    names = ", ".join(form.value for form in Format)
    return Problem(path, 1, message, f"sitegen reads {names}.")


_BY_OPENING: dict[str, Callable[[str, str], Format | Problem]] = {"{": _json, "[": _json, "<": _xml}
