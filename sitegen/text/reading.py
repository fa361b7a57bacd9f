"""A formula in one line: as plain text reads it ("O(n²)"), and with sup and sub for feeds.

What comes in is MathML as `maths` rebuilt it: known elements, each with as many children as it needs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import escape

from sitegen.text.symbols import lowered, raised

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RELATIONS = frozenset("=<>≤≥≠≈∼≃≅∈∉⊂⊆→←↔⇒⇐⇔↦∝≡≪≫")
_SIGNS = frozenset("+−±∓")
_ACCENTS = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "―": "\u0304", "‾": "\u0304",
    "˙": "\u0307", "¨": "\u0308", "→": "\u20d7",
}  # fmt: skip
_PRIMES = frozenset("′″‴")


def plain(math: Element) -> str:
    """Return the formula as text."""
    return " ".join(_row(math, _PLAIN).split())


def simple_html(math: Element) -> str | None:
    """Return the formula as HTML with sup and sub; nothing when that cannot show it."""
    try:
        return _row(math, _HTML).strip()
    except _NotSimple:
        return None


class _NotSimple(Exception):
    """Raised on an element that needs MathML."""


class _Form(NamedTuple):
    """How the pieces of a formula are written."""

    letter: Callable[[str], str]
    other: Callable[[str], str]
    raised: Callable[[str], str]
    lowered: Callable[[str], str]
    tight: bool = False
    """No space around signs: in powers and indices."""


def _folded(text: str) -> str:
    """Return letters of mathematical alphabets as letters: a bold "𝐱" is "x"."""
    return "".join(
        unicodedata.normalize("NFKC", char) if "\U0001d400" <= char <= "\U0001d7ff" else char for char in text
    )


_PLAIN = _Form(_folded, _folded, raised, lowered)
_HTML = _Form(
    letter=lambda text: f"<i>{escape(_folded(text))}</i>",
    other=lambda text: str(escape(_folded(text))),
    raised=lambda text: f"<sup>{text}</sup>",
    lowered=lambda text: f"<sub>{text}</sub>",
)


def _row(element: Element, form: _Form) -> str:
    """Write the children of an element in a line, with space where a reader needs it."""
    written = ""
    before: Element | None = None
    for child in element:
        text = _one(child, form)
        if not form.tight and child.tag == "mo" and _is_spaced(child.text or "", before):
            text = f" {text} "
        elif before is not None and child.tag != "mo" and (_is_name(before) or _is_name(child)):
            text = f" {text}"
        elif not form.tight and child.tag == "mo" and child.text == ",":
            text += " "
        written += text
        before = child
    return written


def _is_spaced(operator: str, before: Element | None) -> bool:
    """Tell whether a relation, or a sign with something to add to, stands between spaces."""
    if operator in _RELATIONS:
        return True
    opens = before is None or (before.tag == "mo" and (before.text or "") not in ")]}|")
    return operator in _SIGNS and not opens


def _is_name(element: Element) -> bool:
    """Tell whether it is a function by name ("log", or "min" with an index)."""
    while len(element) and element.tag in _SCRIPTS:
        element = element[0]
    text = element.text or ""
    return element.tag in {"mi", "mo"} and len(text) > 1 and text.isalpha()


def _one(element: Element, form: _Form) -> str:
    """Write one element."""
    text = element.text or ""
    if element.tag == "mi":
        is_letter = len(text) == 1 and text.isalpha() and element.get("mathvariant") != "normal"
        return form.letter(text) if is_letter else form.other(text)
    if element.tag in {"mn", "mo", "mtext"}:
        return form.other(text)
    if element.tag == "mspace":
        return " " if element.get("width", "")[:1] in set("123456789") else ""
    if element.tag in _SCRIPTS:
        return _one(element[0], form) + _scripts(element, form)
    if element.tag in {"mrow", "mstyle", "mpadded"}:
        return _row(element, form)
    if form.letter is not _folded:
        raise _NotSimple(element.tag)
    return _two_dimensional(element)


def _scripts(element: Element, form: _Form) -> str:
    """Write the powers, indices, limits and accents of an element."""
    is_over = element.tag in {"mover", "munder", "munderover"}
    if is_over and form.letter is not _folded:
        raise _NotSimple(element.tag)
    texts = [_one(child, form._replace(tight=True)).replace(" ", "") for child in element[1:]]
    if is_over and len(texts) == 1 and texts[0] in _ACCENTS:
        return _ACCENTS[texts[0]]
    lines = {"s": (form.raised,), "b": (form.lowered,), "2": (form.lowered, form.raised)}
    kind = "2" if len(texts) == 2 else _SCRIPTS[element.tag]
    return "".join(
        text if text and set(text) <= _PRIMES else line(text)
        for line, text in zip(lines[kind], texts, strict=True)
        if text
    )


_SCRIPTS = {"msup": "s", "mover": "s", "msub": "b", "munder": "b", "msubsup": "2", "munderover": "2"}


def _two_dimensional(element: Element) -> str:
    """Read fractions, roots and tables as text."""
    parts = [_one(child, _PLAIN).strip() for child in element]
    if element.tag == "mfrac":
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if element.tag == "msqrt":
        return f"√{_grouped(_row(element, _PLAIN).strip())}"
    if element.tag == "mroot":
        return f"{raised(parts[1])}√{_grouped(parts[0])}"
    if element.tag == "mtable":
        return "; ".join(part for part in parts if part)
    if element.tag == "mtr":
        return " ".join(part for part in parts if part)
    return "" if element.tag == "mphantom" else _row(element, _PLAIN)


def _grouped(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"
