"""The tokens of a text, each with its HTML, escaped: running text, mathematics, addresses, emphasis."""

from __future__ import annotations

import re
from typing import Literal

from markupsafe import escape
from msgspec import Struct
from msgspec.structs import replace

from sitegen.text.links import Found
from sitegen.text.maths import formula
from sitegen.text.symbols import lowered, raised
from sitegen.text.texlite import repair, script


class Token(Struct, frozen=True):
    """A piece of a text."""

    kind: Literal["text", "script", "maths", "source", "link", "open", "close"]
    """A "script" is a power or an index, "source" mathematics that could not be set; "open" and "close"
    are emphasis."""
    plain: str
    html: str
    feed: str
    """The HTML for feeds."""
    url: str = ""
    """The address of a link."""
    tex: str = ""
    """The TeX of mathematics that is set as MathML."""


STYLES = {
    "emph": "em", "textit": "em", "textsl": "em", "em": "em", "it": "em", "itshape": "em",
    "textbf": "strong", "bf": "strong", "bfseries": "strong",
    "texttt": "code", "tt": "code", "ttfamily": "code",
    "textsuperscript": "sup", "textsubscript": "sub",
    "textsc": "", "textrm": "", "textsf": "", "textup": "", "textnormal": "", "text": "", "underline": "",
    "mbox": "", "sc": "", "rm": "", "sf": "",
}  # fmt: skip
"""The element for each of TeX's commands; empty where its content is shown as it is."""


def text_token(text: str) -> Token:
    """Return running text as it stands."""
    html = str(escape(text))
    return Token("text", text, html, html)


def link_token(found: Found) -> Token:
    """Return an address, under its label if it has one."""
    plain = f"{found.shown} ({found.label})" if found.label else found.shown
    html = f'<a href="{escape(found.url)}">{escape(found.label or found.shown)}</a>'
    return Token("link", plain, html, html, found.url)


def style_tokens(command: str) -> tuple[Token, Token]:
    """Return what opens and what closes the element of a TeX command."""
    return element_tokens(STYLES[command])


def element_tokens(name: str) -> tuple[Token, Token]:
    """Return what opens and what closes an element; nothing visible for an empty name."""
    start, end = (f"<{name}>", f"</{name}>") if name else ("", "")
    return Token("open", "", start, start), Token("close", "", end, end)


def script_token(mark: str, tex: str) -> Token | None:
    """Return a power ("^") or an index ("_"); nothing when its TeX holds more than characters."""
    text = script(tex)
    if not text or set(text) & set("\\^_$"):
        return None
    if (mark, text) == ("^", "°"):
        return text_token("°")
    plain, name = (raised(text), "sup") if mark == "^" else (lowered(text), "sub")
    html = f"<{name}>{escape(text)}</{name}>"
    return Token("script", plain, html, html)


def maths_tokens(tex: str, source: str, block: bool) -> tuple[Token, ...]:
    """Return mathematics as simply as it can be shown: as text, as MathML, or else as its source."""
    short = _short(tex.strip())
    if short:
        return short
    found = formula(tex.strip(), block=block)
    if found:
        return (Token("maths", found.plain, found.html, found.feed, tex=tex.strip()),)
    html = f"<code>{escape(source)}</code>"
    return (Token("source", source, html, html),)


_WIDE = 25


def boxed(token: Token) -> Token:
    """Return a token; one of wide mathematics in a box that scrolls, by keyboard too, on a narrow page."""
    if token.kind != "maths" or len(token.plain) <= _WIDE:
        return token
    return replace(token, html=box(token.html))


def box(html: str) -> str:
    """Return mathematics in a box that scrolls."""
    return f'<span class="formula" tabindex="0">{html}</span>'


_SCRIPT = re.compile(r"(?:\{\})?([\^_])(?:\{([^{}]{1,40})\}|(\\[A-Za-z]{1,20}|[^\\\s{}]))")
_STYLED = re.compile(r"\\(?:(text[a-z]{0,11}|emph|mbox)|math(?:rm|sf|tt|it))\{([^{}\\^_]{2,200})\}")
_NUMBERS = re.compile(r"[0-9.,:;%+−×·~±≈<>≤≥≪≫=→←↔∞/()\[\] |*↑↓°]+")


def _short(tex: str) -> tuple[Token, ...] | None:
    """Return mathematics that only is text, as in `RNiO$_3$`, `$+2.5\\%$`, `$\\textit{x}$`."""
    if len(tex) > 220:
        return None
    if match := _SCRIPT.fullmatch(tex):
        token = script_token(match[1], match[2] or match[3])
        return (token,) if token else None
    if (match := _STYLED.fullmatch(tex)) and (match[1] is None or match[1] in STYLES):
        start, end = style_tokens(match[1] or "text")
        return (start, text_token(repair(match[2])), end)
    text = re.sub(" (?=[×·±+−])", "", script(tex))
    return (text_token(text),) if _NUMBERS.fullmatch(text) else None
