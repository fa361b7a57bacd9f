"""Runs Pagefind: a tree of pages in, the files of a search bundle out. No process of it is left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sitegen.disk import files_below
from sitegen.errors import BuildError, warning
from sitegen.routes import PAPERS, SEARCH_BUNDLE

BUNDLE = "bundle"
"""The folder that Pagefind makes, in that of the process that has it made."""
CHUNK = "3000"
"""How many places of words Pagefind puts into one chunk of its index. A search loads a chunk for each word,
and with Pagefind's own 20,000 these would be 28 kB each. A version without this setting makes bigger ones."""
NO_SEARCH = "no-search"
"""The name of the warning."""
OFF = "Or switch search off: search = false in content/site.toml."
PATIENCE = 600
"""Seconds that Pagefind may take; a site of 10,000 papers takes it ten."""
_TICK = 0.1
_ENTRY = "pagefind-entry.json"


class Indexing:
    """Pagefind at work. Raises `BuildError` where it is missing, `OSError` where it cannot be begun."""

    def __init__(self, site: Path, folder: Path, program: Path | None, niceness: int = 0) -> None:
        """Begin to index the pages of papers below `site` into `folder`; both are absolute.

        With a `niceness` the program gives way to others, where the system knows that.
        """
        if program is None:
            hint = f'Install it: python -m pip install "pagefind[bin]", then build again.\n{OFF}'
            message = "the program that indexes papers is missing."
            raise BuildError([warning(NO_SEARCH, "pagefind", 0, message, hint)])
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        self._folder, self._program = folder, program
        self.started = time.perf_counter()
        """When it began, as `time.perf_counter` counts."""
        self._end = time.monotonic() + PATIENCE
        pages = f"{PAPERS[1:]}*/index.html"
        self._process = subprocess.Popen(  # noqa: S603 - a list, without a shell; the program is Pagefind's own
            [program, "--site", site, "--output-path", folder, "--glob", pages, "--silent"],
            # It would take settings from its folder and the environment; neither decides what a build makes.
            cwd=folder.parent,
            env={name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
            | {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": CHUNK},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if niceness and hasattr(os, "setpriority"):
            with suppress(OSError):  # it has ended
                os.setpriority(os.PRIO_PROCESS, self._process.pid, niceness)

    def bundle(self, is_stopped: Callable[[], bool] = lambda: False) -> dict[str, Path]:
        """Wait for the end; return the bundle's files by their paths in the site, in the order of going live.

        Raises BuildError, OSError or SubprocessError, the last also when it is stopped.
        """
        try:
            words = self._said(is_stopped)
        except BaseException:
            self.stop()
            raise
        status = self._process.returncode
        if status or not (self._folder / _ENTRY).is_file():
            said = f"It said: {' '.join(words.split())[-300:]}" if words.strip() else "It said nothing."
            message = f"the program that indexes papers failed (status {status})."
            raise BuildError([warning(NO_SEARCH, os.fspath(self._program), 0, message, f"{said}\n{OFF}")])
        return dict(_wanted(self._folder))

    def stop(self) -> None:
        """End the program, if it has not ended."""
        with self._process as process:
            process.kill()

    def _said(self, is_stopped: Callable[[], bool]) -> str:
        """Return what the program said, when it has ended."""
        while True:
            try:
                said, _ = self._process.communicate(timeout=_TICK)
            except subprocess.TimeoutExpired:
                if is_stopped() or time.monotonic() > self._end:
                    raise
            else:
                return said.decode(errors="replace")


def find_pagefind() -> Path | None:
    """Return the program: that of the package `pagefind`, else the one on the path, else nothing."""
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, OSError):
        found = shutil.which("pagefind")
        return Path(found) if found else None


def _wanted(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what a search loads: chunks by their own names, then the programs, then the way in.

    Pagefind's own boxes are left out, its worker, and the program for texts without a known language.
    """
    names = sorted(files_below(os.fspath(folder)))
    chunks = [name for name in names if ".pf_" in name]
    programs = [name for name in names if name.endswith(".pagefind")]
    if len(programs) > 1:
        programs.remove("wasm.unknown.pagefind")
    for name in (*chunks, *programs, "pagefind.js", _ENTRY):
        yield SEARCH_BUNDLE[1:] + name, folder / name
