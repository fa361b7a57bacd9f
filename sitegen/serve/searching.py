"""The search of a preview: its index follows the pages on a thread of its own, and no page waits for it.

An index goes up in one step, beside the pages. One that is overtaken by a newer build is made again later,
once; the one before stays served as well, for a page that is still reading it.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from sitegen.errors import BuildError, Problem
from sitegen.manifest import content_hash
from sitegen.routes import SEARCH_BUNDLE, is_search_file
from sitegen.search import find_pagefind, make_bundle, paper_pages, problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sitegen.serve.preview import Preview
    from sitegen.serve.server import PreviewServer

_PAUSE = 0.3
"""Seconds after a build before an index is begun: the next save often follows."""
_PATIENCE = 2.0

Files = Mapping[str, str]
"""Hashes of contents by path."""


class Searching:
    """Puts previews up, each with the newest index that there is."""

    def __init__(self, server: PreviewServer, out: Path, place: Path) -> None:
        """Index the pages in `out`, in the folder `place`; `server` shows the result."""
        self._server, self._out, self._place = server, out, place
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._indexed: Files = {}
        self._now: Files = {}
        self._before: Files = {}
        self._said: tuple[Problem, ...] = ()
        self._tell: Callable[[tuple[Problem, ...]], None] = lambda _: None

    def show(self, preview: Preview) -> None:
        """Put a preview up in one step, and have its papers indexed if they are others."""
        with self._lock:
            self._show(preview)
            self._server.store.drop(self._server.board.preview.files.values())
        self._wanted.set()

    def forget(self) -> None:
        """Have the index made again after the next build: its contents were lost."""
        with self._lock:
            self._indexed = self._now = self._before = {}

    @contextmanager
    def running(self, tell: Callable[[tuple[Problem, ...]], None]) -> Iterator[None]:
        """Keep the index up to date until the block ends; `tell` gets why it cannot be, once."""
        self._tell = tell
        thread = threading.Thread(target=self._run, name="sitegen-search", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._closing.set()
            self._wanted.set()
            thread.join(_PATIENCE)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._closing.wait(_PAUSE):
                return
            self._wanted.clear()
            try:
                self._index(self._server.board.preview)
            except (BuildError, OSError, subprocess.SubprocessError) as error:
                self._complain(error)

    def _index(self, preview: Preview) -> None:
        """Make the index of a preview and put it up, unless the papers have changed meanwhile."""
        pages = paper_pages(preview.files.items()) if preview.papers else {}
        if pages == self._indexed:
            return
        files: Files = {}
        if pages:
            folder = self._place / SEARCH_BUNDLE.strip("/")
            self._place.mkdir(parents=True, exist_ok=True)
            made = make_bundle(self._out, folder, find_pagefind(), self._closing.is_set)
            files = {path: content_hash(file.read_bytes()) for path, file in made.items()}
        with self._lock:
            newest = self._server.board.preview
            if paper_pages(newest.files.items()) != paper_pages(preview.files.items()):
                return  # the build that changed them rings again
            self._server.store.take(self._place, files)
            self._before, self._now, self._indexed = self._now, files, pages
            self._show(newest)
        self._said = ()

    def _show(self, preview: Preview) -> None:
        pages = {path: digest for path, digest in preview.files.items() if not is_search_file(path)}
        bundle = {**self._before, **self._now} if self._now else {}
        self._server.board.show(replace(preview, files=MappingProxyType({**pages, **bundle})))

    def _complain(self, error: BuildError | OSError | subprocess.SubprocessError) -> None:
        """Tell what went wrong, if it is no echo and no end; the index before stays."""
        if self._closing.is_set() or self._wanted.is_set():
            return
        problems = (problem_of(error),)
        if problems != self._said:
            self._said = problems
            self._tell(problems)
