"""Under the headers of netlify.toml a page loads without a complaint, from nowhere but its own host.

And it is complete without JavaScript, and under a path of a host.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from browser.pages import page_types
from browser.served import Rules, Served, read_rules, serve
from browser.tools import PROJECT, build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Request


@contextmanager
def watched(
    browser: Browser, served: Served, *, scripts: bool = True, **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open an empty page, and write down whatever the browser complains of while it is used.

    The options are those of the browser's context.
    """
    context = browser.new_context(java_script_enabled=scripts, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("requestfailed", lambda request: _is_left(request) or complaints.append(f"failed: {request.url}"))
    page.on("response", lambda answer: answer.ok or complaints.append(f"{answer.status}: {answer.url}"))
    page.on(
        "request", lambda request: _is_ours(request, served) or complaints.append(f"elsewhere: {request.url}")
    )
    yield page, complaints
    context.close()


def _is_left(request: Request) -> bool:
    """Return whether nothing failed: the page was left before an icon was there."""
    return request.failure == "net::ERR_ABORTED"


def _is_ours(request: Request, served: Served) -> bool:
    return request.url.startswith((served.address, "data:"))


def complaints_about(browser: Browser, served: Served) -> list[str]:
    """Return what the browser complains of, page type by page type, scrolled to its end."""
    found = []
    with watched(browser, served) as (page, complaints):
        for url in page_types(served.folder).values():
            page.goto(served.at(url))
            page.evaluate("() => { scrollTo(0, document.body.scrollHeight); }")
            found += [f"{url}: {complaint}" for complaint in complaints]
            complaints.clear()
        page.wait_for_load_state("networkidle")
    return found + complaints


def texts(browser: Browser, served: Served, *, scripts: bool) -> dict[str, str]:
    """Return the text that each page type shows, but for what is there for scripts only.

    That is each button, and the search: test_search.py says what its page shows without them.
    """
    with watched(browser, served, scripts=scripts) as (page, _):
        shown = {}
        for url in page_types(served.folder).values():
            if url == "/search/":
                continue
            page.goto(served.at(url))
            page.evaluate(
                "() => { for (const button of document.querySelectorAll('button')) button.remove(); }"
            )
            shown[url] = page.inner_text("body")
    return shown


def test_no_page_type_gives_cause_to_complain(browser: Browser, sites: tuple[Served, ...]) -> None:
    for served in sites:
        found = complaints_about(browser, served)
        assert not found, "\n".join(found)


def test_a_site_under_a_path_finds_all_that_it_needs(browser: Browser, tmp_path: Path) -> None:
    folder = build(PROJECT, tmp_path / "site", "https://user.example/digest/")
    with serve(folder, Rules(read_rules(folder).headers), prefix="/digest/") as served:
        found = complaints_about(browser, served)
        assert not found, "\n".join(found)


def test_every_page_type_is_complete_without_scripts(browser: Browser, digest: Served) -> None:
    without, with_scripts = (texts(browser, digest, scripts=scripts) for scripts in (False, True))
    assert "It needs JavaScript" in without.pop("/desk/")
    assert "It needs JavaScript" not in with_scripts.pop("/desk/")
    assert without == with_scripts


def test_every_page_type_names_icons_that_are_there(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, complaints):
        for url in page_types(digest.folder).values():
            page.goto(digest.at(url))
            icons = page.eval_on_selector_all("link[rel=icon]", "links => links.map(({ href }) => href)")
            assert icons, url
            assert all(page.request.get(icon).ok for icon in icons), url
        assert page.request.get(digest.at("/favicon.ico")).ok
        assert not complaints


def test_a_missing_page_is_answered_with_the_404_page(browser: Browser, digest: Served) -> None:
    with watched(browser, digest) as (page, _):
        page.goto(digest.at("/404.html"))
        text = page.inner_text("body")
        for url in ("/no/such/page/", "/.sitegen/manifest.json"):
            answer = page.goto(digest.at(url))
            assert answer is not None
            assert answer.status == 404
            assert page.inner_text("body") == text
            assert page.evaluate("document.styleSheets.length") == 1


PAGE = '<!DOCTYPE html><html lang="en"><head><title>A</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>document.title = 'inline'</script>", "console error: Executing inline script violates"),
        ('<p style="color: red">inline</p>', "console error: Applying inline style violates"),
        ('<img src="//127.0.0.2:9/a.png" alt="">', "console error: Loading the image"),
    ],
)
def test_a_planted_breach_of_the_policy_is_seen(
    browser: Browser, tmp_path: Path, body: str, complaint: str
) -> None:
    (tmp_path / "index.html").write_text(PAGE.format(body), "utf-8")
    with serve(tmp_path, read_rules(tmp_path)) as served:
        found = complaints_about(browser, served)
    assert any(line.startswith(f"/: {complaint}") for line in found), found


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<img src="/missing.png" alt="">', "404: "),
        ('<img src="//127.0.0.2:9/a.png" alt="">', "elsewhere: "),
        ('<img src="//127.0.0.2:9/a.png" alt="">', "failed: "),
        ("<script>console.error('broken')</script>", "console error: broken"),
        ("<script>throw new Error('broken')</script>", "script: broken"),
    ],
)
def test_a_planted_fault_is_seen(browser: Browser, tmp_path: Path, body: str, complaint: str) -> None:
    (tmp_path / "index.html").write_text(PAGE.format(body), "utf-8")
    with serve(tmp_path) as served:
        found = complaints_about(browser, served)
    assert any(line.startswith(f"/: {complaint}") for line in found), found


def test_a_planted_text_made_by_a_script_is_seen(browser: Browser, tmp_path: Path) -> None:
    body = "<p>Here</p><button>Copy</button><script>document.body.append('made later')</script>"
    (tmp_path / "index.html").write_text(PAGE.format(body), "utf-8")
    with serve(tmp_path) as served:
        assert texts(browser, served, scripts=True) == {"/": "Here\n\nmade later"}
        assert texts(browser, served, scripts=False) == {"/": "Here"}
