"""The sites that are judged, and the browser that looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browser.served import Served, read_rules, serve
from browser.tools import HERE, build, launched

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    from playwright.sync_api import Browser

    class Built(Protocol):
        """A site that was built."""

        out: Path


@pytest.fixture(scope="session")
def digest(shipped: Built) -> Iterator[Served]:
    """Serve the site of the shipped content."""
    with serve(shipped.out, read_rules(shipped.out)) as served:
        yield served


@pytest.fixture(scope="session")
def slow_digest(digest: Served) -> Iterator[Served]:
    """Serve it a second time, each page in pieces."""
    with serve(digest.folder, read_rules(digest.folder), slowly=True) as served:
        yield served


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the site of wide/: long words, titles, names, links, formulas, tables and code."""
    folder = build(HERE / "wide", tmp_path_factory.mktemp("wide") / "site", "https://wide.example/")
    with serve(folder, read_rules(folder)) as served:
        yield served


@pytest.fixture(scope="session")
def sites(digest: Served, wide: Served) -> tuple[Served, ...]:
    """Serve both."""
    return digest, wide


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a Chromium."""
    with launched() as browser:
        yield browser
