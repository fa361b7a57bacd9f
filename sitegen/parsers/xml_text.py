"""XML from outside, before a parser sees it: what is dangerous or broken off is refused by name."""

from __future__ import annotations

import re

from sitegen.errors import Problem

_PROLOG = re.compile(r"\s*(?:<\?[^<>]*\?>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*(<!DOCTYPE[^<>\[]*(\[)?)?")


def unsafe(path: str, text: str) -> Problem | None:
    """Return an error for a document that defines entities of its own: a small one can grow without end."""
    prolog = _PROLOG.match(text)
    if prolog and prolog[2]:
        line = text.count("\n", 0, prolog.end()) + 1
        hint = "No feed and no answer of an API needs them. Save the file once more, from its own address."
        return Problem(path, line, "this XML defines entities of its own, which sitegen does not read.", hint)
    return None


def broken_off(path: str, text: str) -> Problem | None:
    """Return an error for a document whose last tag is missing."""
    if re.search(r"</[\w:.-]+\s*>\s*(?:<!--.{0,1000}-->\s*)?\Z", text[-2000:], re.DOTALL):
        return None
    line = text.rstrip().count("\n") + 1
    message = "the XML breaks off here: this looks like half a download."
    return Problem(path, line, message, "Save it once more.")
