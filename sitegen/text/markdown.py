"""The curator's Markdown: CommonMark, tables, footnotes, mathematics and code to safe HTML.

HTML in the source stays text. What cannot be used (a `javascript:` link, wrong mathematics, an unknown
language) is reported with its line. Never for titles and abstracts: those are not Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from msgspec import Struct

from sitegen.errors import Problem
from sitegen.text.clean import printable
from sitegen.text.maths import formula
from sitegen.text.rendering import RENDER_RULES, Place

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


class Markdown(Struct, frozen=True):
    """A piece of Markdown, set."""

    html: Markup
    plain: str
    """The words of its paragraphs, headings and lists; without code, tables and footnotes."""
    problems: tuple[Problem, ...]


def markdown(
    text: str, *, path: str, line: int, base_path: str, heading: int = 2, prefix: str = ""
) -> Markdown:
    """Return `text` as HTML, as plain text, and what is wrong with it.

    `line` is the line of the file on which `text` starts. Links from the site's root ("/papers/x/") get
    `base_path` in front. A "#" becomes a heading of level `heading`, and no level is skipped. `prefix`
    keeps the ids of footnotes apart where one page shows several texts.
    """
    text = printable(text)
    if not text.strip():
        return Markdown(Markup(""), "", ())
    place = Place(path, line, text.split("\n"), prefix)
    parser = _parser(place)
    if text.count("^[") > _MOST_NOTES:
        parser.disable("footnote_inline")
        place.problems[_too_many_notes(path, line)] = None
    env: dict[str, Any] = {"place": place}
    tokens = parser.parse(text, env)
    _level_headings(tokens, heading)
    for token in tokens:
        _adapt(token, base_path)
    html = parser.renderer.render(tokens, parser.options, env)
    problems = tuple(sorted(place.problems, key=lambda problem: problem.line))
    return Markdown(Markup(html), _plain(tokens), problems)  # noqa: S704  # HTML is off


def _parser(place: Place) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table")
    parser.use(footnote_plugin)
    # Digits beside a dollar make it a price: "$5 and $6".
    parser.use(
        dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True
    )
    for name, rule in RENDER_RULES.items():
        parser.add_render_rule(name, _as_method(rule))

    def is_allowed(url: str) -> bool:
        if not _UNSAFE_LINK.match(url):
            return True
        scheme = url.partition(":")[0]
        line = place.line_of(url if any(url in text for text in place.lines) else scheme, None)
        place.problems[_unsafe_link(place.path, line, url)] = None
        return False

    parser.validateLink = is_allowed  # type: ignore[method-assign]
    return parser


def _as_method(rule: Callable[[Token, Place], str]) -> Callable[..., str]:
    """Return a rule in the form in which the renderer calls it."""

    def render(_: object, tokens: Sequence[Token], index: int, _options: object, env: dict[str, Any]) -> str:
        return rule(tokens[index], env["place"])

    return render


_UNSAFE_LINK = re.compile(r"\s*(?!(?:https?|mailto):)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def _unsafe_link(path: str, line: int, url: str) -> Problem:
    return Problem(
        path,
        line,
        f'the link "{url[:80]}" cannot be used.',
        "A link starts with https://, http://, mailto:, / or #.",
        code="unsafe-link",
    )


_MOST_NOTES = 200
"""Footnotes written in the line; the time that the library takes grows with the square of them."""


def _too_many_notes(path: str, line: int) -> Problem:
    message = f"more than {_MOST_NOTES} footnotes are written in the line, so they are shown as text."
    hint = "Write them as [^1], and below the text [^1]: the note."
    return Problem(path, line, message, hint, code="too-many-notes")


def _level_headings(tokens: Sequence[Token], heading: int) -> None:
    """Let the headings begin at level `heading` and skip none on the way down."""
    level = heading - 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1:]) + heading - 1, level + 1, 6)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"


def _adapt(token: Token, base_path: str) -> None:
    """Move links and alignment of a token, and of those in it, to where our pages want them."""
    if token.type in {"th_open", "td_open"}:
        align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
        if align:
            token.attrs["class"] = f"align-{align}"
        if token.type == "th_open":
            token.attrs["scope"] = "col"
    for name in ("href", "src"):
        url = str(token.attrs.get(name, ""))
        if url.startswith("/") and not url.startswith("//"):
            token.attrs[name] = base_path + url[1:]
    for child in token.children or ():
        _adapt(child, base_path)


def _plain(tokens: Sequence[Token]) -> str:
    """Return the words of the running text."""
    parts = []
    skipped = 0
    for token in tokens:
        if token.type in {"table_open", "footnote_block_open"}:
            skipped += 1
        elif token.type in {"table_close", "footnote_block_close"}:
            skipped -= 1
        elif token.type == "inline" and not skipped:
            parts.append(_words(token.children or ()))
    return " ".join(" ".join(parts).split())


def _words(children: Sequence[Token]) -> str:
    words = ""
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            words += " "
        elif child.type in {"math_inline", "math_inline_double"}:
            found = formula(child.content)
            words += found.plain if found else child.content
        elif child.type in {"text", "text_special", "code_inline", "image"}:
            words += child.content
    return words
