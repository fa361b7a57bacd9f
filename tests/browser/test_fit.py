"""Pages fit: nothing scrolls sideways on the narrowest phone, nor when the reader doubles the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from browser.pages import all_pages, page_types
from browser.served import Served, serve

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

LOOK = """() => {
  const width = document.documentElement.clientWidth;
  for (const details of document.querySelectorAll("details")) details.open = true;
  if (document.scrollingElement.scrollWidth <= width) return [];
  const clipped = (element) => element !== document.body &&
    (getComputedStyle(element).overflowX !== "visible" || clipped(element.parentElement));
  const guilty = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
    .map((element) => `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 50)}`);
  return [`${document.scrollingElement.scrollWidth} of ${width} px, by ${guilty.slice(-2).join(", by ")}`];
}"""
TEXT_SIZE = "() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"


def too_wide(
    browser: Browser, served: Served, urls: list[str], width: int, zoom: float = 1
) -> tuple[list[str], float]:
    """Return the pages that scroll sideways, each with what sticks out, and the size of their text."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": round(16 * zoom)}})
    found = []
    for url in urls:
        page.goto(served.at(url))
        found += [f"{url}: {what}" for what in page.evaluate(LOOK)]
    size = page.evaluate(TEXT_SIZE)
    context.close()
    return found, size


def test_no_page_scrolls_sideways_on_the_narrowest_phone(browser: Browser, sites: tuple[Served, ...]) -> None:
    for served in sites:
        found, _ = too_wide(browser, served, all_pages(served.folder), 320)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_type_scrolls_sideways(browser: Browser, sites: tuple[Served, ...], width: int) -> None:
    for served in sites:
        found, _ = too_wide(browser, served, list(page_types(served.folder).values()), width)
        assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_type_scrolls_sideways_with_text_of_double_size(
    browser: Browser, sites: tuple[Served, ...], width: int
) -> None:
    for served in sites:
        urls = list(page_types(served.folder).values())
        found, doubled = too_wide(browser, served, urls, width, zoom=2)
        _, plain = too_wide(browser, served, urls[-1:], width)
        assert doubled == 2 * plain
        assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "body",
    ["<p style='white-space: nowrap'>" + "wide " * 30, f"<details><summary>a</summary>{'b' * 100}</details>"],
)
def test_a_planted_wide_page_is_found(browser: Browser, tmp_path: Path, body: str) -> None:
    (tmp_path / "index.html").write_text(f"<!DOCTYPE html><body><main>{body}</main></body>", "utf-8")
    with serve(tmp_path) as served:
        found, _ = too_wide(browser, served, ["/"], 320)
    assert len(found) == 1
    assert found[0].startswith("/: ")


def test_text_in_pixels_is_found_not_to_grow(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<main style='font-size: 16px'>Fixed</main>", "utf-8")
    with serve(tmp_path) as served:
        assert too_wide(browser, served, ["/"], 320, zoom=2)[1] == 16
