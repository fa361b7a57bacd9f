"""Contents by their hash, so that a page which is being sent never changes under the request.

A build puts what it made here and nowhere else. A content is kept until no preview names it any more; in a
folder, so that memory stays small and a restart finds most of them again.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from sitegen.manifest import content_hash


class Store:
    """The contents of the previews, in a folder of their own. Somebody may remove it at any time."""

    def __init__(self, folder: Path, known: Mapping[str, int], until: int) -> None:
        """Begin with those that lie there with a known size and are no younger than a time."""
        self._folder = folder
        self._held: set[str] = set()
        self._lock = threading.Lock()
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if known.get(entry.name) == status.st_size and status.st_mtime_ns <= until:
                    self._held.add(entry.name)
                else:
                    os.unlink(entry)  # of a preview that was killed, or changed since

    def hold(self, data: bytes) -> str:
        """Hold a content and return its hash; raises OSError."""
        digest = content_hash(data)
        with self._lock:
            if digest not in self._held:
                file = self._folder / digest
                try:
                    file.write_bytes(data)
                except FileNotFoundError:
                    self._folder.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
                self._held.add(digest)
        return digest

    def lay(self, digest: str, place: Path) -> None:
        """Put a content at a free place, for a program that reads files; raises OSError."""
        file = self._folder / digest
        try:
            os.link(file, place)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(file, place)  # a file system without hard links

    def has(self, digest: str) -> bool:
        """Tell whether a content is held."""
        return digest in self._held

    def count(self) -> None:
        """Look which contents are there still: somebody removed some."""
        there: set[str] = set()
        with suppress(OSError):
            there = set(os.listdir(self._folder))
        self._held &= there

    def drop(self, wanted: Iterable[str]) -> None:
        """Forget all contents but the wanted ones."""
        for digest in self._held.difference(wanted):
            with suppress(OSError):  # Windows keeps a file that is being read
                (self._folder / digest).unlink(missing_ok=True)
                self._held.discard(digest)

    def open(self, digest: str) -> BinaryIO:
        """Return a content, opened; raise FileNotFoundError for one that is not held any more."""
        return open(self._folder / digest, "rb")

    def read(self, digest: str) -> bytes:
        """Return a content; raise FileNotFoundError for one that is not held any more."""
        with self.open(digest) as file:
            return file.read()
