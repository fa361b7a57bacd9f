"""No page of the site is heavier than its budget: what a first visit loads, each file compressed by gzip.

Counted in the files, over all pages. That a browser asks for no more is in browser/test_desk.py; what a
search loads is in browser/test_search.py.
"""

from __future__ import annotations

import gzip
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING

import pytest
from browser.pages import all_pages
from papers import SHARED
from running import PROJECT, built

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import BuiltSite

LOADED = re.compile(r'<(?:script|link rel="(?:stylesheet|icon)")[^>]* (?:src|href)="(/[^"]+)"')
DAYS = sorted((SHARED / "daily-api").glob("*.json"))
OWN_SCRIPT = ("/desk/", "/feeds/", "/search/")


def budget(url: str) -> int:
    """Return how many bytes a page may take: the front page, a paper, or a list."""
    if url == "/":
        return 30_000
    return 25_000 if re.fullmatch(r"/papers/(?!page/)[^/]+/", url) else 40_000


def too_heavy(site: Path) -> list[str]:
    """Return the pages that break their budget, each with its weight."""
    found = []
    for url in all_pages(site):
        page = site / (url[1:] + ("index.html" if url.endswith("/") else ""))
        data = page.read_bytes()
        files = [file for file in LOADED.findall(data.decode()) if not file.endswith(".ico")]
        others = sum(compressed(site / file[1:]) for file in files)
        weight = len(data) + others
        if weight > budget(url):
            weight = len(gzip.compress(data)) + others
        requests = 1 + len(files)
        if weight > budget(url) or requests > 5 + (url in OWN_SCRIPT):
            found.append(f"{url}: {weight} bytes in {requests} requests")
    return found


@cache
def compressed(file: Path) -> int:
    """Return the size of a file that pages load, as it is sent."""
    return len(gzip.compress(file.read_bytes()))


def test_no_page_of_the_shipped_content_is_too_heavy(shipped: BuiltSite) -> None:
    assert too_heavy(shipped.out) == []


@pytest.mark.skipif(not DAYS, reason="the real files do not lie beside the project")
def test_no_page_of_a_month_of_real_days_is_too_heavy(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "content", tmp_path / "content")
    for day in DAYS:
        shutil.copy(day, tmp_path / "content" / "captures")
    site = tmp_path / "content" / "site.toml"
    site.write_text(site.read_text("utf-8").replace("search = true", "search = false"), "utf-8")
    built(tmp_path, "--base-url", "https://digest.example/")
    assert too_heavy(tmp_path / "public") == []


def test_a_heavy_page_is_found(tmp_path: Path) -> None:
    text = " ".join(str(number**9) for number in range(5_000))
    (tmp_path / "index.html").write_text(text, "utf-8")
    assert len(too_heavy(tmp_path)) == 1
