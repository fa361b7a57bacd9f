"""Measures `sitegen serve`: from saving a file until Chromium shows it, for a note and for a template.

    .venv/bin/python benchmarks/preview.py [N ...] [--saves 15] [--pause 1] [--work DIR]

N as for `run.py`; 181 is the shipped content. Each save replaces a file in one step, as editors do, while a
browser shows the page of one paper. The clock is the browser's, read after the page was loaded again, laid
out and handed to the screen. Processor time is that of the server alone, without the browser and the search
indexer, which runs meanwhile as it does for a curator. It needs Chromium and the package playwright.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from run import PROJECT, make_project

if TYPE_CHECKING:
    from playwright.sync_api import Page

ABSTRACT = 400
"""What is longer in a capture is an abstract; a title stands before it."""
NOTE, PAGE = "content/notes/measured.md", "papers/measured/"
TEMPLATE = "templates/base.html"
READY = "Ctrl-C stops it"
SHOWN = """
addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(() => {
  for (const [mark] of document.body.textContent.matchAll(/Mark[0-9]+/g))
    console.debug(`${mark} ${Date.now()}`);
})));
"""
"""In each page: tell the marks in it, and the time, when the page has been painted."""
HEADING = " papers save     median ms  slowest ms  server CPU ms  saves   load"


class Cost(NamedTuple):
    """What one save cost, in milliseconds: until it was shown, and of the server's processor time."""

    wait: float
    cpu: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="*", type=int, default=[181, 10000], metavar="N")
    parser.add_argument("--saves", type=int, default=15)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two saves")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "sitegen-preview")
    arguments = parser.parse_args()
    print(HEADING)
    for number in arguments.papers:
        root = arguments.work / str(number)
        shutil.rmtree(root, ignore_errors=True)
        make_project(root, number)
        try:
            measure(root, number, arguments.saves, arguments.pause)
        finally:
            shutil.rmtree(root)


def measure(root: Path, number: int, saves: int, pause: float) -> None:
    """Serve a project, save note and template in turn, and print a row for each."""
    put_note(root, "Mark0")
    with served(root) as (server, address), opened(address + PAGE) as page:
        marks = count(1)
        for name, put in (("note", put_note), ("template", put_template)):
            costs = [save(page, server, root, put, f"Mark{next(marks)}", pause) for _ in range(saves)]
            waits, cpus = zip(*costs, strict=True)
            print(
                f"{number:>7} {name:<8} {statistics.median(waits):>9.0f} {max(waits):>11.0f} "
                f"{statistics.median(cpus):>14.0f} {saves:>6} {os.getloadavg()[0]:>6.1f}"
            )


def save(
    page: Page, server: int, root: Path, put: Callable[[Path, str], None], mark: str, pause: float
) -> Cost:
    """Save a file with a mark in it, and return what it cost until the page showed the mark."""
    page.wait_for_timeout(pause * 1000)
    before = processor_time(server)
    with page.expect_console_message(
        lambda message: message.text.startswith(f"{mark} "), timeout=300_000
    ) as told:
        start = time.time()
        put(root, mark)
    shown = int(told.value.text.split()[1]) / 1000
    return Cost((shown - start) * 1000, (processor_time(server) - before) * 1000)


def put_note(root: Path, mark: str) -> None:
    """Save the note of one paper, or make it."""
    matter = f"paper: {json.dumps(first_title(root))}\nslug: measured"
    put(root / NOTE, f"---\n{matter}\n---\n\nWords of the curator, {mark}.\n")


def put_template(root: Path, mark: str) -> None:
    """Save the template that every page is made from."""
    text = (PROJECT / TEMPLATE).read_text(encoding="utf-8")
    put(root / TEMPLATE, text.replace("</body>", f"<p>{mark}</p></body>"))


def put(path: Path, text: str) -> None:
    """Save a file beside its place, then move it there."""
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def first_title(root: Path) -> str:
    """Return the title of the first paper of the first capture."""
    first = min((root / "content" / "captures").glob("*.txt"))
    blocks = first.read_text(encoding="utf-8").split("\n\n")
    return next(title for title, text in pairwise(blocks) if len(text) > ABSTRACT)


@contextmanager
def served(root: Path) -> Iterator[tuple[int, str]]:
    """Serve a project until the block ends; yield the number of the process and the address."""
    command = [sys.executable, "-m", "sitegen", "serve", str(root)]
    server = subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout
    try:
        line = next(line for line in server.stdout if READY in line)
        threading.Thread(target=server.stdout.read, daemon=True).start()  # or the pipe fills up
        yield server.pid, re.findall(r"http://\S+", line)[0]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """Show an address in the machine's own Chromium, without a window, until the block ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.add_init_script(SHOWN)
        page.goto(address)
        yield page
        browser.close()


def processor_time(process: int) -> float:
    """Return the seconds of processor time that a process has used, without its children (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
