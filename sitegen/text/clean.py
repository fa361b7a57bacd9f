"""Hostile characters out: what XML, HTML or UTF-8 cannot carry, and what turns the direction of text."""

from __future__ import annotations

import re

_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
_ENDS_OF_PLANES = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_BROKEN = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_ENDS_OF_PLANES}]")


def one_line(raw: str) -> str:
    """Return `raw` on one line, white space collapsed, without characters that no page can carry."""
    raw = raw.replace("\n", " ")
    if not raw.isprintable():
        raw = printable(raw)
    elif "  " not in raw:  # no white space but single spaces
        return raw.strip(" ")
    return " ".join(raw.split())


def printable(raw: str) -> str:
    """Return `raw` with its lines; control and direction characters dropped, broken ones as U+FFFD."""
    raw = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return seen(raw)


def seen(raw: str) -> str:
    """Return `raw` without the characters that no reader sees and no page can carry; its lines stay."""
    if raw.isprintable():  # it then holds none of them
        return raw
    lines = raw.split("\n")
    return "\n".join([line if line.isprintable() else _mended(line) for line in lines])


def _mended(line: str) -> str:
    return _BROKEN.sub("\ufffd", _DROPPED.sub("", line))
