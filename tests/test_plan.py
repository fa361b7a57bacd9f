"""What pages there will be: lists cut into pages, groups that go on, weeks at the ends of years, clashes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from factories import make_paper
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace
from test_schedule import config

from sitegen.errors import BuildError
from sitegen.memory import Memory
from sitegen.model import Issue, Link, Listing, Page, Paper, Redirect, Site, Target, TextPage
from sitegen.plan import plan
from sitegen.plan.listing import ListPlan, group_of, list_pages
from sitegen.plan.wording import initial, plural, shorten
from sitegen.recent import Recent
from sitegen.routes import issue_url, organization_url, published_month_url
from sitegen.taxonomies import taxonomies

UNPAGED = Listing(
    "papers", "", "All", Markup("<p>Hello.</p>"), ("facts",), (), (), (), None, None, None, (),
    about=Markup("<p>More.</p>"),
)  # fmt: skip


def pages_of(sizes: Sequence[int], size: int) -> list[Page]:
    """Return the pages of a list whose groups have so many papers."""
    groups = tuple(
        group_of(
            f"Group {letter}",
            f"g-{letter}",
            [make_paper(f"{letter}{n}") for n in range(count)],
            f"/{letter}/",
        )
        for letter, count in zip("abcdefgh", sizes, strict=False)
    )
    listing = Listing(
        **{name: getattr(UNPAGED, name) for name in UNPAGED.__struct_fields__} | {"groups": groups}
    )  # type: ignore[arg-type]
    return list(
        list_pages(
            ListPlan("/all/", "All", "Every one.", (Link("Up", "/"),), "/all/", listing, ()), size, Recent()
        )
    )


def body(page: Page) -> Listing:
    assert isinstance(page.body, Listing)
    return page.body


def test_a_short_list_is_one_page_without_page_numbers() -> None:
    [page] = pages_of([2, 1], 3)
    assert (page.url, page.title, body(page).pagination) == ("/all/", "All", None)


def test_an_empty_list_has_a_page() -> None:
    [page] = pages_of([], 3)
    assert body(page).groups == ()


def test_a_further_page_says_so_in_title_heading_and_description() -> None:
    first, second, moved = pages_of([4], 3)
    assert (second.url, second.title) == ("/all/page/2/", "All, page 2")
    assert second.description == "Page 2 of 2: Every one."
    assert body(second).heading == "All, page 2"
    assert (body(first).lead, body(second).lead) == (Markup("<p>Hello.</p>"), Markup(""))
    assert (body(first).about, body(second).about) == (Markup("<p>More.</p>"), Markup(""))
    assert second.crumbs == (Link("Up", "/"), Link("All", "/all/"))
    assert (moved.url, moved.indexed) == ("/all/page/", False)
    assert moved.body == Redirect(Link("All", "/all/"))


def test_a_group_that_does_not_fit_goes_on_upon_the_next_page() -> None:
    first, second, _ = pages_of([2, 3], 3)
    assert [(group.anchor, len(group.papers), group.continued) for group in body(first).groups] == [
        ("g-a", 2, False), ("g-b", 1, False),
    ]  # fmt: skip
    assert [(group.anchor, len(group.papers), group.continued) for group in body(second).groups] == [
        ("g-b", 2, True)
    ]


def test_the_contents_lead_to_where_each_group_begins() -> None:
    first, second, _ = pages_of([2, 1, 2], 3)
    lines = [(line.url, line.count) for line in body(first).contents]
    assert lines == [("/all/#g-a", 2), ("/all/#g-b", 1), ("/all/page/2/#g-c", 2)]
    assert body(second).contents == body(first).contents


def test_page_numbers_leave_out_what_is_far_away() -> None:
    pages = pages_of([9], 1)
    pagination = body(pages[4]).pagination
    assert pagination
    titles = [link.title if link else "…" for link in pagination.pages]
    assert titles == ["1", "…", "3", "4", "5", "6", "7", "…", "9"]
    assert (pagination.previous, pagination.next) == ("/all/page/4/", "/all/page/6/")
    last = body(pages[8]).pagination
    assert last
    assert last.next == ""


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 7))
def test_no_paper_is_lost_between_pages(sizes: list[int], size: int) -> None:
    pages = [page for page in pages_of(sizes, size) if isinstance(page.body, Listing)]
    shown = [paper.slug for page in pages for group in body(page).groups for paper in group.papers]
    assert shown == [
        f"{letter}{n}" for letter, count in zip("abcdefgh", sizes, strict=False) for n in range(count)
    ]
    assert all(sum(len(group.papers) for group in body(page).groups) == size for page in pages[:-1])


# ------------------------------------------------------------------------ a whole site


def issue(day: date, *papers: Paper) -> Issue:
    return Issue(day, issue_url(day), f"Issue of {day}", Markup(""), "", papers, (), day)


def paper_on(slug: str, *days: date, **over: Any) -> Paper:
    dates = {"days": days, "first_day": min(days, default=None), "updated": max(days, default=None)}
    own = {
        "organization_url": organization_url("ista"),
        "published_url": published_month_url(date(2024, 10, 18)),
    }
    return make_paper(slug, **dates | own | over)


def site_of(*papers: Paper, **over: Any) -> Site:
    """Return a site of papers in the order in which it lists them."""
    days = sorted({day for paper in papers for day in paper.days}, reverse=True)
    fields: dict[str, Any] = {
        "papers": papers,
        "withdrawn": (),
        "issues": tuple(issue(day, *(paper for paper in papers if day in paper.days)) for day in days),
        "taxonomies": taxonomies(papers, Recent()),
        "themes": (), "tags": (), "pages": (), "assets": (), "waiting": (), "unrecorded": (), "warnings": (),
        "today": max(days, default=None),
    }  # fmt: skip
    return Site(**fields | over)


def planned(site: Site, **over: Any) -> dict[str, Page]:
    return {target.url: target for target in plan(site, config(**over)) if isinstance(target, Page)}


def test_the_last_days_of_a_year_can_be_in_the_first_week_of_the_next() -> None:
    pages = planned(site_of(paper_on("a", date(2024, 12, 30))))
    assert {"/2024/12/30/", "/2024/12/", "/2024/", "/2025/w01/", "/2025/"} <= set(pages)
    assert body(pages["/2025/w01/"]).facts[0] == "30 December 2024 to 5 January 2025"
    assert body(pages["/2025/"]).groups == ()
    assert [line.url for part in body(pages["/2025/"]).parts for line in part.lines] == ["/2025/w01/"]


@given(st.lists(st.dates(date(2019, 12, 1), date(2021, 2, 1)), max_size=5), st.integers(1, 3))
def test_every_folder_of_an_address_is_itself_a_page(days: list[date], size: int) -> None:
    papers = [paper_on(f"p{number}", day) for number, day in enumerate(days)]
    pages = planned(site_of(*papers), page_size=size)
    for url in pages:
        parts = url.strip("/").split("/")
        for depth in range(1, len(parts)):
            assert f"/{'/'.join(parts[:depth])}/" in pages, url


def test_a_paper_of_two_issues_is_listed_once_in_a_month() -> None:
    pages = planned(
        site_of(paper_on("a", date(2025, 1, 5), date(2025, 1, 9)), paper_on("b", date(2025, 1, 9)))
    )
    groups = body(pages["/2025/01/"]).groups
    assert [(group.anchor, [paper.slug for paper in group.papers]) for group in groups] == [
        ("issue-2025-01-09", ["b"]), ("issue-2025-01-05", ["a"]),
    ]  # fmt: skip


def test_neighbours_of_an_issue_are_those_before_and_after_it() -> None:
    days = [date(2025, 1, 5), date(2025, 1, 9), date(2025, 2, 1)]
    pages = planned(site_of(*(paper_on(f"p{day:%m%d}", day) for day in days)))
    middle = body(pages["/2025/01/09/"])
    assert middle.previous
    assert middle.next
    assert (middle.previous.url, middle.next.url) == ("/2025/01/05/", "/2025/02/01/")
    assert (body(pages["/2025/01/05/"]).previous, body(pages["/2025/02/01/"]).next) == (None, None)


def test_papers_that_are_in_no_issue_are_in_no_feed() -> None:
    targets = plan(site_of(paper_on("a")), config())
    assert not [
        target for target in targets if not isinstance(target, Page) and "xml" in getattr(target, "url", "")
    ]
    assert all(page.feeds == () for page in targets if isinstance(page, Page))


def test_a_site_without_papers_has_its_pages_and_announces_no_feed() -> None:
    pages = planned(site_of())
    assert {"/", "/archive/", "/papers/", "/themes/", "/feeds/", "/404.html"} <= set(pages)
    assert all(page.feeds == () for page in pages.values())


def test_papers_of_one_title_have_pages_of_different_titles() -> None:
    twins = [
        paper_on(slug, date(2025, 1, 5), title="Survey", arxiv_id=id) for slug, id in (("a", "1"), ("b", "2"))
    ]
    pages = planned(site_of(*twins))
    assert (pages["/papers/a/"].title, pages["/papers/b/"].title) == ("Survey", "Survey (/papers/b/)")


def test_two_pages_on_one_address_are_an_error_of_the_curators_file() -> None:
    page = TextPage("themes", "Mine", "", Markup(""), False, "content/pages/themes.md")
    with pytest.raises(
        BuildError, match=r"content/pages/themes\.md: the page “Themes” has the address /themes/ already"
    ):
        planned(site_of(pages=(page,)))


# ------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("one two", "one two"),
        ("one  two\nthree", "one two…"),
        ("one, two three", "one, two…"),
        ("深" * 20, "深" * 9 + "…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, short: str) -> None:
    assert shorten(text, 10) == short


def test_numbers_agree_with_their_nouns() -> None:
    assert (plural(1, "paper"), plural(0, "paper"), plural(1234, "entry", "entries")) == (
        "1 paper", "0 papers", "1,234 entries",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("title", "letter"), [("Ångström", "A"), ("λ-nets", "L"), ("3D", "#"), ("深度", "#"), ("", "#")]
)
def test_a_title_is_filed_under_its_first_letter(title: str, letter: str) -> None:
    assert initial(title) == letter


def test_what_an_edit_of_one_paper_spares_is_the_very_same_target() -> None:
    first, second = date(2025, 1, 5), date(2025, 3, 9)
    papers = [paper_on("a", first), paper_on("b", first), paper_on("c", second)]
    edited = [replace(papers[0], note=Markup("<p>New.</p>")), *papers[1:]]
    memory = Memory()

    def targets(some: list[Paper]) -> tuple[Target, ...]:
        site = site_of(*some, taxonomies=taxonomies(some, memory.recent))
        issues = tuple(memory.recent.call(issue, one.day, one.day, *one.papers) for one in site.issues)
        return plan(replace(site, issues=issues), config(), memory)

    before, after = targets(papers), targets(edited)
    assert after == plan(site_of(*edited), config())
    pairs = zip(after, before, strict=True)
    others = {target.url for target, old in pairs if isinstance(target, Page) and target is not old}
    assert others >= {"/papers/a/", "/2025/01/05/", "/2025/01/"}
    assert not others & {"/papers/b/", "/papers/c/", "/2025/03/09/", "/2025/03/"}
