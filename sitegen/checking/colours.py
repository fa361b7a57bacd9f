"""Rules about the colours of the style sheet: text can be read in the light and in the dark scheme.

The style sheet is read for its custom properties alone: a value is light unless its block or its rule
says "dark", or it is the second of `light-dark()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.checking.tree import Finding, Tree

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, level AA)."""
SCHEMES = ("light", "dark")
_GROUNDS = ("page", "panel")
_TEXTS = re.compile(r"text|text-muted|accent|hue-\d+")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STEP = re.compile(r"([^{};]*)([{};])")
_PROPERTY = re.compile(r"\s*--([\w-]+)\s*:\s*(.+?)\s*\Z", re.DOTALL)
_LIGHT_DARK = re.compile(r"light-dark\(\s*(.+?)\s*,\s*([^,]+?)\s*\)\Z")
_HEX = re.compile(r"#(?:([0-9a-f]{3})|([0-9a-f]{6}))\Z", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s*(\d+)\s*[, ]\s*(\d+)\s*[, ]\s*(\d+)\s*\)\Z")

Colours = dict[str, tuple[int, int, int]]


def contrasts(tree: Tree) -> Iterator[Finding]:
    """Yield each colour of text that cannot be read on a background of its scheme."""
    for path, sheet in tree.documents.items():
        if not path.endswith(".css"):
            continue
        for scheme, colours in zip(SCHEMES, schemes(sheet), strict=True):
            pairs = [(name, ground) for name in colours if _TEXTS.fullmatch(name) for ground in _GROUNDS]
            pairs.append(("on-accent", "accent"))
            for name, ground in pairs:
                if name not in colours or ground not in colours:
                    continue
                found = contrast(colours[name], colours[ground])
                if found < READABLE:
                    message = f"--{name} on --{ground} has a contrast of {found:.1f} in the {scheme} scheme."
                    hint = f"Text needs {READABLE} (WCAG 2.2 AA): make one lighter or darker."
                    yield Finding("low-contrast", path, message, hint, f"--{name}:")


def schemes(sheet: str) -> tuple[Colours, Colours]:
    """Return the colours that a style sheet names, of the light and of the dark scheme."""
    light: Colours = {}
    dark: Colours = {}
    blocks: list[str] = []
    for before, mark in _STEP.findall(_COMMENT.sub("", sheet)):
        if mark == "{":
            blocks.append(before)
            continue
        if found := _PROPERTY.match(before):
            name, value = found.groups()
            both = _LIGHT_DARK.match(value)
            first, second = both.groups() if both else (value, value)
            if (colour := _colour(first)) and not any("dark" in block for block in blocks):
                light[name] = colour
                if not both:
                    dark.setdefault(name, colour)
            if (colour := _colour(second)) and (both or any("dark" in block for block in blocks)):
                dark[name] = colour
        if mark == "}" and blocks:
            blocks.pop()
    return light, dark


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _colour(value: str) -> tuple[int, int, int] | None:
    if found := _HEX.match(value):
        digits = found[2] or "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.match(value):
        return int(found[1]), int(found[2]), int(found[3])
    return None
