"""`sitegen serve` in a real browser: what changes appears by itself, and nothing else moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running import PROJECT, small_project
from serving import Preview, free_port, previewed, put

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

NOTE = "content/notes/candles.md"
PAPER, ABOUT = "papers/training-candles/", "about/"
SOON = 10_000
"""Milliseconds."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = small_project(tmp_path)
    shutil.copyfile(PROJECT / "netlify.toml", root / "netlify.toml")
    return root


@pytest.fixture
def preview(project: Path) -> Iterator[Preview]:
    with previewed(project) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab; the test fails if the browser complains, as of the site's policy."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    context = browser.new_context(viewport={"width": 900, "height": 500})
    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


def visit(page: Page, preview: Preview, path: str) -> None:
    """Open a page, and mark it: a page that is loaded again has no mark."""
    page.goto(f"http://localhost:{preview.port}/lamp/{path}")
    page.evaluate("window.mark = true")


def is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.mark === true"))


def shows(page: Page, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=SOON)


def becomes(page: Page, expression: str) -> None:
    """Wait until an expression is true; Playwright's own way of waiting is forbidden by the site's policy."""
    from playwright.sync_api import Error

    for _ in range(SOON // 50):
        with suppress(Error):  # the page is just being loaded again
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    pytest.fail(f"this never became true: {expression}")


def add(project: Path, text: str, name: str = NOTE) -> None:
    put(project / name, f"{(project / name).read_text()}\n{text}\n")


def test_a_saved_note_appears_by_itself_and_other_pages_stay(
    page: Page, preview: Preview, project: Path
) -> None:
    other = page.context.new_page()
    visit(other, preview, ABOUT)
    visit(page, preview, PAPER)
    add(project, "Words of today.")
    shows(page, "Words of today.")
    assert not is_marked(page)
    assert is_marked(other)


def test_two_tabs_on_one_page_both_follow(page: Page, preview: Preview, project: Path) -> None:
    other = page.context.new_page()
    visit(page, preview, PAPER)
    visit(other, preview, PAPER)
    add(project, "For both.")
    shows(page, "For both.")
    shows(other, "For both.")


def test_a_new_style_needs_no_reload(page: Page, preview: Preview, project: Path) -> None:
    visit(page, preview, PAPER)
    page.evaluate("scrollTo(0, 200)")
    style = (PROJECT / "templates/assets/style.css").read_text()
    for color in ("rgb(1, 2, 3)", "rgb(4, 5, 6)"):
        put(project / "templates/assets/style.css", f"{style}\nh1 {{ color: {color} !important }}\n")
        becomes(page, f"getComputedStyle(document.querySelector('h1')).color === '{color}'")
    assert is_marked(page)
    assert page.evaluate("scrollY") == 200
    assert page.locator("link[rel=stylesheet]").count() == 1


def test_the_place_on_the_page_and_what_is_open_are_kept(page: Page, preview: Preview, project: Path) -> None:
    add(project, "\n\n".join(["A long line."] * 60))
    preview.says("candles.md")
    visit(page, preview, PAPER)
    shows(page, "A long line.")
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    opened = page.evaluate("document.querySelectorAll('details[open]').length")
    page.evaluate("scrollTo(0, 600)")
    add(project, "At the end.")
    shows(page, "At the end.")
    becomes(page, "scrollY === 600")
    assert page.evaluate("document.querySelectorAll('details[open]').length") == opened


def test_a_problem_stands_over_the_last_good_page_and_goes_by_itself(
    page: Page, preview: Preview, project: Path
) -> None:
    good = (project / NOTE).read_text()
    visit(page, preview, PAPER)
    put(project / NOTE, good.replace("pick: true", "picked: <b>true</b>"))
    overlay = page.locator("sitegen-problems section")
    overlay.wait_for(timeout=SOON)
    text = overlay.inner_text()
    assert "content/notes/candles.md:5" in text
    assert "picked: <b>true</b>" in text
    assert page.get_by_text("A candle has a cost").count() == 1
    assert is_marked(page)
    page.goto(f"http://localhost:{preview.port}/lamp/{ABOUT}")
    overlay.wait_for(timeout=SOON)
    put(project / NOTE, good)
    overlay.wait_for(state="detached", timeout=SOON)


def test_a_removed_page_becomes_404_and_comes_back(page: Page, preview: Preview, project: Path) -> None:
    visit(page, preview, ABOUT)
    text = (project / "content/pages/about.md").read_text()
    title = page.title()
    (project / "content/pages/about.md").unlink()
    becomes(page, f"document.title !== {title!r}")
    assert preview.get(f"/lamp/{ABOUT}").status == 404
    put(project / "content/pages/about.md", text)
    becomes(page, f"document.title === {title!r}")


def test_a_page_catches_up_when_the_server_comes_back(page: Page, project: Path) -> None:
    port = free_port()
    with previewed(project, port=port) as preview:
        visit(page, preview, PAPER)
    add(project, "Written in between.")
    with previewed(project, port=port):
        shows(page, "Written in between.")


def test_a_page_that_stayed_the_same_is_not_loaded_again_after_a_restart(page: Page, project: Path) -> None:
    port = free_port()
    with previewed(project, port=port) as preview:
        visit(page, preview, ABOUT)
    with previewed(project, port=port) as preview:
        add(project, "Elsewhere.")
        preview.says("changed")
        page.wait_for_timeout(700)
        assert is_marked(page)


def test_a_page_without_a_site_shows_why(page: Page, project: Path) -> None:
    good = (project / NOTE).read_text()
    put(project / NOTE, "no front matter")
    with previewed(project) as preview:
        page.goto(f"http://localhost:{preview.port}/lamp/{PAPER}")
        page.locator("sitegen-problems section").wait_for(timeout=SOON)
        put(project / NOTE, good)
        shows(page, "A candle has a cost")


def test_more_tabs_than_a_browser_has_connections(page: Page, preview: Preview, project: Path) -> None:
    tabs = [page.context.new_page() for _ in range(8)]
    for tab in tabs:
        tab.bring_to_front()
        visit(tab, preview, PAPER)
    add(project, "For every tab.")
    for tab in tabs:
        tab.bring_to_front()
        shows(tab, "For every tab.")
