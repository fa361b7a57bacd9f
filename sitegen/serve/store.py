"""Contents by their hash, so that a page which is being sent never changes under the request.

The build replaces each file of its output in one step. A hard link keeps the content that a preview names
until no preview names it any more.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


class Store:
    """The contents of the previews, in a folder of their own. Somebody may remove it at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)  # of a preview that was killed

    def take(self, out: Path, files: Mapping[str, str]) -> None:
        """Hold the contents of all files of an output folder; raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        held = set(os.listdir(self._folder))
        for path, digest in files.items():
            if digest not in held:
                _link(out / path, self._folder / digest)
                held.add(digest)

    def drop(self, wanted: Iterable[str]) -> None:
        """Forget all contents but the wanted ones."""
        with suppress(FileNotFoundError):
            for digest in set(os.listdir(self._folder)).difference(wanted):
                with suppress(OSError):  # Windows keeps a file that is being read
                    os.unlink(self._folder / digest)

    def open(self, digest: str) -> BinaryIO:
        """Return a content, opened; raise FileNotFoundError for one that is not held any more."""
        return open(self._folder / digest, "rb")

    def read(self, digest: str) -> bytes:
        """Return a content; raise FileNotFoundError for one that is not held any more."""
        with self.open(digest) as file:
            return file.read()


def _link(file: Path, place: Path) -> None:
    try:
        os.link(file, place)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, place)  # a file system without hard links
