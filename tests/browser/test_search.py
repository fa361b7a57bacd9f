"""A reader searches: by words, filters, keyboard and address; nothing is loaded from elsewhere or fails."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from browser.served import Rules, Served, read_rules, serve
from browser.test_axe import violations
from browser.test_clean import watched
from browser.tools import PROJECT, build

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

QUERIES = (
    "pruning",
    "quantization",
    "low-rank",
    "Nystrom",
    '"state space"',
    "attention sparse",
    "2024",
    "CUDA",
)
"""Of some, papers are found by titles, of others by abstracts, one only without its accent."""
STATUS = "[role=status]"
TITLES = ".entry-title a:visible"


@pytest.fixture(scope="module")
def under_a_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a second build of the shipped content, under a path."""
    folder = build(PROJECT, tmp_path_factory.mktemp("path") / "site", "https://user.example/digest/")
    with serve(folder, Rules(read_rules(folder).headers), prefix="/digest/") as served:
        yield served


def ask(page: Page, served: Served, query: str) -> str:
    """Open the search with a query and return what it says when it is done."""
    page.goto(served.at(f"/search/?{query}"))
    return said(page)


def said(page: Page, before: str = "") -> str:
    """Wait until the search says something new and return that."""
    page.wait_for_function(
        """before => { const text = document.querySelector("[role=status]").textContent;
             return text && text !== before && !text.startsWith("Searching"); }""",
        arg=before,
    )
    return page.inner_text(STATUS)


def titles(page: Page) -> list[str]:
    return [title.strip() for title in page.locator(TITLES).all_inner_texts()]


def answers(browser: Browser, served: Served) -> dict[str, list[str]]:
    """Return the titles that fixed queries find, in order."""
    with watched(browser, served) as (page, complaints):
        page.goto(served.at("/search/"))
        found = {}
        before = ""
        for query in QUERIES:
            page.fill("#search-words", query)
            page.press("#search-words", "Enter")
            before = said(page, before)
            found[query] = [before, *titles(page)]
        assert not complaints
    return found


# ------------------------------------------------------------------------ what a reader does


