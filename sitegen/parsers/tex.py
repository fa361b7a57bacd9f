"""TeX in the fields of BibTeX, as text: accents and symbols decoded, braces out, mathematics left alone.

Nothing is lost: a field that pylatexenc would cut stays as it is written, without its braces.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from sitegen.text.clean import one_line

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_MATHS = re.compile(r"((?<!\\)\$[^$]*(?<!\\)\$|\\\(.*?\\\))")
_ADDRESS = re.compile(r"\\(?:url|nolinkurl)\s*\{([^{}]*)\}|\bhttps?://[^\s{}\"<>]+")
_LINKED = re.compile(r"\\href\s*\{[^{}]*\}")
_MACRO = re.compile(r"(?<!\\)\\([A-Za-z]+)(\s*)(?=(\{(?!\s*\}))?)")
_WORDS = {
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "textless": "<", "textgreater": ">", "textbar": "|",
    "copyright": "©", "texttrademark": "™", "textregistered": "®", "textdegree": "°", "slash": "/",
}  # fmt: skip
"""Macros that stand for words and are unknown to pylatexenc, which leaves such macros out."""
_SETTING = frozenset(
    "em it bf sc sl tt rm sf cal small large Large huge tiny bfseries itshape scshape ttfamily rmfamily"
    " sffamily normalfont upshape mdseries noopsort relax protect displaystyle textstyle left right".split()
)
"""Macros that only say how what follows is set."""
_BARE = re.compile(r"(?<!\\)([%&#])")
_LONGEST = 100_000
"""A field that is longer is left as it stands: no title and no abstract is."""
_OPEN = 5
"""So is one with more brackets that nobody closes: each doubles the time that pylatexenc takes."""


@lru_cache(maxsize=4096)
def decode(field: str) -> str:
    """Return a field as text on one line. Never raises."""
    field = one_line(field)
    if "\\" not in field or len(field) > _LONGEST:
        return one_line(_without_braces(field))
    addresses: list[str] = []

    def hide(found: re.Match[str]) -> str:
        addresses.append(bare_address(found[0]))
        return f"\ue000{len(addresses) - 1}\ue001"

    field = _LINKED.sub("", field.replace("\ue000", "").replace("\ue001", ""))
    hidden = _ADDRESS.sub(hide, field)
    text = (
        "" if max(_left_open(hidden, "{", "}"), _left_open(hidden, "[", "]")) > _OPEN else _converted(hidden)
    )
    if _letters(text) < 0.8 * _letters(re.sub(r"\\[A-Za-z]+", "", hidden)):
        text = _without_braces(hidden)
    return one_line(re.sub("\ue000([0-9]+)\ue001", lambda found: addresses[int(found[1])], text))


def bare_address(written: str) -> str:
    r"""Return an address out of \\url{…}, its escapes removed."""
    inside = re.search(r"\\(?:url|nolinkurl|href)\s*\{([^{}]*)\}", written)
    text = inside[1] if inside else written
    return re.sub(r"\\([_%#&~{}])", r"\1", text).strip().strip("{}<>")


def _without_braces(field: str) -> str:
    """Return a field without the braces that protect its capitals; those in mathematics stay."""
    parts = _MATHS.split(field)
    parts[::2] = [re.sub(r"(?<!\\)[{}]", "", part) for part in parts[::2]]
    return "".join(parts)


def _converted(field: str) -> str:
    """Return what pylatexenc makes of a field; "" where it fails."""
    field = _BARE.sub(r"\\\1", _MACRO.sub(_spelled, field))
    if len(re.findall(r"(?<!\\)\$", field)) % 2:
        field = re.sub(r"(?<!\\)\$", r"\\$", field)
    try:
        return str(_converter().latex_to_text(field))
    except Exception:  # it raises many kinds on TeX that is cut or nested too deeply
        return ""


def _spelled(found: re.Match[str]) -> str:
    """Return a macro that pylatexenc knows; the word of one that is a word; else its name."""
    name, space, group = found.groups()
    if name in _WORDS:
        return _WORDS[name] + ("" if group else space)
    if _converter().latex_context.get_macro_spec(name) or name in ("begin", "end"):
        return found[0]
    return "" if group or name in _SETTING else f"\\textbackslash {name}{space}"


@cache
def _converter() -> LatexNodes2Text:
    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # what it cannot read stays as it is written
    return LatexNodes2Text(math_mode="verbatim", keep_comments=True, strict_latex_spaces=False)


def _left_open(text: str, opening: str, closing: str) -> int:
    """Return how many brackets of a kind are opened and not closed."""
    depth = 0
    for char in text:
        if char == opening:
            depth += 1
        elif char == closing and depth:
            depth -= 1
    return depth


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
