"""Formulas can be read: Chromium sets them as mathematics, and a screen reader finds them in their place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from browser.served import Served, read_rules, serve
from browser.test_axe import violations
from browser.test_fit import too_wide
from browser.tools import PROJECT, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NOTE = "/papers/fractions-roots-and-sums/"
LONG = "/papers/a-long-formula-in-a-narrow-place/"
FLAT = """() => [...document.querySelectorAll("math")].flatMap((math) => {
  if (!math.checkVisibility()) return [];
  const box = math.getBoundingClientRect();
  return box.width > 2 && box.height > 5 ? [] : [math.getAttribute("alttext")];
})"""
STACKED = """() => {
  const fraction = document.querySelector("mfrac");
  const [top, bottom] = [...fraction.children].map((part) => part.getBoundingClientRect());
  const power = document.querySelector("msup, msubsup");
  const [base, raised] = [power.firstElementChild, power.lastElementChild]
    .map((part) => part.getBoundingClientRect());
  const isRaised = raised.top < base.top && raised.height < base.height;
  return { fraction: top.bottom <= bottom.top + 1, power: isRaised };
}"""


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = PROJECT / "tests" / "sites" / "formulas"
    folder = build(root, tmp_path_factory.mktemp("formulas") / "site", "https://formulas.example/")
    with serve(folder, read_rules(folder)) as served:
        yield served


def tree_of(page: Page) -> list[dict[str, Any]]:
    """Return the nodes of a page that a screen reader is given."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node["ignored"]]


def said_in(node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> str:
    """Return the text below a node."""
    if node["role"]["value"] == "StaticText":
        return str(node["name"]["value"])
    return "".join(said_in(nodes[child], nodes) for child in node.get("childIds", []) if child in nodes)


def plain(text: str) -> str:
    """Return a text without spaces and mathematical alphabets: Chromium says "𝑛" for a slanted "n"."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_every_formula_has_a_place_on_its_page(browser: Browser, formulas: Served) -> None:
    page = browser.new_page()
    for url in ("/2026/01/09/", NOTE, LONG, "/themes/formulas/"):
        page.goto(formulas.at(url))
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
        assert page.evaluate("() => document.querySelectorAll('math').length") > 0, url
        assert page.evaluate(FLAT) == [], url
    page.close()


def test_fractions_are_stacked_and_powers_raised(browser: Browser, formulas: Served) -> None:
    page = browser.new_page()
    page.goto(formulas.at(NOTE))
    assert page.evaluate(STACKED) == {"fraction": True, "power": True}
    page.close()


def test_a_screen_reader_finds_every_formula_with_its_parts(browser: Browser, formulas: Served) -> None:
    page = browser.new_page()
    page.goto(formulas.at(NOTE))
    shown = page.evaluate("() => [...document.querySelectorAll('math')].map((math) => math.textContent)")
    nodes = {node["nodeId"]: node for node in tree_of(page)}
    roles = [node["role"]["value"] for node in nodes.values()]
    said = [said_in(node, nodes) for node in nodes.values() if node["role"]["value"] == "MathMLMath"]
    assert len(said) == len(shown)
    assert [plain(text) for text in said] == [plain(text) for text in shown]
    assert {"MathMLFraction", "MathMLSquareRoot", "MathMLSup", "MathMLSubSup", "MathMLTable"} <= set(roles)
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_full_of_formulas_fit_and_break_no_rule(browser: Browser, formulas: Served, width: int) -> None:
    urls = ["/2026/01/09/", NOTE, LONG]
    assert too_wide(browser, formulas, urls, width)[0] == []
    assert violations(browser, formulas, urls, width, "light") == []