def test_words_are_typed_and_papers_found_in_their_context(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        page.goto(digest.at("/search/"))
        page.wait_for_selector("#search-words:focus")  # one can type at once
        page.keyboard.insert_text("pruning")
        assert said(page).endswith("papers for “pruning”.")
        assert page.evaluate("document.activeElement.id") == "search-words", "and go on typing"
        assert page.locator(".entry").count() == 10
        assert page.locator(".entry mark").first.inner_text().lower().startswith("prun")
        assert page.locator(".entry .theme[class*=hue-]").count() == 10
        assert page.url.endswith("/search/?q=pruning")
        page.locator(TITLES).first.click()
        page.wait_for_selector("article.paper")
        page.go_back()
        assert said(page).endswith("papers for “pruning”.")
        assert not complaints


def test_filters_narrow_and_their_counts_are_true(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        all_of_them = ask(page, digest, "q=pruning")
        theme = page.locator("#search-theme")
        option = theme.locator("option:not([disabled])").nth(1)
        name, count = option.inner_text().rstrip(")").rsplit(" (", 1)
        theme.select_option(name)
        few = said(page, all_of_them)
        assert few.startswith(f"{count} paper")
        assert set(page.locator(".entry .theme").all_inner_texts()) == {name} or int(count) > 1
        page.locator("#search-tag").select_option(index=1)
        tag = page.locator("#search-tag").evaluate("select => select.selectedOptions[0].textContent")
        fewer = said(page, few) if f"({count})" not in tag else few
        assert fewer.startswith(tag.rstrip(")").rsplit(" (", 1)[1])
        assert "theme=" in page.url
        assert "tag=" in page.url
        page.reload()
        assert said(page) == fewer
        page.go_back()
        page.wait_for_url("**/search/?q=pruning&theme=*")
        page.go_back()
        page.wait_for_url("**/search/?q=pruning")
        assert said(page, few) == all_of_them
        assert theme.input_value() == ""
        assert not complaints


def test_filters_alone_list_papers_newest_first(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        whole = ask(page, digest, "year=2024")
        assert whole.endswith(" papers.")
        dates = page.locator(".entry .facts").all_inner_texts()
        assert all("2024" in date for date in dates)
        assert not complaints


def test_the_order_is_by_match_or_by_date(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        matched = ask(page, digest, "q=pruning")
        first = titles(page)
        page.select_option("#search-sort", "date")
        page.wait_for_function(
            "before => document.querySelector('.entry-title').textContent !== before", arg=first[0]
        )
        assert page.inner_text(STATUS) == matched, "as many papers, those without a date too"
        years = [
            int(text.split()[-1]) for text in page.locator(".entry .facts li:last-child").all_inner_texts()
        ]
        assert years == sorted(years, reverse=True)


def test_more_results_come_and_the_first_of_them_has_the_focus(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        ask(page, digest, "q=pruning")
        page.focus(".search-more")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelectorAll('.entry').length === 20")
        assert page.evaluate("document.activeElement.textContent") == titles(page)[10]
        page.reload()
        said(page)
        assert page.locator(".entry").count() == 20, "as many as before"
        page.click(".search-more")
        page.wait_for_function("() => document.querySelectorAll('.entry').length > 20")
        assert not page.is_visible(".search-more")
        assert len(set(titles(page))) == page.locator(".entry").count()
        assert not complaints


def test_the_whole_search_works_by_keyboard(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        page.goto(digest.at("/search/"))
        page.wait_for_selector("#search-words:focus")
        page.keyboard.insert_text("pruning")
        before = said(page)
        for _ in range(3):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "search-year"
        page.keyboard.type("2024")
        page.keyboard.press("Enter")
        assert said(page, before).endswith("papers for “pruning”.")
        assert page.evaluate("document.activeElement.id") == "search-year", "the focus stays"


def test_nothing_found_says_so_and_what_to_do(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        assert ask(page, digest, "q=xylophone+zither") == (
            "No paper for “xylophone zither”. Try fewer words, or other ones."
        )
        assert page.locator(".entry").count() == 0
        assert not page.is_visible(".search-more")
        filtered = ask(page, digest, "q=pruning&tag=No+such+tag")
        assert filtered.startswith("No paper for “pruning” with these filters; ")
        assert "nearest words" in ask(page, digest, "q=attenshun")
        assert "“quantizaton”." in ask(page, digest, "q=quantizaton"), "a slip of the pen"
        assert not complaints


def test_a_hostile_query_and_a_hostile_address_stay_text(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        hostile = "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"
        text = ask(page, digest, f"q={hostile}&theme={hostile}&tag={hostile}&sort={hostile}&x=y")
        assert "<img src=x onerror=alert(1)>" in text
        assert page.locator("main img").count() == 0
        assert not complaints


def test_hostile_titles_and_abstracts_stay_text(browser: Browser, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(PROJECT / "tests/browser/wide/content", root / "content")
    (root / "content/notes/hostile.md").write_text(
        "---\npaper: '<script>alert(1)</script> &amp; <b>turnips</b> \"quoted\"'\n"
        "abstract: 'Turnips <mark>are</mark> &lt;b&gt;not&lt;/b&gt; <img src=x onerror=alert(1)> turnips.'\n"
        "links: [{label: Paper, url: 'https://a.example/'}]\n---\n",
        "utf-8",
    )
    out = build(root, tmp_path / "site", "https://wide.example/")
    with serve(out, read_rules(out)) as served, watched(browser, served) as (page, complaints):
        ask(page, served, "q=turnips")
        assert titles(page) == ['<script>alert(1)</script> &amp; <b>turnips</b> "quoted"']
        assert "Turnips <mark>are</mark>" in page.inner_text(".entry-teaser")
        assert page.locator(".entry mark").all_inner_texts() == ["Turnips", "turnips."]
        assert page.locator("main script:not([src]), main img, main b").count() == 0
        assert not complaints


# ------------------------------------------------------------------------ where it runs


def test_two_builds_answer_alike_and_the_second_under_a_path(
    browser: Browser, digest: Served, under_a_path: Served
) -> None:
    first = answers(browser, digest)
    assert first == answers(browser, under_a_path)
    assert all(len(found) > 1 for found in first.values()), first
    with watched(browser, under_a_path) as (page, complaints):
        ask(page, under_a_path, "q=pruning")
        links = page.locator(f"{TITLES}, .entry .theme").evaluate_all(
            "links => links.map(({ href }) => href)"
        )
        assert all(page.request.get(link).ok for link in links)
        assert not complaints


def test_a_search_loads_little_and_only_one_program(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        loaded: dict[str, int] = {}
        page.on("response", lambda answer: loaded.update({answer.url: _transferred(answer.body())}))
        ask(page, digest, "q=pruning")
        page.wait_for_load_state("networkidle")
    names = [url.rsplit("/", 1)[-1] for url in loaded]
    assert [name for name in names if name.endswith(".pagefind")] == ["wasm.en.pagefind"]
    assert not any("worker" in name or "ui" in name for name in names)
    # Pagefind's programs are 85 kB of this, the page 21 kB, ten results 11 kB, its index and filters 10 kB.
    assert sum(loaded.values()) < 130_000, json.dumps(loaded, indent=1)
    chunks = [size for url, size in loaded.items() if url.endswith(".pf_index")]
    assert sum(chunks) < 6_000, "small chunks, by a setting that a later Pagefind may drop"


def _transferred(body: bytes) -> int:
    """Return the size of a body as a host sends it: compressed, unless it is already."""
    return min(len(body), len(gzip.compress(body)))


def test_nothing_moves_while_the_results_come(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        page.add_init_script(
            """window.moved = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) window.moved += entry.value;
            }).observe({ type: "layout-shift", buffered: true });"""
        )
        ask(page, digest, "q=pruning")
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") == 0


def test_without_its_index_the_page_says_so_and_has_no_dead_box(
    browser: Browser, digest: Served, tmp_path: Path
) -> None:
    shutil.copytree(digest.folder, tmp_path / "site", ignore=shutil.ignore_patterns("pagefind"))
    rules = read_rules(tmp_path / "site")
    with serve(tmp_path / "site", rules) as served, watched(browser, served) as (page, complaints):
        text = ask(page, served, "q=pruning")
        assert text.startswith("The index of the search is missing at the moment.")
        assert not page.is_visible(".search")
        assert page.is_visible(".search-ways")
        assert not [complaint for complaint in complaints if "404" not in complaint]


def test_an_index_that_went_away_is_said_to_be(browser: Browser, digest: Served, tmp_path: Path) -> None:
    shutil.copytree(digest.folder, tmp_path / "site")
    rules = read_rules(tmp_path / "site")
    with serve(tmp_path / "site", rules) as served, watched(browser, served) as (page, _):
        before = ask(page, served, "q=pruning")
        shutil.rmtree(tmp_path / "site/pagefind")
        page.fill("#search-words", "quantization")
        assert "could not be loaded" in said(page, before)


def test_without_scripts_the_page_says_what_to_do(browser: Browser, digest: Served) -> None:
    with watched(browser, digest, scripts=False) as (page, complaints):
        page.goto(digest.at("/search/?q=pruning"))
        assert "needs JavaScript" in page.inner_text("main")
        assert page.is_visible(".search-ways")
        assert not page.is_visible(".search")
        assert not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_results_have_no_violation_and_fit(
    browser: Browser, digest: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    queries = ["/search/?q=pruning", "/search/?q=xylophone", "/search/?q=pruning&year=2024&sort=date"]
    assert not violations(browser, digest, queries, width, scheme, ready=f"{STATUS}:not(:empty)")
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    ask(page, digest, "q=pruning")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()
