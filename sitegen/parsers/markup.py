"""HTML, JATS and MathML in titles and abstracts, as text: tags out, entities decoded.

The result is text, never HTML: whoever shows it escapes it. Only names of real elements, with real
attributes, are taken for tags, so that "a<b and c>d" stays.
"""

from __future__ import annotations

import html
import re

from sitegen.text.clean import one_line

_BLOCKS = (
    "address|article|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|list-item|list"
    "|main|nav|ol|p|pre|sec|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = (
    "a|abbr|alternatives|b|bold|cite|code|disp-formula|em|ext-link|font|graphic|i|img|inline-formula|inline-graphic"
    "|italic|kbd|m(?:ath|row|i|n|o|text|frac|sqrt|sub|sup|subsup|over|under|underover|space|style|padded|fenced"
    "|table|tr|td|stylemathvariant)|annotation(?:-xml)?|monospace|named-content|roman|q|s|samp|sans-serif|sc|scp"
    "|semantics|small|span|strike|strong|styled-content|sub|sup|svg|tex-math|tt|u|underline|uri|var|xref"
)
_PREFIX = r"(?:jats:|mml:|m:)?"
_REST = r"""(?:\s+[\w:.-]{1,80}\s*=\s*(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s"'<>]{1,2000})){0,40}\s*/?"""
_UNSEEN = re.compile(rf"(?i)<(?:!--|({_PREFIX}annotation(?:-xml)?|script|style)\b[^<>]{{0,2000}}>)")
_SHIFT = re.compile(rf"(?is)<{_PREFIX}(sub|sup){_REST}>\s*([\w+*'−-]{{1,12}})\s*</{_PREFIX}\1\s*>")
_BLOCK = re.compile(rf"(?i)</?{_PREFIX}(?:{_BLOCKS}){_REST}>")
_TAG = re.compile(rf"(?i)</?{_PREFIX}(?:{_INLINE}){_REST}>")


def plain(text: str) -> str:
    """Return the text of a field on one line. Powers and indices become "^{2}" and "_{2}"."""
    return " ".join(paragraphs(text))


def abstract(text: str) -> str:
    """Return the text of an abstract on one line, without the heading "Abstract" that some have in front."""
    found = paragraphs(text)
    if len(found) > 1 and found[0].rstrip(":.").lower() in ("abstract", "summary"):
        found = found[1:]
    return " ".join(found)


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a field, each on one line."""
    if "<" in text:
        text = _seen(text)
        text = _SHIFT.sub(lambda tag: ("_" if tag[1].lower() == "sub" else "^") + "{" + tag[2] + "}", text)
        text = _BLOCK.sub("\0", text)
        text = _TAG.sub("", text)
    parts = text.split("\0") if "\0" in text else [text]
    return [line for part in parts if (line := one_line(html.unescape(part) if "&" in part else part))]


def _seen(text: str) -> str:
    """Return the text without comments, scripts and styles. One that has no end is left."""
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    kept = []
    at = 0
    while opening := _UNSEEN.search(text, at):
        closing = f"</{opening[1]}" if opening[1] else "--"
        end = text.find(closing, opening.end())
        end = text.find(">", end) if end >= 0 else -1
        if end < 0:
            break
        kept.append(text[at : opening.start()])
        at = end + 1
    return " ".join([*kept, text[at:]])
