"""The search of a preview: its index follows the pages on a thread of its own, and no page waits for it.

An index goes up in one step, beside the pages. One that is overtaken by a newer build is made again later,
once; the one before stays served as well, for a page that is still reading it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sitegen.errors import BuildError, Problem
from sitegen.indexing import Indexing, find_pagefind
from sitegen.routes import PAPERS, SEARCH_BUNDLE
from sitegen.search import paper_pages, problem_of
from sitegen.serve.preview import Preview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sitegen.serve.server import PreviewServer

_PAUSE = 0.3
"""Seconds after a build before an index is begun: the next save often follows."""
_PATIENCE = 2.0
_NICENESS = 10
"""The indexer gives way to the server, the editor and the browser."""

Files = Mapping[str, str]
"""Hashes of contents by path."""


class Searching:
    """Puts previews up, each with the newest index that there is."""

    def __init__(self, server: PreviewServer, place: Path) -> None:
        """Index the pages in the folder `place`; `server` shows the result."""
        self._server, self._place = server, place
        self._site = place / "site"
        self._pages = Preview()
        """What is shown, without an index."""
        self._laid: dict[str, str] | None = None
        """Hashes of the pages that lie in the folder for Pagefind, by path; None if nobody knows."""
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._indexed: Files = {}
        self._now: Files = {}
        self._coming: dict[str, str] = {}
        self._before: Files = {}
        self._said: tuple[Problem, ...] = ()
        self._tell: Callable[[tuple[Problem, ...]], None] = lambda _: None

    def show(self, preview: Preview) -> None:
        """Put a preview up in one step."""
        with self._lock:
            self._pages = preview
            self._show()

    def settle(self, also: Iterable[str]) -> None:
        """Have the papers of the preview indexed if they are others; all of it is made.

        Of all contents only its own, and those that are named `also`, are kept.
        """
        self._wanted.set()
        with self._lock:
            shown = self._server.board.preview.files.values()
            self._server.store.drop({*shown, *self._coming.values(), *also})

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
                self._index()
            except (BuildError, OSError, subprocess.SubprocessError) as error:
                self._complain(error)

    def _index(self) -> None:
        """Make the index of what is shown and put it up, unless the papers have changed meanwhile."""
        shown = self._pages
        if shown.coming:
            return  # who makes the rest of it rings again
        pages = paper_pages(shown.files.items()) if shown.papers else {}
        if pages == self._indexed:
            return
        made: Mapping[str, Path] = {}
        if pages:
            self._lay(pages)
            folder = self._place / SEARCH_BUNDLE.strip("/")
            made = Indexing(self._site, folder, find_pagefind(), _NICENESS).bundle(self._closing.is_set)
        files: dict[str, str] = {}
        self._coming = files
        for path, file in made.items():
            with self._lock:  # one at a time: a page that is to be shown does not wait for all
                files[path] = self._server.store.hold(file.read_bytes())
        with self._lock:
            if paper_pages(self._pages.files.items()) != paper_pages(shown.files.items()):
                return  # the build that changed them rings again
            self._before, self._now, self._indexed = self._now, files, pages
            self._show()
        self._said = ()

    def _lay(self, pages: Files) -> None:
        """Lay the pages down where Pagefind reads them; only what is new is touched."""
        laid, self._laid = self._laid, None
        if laid is None or not self._has_all(laid):
            shutil.rmtree(self._site, ignore_errors=True)
            laid = {}
        for path, _ in laid.items() - pages.items():
            (self._site / path).unlink()
            (self._site / path).parent.rmdir()
        for path, digest in pages.items() - laid.items():
            (self._site / path).parent.mkdir(parents=True)
            self._server.store.lay(digest, self._site / path)
        self._laid = dict(pages)

    def _has_all(self, laid: Files) -> bool:
        """Tell whether the folders of these pages are all there: somebody may have removed them."""
        try:
            return len(os.listdir(self._site / PAPERS.strip("/"))) == len(laid)
        except OSError:
            return False

    def _show(self) -> None:
        bundle = {**self._before, **self._now} if self._now else {}
        files = MappingProxyType({**self._pages.files, **bundle})
        self._server.board.show(replace(self._pages, files=files))

    def _complain(self, error: BuildError | OSError | subprocess.SubprocessError) -> None:
        """Tell what went wrong, if it is no echo and no end; the index before stays."""
        if self._closing.is_set() or self._wanted.is_set():
            return
        problems = (problem_of(error),)
        if problems != self._said:
            self._said = problems
            self._tell(problems)
