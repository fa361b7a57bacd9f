"""Of which day a file is, and why: the curator's word, its name, what stands in it. Never the clock.

What is concluded and stands nowhere is said to be assumed; where nothing tells, the curator is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sitegen.dates import long_day
from sitegen.errors import Problem
from sitegen.importing.outcome import Day, Offer, Wish
from sitegen.parsers import daily_api
from sitegen.parsers.capture import read_page
from sitegen.parsers.fields import iso_day
from sitegen.parsers.json_text import Node, objects, read_json
from sitegen.parsers.saved_page.listing import Listing
from sitegen.parsers.saved_page.meta import read_date
from sitegen.parsers.sniff import Format

_AT_START = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_ANYWHERE = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([-_. ]?)([01][0-9])\2([0-3][0-9])(?![0-9])")
_YEAR = re.compile(r"(?<![0-9.])((?:19|20)[0-9]{2})(?!\.?[0-9])")
_YEAR_OF_DATE = re.compile(r"\b((?:19|20)[0-9]{2})$")
_NEW_ID = re.compile(r"([0-9]{2})([0-9]{2})\.[0-9]{4,5}")


def day_of(offer: Offer, form: Format, text: str, wish: Wish) -> Day | Problem:
    """Return the day of a file, or the question that the curator has to answer.

    Raises `BuildError` for an answer of the API that is no JSON.
    """
    if wish.day:
        return Day(wish.day, "as --date says")
    if named := day_at_start(offer.stem):
        return Day(named, "as its name says")
    if form is Format.CAPTURE:
        return _day_of_capture(offer, text, wish)
    if form is Format.DAILY_API:
        return _day_of_answer(offer, text)
    return Day(None, "its name begins with no day")


def day_at_start(stem: str) -> date | None:
    """Return the day with which a name begins, as the files of `content/` do; none if there is none."""
    found = _AT_START.match(stem)
    return iso_day(found[0]) if found else None


def _day_in(stem: str) -> date | None:
    found = _ANYWHERE.search(stem)
    return iso_day(f"{found[1]}-{found[3]}-{found[4]}") if found else None


# ------------------------------------------------------------------------ captures


def _day_of_capture(offer: Offer, text: str, wish: Wish) -> Day | Problem:
    """Return the day in the head of the page, in the year that its name, the curator or its papers tell."""
    if named := _day_in(offer.stem):
        return Day(named, "as its name says")
    page = read_page(text)
    if page.day is None:
        message = "neither its name nor the page says on which day it was saved."
        return Problem(offer.name, 0, message, _ask())
    shown = f"the page says “{page.day.text}”"
    if year := _year_of(page.day.text):
        return _on(offer, page.day.text, year, f"as {shown}")
    if found := _YEAR.search(offer.stem):
        return _on(offer, page.day.text, int(found[1]), f"{shown}, and its name {found[1]}")
    if wish.year:
        return _on(offer, page.day.text, wish.year, f"{shown}, and --year {wish.year}")
    year, why = _concluded(page.found)
    if not year:
        return Problem(offer.name, page.day.line, f"{shown}, but {why}.", "Add --year with the year.")
    return _on(offer, page.day.text, year, f"{shown}; the year {year} is assumed, because {why}", True)


def _on(offer: Offer, shown: str, year: int, why: str, assumed: bool = False) -> Day | Problem:
    day = read_date(shown, year)
    if day is None:
        message = f"the page says “{shown}”, and there is no such day in {year}."
        return Problem(offer.name, 0, message, _ask())
    return Day(day, why, assumed)


def _year_of(shown: str) -> int:
    found = _YEAR_OF_DATE.search(shown)
    return int(found[1]) if found else 0


def _concluded(listings: Iterable[Listing]) -> tuple[int, str]:
    """Return the year in which a page was saved (0 if nothing tells it), and why.

    The page names the year of a date unless it is its own. So a date without a year is of the year of
    the page: that of the paper's arXiv id, if the page gives one; else the year after the newest named.
    """
    dated = [listing for listing in listings if listing.meta and listing.meta.date]
    named = [year for listing in dated if listing.meta and (year := _year_of(listing.meta.date))]
    bare = [listing for listing in dated if listing.meta and not _year_of(listing.meta.date)]
    if not bare:
        return 0, "every date in it names a year, so nothing tells its own"
    by_id = {year for listing in bare if (year := _year_by_id(listing))}
    if len(by_id) > 1 or (by_id and named and max(by_id) <= max(named)):
        return 0, "its dates and the arXiv ids in it do not tell one year"
    if by_id:
        return max(by_id), "papers dated without a year have arXiv ids of it"
    if not named:
        return 0, "no date in it names a year"
    others = "1 date names none" if len(bare) == 1 else f"{len(bare)} dates name none"
    return max(named) + 1, f"the newest year named in it is {max(named)}, and {others}"


def _year_by_id(listing: Listing) -> int:
    """Return the year in which a paper with a date without a year appeared, by its arXiv id; else 0.

    A paper of the last days of a year gets an id of the next; such a one tells nothing.
    """
    found = _NEW_ID.match(listing.arxiv_id)
    assert listing.meta
    month = read_date(listing.meta.date, 2000)
    if not found or not month or abs(int(found[2]) - month.month) > 1:
        return 0
    return 2000 + int(found[1])


# ------------------------------------------------------------------------ answers of the API


def _day_of_answer(offer: Offer, text: str) -> Day | Problem:
    """Return the day on which the papers were shown; none for one paper, and for those of several days."""
    nodes = read_json(offer.name, text)
    listings = list(objects(nodes, daily_api.is_listing))
    if len(nodes) == 1 and listings == nodes and "paper" not in nodes[0].value:
        return Day(None, "it is the answer about one paper")
    days = daily_api.days_of(listings)
    if len(days) == 1:
        return Day(days[0], "its papers were shown on that day")
    if days:
        shown = f"{len(days)} days, {long_day(days[0])} to {long_day(days[-1])}"
        return Day(None, f"its papers were shown on {shown}")
    if named := _day_in(offer.stem) or _day_in_wrapper(nodes):
        return Day(named, "as its name says" if _day_in(offer.stem) else "as the answer says")
    newest = max((day for node in listings if (day := daily_api.published(node))), default=None)
    known = f" The newest of its papers appeared on {long_day(newest)}." if newest else ""
    message = "neither its name nor its papers say on which day they were shown."
    return Problem(offer.name, 0, message, _ask(newest) + known)


def _day_in_wrapper(nodes: Iterable[Node]) -> date | None:
    """Return the day that stands around the list: {"date": "2025-10-01", "papers": [...]}."""
    wrappers = [node.value for node in nodes if isinstance(node.value, dict)]
    said = [wrapper.get(name) for wrapper in wrappers for name in ("date", "day")]
    return next((day for text in said if isinstance(text, str) and (day := iso_day(text))), None)


def _ask(example: date | None = None) -> str:
    return f"Add --date with the day, such as --date {example or '2025-12-09'}."
