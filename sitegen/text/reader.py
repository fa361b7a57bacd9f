"""Raw titles and abstracts to tokens.

An abstract is neither Markdown nor LaTeX. The reader goes through it once, from one special character
to the next; what it does not know stays text, which `texlite` then repairs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sitegen.text.clean import one_line
from sitegen.text.links import Found, address_at
from sitegen.text.symbols import GREEK
from sitegen.text.texlite import repair
from sitegen.text.tokens import (
    STYLES,
    Token,
    element_tokens,
    link_token,
    maths_tokens,
    script_token,
    style_tokens,
    text_token,
)


@lru_cache(maxsize=256)
def tokenize(raw: str) -> tuple[Token, ...]:
    """Return the tokens of a title or an abstract; never raises, and takes linear time."""
    text = one_line(raw)
    if _SPECIAL.search(text):
        return _Reader(text).read()
    return (text_token(repair(text)),) if text else ()


_SPECIAL = re.compile(r"\\|\$|\^|_|\{|\}|https?://|github\.com/|gitlab\.com/|huggingface\.co/")
_DEEPEST_STYLE = 6

_TEX = r"(?:[^$\\]|\\[^()\[\]])"
_BRACKETS = re.compile(rf"\\\(({_TEX}{{1,1000}})\\\) | \\\[({_TEX}{{1,1000}})\\\]", re.VERBOSE)
_DOLLARS = re.compile(
    r"\$\$ ([^$]{1,1000}) \$\$ | \$(?![\s$]) ((?:[^$\\]|\\.){1,1000}) (?<!\s)\$", re.VERBOSE
)
_TEX_COMMAND = re.compile(r"\\[A-Za-z]")
_SENTENCE = re.compile(r"[A-Za-z]{3,},? [A-Za-z]{2,},? [A-Za-z]{2,}")
_ADDRESS = re.compile(r"\\(?:url\{([^{}]{1,2000})\} | href\{([^{}]{1,2000})\}\{([^{}]{1,300})\})", re.VERBOSE)
_STYLE = re.compile(r"\\([a-z]{4,15})\{")
_SWITCH = re.compile(
    r"\{(?: \\(em|emph|it|itshape|bf|bfseries|tt|ttfamily|sc|rm|sf)(?![A-Za-z])[ ]?"
    r" | (em|emph|bf|tt|sc)[ ](?=[^\s}]) )",
    re.VERBOSE,
)
_POWER = re.compile(
    r"""\^(?: \{([^{}$]{1,40})\}
      | ( [-+]?\d{1,9} | [+*](?!\w) | \\[a-z]{2,10} | infty(?![A-Za-z]) | [A-Za-z](?![A-Za-z]) ) )""",
    re.VERBOSE,
)
_DEGREE = re.compile(r"\^\{?\\?(?:circ|°)")
_INDEX = re.compile(
    r"""_(?: \{([^{}$]{1,40})\}
      | ( \d{1,4}(?:\.\d{1,4})? (?=propto|times|sim|leq|geq|cdot|[^A-Za-z_\d]|$)
        | infty(?![A-Za-z]) | [A-Za-z](?![A-Za-z0-9_]) ) )""",
    re.VERBOSE,
)
# One letter, or a Greek one by name: in "only_train_once" nothing is an index.
_BASE = re.compile(rf"(?<![\w\\./@:-])(?:({'|'.join(GREEK)})|[A-Za-zΑ-ωℓ])\Z")
_SHORT_INDEX = re.compile(r"[\d+-]{1,6}|[A-Za-z]")


class _Style(NamedTuple):
    """A style that was opened: where its token stands, its source, and the token that closes it."""

    position: int
    source: str
    close: Token


class _Reader:
    """Goes through a text and collects its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = 0
        """Where the text begins that is in no token yet."""
        self.tokens: list[Token] = []
        self.open: list[_Style | None] = []
        """The braces that are open; `None` for those that are only text."""

    def read(self) -> tuple[Token, ...]:
        position = 0
        while match := _SPECIAL.search(self.text, position):
            position = _READERS[match[0][0]](self, match.start())
        self.flush(len(self.text))
        for style in self.open:
            if style:  # never closed, so it opens nothing
                self.tokens[style.position] = text_token(style.source)
        return tuple(token for token in self.tokens if token.html)

    def flush(self, end: int) -> None:
        """Make a token of the text up to `end`."""
        if end > self.start:
            self.tokens.append(text_token(repair(self.text[self.start : end])))

    def take(self, start: int, end: int, *tokens: Token) -> int:
        """Add tokens for the text between `start` and `end`; return where to go on."""
        self.flush(start)
        self.tokens.extend(tokens)
        self.start = end
        return end

    def backslash(self, start: int) -> int:
        if match := _BRACKETS.match(self.text, start):
            tokens = maths_tokens(match[1] or match[2], match[0], bool(match[2]))
            return self.take(start, match.end(), *tokens)
        if match := _ADDRESS.match(self.text, start):
            address = address_at(match[1] or match[2], 0)
            if address:
                found = address._replace(label=match[3] or "")
                return self.take(start, match.end(), link_token(found))
        if (match := _STYLE.match(self.text, start)) and match[1] in STYLES:
            return self.open_style(match, match[1])
        return start + 2

    def dollar(self, start: int) -> int:
        match = _DOLLARS.match(self.text, start)
        if not match or self.is_price(match):
            return start + 1
        return self.take(start, match.end(), *maths_tokens(match[1] or match[2], match[0], bool(match[1])))

    def is_price(self, match: re.Match[str]) -> bool:
        """Tell whether the dollars only stand for money, as in "$5 and then 6$" or "$5-$6"."""
        if _TEX_COMMAND.search(match[0]):
            return False
        return bool(_SENTENCE.search(match[0])) or self.text[match.end() : match.end() + 1].isdecimal()

    def caret(self, start: int) -> int:
        match = _POWER.match(self.text, start)
        before = self.text[start - 1 : start]
        if not match or not (before.isalnum() or before in set(")]}'")) or _DEGREE.match(self.text, start):
            return start + 1
        return self.script("^", start, match)

    def underscore(self, start: int) -> int:
        match = _INDEX.match(self.text, start)
        if not match:
            return start + 1
        base = _BASE.search(self.text, max(self.start, start - 12), start)
        if base and base[1]:
            self.take(base.start(), start, text_token(GREEK[base[1]]))
        elif not base and not self.has_plain_base(start, match[1]):
            return start + 1
        return self.script("_", start, match)

    def has_plain_base(self, start: int, group: str | None) -> bool:
        """Tell whether a short index in braces follows a name or a power: "CO_{2}", "x^{2}_{i}"."""
        if not group or not start:
            return False
        return self.start == start or (self.text[start - 1].isalnum() and bool(_SHORT_INDEX.fullmatch(group)))

    def script(self, mark: str, start: int, match: re.Match[str]) -> int:
        token = script_token(mark, match[1] or match[2])
        return self.take(start, match.end(), token) if token else start + 1

    def brace(self, start: int) -> int:
        if match := _SWITCH.match(self.text, start):
            return self.open_style(match, match[1] or match[2])
        self.open.append(None)
        return start + 1

    def open_style(self, match: re.Match[str], command: str) -> int:
        is_deep = sum(style is not None for style in self.open[-_DEEPEST_STYLE:]) == _DEEPEST_STYLE
        opening, closing = element_tokens("") if is_deep else style_tokens(command)
        self.flush(match.start())
        self.open.append(_Style(len(self.tokens), match[0], closing))
        self.start = match.start()
        return self.take(match.start(), match.end(), opening)

    def closing_brace(self, start: int) -> int:
        style = self.open.pop() if self.open else None
        return self.take(start, start + 1, style.close) if style else start + 1

    def address(self, start: int) -> int:
        found: Found | None = address_at(self.text, start)
        return self.take(start, found.end, link_token(found)) if found else start + 1


_READERS = {
    "\\": _Reader.backslash,
    "$": _Reader.dollar,
    "^": _Reader.caret,
    "_": _Reader.underscore,
    "{": _Reader.brace,
    "}": _Reader.closing_brace,
    "h": _Reader.address,
    "g": _Reader.address,
}
"""What each special character may begin."""
