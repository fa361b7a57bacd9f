"""The outside tools that judge a site: where each is, and what a test does without it.

Where a tool is missing a test skips and says so. With SITEGEN_CI_ALL=1 it fails: CI hides none.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",  # CI runs as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def need(found: object, what: str) -> None:
    """Go on where a tool was found; else skip the test, or fail it where every tool must be there."""
    if found:
        return
    if os.environ.get("SITEGEN_CI_ALL") == "1":
        pytest.fail(f"{what} is missing, and with SITEGEN_CI_ALL=1 nothing may be missing", pytrace=False)
    pytest.skip(f"{what} is missing; .ci/run shows how to install it")


def build(root: Path, out: Path, base_url: str) -> Path:
    """Build the site of a project into a folder, as a curator would, and return the folder."""
    command = [sys.executable, "-m", "sitegen", "build", root, "-o", out, "--base-url", base_url, "--quiet"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return out


def chromium() -> str | None:
    """Return the path of a Chromium, or nothing."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the machine's own Chromium, without a window, until the block ends."""
    need(chromium(), "Chromium")
    need(importlib.util.find_spec("playwright"), "the Python package playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def axe_script() -> str:
    """Return axe-core's source, to be run inside a page."""
    file = HERE / "node_modules" / "axe-core" / "axe.min.js"
    need(file.exists(), "the npm package axe-core")
    return file.read_text("utf-8")


def nu_checker(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the Nu HTML checker."""
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    need(shutil.which("java"), "Java")
    need(jar.exists(), "the npm package vnu-jar")
    command = ["java", "-Xss4m", "-jar", jar, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def netlify(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run netlify_config.mjs, which asks Netlify's own reader of netlify.toml."""
    need(shutil.which("node"), "Node.js")
    need((HERE / "node_modules" / "@netlify" / "config").exists(), "the npm package @netlify/config")
    command = ["node", HERE / "netlify_config.mjs", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def lighthouse(categories: str, *urls: str) -> dict[str, Any]:
    """Return what lighthouse.mjs says of each page: its scores, and the audits that cost points."""
    need(chromium(), "Chromium")
    need(shutil.which("node"), "Node.js")
    need((HERE / "node_modules" / "lighthouse").exists(), "the npm package lighthouse")
    command = ["node", HERE / "lighthouse.mjs", categories, " ".join(CHROMIUM_FLAGS), *urls]
    variables = os.environ | {"CHROME_PATH": str(chromium())}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    assert ran.returncode == 0, ran.stderr
    return dict(zip(urls, json.loads(ran.stdout).values(), strict=True))
