"""TeX-lite: repairs what LaTeX left in the running text of titles and abstracts.

Each row of `RULES` mends one thing, in this order, and has cases in `tests/cases/texlite.txt`. A rule
acts only where it is certain. It never sees an address or a formula: `tokens` keeps those apart.
"""

from __future__ import annotations

import os.path
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from sitegen.text.symbols import ACCENTS, GREEK, LETTERS, OPERATORS, SYMBOLS


class Rule(NamedTuple):
    """One repair."""

    name: str
    gate: str
    """What all triggers begin with."""
    triggers: tuple[str, ...]
    """Where none of these occurs the rule is skipped, which keeps clean text fast."""
    pattern: re.Pattern[str]
    replace: str | Callable[[re.Match[str]], str]


def repair(text: str) -> str:
    """Return running text with its TeX mended, as plain characters."""
    for rule in RULES:
        if rule.gate in text:
            for trigger in rule.triggers:
                if trigger in text:
                    text = rule.pattern.sub(rule.replace, text)
                    break
    return text


def script(tex: str) -> str:
    """Return a power or an index as characters: "1/4-epsilon" is "1/4−ε"; unknown commands stay."""
    text = _COMMAND.sub(_symbol, tex.replace("\\%", "%").replace("\\,", ""))
    text = _LOST_NAME.sub(lambda match: GREEK.get(match[0]) or OPERATORS.get(match[0], match[0]), text)
    return text.replace("-", "−").replace("{", "").replace("}", "").strip()


def _accent(match: re.Match[str]) -> str:
    # A name may stand only once in a pattern, so those of further branches end in underscores.
    found = {name.rstrip("_"): part for name, part in match.groupdict().items() if part}
    letter, mark = found["letter"], found["mark"]
    composed = unicodedata.normalize("NFC", letter.removeprefix("\\") + ACCENTS[mark])
    return composed if len(composed) == 1 else match[0]


def _letter(match: re.Match[str]) -> str:
    return LETTERS[match["name"] or match["inner"]]


def _symbol(match: re.Match[str]) -> str:
    return SYMBOLS.get(match[1], match[0])


def _operator(match: re.Match[str]) -> str:
    text = GREEK.get(match["greek"] or "", "")
    sign = OPERATORS[match["name"]]
    ends_glued = bool(text) or not match.string.endswith(" ", 0, match.start())
    if ends_glued and match["name"] not in {"infty", "forall"} and match.string.startswith(" ", match.end()):
        sign = f" {sign}"  # what followed the command was a space, so one goes before it as well
    return text + sign


def _greek(match: re.Match[str]) -> str:
    return GREEK[match[0]]


def _alphabet(match: re.Match[str]) -> str:
    struck = match[1] == "bb" and match[2] in DOUBLE_STRUCK
    return DOUBLE_STRUCK[match[2]] if struck else match[2]


DOUBLE_STRUCK = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}

_COMMAND = re.compile(r"\\([A-Za-z]+) ?")
_LOST_NAME = re.compile(r"(?<![A-Za-z\\])[A-Za-z]{2,}")
_GREEK_NAMES = "|".join(GREEK)
_OPERATOR_NAMES = "|".join(sorted(OPERATORS, key=len, reverse=True))
_LETTER_NAMES = "|".join(LETTERS)


def _rule(
    name: str,
    triggers: str | tuple[str, ...],
    pattern: str,
    replace: str | Callable[[re.Match[str]], str],
) -> Rule:
    """Return a rule; a text of triggers is one for each word.

    A pattern is quick whose every branch begins with a character: few places are tried.
    """
    known = triggers.split() if isinstance(triggers, str) else triggers
    least = [trigger for trigger in known if not any(other in trigger for other in known if other != trigger)]
    gate = os.path.commonprefix(least)  # noqa: RUF071 - of characters
    gate = "\\" if gate.startswith("\\") else gate  # one rare character is found soonest
    return Rule(name, gate, tuple(least), re.compile(pattern, re.VERBOSE), replace)


