"""Dates of which a source knows only the year or the month: shown as far as they are known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import lxml.html
import pytest
from running import built, files_of, lay

from sitegen.dates import long_day, month_name, short_day
from sitegen.model import PartialDate, When
from sitegen.parsers.fields import finest, iso_when, when

SITE = """
title = "Lamplight"
base_url = "https://reader.example/"
id_authority = "reader.example,2025-01-01"
"""
BIB = """
@article{a, title={A year alone}, year={2024}, doi={10.1000/a}}
@article{b, title={A year and a month}, year={2024}, month=mar, doi={10.1000/b}}
@article{c, title={A whole date}, date={2024-03-05}, doi={10.1000/c}}
@article{d, title={An old year}, year={1843}, doi={10.1000/d}}
@article{e, title={No date}, year={in press}, doi={10.1000/e}}
"""


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2018/03/01/", date(2018, 3, 1)),
        ("2018/03//", PartialDate(2018, 3)),
        ("2018//", PartialDate(2018)),
        ("2018-03-01T10:00:00Z", date(2018, 3, 1)),
        ("2018-3", PartialDate(2018, 3)),
        ("2018/2019", PartialDate(2018)),
        ("2018-02-30", PartialDate(2018, 2)),
        ("2018-13-01", PartialDate(2018)),
        ("20180301", None),
        ("0000", None),
        ("in press", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_far_as_it_says(text: str, known: When | None) -> None:
    assert iso_when(text) == known


def test_a_month_is_a_number_or_a_name_and_a_year_has_four_digits() -> None:
    assert when("2018", "March") == when("2018", " 03 ") == PartialDate(2018, 3)
    assert when("2018", "Spring") == when("2018", "", "7") == PartialDate(2018)
    assert when("18", "3", "1") is when("²018") is None


def test_of_several_dates_the_finest_is_taken() -> None:
    year, month, day = PartialDate(2018), PartialDate(2018, 3), date(2018, 3, 1)
    assert finest([None, year, month, day]) == (day, None)
    assert finest([year, month, PartialDate(2017, 1)]) == (None, month)
    assert finest([]) == (None, None)


def test_a_date_is_said_as_far_as_it_is_known() -> None:
    assert [long_day(PartialDate(2024, 3)), long_day(PartialDate(2024))] == ["March 2024", "2024"]
    assert [short_day(PartialDate(2024, 3)), short_day(PartialDate(2024))] == ["Mar 2024", "2024"]
    assert [month_name(PartialDate(2024, 3)), month_name(PartialDate(2024))] == ["March 2024", "2024"]
    assert [PartialDate(2024, 3).isoformat(), PartialDate(988).isoformat()] == ["2024-03", "0988"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder: Path = tmp_path_factory.mktemp("partial")
    lay(folder, {"content/site.toml": SITE, "content/library/2025-01-05-mine.bib": BIB})
    built(folder, "-o", folder / "out")
    return files_of(folder / "out")


def texts(page: bytes, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in lxml.html.fromstring(page).xpath(path)]


@pytest.mark.parametrize(
    ("slug", "machine", "people"),
    [("a-year-alone", "2024", "2024"), ("a-year-and-a-month", "2024-03", "March 2024")],
)
def test_a_page_shows_what_is_known_and_leads_to_its_year_or_month(
    site: dict[str, bytes], slug: str, machine: str, people: str
) -> None:
    (link,) = lxml.html.fromstring(site[f"papers/{slug}/index.html"]).xpath("//main//li/a[time]")
    assert link.get("href") == f"/published/{machine.replace('-', '/')}/"
    assert (link[0].get("datetime"), link[0].text) == (machine, people)


def test_a_year_lists_those_without_a_month_last_and_a_month_those_without_a_day(
    site: dict[str, bytes],
) -> None:
    titles = "//article//*[contains(@class, 'entry-title')]"
    year, month = site["published/2024/index.html"], site["published/2024/03/index.html"]
    assert texts(year, "//h2[contains(@class, 'group-title')]") == ["March 2024", "Month unknown"]
    assert texts(year, titles) == ["A whole date", "A year and a month", "A year alone"]
    assert texts(month, titles) == ["A whole date", "A year and a month"]
    assert texts(site["published/1843/index.html"], titles) == ["An old year"]


def test_the_index_of_dates_has_every_year_and_only_papers_without_one_as_undated(
    site: dict[str, bytes],
) -> None:
    page = site["published/index.html"]
    assert texts(page, "//section[@class='lines']/h2") == ["2024", "1843"]
    assert texts(page, "//section[@class='lines']//li") == [
        "March 2024 2 papers", "Month unknown 1 paper", "Month unknown 1 paper",
    ]  # fmt: skip
    assert texts(page, "//article//*[contains(@class, 'entry-title')]") == ["No date"]


def test_no_feed_makes_up_a_day(site: dict[str, bytes]) -> None:
    for name in ("feed.xml", "rss.xml", "feed.json"):
        assert b"2024-01-01" not in site[name]
        assert b"Jan 2024" not in site[name]
