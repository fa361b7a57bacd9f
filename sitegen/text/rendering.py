"""The HTML of Markdown where it is our own: code, mathematics, tables and footnotes.

Each rule writes one kind of token. Wide things can be scrolled, by keyboard too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from markupsafe import escape
from msgspec import Struct, field

from sitegen.errors import Problem, warning
from sitegen.text.highlight import highlighted
from sitegen.text.maths import formula
from sitegen.text.tokens import box

if TYPE_CHECKING:
    from markdown_it.token import Token


class Place(Struct):
    """Where a text stands in the curator's files, and the problems found in it so far."""

    path: str
    line: int
    lines: list[str]
    prefix: str
    """Put before every id."""
    tables: int = 0
    problems: dict[Problem, None] = field(default_factory=dict)

    def line_of(self, words: str, block: Sequence[int] | None) -> int:
        """Return the line of the file where `words` stand, at or after the start of their block."""
        start = block[0] if block else 0
        for number, line in enumerate(self.lines[start:], start):
            if words in line:
                return self.line + number
        return self.line + start


_WIDE = 40
"""A formula of more TeX than this may be wider than a phone."""


def _fence(token: Token, place: Place) -> str:
    words = token.info.split()
    language = words[0] if words else ""
    code = highlighted(token.content, language)
    if code is None:
        line = place.line + (token.map[0] if token.map else 0)
        message = f'there is no language "{language[:40]}" to colour code in.'
        hint = "The code is shown as it is. The names are those of Pygments, such as python."
        place.problems[warning("unknown-language", place.path, line, message, hint)] = None
        return _code_block(token, place)
    named = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="highlight" tabindex="0"><code{named}>{code}</code></pre>\n'


def _code_block(token: Token, _place: Place) -> str:
    return f'<pre class="highlight" tabindex="0"><code>{escape(token.content)}</code></pre>\n'


def _maths(token: Token, place: Place) -> str:
    html = _set_maths(token, place, block=False)
    return box(html) if "<math" in html and len(token.content) > _WIDE else html


def _maths_block(token: Token, place: Place) -> str:
    html = _set_maths(token, place, block=True)
    return f'<div class="maths" role="group" aria-label="Formula" tabindex="0">{html}</div>\n'


def _set_maths(token: Token, place: Place, *, block: bool) -> str:
    tex = token.content.strip()
    found = formula(tex, block=block)
    if found:
        return found.html
    first = tex.partition("\n")[0]
    line = place.line_of(first, token.map)
    message = f'"{first[:80]}" cannot be set as mathematics.'
    hint = "Its source is shown instead."
    place.problems[warning("bad-maths", place.path, line, message, hint)] = None
    return f"<code>{escape(token.markup + token.content + token.markup)}</code>"


def _table_open(_token: Token, place: Place) -> str:
    place.tables += 1
    label = "Table" if place.tables == 1 else f"Table {place.tables}"
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n<table>\n'


def _footnote_ids(token: Token, prefix: str) -> tuple[str, str, int]:
    """Return the id of the note, the id of this reference to it, and the note's number."""
    number = int(token.meta["id"]) + 1
    again = int(token.meta.get("subId") or 0)
    return f"{prefix}fn{number}", f"{prefix}fnref{number}" + (f"-{again + 1}" if again else ""), number


def _footnote_ref(token: Token, place: Place) -> str:
    note, ref, number = _footnote_ids(token, place.prefix)
    return (
        f'<sup class="footnote-ref"><a href="#{note}" id="{ref}" role="doc-noteref"'
        f' aria-label="Footnote {number}">{number}</a></sup>'
    )


def _footnote_open(token: Token, place: Place) -> str:
    note, _ref, _number = _footnote_ids(token, place.prefix)
    return f'<li id="{note}">'


def _footnote_anchor(token: Token, place: Place) -> str:
    _note, ref, number = _footnote_ids(token, place.prefix)
    again = int(token.meta.get("subId") or 0)
    label = f"Back to reference {number}" + (f", place {again + 1}" if again else "")
    return f' <a class="footnote-back" href="#{ref}" role="doc-backlink" aria-label="{label}">↩\ufe0e</a>'


def _always(html: str) -> Callable[[Token, Place], str]:
    return lambda _token, _place: html


RENDER_RULES: dict[str, Callable[[Token, Place], str]] = {
    "fence": _fence,
    "code_block": _code_block,
    "math_inline": _maths,
    "math_inline_double": _maths,
    "math_block": _maths_block,
    "table_open": _table_open,
    "table_close": _always("</table>\n</div>\n"),
    "footnote_ref": _footnote_ref,
    "footnote_block_open": _always('<div class="footnotes">\n<ol>\n'),
    "footnote_block_close": _always("</ol>\n</div>\n"),
    "footnote_open": _footnote_open,
    "footnote_close": _always("</li>\n"),
    "footnote_anchor": _footnote_anchor,
}
"""The kinds of token whose HTML is our own."""