RULES = (
    # A backslash before a quote may escape it: without braces it is an accent only inside a word.
    _rule("accent", "\\", r"""
        \{ \\(?P<mark>["'`^~=.uvHcdkr]) \{ (?P<letter>\\?[A-Za-z]) \} \}
        | \\(?P<mark_>["'`^~=.uvHcdkr]) \{ (?P<letter_>\\?[A-Za-z]) \}
        | \{ \\(?P<mark__>["'`^~=.]) (?P<letter__>[A-Za-z]) \}
        | \\(?P<mark___>["'`^~]) (?<=[^\W\d_]\\.) (?P<letter___>[A-Za-z])""", _accent),
    _rule("letter", "\\", rf"""
        \{{ \\(?P<inner>{_LETTER_NAMES}) \}}
        | \\(?P<name>{_LETTER_NAMES})(?![A-Za-z]) (?:\{{\}}|[ ])?""", _letter),
    _rule("symbol", "\\", r"\\([A-Za-z]+)(?:\{\})?", _symbol),
    _rule("escape", "\\", r"\\(?:([%&_#${}])|([~^])\{\})", r"\1\2"),
    _rule("line break", ("\\\\", "\\ "), r"[ ]*\\(?:\\(?=[ ]|$)|(?=[ ]))", ""),
    _rule("thin space", "\\,", r"(?<=\d)\\,(?=[^\W_])", "\u202f"),
    _rule("hyphenation", "\\-", r"(?<=[a-z])\\-(?=[a-z])", ""),
    _rule("opening quotes", "`` ''", r"``|(?<![^\s(\[{–—-])''(?=\w)", "“"),
    _rule("closing quotes", "''", r"''(?!\()", "”"),
    _rule("mixed quotes", "“", r"“([^“”\"]{1,300})\"", r"“\1”"),
    _rule("single quotes", "`", r"(?<![`\w])`([^`'\\]{1,120})'(?![\w'])", r"‘\1’"),
    _rule("em dash", "---", r"---(?<![-!<]---)(?![->])", "—"),
    # An option such as "--strict" keeps its dashes.
    _rule("en dash", "--", r"--(?<![-!<]--)(?:(?<=\S--)|(?=\s|$))(?![->])", "–"),
    _rule("tie", "~", r"(?<=[A-Za-z.,;:)\]])~(?=[A-Za-z0-9(\[\\]|$) | (?<=\d)~(?=[A-Za-z])", " "),
    _rule("degree", "^circ ^{circ} ^° ^{°}", r"\^(?:circ(?![a-su-z])|°|\{(?:circ|°)\})", "°"),
    _rule("lost times", "times", r"times(?<=[\d°]times)(?=sim\d|\d|[^A-Za-z]|$)", "×"),
    # "sim2real" is a word: one digit alone does not make a number.
    _rule("lost sim", " ".join(f"sim{digit}" for digit in range(10)), r"""
        (?<=\d)sim(?=\d) | (?<=×)sim(?=\d)
        | (?<![\w-])sim(?=\d[\d.,]*(?:%|[KMBGT]\b|x\b|×)) | (?<![\w-])sim(?=\d[\d.,]+(?![A-Za-z]))""", "~"),
    _rule("lost operator", " ".join(OPERATORS),
          rf"(?<![A-Za-z\\])(?P<greek>{_GREEK_NAMES})?(?P<name>{_OPERATOR_NAMES})(?![A-Za-z])", _operator),
    _rule("lost function", "Theta( Omega(", r"(?<![A-Za-z\\])(?:Theta|Omega)(?=\([A-Za-z0-9])", _greek),
    _rule("lost letter", "= < > ≤ ≥ ≈",
          rf"(?<![\w\\-])(?:{_GREEK_NAMES})(?=[ ]?[=<>≤≥≈][ ]?[-−+]?[\d.])", _greek),
    _rule("lost alphabet", "math",
          r"(?<![A-Za-z])\\?math(cal|bb|bf|rm|sf|scr|frak)\{([A-Za-z]+)\}", _alphabet),
)  # fmt: skip
"""The repairs, in the order in which they run."""
