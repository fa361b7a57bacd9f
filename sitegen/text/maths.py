"""Mathematics: TeX in, safe MathML and its reading as text out.

latex2mathml copies parts of its input into its output as they are, so nothing of that output is used:
it is parsed as XML and rebuilt from a list of elements and attributes. What is not on the list, or
cannot be read, is no formula, and the caller shows its source.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sitegen.text import reading

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LONGEST = 1000
_DEEPEST = 16
_DEEPEST_TREE = 60
_MACRO = re.compile(r"\\(?:[gex]?def|let|(?:re)?new[a-z]+|provide[a-z]+|Declare[A-Za-z]+)(?![a-z])")
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)

_SAME = tuple(
    (re.compile(pattern), same)
    for pattern, same in (
        (r"\\(begin|end)\{(align|gather)ed\}", r"\\\1{\2*}"),
        (r"\\arg(?![A-Za-z])", r"\\operatorname{arg}"),
        (r"\\[bB]igg?[lmr]?(?=\\[lr]?[vV]ert)", ""),
        (r"\\([bB]igg?)[lmr](?![A-Za-z])", r"\\\1"),
        (r"(?<!\\)%", r"\\%"),
    )
)
"""What latex2mathml does not know, and what means the same; a bare "%" would start a comment."""

_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "mspace"})
_BRANCHES = frozenset({"mrow", "msqrt", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose"})
_COUNTED = {
    "msup": 2, "msub": 2, "mfrac": 2, "mroot": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
"""Elements that need exactly so many children."""
_INLINE = re.compile(r'<math alttext="[^"]*">.*?</math>', re.DOTALL)
_WORD = r"[a-z-]{1,24}"
_SIZE = r"[+-]?\d?(?:\.\d{1,3})?(?:em|ex|pt|px)|0"
_ATTRIBUTES = {
    name: re.compile(value)
    for names, value in (
        ("mathvariant fence form stretchy accent accentunder movablelimits displaystyle", _WORD),
        ("symmetric separator largeop", _WORD),
        ("columnalign", r"(?:left|center|right| ){1,60}"),
        ("notation", r"box|circle|updiagonalstrike|downdiagonalstrike|top|bottom|left|right"),
        ("scriptlevel", r"[+-]?\d"),
        ("width height depth voffset lspace rspace linethickness minsize maxsize", _SIZE),
    )
    for name in names.split()
}
"""What may stay, and in which form. Sizes of ten and more could move a formula over other text."""


class Formula(NamedTuple):
    """A formula, set."""

    html: str
    """MathML with its reading as `alttext`."""
    feed: str
    """Powers and indices as sup and sub where that is enough; else the same MathML."""
    plain: str
    """As it reads: "O(n²)"."""


class _Unsafe(Exception):
    """Raised on an element that is not on the list."""


@lru_cache(maxsize=4096)
def formula(tex: str, *, block: bool = False) -> Formula | None:
    """Return the formula, or nothing when the TeX is unsafe, too long, too deep or wrong."""
    if len(tex) > _LONGEST or _is_deep(tex) or _MACRO.search(tex):
        return None
    import xml.etree.ElementTree as ET

    try:
        math = _rebuilt(_converted(tex, block), 0)
    except Exception:  # latex2mathml raises whatever it stumbles over
        return None
    plain = reading.plain(math)
    if not plain:
        return None
    math.set("alttext", plain)
    if block:
        math.set("display", "block")
    html = ET.tostring(math, encoding="unicode")
    simple = None if block else reading.simple_html(math)
    return Formula(html, simple or html, plain)


def in_feeds(html: str) -> str:
    """Return HTML of ours as feeds show it: powers and indices as sup and sub where that is enough."""
    if "<math" not in html:
        return html
    import xml.etree.ElementTree as ET

    def simple(found: re.Match[str]) -> str:
        math = ET.fromstring(found[0])  # noqa: S314  # `formula` made it
        return reading.simple_html(math) or found[0]

    return _INLINE.sub(simple, html)


def _is_deep(tex: str) -> bool:
    """Tell whether the braces are nested too deeply, or do not match."""
    depth = 0
    for match in _BRACE.finditer(tex):
        depth += {"{": 1, "}": -1}.get(match[1], 0)
        if not 0 <= depth <= _DEEPEST:
            return True
    return depth != 0


def _converted(tex: str, block: bool) -> Element:
    import xml.etree.ElementTree as ET

    from latex2mathml.converter import convert

    for pattern, same in _SAME:
        tex = pattern.sub(same, tex)
    xml = convert(tex, display="block" if block else "inline")
    return ET.fromstring(xml)  # noqa: S314  # no document type can stand behind its "<math", so no entities


def _rebuilt(found: Element, depth: int) -> Element:
    """Return a copy of the element with nothing but what the lists allow; raise _Unsafe otherwise."""
    import xml.etree.ElementTree as ET

    name = found.tag.rpartition("}")[2]
    if depth > _DEEPEST_TREE or (found.tail or "").strip():
        raise _Unsafe(name)
    if name in _LEAVES:
        return _leaf(name, found)
    children = list(found)
    is_known = name in _BRANCHES or _COUNTED.get(name) == len(children) or (name, depth) == ("math", 0)
    if not is_known or (found.text or "").strip():
        raise _Unsafe(name)
    while name == "math" and len(children) == 1 and children[0].tag.endswith("}mrow"):
        children = list(children[0])
    element = ET.Element(name, _attributes(found) if depth else {})
    element.extend(_rebuilt(child, depth + 1) for child in children)
    return element


def _leaf(name: str, found: Element) -> Element:
    import xml.etree.ElementTree as ET

    text = found.text or ""
    if name == "mtext":
        text = re.sub(r"\\([%&_#$ ])", r"\1", text)
    if len(found) or re.search(r"\\[A-Za-z]", text):
        raise _Unsafe(name)  # an element in a text, or a command that is not known
    if (name, text) == ("mi", "~"):
        name, text = "mo", "∼"
    element = ET.Element(name, _attributes(found))
    element.text = text
    return element


def _attributes(found: Element) -> dict[str, str]:
    return {
        name: value
        for name, value in found.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    }
