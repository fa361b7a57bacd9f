"""The index of the search, begun while the rest of the site is made: as soon as the papers have their pages.

Pagefind works with one core; to wait for it at the end would leave the others idle. It sees the pages under
second names (hard links), since until the switch their own places hold the site before.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from sitegen.errors import BuildError
from sitegen.indexing import BUNDLE, Indexing, find_pagefind
from sitegen.model import Kept, Output, Staged
from sitegen.switch import STAGING, searching_folder


class Ahead:
    """Watches for the pages of papers; to be left when the build has ended, in whatever way."""

    def __init__(self, out: Path, jobs: int) -> None:
        """Take the output folder; with one process (`jobs`) nothing is begun beside it."""
        self._out, self._is_possible = os.path.abspath(out), jobs > 1
        self._folder = Path(searching_folder(self._out))
        self._pages = self._folder / "pages"
        self.indexing: Indexing | None = None
        """At work on all pages that `watch` was told of, where it pays."""

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.indexing:
            self.indexing.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def watch(self, artifacts: Iterator[Output], pages: Sequence[str]) -> Iterator[Output]:
        """Pass artifacts on; when those of all `pages`, the paths of what can be found, are there, begin.

        It pays where most of them are new. What the system refuses is left for the end of the build.
        """
        left, kept = set(pages), []
        for artifact in artifacts:
            if self._is_possible and artifact.path in left:
                left.remove(artifact.path)
                if isinstance(artifact, Kept):
                    kept.append(artifact.path)
                self._is_possible = self._takes(artifact) and 2 * len(kept) <= len(pages)
                if not left and self._is_possible:
                    self._begin(kept)
            yield artifact

    def _takes(self, artifact: Output) -> bool:
        """Give a page that is staged its second name; tell whether it will be found."""
        if isinstance(artifact, Staged):
            return self._has_linked(f"{self._out}/{STAGING}/{artifact.name}", artifact.path)
        return isinstance(artifact, Kept)

    def _has_linked(self, file: str, path: str) -> bool:
        place = self._pages / path
        try:
            place.parent.mkdir(parents=True)
            os.link(file, place)
        except OSError:
            return False
        return True

    def _begin(self, kept: Sequence[str]) -> None:
        if all(self._has_linked(f"{self._out}/{path}", path) for path in kept):
            with suppress(BuildError, OSError):  # the end of the build tells why
                self.indexing = Indexing(self._pages, self._folder / BUNDLE, find_pagefind())
