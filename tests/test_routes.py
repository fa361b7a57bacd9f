"""Addresses, which are for ever: slugs in ASCII, ISO weeks in ISO years, folders with index.html."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import routes


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Týr-the-Pruner: Structural Pruning", "tyr-the-pruner-structural-pruning"),
        ("The λ-Calculus of Ωmega", "the-lambda-calculus-of-omegamega"),
        ("Straße, Łódź & Ærø", "strasse-lodz-aero"),
        ("Who's Afraid? It’s 100% Fine", "whos-afraid-its-100-fine"),
        ("x² ﬁts H₂O", "x2-fits-h2o"),
        ("  --  ", ""),
        ("深度学习", ""),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con"),
    ],
)
def test_a_slug_is_lower_case_ascii(text: str, slug: str) -> None:
    assert routes.slugify(text) == slug


def test_a_title_that_ascii_cannot_spell_gets_a_slug_of_its_own() -> None:
    slugs = [routes.paper_slug(title) for title in ("深度学习", "机器学习")]
    assert len(set(slugs)) == 2
    assert all(slug.startswith("paper-") and routes.SLUG.match(slug) for slug in slugs)


def test_a_long_slug_is_cut_at_a_word() -> None:
    title = "Exactly eighty characters end here when each of these words is counted one by one yes"
    slug = routes.slugify(title)
    assert len(slug) <= 80
    assert routes.slugify(title).startswith(slug)
    assert title.lower().replace(" ", "-")[len(slug)] == "-"
    assert routes.slugify("a" * 200) == "a" * 80
    assert routes.slugify("a" * 80 + " b") == "a" * 80


@given(st.text())
def test_every_slug_is_one(text: str) -> None:
    slug = routes.slugify(text)
    assert slug == "" or (routes.SLUG.match(slug) and len(slug) <= 80)
    assert routes.slugify(slug) == slug
    assert routes.SLUG.match(routes.paper_slug(text))


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2024, 12, 30), "/2025/w01/"),
        (date(2025, 12, 9), "/2025/w50/"),
        (date(2021, 1, 3), "/2020/w53/"),
        (date(2027, 1, 1), "/2026/w53/"),
    ],
)
def test_a_week_stands_under_its_iso_year(day: date, week: str) -> None:
    assert routes.week_url(day) == week


def test_days_months_and_years_nest() -> None:
    day = date(2025, 12, 9)
    assert routes.issue_url(day) == "/2025/12/09/"
    assert routes.month_url(day) == "/2025/12/"
    assert routes.year_url(2025) == "/2025/"
    assert routes.published_month_url(day) == "/published/2025/12/"


@given(st.dates())
def test_the_addresses_of_a_day_stand_below_those_of_its_month_and_year(day: date) -> None:
    assert routes.issue_url(day).startswith(routes.month_url(day))
    assert routes.month_url(day).startswith(routes.year_url(day.year))
    assert routes.published_month_url(day).startswith(routes.published_year_url(day.year))


def test_an_address_is_answered_by_a_file() -> None:
    assert routes.output_path("/") == "index.html"
    assert routes.output_path("/papers/x/") == "papers/x/index.html"
    assert routes.output_path("/404.html") == "404.html"


def test_an_asset_of_the_templates_has_its_hash_in_its_address() -> None:
    one, other = (routes.template_asset_url("a/style.css", data) for data in (b"a", b"b"))
    assert one != other
    assert one.startswith("/static/a/style.")
    assert one.endswith(".css")
