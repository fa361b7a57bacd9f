"""A title or an abstract as TeX for BibTeX: text escaped, mathematics as its authors wrote it.

What comes out always has balanced braces as BibTeX counts them, to which an escaped brace is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from sitegen.model import Prose

_PIECES = re.compile(
    r"""(?P<math><math\b[^>]*?(?:\ alttext="(?P<alt>[^"]*)")?[^>]*>.*?</math>)
      | <(?P<script>su[bp])>(?P<inside>[^<]+)</su[bp]>
      | <a\ href="(?P<url>[^"]*)">(?P<label>[^<]*)</a>
      | <(?P<tag>/?[a-z]+)[^>]*>
      | (?P<text>[^<]+)""",
    re.VERBOSE | re.DOTALL,
)
_COMMANDS = {
    "em": r"\textit{",
    "strong": r"\textbf{",
    "sup": r"\textsuperscript{",
    "sub": r"\textsubscript{",
}
"""What opens the elements that `text` makes; of others only the text stays, for not every program that
reads BibTeX knows more commands."""
_ESCAPES = str.maketrans(
    {mark: f"\\{mark}" for mark in "&%#_${}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)
_LIGATURE = re.compile(r"(?<=([-'`,<>]))\1|(?<=[!?])`")
"""Characters that TeX would join with the one before: "--" would become a dash."""
_JOINED = ("--", "''", "``", ",,", "<<", ">>", "!`", "?`")
"""Where there are some, for most texts have none."""
_MARKS = tuple(map(chr, _ESCAPES))
_ALONE = {r"\{": r"\{\vphantom{\}}", r"\}": r"\vphantom{\{}\}"}
_DEEPEST = 30
"""How deep braces may lie in braces: programs that read BibTeX give up at some depth."""
_BRACE = re.compile(r"\\?([{}])")
_WORD = re.compile(r"[^\s\-–—/]+")
_EDGES = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)


def tex(prose: Prose) -> str:
    """Return an abstract as TeX on one line."""
    return _balanced("".join(_pieces(prose, protect=False)))


def title_tex(prose: Prose) -> str:
    """Return a title as TeX on one line, the capitals that no style may lower in braces: "{EvoPress}"."""
    return _balanced("".join(_pieces(prose, protect=True)))


def escape(text: str) -> str:
    """Return plain text as TeX that prints just this text."""
    for mark in _MARKS:
        if mark in text:
            text = text.translate(_ESCAPES)
            break
    for joined in _JOINED:
        if joined in text:
            return _LIGATURE.sub(r"{}\g<0>", text)
    return text


def escape_name(text: str) -> str:
    """Return a name as TeX with balanced braces."""
    return _balanced(escape(text))


def _pieces(prose: Prose, *, protect: bool) -> Iterator[str]:
    write = _protected if protect else escape
    formulas = iter(prose.formulas)
    for piece in _PIECES.finditer(prose.html):
        if piece["math"]:
            yield _maths(next(formulas, ""), unescape(piece["alt"] or ""), protect)
        elif piece["script"]:
            yield f"${'^' if piece['script'] == 'sup' else '_'}{_script(unescape(piece['inside']))}$"
        elif piece["label"]:
            url, label = unescape(piece["url"]), unescape(piece["label"])
            yield write(label if label in url else f"{url} ({label})")
        elif piece["tag"]:
            name = piece["tag"].lstrip("/")
            yield "" if name not in _COMMANDS else "}" if piece["tag"][0] == "/" else _COMMANDS[name]
        else:
            yield write(unescape(piece["text"]))


def _script(inside: str) -> str:
    """Return a power or an index as mathematics, a word in it upright."""
    if len(inside) == 1 and inside.isalnum():
        return inside
    tex = escape(inside).replace("−", "-").replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    return f"{{\\textrm{{{tex}}}}}" if re.search("[A-Za-z]{2}", inside) else f"{{{tex}}}"


def _maths(formula: str, reading: str, protect: bool) -> str:
    """Return a formula in dollars; one that BibTeX could not hold as it reads."""
    formula = formula.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    if not formula or re.search(r"(?<!\\)[$%]|\\\\?\Z", formula) or not _is_balanced(formula):
        return escape(reading)
    has_capitals = protect and any(map(str.isupper, formula))
    return f"{{${formula}$}}" if has_capitals else f"${formula}$"


def _protected(text: str) -> str:
    """Return text as TeX, each word with a capital behind its first letter in braces."""
    parts, end = [], 0
    for word in _WORD.finditer(text):
        parts += [escape(text[end : word.start()]), _word(word[0])]
        end = word.end()
    return "".join([*parts, escape(text[end:])])


def _word(word: str) -> str:
    found = _EDGES.fullmatch(word)
    assert found
    before, inside, after = found.groups()
    is_symbol = len(inside) == 1 and inside.isupper() and inside != "A"
    if is_symbol or any(map(str.isupper, inside[1:])):
        return f"{escape(before)}{{{escape(inside)}}}{escape(after)}"
    return escape(word)


def _balanced(text: str) -> str:
    """Return TeX in which each escaped brace has an invisible other half, if not all have their own.

    Or if they lie too deep.
    """
    if _is_balanced(text):
        return text
    return re.sub(r"\\[{}]", lambda brace: _ALONE[brace[0]], text)


def _is_balanced(text: str) -> bool:
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for brace in _BRACE.finditer(text):
        depth += 1 if brace[1] == "{" else -1
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0
