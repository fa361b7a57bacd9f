"""Byte ranges: what part of a file a browser asks for, so that it can seek in a film or a long PDF."""

from __future__ import annotations

import re


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return start and end, exclusive, of the one range that a `Range` header asks of a file.

    None means the whole file: no range, several, or one that is no range at all. Raises ValueError for a
    range beyond the end.
    """
    found = re.fullmatch(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", header)
    if not found or found[1] == found[2] == "":
        return None
    if found[1] == "":
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), min(int(found[2] or size) + 1, size)
        if found[2] and int(found[2]) < start:
            return None
    if start >= size or start >= end:
        raise ValueError(header)
    return start, end
