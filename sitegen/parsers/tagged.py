"""Lines of a tag, a hyphen and a value: the form that RIS and PubMed exports share.

Reads line by line, so that damage costs the lines it is in and nothing before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from sitegen.text.clean import one_line


class Record(Struct):
    """The fields of one paper, as they are read."""

    line: int
    """Where it begins."""
    fields: list[tuple[str, str]] = field(default_factory=list)
    """Tag and value, in order; a value that goes on over lines is one."""
    lines: dict[str, int] = field(default_factory=dict)
    """The line on which each tag first stands."""
    closed: bool = False
    """Whether the line that ends a record was seen."""

    def all(self, *tags: str) -> list[str]:
        """Return the values of the first of these tags that the record has."""
        for tag in tags:
            if found := [one_line(value) for name, value in self.fields if name == tag and value.strip()]:
                return found
        return []

    def first(self, *tags: str) -> str:
        """Return the first value of the first of these tags that the record has; "" without any."""
        return next(iter(self.all(*tags)), "")


class Stray(Struct, frozen=True):
    """A line that is no part of a record."""

    line: int
    text: str


def read_records(
    text: str, pattern: re.Pattern[str], start: str, end: str = ""
) -> tuple[list[Record], list[Stray]]:
    """Return the records, and the lines that belong to none.

    `pattern` has the groups of tag and value; a line that it does not match goes on the value above.
    A record begins with the tag `start` and ends with the tag `end`, or where the next begins; if there
    is no such tag, at an empty line.
    """
    records: list[Record] = []
    strays: list[Stray] = []
    current: Record | None = None
    for number, line in _lines(text):
        found = pattern.match(line)
        if found and found[1] == start:
            current = Record(number)
            records.append(current)
        if current is None or current.closed:
            current = None
            if line.strip():
                strays.append(Stray(number, line))
        elif found and found[1] == end:
            current.closed = True
        elif found:
            current.fields.append((found[1], found[2] or ""))
            current.lines.setdefault(found[1], number)
        elif line.strip() and current.fields:
            tag, value = current.fields[-1]
            current.fields[-1] = (tag, f"{value} {line.strip()}")
        elif not line.strip() and not end:
            current.closed = True
    return records, strays


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines by number, white space at their ends removed."""
    for number, line in enumerate(text.split("\n"), start=1):
        yield number, line.rstrip()
