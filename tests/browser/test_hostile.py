"""Nothing of a site whose every field is hostile runs in a browser, even with the policy switched off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from running import run
from sitecheck import bad_feeds, read_tree

from browser.hostile import DAYS, PAYLOADS, PWN, lay_hostile
from browser.pages import page_types
from browser.served import Rules, Served, read_rules, serve
from browser.tools import build
from sitegen.checking.bodies import inline_code
from sitegen.checking.links import broken_links
from sitegen.readback import read_back

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

SEEN = "() => ({ran: window.__pwned, strange: [...document.querySelectorAll('*')].flatMap((node) => [...node.attributes].filter(({name, value}) => /^on|^style$|^srcdoc$/.test(name) || (/^(xlink:)?(href|src|action|formaction|data|poster)$/.test(name) && !/^(https?:|mailto:|[/#]|$)/i.test(value))).map(({name, value}) => `${node.nodeName} ${name}=${value}`))})"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def hostile(project: Path) -> Iterator[Served]:
    """Serve the site without the headers of netlify.toml: no policy stands in the way of a script."""
    folder = build(project, project / "public", "https://hostile.example/")
    with serve(folder, Rules((), read_rules(folder).redirects)) as served:
        yield served


def visit(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.evaluate(
        "() => { scrollTo(0, 99999); for (const d of document.querySelectorAll('details')) d.open = true; }"
    )
    seen = page.evaluate(SEEN)
    return [*(["it ran"] if seen["ran"] else []), *seen["strange"]]


def opened(browser: Browser) -> tuple[Page, list[str]]:
    page = browser.new_context().new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    return page, dialogs


def test_nothing_runs_on_any_page(browser: Browser, hostile: Served) -> None:
    page, dialogs = opened(browser)
    found = []
    urls = {
        *page_types(hostile.folder).values(),
        "/papers/old-place/",
        "/no/such/page/",
        "/feed.json",
        "/feed.xml",
    }
    urls |= {f"/papers/{file.name}/" for file in (hostile.folder / "papers").iterdir() if file.is_dir()}
    urls |= {f"/{file.relative_to(hostile.folder)}" for file in hostile.folder.rglob("*.svg")}
    for url in sorted(urls):
        found += [f"{url}: {fault}" for fault in visit(page, hostile.at(url))]
    assert len(urls) > 30
    assert not found + dialogs, "\n".join((found + dialogs)[:9])


def test_nothing_runs_in_the_search(browser: Browser, hostile: Served) -> None:
    page, dialogs = opened(browser)
    for query in ("prune", PAYLOADS[1], PAYLOADS[0]):
        page.goto(hostile.at("/search/"))
        page.fill("input[type=search]", query)
        page.wait_for_timeout(1500)
        assert not page.evaluate(SEEN)["ran"]
    assert not page.evaluate(SEEN)["strange"]
    assert not dialogs


def test_nothing_runs_on_the_desk_with_hostile_papers(browser: Browser, hostile: Served) -> None:
    page, dialogs = opened(browser)
    papers = {f"paper-{n}": {"title": text, "saved": 1, "read": 1} for n, text in enumerate(PAYLOADS)}
    papers |= {text: {"title": text, "saved": 1} for text in PAYLOADS}
    kept = {
        "version": 1,
        "papers": papers,
        "muted": list(PAYLOADS),
        "scheme": PAYLOADS[1],
        "density": PAYLOADS[1],
    }
    page.goto(hostile.at("/thanks/"))
    page.evaluate("text => localStorage.setItem('sitegen:/', text)", json.dumps(kept))
    for url in ("/desk/", "/", f"/{DAYS[1].replace('-', '/')}/"):
        assert not visit(page, hostile.at(url))
    page.goto(hostile.at("/desk/"))
    page.wait_for_timeout(500)
    assert PAYLOADS[0].strip() in page.inner_text("body")
    assert not page.evaluate(SEEN)["ran"]
    assert not dialogs


def test_nothing_runs_in_a_mail(browser: Browser, project: Path, tmp_path: Path, hostile: Served) -> None:
    outcome = run("mail", project, "-o", tmp_path, "--base-url", "https://hostile.example/", "--dry-run")
    files = sorted(tmp_path.rglob("*.html"))
    assert files, outcome
    page, dialogs = opened(browser)
    with serve(tmp_path) as served:
        for file in files:
            page.goto(served.at(f"/{file.relative_to(tmp_path)}"))
            assert not page.evaluate(
                "() => window.__pwned || document.querySelector('script, iframe, [onerror], [onload]')"
            )
    assert not dialogs


def test_feeds_and_links_of_the_hostile_site_are_sound(hostile: Served) -> None:
    assert not list(bad_feeds(read_tree(hostile.folder, "https://hostile.example/")))
    tree = read_back(hostile.folder, "https://hostile.example/", (), 1)
    for check in (broken_links, inline_code):
        assert not list(check(tree)), check.__name__


def test_a_planted_payload_is_seen(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        f"<!DOCTYPE html><title>x</title><p>{PAYLOADS[1]} <a href='javascript:{PWN}'>", "utf-8"
    )
    page, _ = opened(browser)
    with serve(tmp_path) as served:
        page.goto(served.at("/"))
        page.wait_for_timeout(300)
        assert len(visit(page, served.at("/"))) >= 2
