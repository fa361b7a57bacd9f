"""axe finds no violation: WCAG 2.2 AA and best practices, phone and desktop, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from browser.pages import page_types
from browser.served import Served, serve
from browser.tools import axe_script

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""


def violations(
    browser: Browser,
    served: Served,
    urls: list[str],
    width: int,
    scheme: Literal["light", "dark"],
    ready: str = "main",
) -> list[str]:
    """Return what axe holds against the pages, each abstract opened, in one line for each place.

    `ready` is a selector of what must be there before it looks.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    script = axe_script()
    found = []
    for url in urls:
        page.goto(served.at(url))
        page.wait_for_selector(ready)
        page.evaluate(script)
        found += [f"{url}: {violation}" for violation in page.evaluate(RUN, RULES)]
    context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["digest", "wide"])
def test_no_page_type_has_a_violation(
    browser: Browser,
    request: pytest.FixtureRequest,
    name: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    served: Served = request.getfixturevalue(name)
    found = violations(browser, served, list(page_types(served.folder).values()), width, scheme)
    assert not found, "\n".join(found)


PAGE = '<!DOCTYPE html><html lang="en"><title>A</title><body><main><h1>A</h1>{}</main></body></html>'
DEFECTS = {
    "html-has-lang": PAGE.replace(' lang="en"', ""),
    "color-contrast": PAGE.format('<p style="color: #bbb; background: #fff">Pale text</p>'),
    "region": PAGE.replace("</main>", "</main><p>Text outside of every landmark</p>"),
    "target-size": PAGE.format(
        '<div style="font: 8px/8px serif"><a href="/a">a</a><br><a href="/b">b</a></div>'
    ),
}


@pytest.mark.parametrize("rule", DEFECTS)
def test_axe_sees_a_planted_defect(browser: Browser, tmp_path: Path, rule: str) -> None:
    (tmp_path / "index.html").write_text(DEFECTS[rule], "utf-8")
    with serve(tmp_path) as served:
        found = violations(browser, served, ["/"], 1280, "light")
    assert any(violation.startswith(f"/: {rule}: ") for violation in found), found
