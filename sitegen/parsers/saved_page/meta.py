"""Meta blocks: who wrote a paper, when it appeared, how many comments it has, from a page's lines.

Three lines (who, `·`, date) as a rule; also joined in one, or spread by blank lines, or cut short.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from sitegen.model import Organization
from sitegen.parsers.saved_page.lines import Line

_DOT = "·"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE_TEXT = rf"{_MONTH}\.?\s+[0-9]{{1,2}}(?:,?\s+(?:19|20)[0-9]{{2}})?"
_DATE = re.compile(
    rf"(?P<month>{_MONTH})\.?\s+(?P<day>[0-9]{{1,2}})(?:,?\s+(?P<year>(?:19|20)[0-9]{{2}}))?", re.IGNORECASE
)
_WHEN = re.compile(
    rf"(?:published on\s+)?(?P<date>{_DATE_TEXT})(?:\s+(?P<comments>[0-9]{{1,6}}))?", re.IGNORECASE
)
_COUNT = re.compile(r"(?:[-•*·–]\s*)*(?P<count>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9}) authors?", re.IGNORECASE)
_SOME_AUTHORS = re.compile(r".{0,40}\bauthors?", re.IGNORECASE)
_ALT_TEXT = re.compile(r"\[(?:[^\]]*[:：])?\s*(?P<handle>[\w.-]+)\]\s*(?P<name>\S.*)")
_FEW_WORDS = re.compile(r".{0,19}[^.]")
_LONGEST = 200
"""No line of a meta block is longer; a longer one is not looked at, so that reading stays quick."""


class Meta(Struct, frozen=True):
    """A meta block as the page shows it."""

    line: int
    author_count: int | None
    organization: Organization | None
    date: str
    """As written; empty where none stands."""
    comments: int | None


def read_meta(lines: Sequence[Line], index: int) -> tuple[Meta, int] | None:
    """Return the meta block that begins at a line, and the index after it; None if none begins there."""
    line = lines[index]
    if len(line.text) > _LONGEST:
        return None
    who, dot, when = line.text.rpartition(_DOT)
    if dot and (found := _WHEN.fullmatch(when.strip())) and (line.gap or _COUNT.fullmatch(who.strip())):
        return _meta(line, who.strip(), found), index + 1
    following = [_text(lines, index + 1), _text(lines, index + 2)]
    counted = _COUNT.fullmatch(line.text) is not None
    if line.text == _DOT and (found := _WHEN.fullmatch(following[0])):
        return _meta(line, "", found), index + 2
    if following[0] == _DOT and (counted or line.gap):
        found = _WHEN.fullmatch(following[1])
        if found and (counted or lines[index + 1].gap == lines[index + 2].gap):
            return _meta(line, line.text, found), index + 3
        if counted or _is_block_of_three(lines, index):
            rest = 0 if index + 2 >= len(lines) or lines[index + 2].gap else 1
            return _meta(line, line.text, None, following[1] if rest else ""), index + 2 + rest
    if not counted:
        return None
    if found := _WHEN.fullmatch(following[0].removeprefix(_DOT).strip()):
        return _meta(line, line.text, found), index + 2
    return _meta(line, line.text, None), index + 1


def read_date(text: str, year: int) -> date | None:
    """Return the date, in the given year where it names none; None if there is no such day."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    month = _MONTHS.index(found["month"][:3].lower()) + 1
    try:
        return date(int(found["year"] or year), month, int(found["day"]))
    except ValueError:
        return None


def is_date(text: str) -> bool:
    """Return whether the text is a date and nothing else, possible or not."""
    return len(text) <= _LONGEST and _DATE.fullmatch(text) is not None


def _meta(line: Line, who: str, when: re.Match[str] | None, unread: str = "") -> Meta:
    counted = _COUNT.fullmatch(who)
    return Meta(
        line.number,
        # "0 authors" can only mean that none are known.
        int(counted["count"].replace(",", "")) or None if counted else None,
        None if counted else _organization(who, line.owner),
        when["date"] if when else unread,
        int(when["comments"]) if when and when["comments"] else None,
    )


def _organization(who: str, owner: str) -> Organization | None:
    """Return the organisation: its handle from the link, else from the text before the first space."""
    if not who or _SOME_AUTHORS.fullmatch(who):
        return None
    if found := _ALT_TEXT.fullmatch(who):
        return Organization(owner or found["handle"], found["name"])
    if owner:
        return Organization(owner, " ".join(who.split()))
    handle, _, name = " ".join(who.split()).partition(" ")
    return Organization(handle, name or handle)


def _is_block_of_three(lines: Sequence[Line], index: int) -> bool:
    """Return whether who, dot and at most a few words stand together, with blank lines around."""
    if lines[index + 1].gap:
        return False
    block = [lines[index]]
    for line in lines[index + 1 : index + 4]:
        if line.gap:
            break
        block.append(line)
    return len(block) == 2 or (len(block) == 3 and _FEW_WORDS.fullmatch(block[2].text) is not None)


def _text(lines: Sequence[Line], index: int) -> str:
    return lines[index].text if index < len(lines) and len(lines[index].text) <= _LONGEST else ""
