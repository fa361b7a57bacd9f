"""Charts say what the numbers say: bars add up, the table agrees, and what is not known is not drawn."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from conftest import BuiltSite
from factories import make_facts, make_issue, make_paper
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup
from test_schedule import config

from sitegen.charts import bar_chart, calendar, count, most_discussed, spark_bars, timeline
from sitegen.charts.periods import MOST, Timeline
from sitegen.model import Bars, Link, Page, Site, Taxonomy, Term, ThemeLink, ThemePage
from sitegen.pages import page_renderer
from sitegen.plan.indexes import themes_page
from sitegen.plan.pictures import published_charts, theme_chart
from sitegen.recent import Recent
from sitegen.sources import BUILT_IN

DAYS = st.lists(st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)), min_size=1, max_size=60)
RECENT_DAYS = st.lists(st.none() | st.dates(date(1999, 1, 1), date(2026, 12, 31)), min_size=1, max_size=60)


def chart_of(*days: date | None) -> Bars:
    over = timeline(days)
    assert over
    return bar_chart("published", "Papers", count(days, over), over)


def units(first: date, last: date) -> str:
    over = timeline([first, last])
    assert over
    assert over.is_whole
    return over.unit


# ------------------------------------------------------------------------ periods


@given(DAYS | RECENT_DAYS)
def test_every_paper_is_in_one_bar_or_said_to_be_in_none(days: list[date | None]) -> None:
    over = timeline(days)
    if not over:
        assert not any(days)
        return
    series = count(days, over)
    assert series.drawn + series.earlier + series.undated == len(days)
    assert series.undated == days.count(None)
    assert over.size <= MOST
    assert over.is_whole == (series.earlier == 0)
    assert series.counts[-1] > 0


@given(DAYS | RECENT_DAYS)
def test_a_paper_stands_in_the_period_that_holds_its_day(days: list[date | None]) -> None:
    over = timeline(days)
    for day in filter(None, days):
        assert over
        place = over.place(day)
        if place >= 0:
            assert over.start(place) <= day
            assert place == over.size - 1 or day < over.start(place + 1)


def test_the_unit_grows_with_the_time_between_the_first_and_the_last_day() -> None:
    assert units(date(2024, 1, 31), date(2026, 12, 1)) == "month"
    assert units(date(2024, 1, 31), date(2027, 1, 1)) == "quarter"
    assert units(date(2018, 1, 31), date(2026, 12, 31)) == "quarter"
    assert units(date(2018, 1, 31), date(2027, 1, 1)) == "year"
    assert units(date(1999, 5, 1), date(2026, 5, 1)) == "year"


def test_where_years_are_too_many_the_oldest_are_counted_and_said() -> None:
    chart = chart_of(date(1936, 5, 28), date(2025, 1, 1), date(2025, 2, 1))
    assert chart.notes == ("1 paper from before 1990 is not drawn.",)
    assert chart.table
    assert [(row.head.title, row.counts) for row in chart.table.rows] == [
        ("2025", (2,)),
        ("Before 1990", (1,)),
    ]


def test_months_without_papers_are_gaps() -> None:
    over = timeline([date(2025, 1, 31), date(2025, 4, 1)])
    assert over
    assert count([date(2025, 1, 31), date(2025, 4, 1)], over).counts == (1, 0, 0, 1)


def test_without_a_date_there_is_no_chart() -> None:
    assert published_charts([make_paper(published=None)]) == ()
    assert published_charts([]) == ()
    assert theme_chart([]) is None


def test_papers_without_a_date_are_counted_and_said() -> None:
    chart = chart_of(date(2025, 1, 1), None, None)
    assert chart.notes == ("2 papers without a known month are not drawn.",)
    assert chart.table
    assert chart.table.rows[-1].head == Link("Month unknown", "")


# ------------------------------------------------------------------------ bars


def bars_of(chart: Bars) -> list[tuple[float, float, float]]:
    """Return left, width and height of each bar."""
    bars = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)h([\d.]+)V[\d.]+Z", chart.path)
    assert "".join(f"M{x} {y}V{top}h{width}V{y}Z" for x, y, top, width in bars) == chart.path
    return [(float(x), float(width), float(y) - float(top)) for x, y, top, width in bars]


@given(DAYS | RECENT_DAYS)
def test_the_table_says_what_the_bars_show(days: list[date | None]) -> None:
    over = timeline(days)
    if not over:
        return
    chart = bar_chart("published", "Papers", count(days, over), over)
    assert chart.table
    assert sum(row.counts[0] for row in chart.table.rows) == len(days)
    periods = [row for row in chart.table.rows if row.head.title[0].isdigit() or row.head.url]
    bars = bars_of(chart)
    assert len(bars) == len(periods)
    heights = [height for _, _, height in bars]
    tallest = max(row.counts[0] for row in periods)
    for row, height in zip(periods[::-1], heights, strict=True):
        assert height == pytest.approx(max(heights) * row.counts[0] / tallest, abs=1)


@given(RECENT_DAYS)
def test_bars_and_letters_stay_inside_the_picture_and_apart(days: list[date | None]) -> None:
    over = timeline(days)
    if not over:
        return
    chart = bar_chart("published", "Papers", count(days, over), over)
    bars = bars_of(chart)
    assert all(
        x >= 0 and x + width <= chart.width and 1 <= height <= chart.height for x, width, height in bars
    )
    assert all(left[0] + left[1] < right[0] for left, right in pairwise(bars))
    for marks in (chart.ticks, chart.values):
        assert all(8 <= mark.y <= chart.height for mark in marks)
        for left, right in pairwise(marks):
            assert right.x - left.x > 3 * (len(left.text) + len(right.text)), (left, right)


@pytest.mark.parametrize("number", [1, 2, 9, 10, 99, 682, 12_345])
def test_a_chart_without_numbers_on_its_bars_has_round_level_lines(number: int) -> None:
    days = [date(2025, 1, 1)] * number + [date(2027, 12, 1)]
    chart = chart_of(*days)
    if not chart.values:
        levels = [int(line.text.replace(",", "")) for line in chart.lines]
        assert min(number, 2) <= len(levels) <= 5
        assert all(level <= number for level in levels)


def test_a_single_paper_gives_one_bar() -> None:
    chart = chart_of(date(2025, 10, 3))
    assert len(bars_of(chart)) == 1
    assert chart.description == "1 paper, October 2025."
    assert [mark.text for mark in (*chart.values, *chart.ticks)] == ["1", "Oct"]


def test_a_description_names_the_tallest_bar_where_there_is_one() -> None:
    days = [date(2025, 1, 1), date(2025, 3, 1)]
    assert chart_of(*days).description == "2 papers by month, January 2025 to March 2025; at most 1 a month."
    one = "3 papers by month, January 2025 to March 2025; most in January 2025: 2."
    assert chart_of(*days, date(2025, 1, 9)).description == one


def test_one_paper_beside_ten_thousand_can_be_seen() -> None:
    heights = [height for _, _, height in bars_of(chart_of(*[date(2025, 1, 1)] * 10_000, date(2025, 2, 1)))]
    assert min(heights) == 1


# ------------------------------------------------------------------------ calendar


def test_the_calendar_has_every_issue_once_on_its_day() -> None:
    days = [date(2024, 12, 30), date(2025, 1, 1), date(2025, 3, 31)]
    issues = [make_issue(make_paper(), day=day, url=f"/{day:%Y/%m/%d}/") for day in reversed(days)]
    years = calendar(issues)
    assert [(year.number, [month.name for month in year.months]) for year in years] == [
        (2025, ["January 2025", "February 2025", "March 2025"]),
        (2024, ["December 2024"]),
    ]
    shown = [day for year in years for month in year.months for day in month.days]
    assert sorted((day.day, day.url) for day in shown) == [(issue.day, issue.url) for issue in issues[::-1]]


def test_a_paper_of_two_issues_counts_once_in_its_year() -> None:
    issues = [make_issue(make_paper(), day=date(2025, 1, day)) for day in (2, 1)]
    assert calendar(issues)[0].facts == "2 issues, 1 paper"


def test_of_many_years_the_older_are_folded() -> None:
    issues = [make_issue(make_paper(), day=date(2026, 1, 1) - timedelta(days=4 * n)) for n in range(600)]
    years = calendar(issues)
    assert [year.is_open for year in years] == [True, False, False, False, False, False, False, False]
    assert sum(len(month.days) for year in years for month in year.months) == 600


def test_shades_follow_the_number_of_papers() -> None:
    sizes = [1, 25, 26, 50, 75, 76, 100]
    issues = [
        make_issue(*[make_paper(f"paper-{n}") for n in range(size)], day=date(2025, 1, place + 1))
        for place, size in enumerate(sizes)
    ]
    [year] = calendar(issues[::-1])
    assert [day.level for day in year.months[0].days] == [1, 1, 2, 2, 3, 4, 4]


# ------------------------------------------------------------------------ most discussed


def test_the_most_discussed_come_first_and_ties_by_slug() -> None:
    papers = [
        make_paper(slug, comments=comments) for slug, comments in (("c", 1), ("b", 4), ("a", 1), ("d", 2))
    ]
    ranking = most_discussed(papers)
    assert ranking
    assert [(row.paper.slug, row.count, row.length) for row in ranking.rows] == [
        ("b", 4, 100), ("d", 2, 50), ("a", 1, 25), ("c", 1, 25),
    ]  # fmt: skip


def test_papers_without_comments_are_in_no_ranking() -> None:
    papers = [make_paper(str(n), comments=number) for n, number in enumerate([3, 2, 1, 0, None])]
    ranking = most_discussed(papers)
    assert ranking
    assert [row.count for row in ranking.rows] == [3, 2, 1]
    assert ranking.note == "By comments, which are known of 4 of the 5 papers."
    assert most_discussed(papers[1:]) is None


# ------------------------------------------------------------------------ as pages print them

HOSTILE = "</title></svg><script>alert(1)</script> & \" ' <SEG>"


def svgs(html: str) -> list[etree._Element]:
    """Return the pictures of a page, each read as XML."""
    found = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    return [etree.fromstring(svg) for svg in found]


def themes_html() -> str:
    theme = ThemeLink("odd", HOSTILE, "/themes/odd/", hue=16, order=1)
    papers = tuple(make_paper(f"p-{n}", theme=theme, published=date(2000 + n, 1, 1)) for n in range(25))
    empty = tuple(Taxonomy(name, ()) for name in ("tags", "organizations"))
    term = Term("themes", "odd", HOSTILE, "/themes/odd/", papers)
    site = Site(
        papers, (), (), (Taxonomy("themes", (term,)), *empty), (ThemePage(theme, HOSTILE, Markup("")),),
        (), (), (), (), (), (), None,
    )  # fmt: skip
    [page] = themes_page(site, config(), Recent())
    return render(page)


def render(page: Page) -> str:
    assets = tuple(
        (name, f"/static/{name}")
        for name in (
            "style.css",
            "early.js",
            "reading.js",
            "favicon.ico",
            "favicon.svg",
        )
    )
    return page_renderer(make_facts(assets=assets), (BUILT_IN,))(page).decode()


def test_a_hostile_title_stays_text_in_a_picture() -> None:
    html = themes_html()
    [svg] = svgs(html)
    assert svg.findtext("title") == HOSTILE
    assert "<script>alert" not in html


def test_pictures_are_well_formed_titled_and_described_and_have_no_style(shipped: BuiltSite) -> None:
    pictures = 0
    for url in ("/archive/", "/themes/", "/themes/model-compression/", "/2025/10/29/"):
        page = shipped.tree.pages[url]
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert not page.xpath("//*[@style]")
        for svg in svgs(shipped.tree.files[url[1:] + "index.html"].decode()):
            pictures += 1
            if svg.get("aria-hidden") == "true":
                continue
            assert svg.get("role") == "img"
            named = svg.get("aria-labelledby").split()
            assert [svg.find(name).get("id") for name in ("title", "desc")] == named
            assert all(svg.findtext(name) for name in ("title", "desc"))
    assert pictures >= 2 + 16 + 1 + 5


def test_charts_stand_only_on_pages_that_are_about_them(shipped: BuiltSite) -> None:
    with_charts = {url for url, page in shipped.tree.pages.items() if page.xpath("//*[local-name()='svg']")}
    shapes = {re.sub(r"\d+", "0", url) for url in with_charts}
    allowed = {"/archive/", "/themes/", "/0/0/0/"}
    assert all(shape in allowed or re.fullmatch(r"/themes/[^/]+/", shape) for shape in shapes), shapes


def test_sixteen_themes_over_years_are_one_small_table() -> None:
    html = themes_html()
    assert '<th scope="col">Together</th><th scope="col">2000</th>' in html
    assert html.count('<th scope="col">') == 2 + 25


def test_a_spark_says_its_ends_and_its_scale() -> None:
    days = [date(2025, 1, 1), date(2025, 6, 1), date(2025, 6, 2)]
    over = timeline(days)
    assert over
    spark = spark_bars("s", "S", count(days, over), over)
    assert [mark.text for mark in spark.ticks] == ["Jan 2025", "at most 2 a month", "Jun 2025"]


def test_a_timeline_names_its_periods() -> None:
    quarters = Timeline("quarter", 3, 2025 * 4, 2025 * 4 + 3, True)
    assert [quarters.name(place) for place in (0, 3)] == ["1st quarter of 2025", "4th quarter of 2025"]
    assert quarters.short_name(3) == "Q4 2025"
