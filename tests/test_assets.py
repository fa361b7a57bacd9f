"""The site's own scripts and styles: small, sound, and from nowhere else."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from running import PROJECT

ASSETS = PROJECT / "templates" / "assets"
SCRIPTS = sorted(ASSETS.glob("*.js"))


@pytest.mark.parametrize("own", ["copy.js", "desk.js", "search.js"])
def test_our_scripts_of_any_page_stay_below_12_kb(own: str) -> None:
    """Every page has two, and some pages one of their own."""
    names = {script.name for script in SCRIPTS}
    assert names == {"early.js", "reading.js", "copy.js", "desk.js", "search.js"}
        "early.js",
        "reading.js",
        "copy.js",
        "desk.js",
        "search.js",
    }
    loaded = [script for script in SCRIPTS if script.name in ("early.js", "reading.js", own)]
    assert sum(len(gzip.compress(script.read_bytes())) for script in loaded) < 12_000


@pytest.mark.parametrize("path", [*SCRIPTS, *ASSETS.glob("*.css")], ids=lambda path: path.name)
def test_no_asset_names_another_host(path: Path) -> None:
    text = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?:|['\"`(]//", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_html_of_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_sound(path: Path) -> None:
    if not (node := shutil.which("node")):
        pytest.skip("Node.js is missing")
    ran = subprocess.run([node, "--check", str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
