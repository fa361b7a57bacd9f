"""Lighthouse, on a phone, gives 100 for accessibility, best practices and SEO. No audit is left out.

With SITEGEN_PERFORMANCE=1 it prints the median of five runs of performance too. That number depends on the
machine and is no gate: bytes, requests and shifts are, in test_budgets.py and test_desk.py.
"""

from __future__ import annotations

import os
from statistics import median
from typing import TYPE_CHECKING

import pytest

from browser.served import Served, read_rules, serve
from browser.tools import lighthouse

if TYPE_CHECKING:
    from pathlib import Path

GATES = "accessibility,best-practices,seo"
PAGES = (
    "/",
    "/themes/model-compression/",
    "/papers/evopress-towards-optimal-dynamic-model-compression-via-evolutionary-search/",
    "/search/",
)


def faults(served: Served, urls: tuple[str, ...]) -> list[str]:
    """Return each score below 100 and each audit that is not fully passed, page by page."""
    found = []
    for url, judged in lighthouse(GATES, *map(served.at, urls)).items():
        found += [f"{url}: {name} {score}" for name, score in judged["scores"].items() if score != 100]
        found += [f"{url}: {fault}" for fault in judged["faults"]]
    return found


def test_lighthouse_takes_no_point(digest: Served) -> None:
    found = faults(digest, PAGES)
    assert not found, "\n".join(found)


PLANTED = """<!DOCTYPE html><html><head><title>A</title></head>
<body><p>Text</p><img src="/missing.png"></body></html>"""


def test_lighthouse_sees_a_planted_defect_of_each_kind(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PLANTED, "utf-8")
    with serve(tmp_path, read_rules(tmp_path)) as served:
        found = "\n".join(faults(served, ("/",)))
    for fault in ("html-has-lang: ", "image-alt: ", "errors-in-console: ", "meta-description: "):
        assert fault in found


@pytest.mark.skipif(not os.environ.get("SITEGEN_PERFORMANCE"), reason="takes minutes, on a quiet machine")
def test_performance_is_reported(digest: Served, capsys: pytest.CaptureFixture[str]) -> None:
    urls = [digest.at(url) for url in PAGES]
    runs = [lighthouse("performance", *urls) for _ in range(5)]
    with capsys.disabled():
        for url, page in zip(urls, PAGES, strict=True):
            scores = [run[url]["scores"]["performance"] for run in runs]
            print(f"\nperformance {median(scores)} (of {sorted(scores)}): {page}", end="")
