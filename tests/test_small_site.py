"""A small site that uses every feature once: nothing is wrong with it, and every byte is as expected."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BuiltSite
from running import SMALL
from sitecheck import CHECKS, Complaints, Tree

EXPECTED = SMALL / "expected"


def comparable(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files; of the templates' assets only the names, without their hashes."""
    plain = {name: re.sub(r"\.[0-9a-f]{8}(\.\w+)$", r"\1", name) for name in files if "static/" in name}
    hashed = re.compile("|".join(map(re.escape, plain)).encode())
    return {
        plain.get(name, name): b""
        if name in plain or name == "favicon.ico"
        else hashed.sub(lambda found: plain[found[0].decode()].encode(), data)
        for name, data in files.items()
    }


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_nothing_is_wrong_with_the_small_site(small: BuiltSite, check: Callable[[Tree], Complaints]) -> None:
    assert list(check(small.tree)) == []


def test_the_small_site_is_as_expected_byte_for_byte(small: BuiltSite, update_golden: bool) -> None:
    files = comparable(small.tree.files)
    if update_golden:
        shutil.rmtree(EXPECTED, ignore_errors=True)
        for name, data in files.items():
            (EXPECTED / name).parent.mkdir(parents=True, exist_ok=True)
            (EXPECTED / name).write_bytes(data)
    expected = {path.relative_to(EXPECTED).as_posix(): path.read_bytes() for path in _files(EXPECTED)}
    assert sorted(files) == sorted(expected)
    for name, data in files.items():
        assert data.decode() == expected[name].decode(), name


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_token_in_angle_brackets_stays_visible(small: BuiltSite) -> None:
    page = small.tree.pages["/papers/tyr-and-the-seg-token-segments-at-the-edge-of-a-page/"]
    assert "<SEG>" in page.find(".//h1").text_content()
    assert "<SEG>" in page.find(".//section[@class='abstract']").text_content()


def test_what_waits_is_nowhere_and_the_report_names_its_day(small: BuiltSite) -> None:
    assert "Waits for 1 June 2025: content/notes/later.md." in small.report
    assert "Waits for 1 July 2025: content/digests/2025-07-01.md." in small.report
    for name, data in small.tree.files.items():
        for waiting in (b"The Quiet Compiler", b"A summer issue", b"Not yet for others", b"/plans/"):
            assert waiting not in data, name


def test_a_withdrawn_paper_keeps_its_address_and_leaves_everything_else(small: BuiltSite) -> None:
    url = "/papers/sorting-letters-by-lamp/"
    assert "found the letters again" in small.tree.pages[url].text_content()
    naming = {name for name, data in small.tree.files.items() if url.encode() in data}
    assert naming == {url[1:] + "index.html"}


def test_an_old_slug_leads_to_the_new_one(small: BuiltSite) -> None:
    for old in ("training-candles-gradients-that-fit-into-a-pocket", "pocket-gradients"):
        page = small.tree.pages[f"/papers/{old}/"]
        assert page.find(".//main//a").get("href") == "/lamp/papers/training-candles/"
