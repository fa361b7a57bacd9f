"""Reads a built site back, with several processes where it pays: files in, the tree of a check out.

Each page and each feed is parsed once, in the process that read it; what the rules need of it comes back.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from sitegen.checking.feeds import is_feed, read_feed
from sitegen.checking.pages import read_page
from sitegen.checking.tree import HOME, FeedRead, Needle, PageRead, Tree
from sitegen.errors import BuildError, Problem

STATE = ".sitegen"
WORTH_WORKERS = 2_000
"""Fewer files than this are read sooner by one process."""

_CHUNK = 100
_TEXT = re.compile(r".*\.(html|xml|json|txt|md|bib|ris|css|js|svg|opml|csv|webmanifest)|_redirects|_headers")
_NO_PAGES = ("assets/", "pagefind/")
"""Folders whose files are served as they are."""
_DOCUMENT = re.compile(r"sitemap(-\d+)?\.xml|_redirects|robots\.txt|static/[^/]+\.css")
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')

Reading = PageRead | FeedRead
Leak = tuple[str, Needle]


def base_url_of(out: Path) -> str:
    """Return the address for which a site was built, as its front page says; empty where it does not.

    Raises `BuildError` where there is no site.
    """
    if not (out / HOME).is_file():
        raise BuildError([Problem(str(out), 0, "there is no site here.", "Build it first: sitegen build")])
    found = _CANONICAL.search(_text(out, HOME))
    return found[1] if found else ""


def read_back(out: Path, base_url: str, needles: Sequence[Needle], jobs: int) -> Tree:
    """Return the tree of the site in `out`, and where in it the needles are.

    `jobs` is the most processes that may work. Raises `BuildError` where a file cannot be read.
    """
    try:
        files = dict(_files(out))
        readings, leaks = _read_all(out, [name for name in files if _TEXT.fullmatch(name)], needles, jobs)
        documents = {name: _text(out, name) for name in files if _DOCUMENT.fullmatch(name)}
    except OSError as error:
        raise BuildError(
            [Problem(str(error.filename or out), 0, f"cannot be read: {error.strerror}.")]
        ) from None
    return Tree(
        base_url=base_url,
        files=files,
        pages={reading.path: reading for reading in readings if isinstance(reading, PageRead)},
        feeds=tuple(reading for reading in readings if isinstance(reading, FeedRead)),
        documents=documents,
        leaks=tuple(leaks),
    )


def _files(out: Path) -> list[tuple[str, int]]:
    """Return path and size of each file of the site, sorted."""
    found = []
    for place, folders, names in os.walk(out):
        below = os.path.relpath(place, out).replace(os.sep, "/")
        if below == ".":
            folders[:] = [name for name in folders if name != STATE]
        prefix = "" if below == "." else below + "/"
        found += [(prefix + name, os.stat(f"{place}/{name}").st_size) for name in names]
    return sorted(found)


def _text(out: Path, name: str) -> str:
    return (out / name).read_bytes().decode("utf-8", "replace")


def _read_all(
    out: Path, names: Sequence[str], needles: Sequence[Needle], jobs: int
) -> tuple[list[Reading], list[Leak]]:
    chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
    readings: list[Reading] = []
    leaks: list[Leak] = []
    for some, held in _by_chunks(out, chunks, needles, jobs if len(names) >= WORTH_WORKERS else 1):
        readings += some
        leaks += [(name, needles[number]) for name, number in held]
    return readings, leaks


Read = tuple[list[Reading], list[tuple[str, int]]]


def _by_chunks(
    out: Path, chunks: Iterable[Sequence[str]], needles: Sequence[Needle], jobs: int
) -> Iterator[Read]:
    """Yield what is read of each chunk, in order."""
    if jobs == 1:
        yield from (_read_chunk(out, chunk, needles) for chunk in chunks)
        return
    forks = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if forks else None)
    with ProcessPoolExecutor(jobs, context, _start_worker) as pool:
        waiting = [pool.submit(_read_chunk, out, chunk, needles) for chunk in chunks]
        try:
            for future in waiting:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command itself answers an interrupt


def _read_chunk(out: Path, names: Sequence[str], needles: Sequence[Needle]) -> Read:
    """Return the pages and feeds among some files, and which files hold which needle, by its number."""
    readings: list[Reading] = []
    held = []
    for name in names:
        data = (out / name).read_bytes()
        held += [(name, number) for number, needle in enumerate(needles) if needle.data in data]
        if name.startswith(_NO_PAGES):
            continue
        if name.endswith(".html"):
            readings.append(read_page(name, data))
        elif name.endswith((".xml", ".json")) and is_feed(name, data):
            readings.append(read_feed(name, data))
    return readings, held
