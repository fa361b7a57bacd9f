"""The pages that stand for all: one for each shape of URL, the longest of its kind."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

_SHAPES = (
    (re.compile(r"/(authors|organizations|papers|tags|themes)/(?!page/)[^/]+/"), r"/\1/slug/"),
    (re.compile(r"/\d{4}/w\d\d/"), "/year/week/"),
    (re.compile(r"/\d{4}/\d\d/\d\d/"), "/year/month/day/"),
    (re.compile(r"/\d{4}/\d\d/"), "/year/month/"),
    (re.compile(r"/\d{4}/"), "/year/"),
    (re.compile(r"/page/\d+/"), "/page/number/"),
)


def all_pages(site: Path) -> list[str]:
    """Return the URL of every page that stays where it is when it is opened, in order."""
    files = (
        file for file in sorted(site.rglob("*.html")) if b'http-equiv="refresh"' not in file.read_bytes()
    )
    return ["/" + file.relative_to(site).as_posix().removesuffix("index.html") for file in files]


def page_types(site: Path) -> dict[str, str]:
    """Return the longest page of each shape of URL: the shape, such as `/themes/slug/`, and its URL."""
    by_shape = sorted(all_pages(site), key=lambda url: (_shape(url), -_size(site, url), url))
    return {shape: next(urls) for shape, urls in groupby(by_shape, _shape)}


def _shape(url: str) -> str:
    for pattern, shape in _SHAPES:
        url = pattern.sub(shape, url)
    return url


def _size(site: Path, url: str) -> int:
    return (site / (url[1:] + ("index.html" if url.endswith("/") else ""))).stat().st_size
