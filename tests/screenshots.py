"""Makes pictures of each page type in screenshots/: phone, tablet, desktop, light and dark.

Two more show the search with a query and the desk of a reader who uses it.

Run it with `python tests/screenshots.py [--full] [ROOT]`; it needs Chromium and `.[checks]`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Literal

import pytest
from browser.pages import page_types
from browser.served import Served, read_rules, serve
from browser.tools import PROJECT, build, launched

SIZES = ((360, 800), (768, 1024), (1280, 900))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STATES = {"search-results": "/search/?q=pruning", "desk-in-use": "/desk/"}
FILL = """urls => {
  const papers = Object.fromEntries(urls.map(([url, title], place) =>
    [url.split("/").at(-2), { title, saved: 1e12 - place, ...(place % 2 && { read: 1e12 }) }]));
  localStorage.setItem("sitegen:/", JSON.stringify({ version: 1, muted: ["benchmark"], papers }));
}"""
"""Saves papers for later, and marks every other one as read."""


def main() -> None:
    """Build the site of a project, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=PROJECT, metavar="ROOT", help="the project")
    parser.add_argument("--full", action="store_true", help="the whole page, not its first screen")
    arguments = parser.parse_args()
    target = PROJECT / "screenshots"
    with tempfile.TemporaryDirectory() as folder:
        site = build(arguments.root, Path(folder) / "site", "https://digest.example/")
        try:
            with serve(site, read_rules(site)) as served:
                print(f"{take(served, target, full=arguments.full)} pictures are in {target}")
        except pytest.skip.Exception as missing:
            sys.exit(str(missing))


def take(served: Served, target: Path, *, full: bool) -> int:
    """Write the pictures of a served site into a folder, and return how many they are."""
    pages = page_types(served.folder)
    target.mkdir(exist_ok=True)
    with launched() as browser:
        for width, height in SIZES:
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                for shape, url in pages.items():
                    page.goto(served.at(url))
                    name = shape.strip("/").replace("/", "-").removesuffix(".html") or "home"
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png", full_page=full)
                page.goto(served.at("/papers/"))
                links = page.locator(".entry-title a")
                page.evaluate(FILL, links.evaluate_all("all => all.slice(0, 6).map((a) => [a.href, a.text])"))
                for name, url in STATES.items():
                    page.goto(served.at(url))
                    page.wait_for_selector("#search-results .entry, .desk-list li")
                    page.screenshot(path=target / f"{name}-{width}-{scheme}.png", full_page=full)
                context.close()
    return (len(pages) + len(STATES)) * len(SIZES) * len(SCHEMES)


if __name__ == "__main__":
    main()
