"""Code to coloured HTML, by Pygments' short class names."""

from __future__ import annotations

from functools import lru_cache

_LONGEST = 20_000
"""Code that is longer is shown without colours: some lexers take the square of its length."""
_PLAIN = frozenset({"", "text", "plain", "plaintext", "txt", "none"})


@lru_cache(maxsize=512)
def highlighted(code: str, language: str) -> str | None:
    """Return the inside of a code element; nothing when Pygments does not know the language."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.lexers.special import TextLexer
    from pygments.util import ClassNotFound

    try:
        options = {"stripnl": False}
        lexer = TextLexer(**options) if language in _PLAIN else get_lexer_by_name(language, **options)
        if len(code) > _LONGEST:
            lexer = TextLexer(**options)
    except ClassNotFound:
        return None
    return highlight(code, lexer, HtmlFormatter(nowrap=True))
