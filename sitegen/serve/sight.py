"""What a build reads, as it lies on the disk: looked at, and compared by content.

A look reads files again whose times or sizes changed. Reading is no change, and a file that was saved with
the same content is none.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from sitegen.config import Surroundings
from sitegen.recall import Inputs, programs
from sitegen.serve import rules
from sitegen.sources import CONTENT, template_folders, walk_files

TEMPLATES = "templates"

_YOUNG = 2.0
"""Seconds. The times of files can be this coarse: a younger file may change and look the same."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One file, as it was seen."""

    stamp: tuple[int, ...]
    """What changes with a file, as a rule: kind, place, size, times."""
    digest: bytes
    since: float = field(compare=False)
    """When this stamp was first seen."""
    target: str = field(default="", compare=False)
    """Where a link leads; empty for a plain file."""


Sight = Mapping[str, Seen]
"""All files that a build reads, by the names that the author gives them: "content/notes/mamba.md"."""


def look(root: Path, before: Sight) -> Sight:
    """Return what lies below a project's root now, given what an earlier look saw."""
    now = time.monotonic()
    return {name: _see(path, before.get(name), now) for name, path in _files(root)}


def changed(before: Sight, after: Sight) -> list[str]:
    """Return the names of all files that are new, gone, or of other content, sorted."""
    nothing = Seen((), b"", 0)
    names = before.keys() | after.keys()
    return sorted(
        name for name in names if before.get(name, nothing).digest != after.get(name, nothing).digest
    )


def inputs_of(sight: Sight, surroundings: Surroundings) -> Inputs:
    """Return the fingerprints of what a build is made from."""
    templates = blake2b(digest_size=16)
    everything = blake2b(f"{programs()} {surroundings!r}".encode(), digest_size=16)
    for name, seen in sight.items():
        part = f"{name!r} {seen.digest.hex()}\n".encode()
        everything.update(part)
        if not name.startswith(f"{CONTENT}/"):
            templates.update(part)
    return Inputs(programs(), templates.hexdigest(), everything.hexdigest())


def folders(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the folders that a build reads, with the names that the author gives them."""
    yield CONTENT, root / CONTENT
    for folder in template_folders(root):
        yield TEMPLATES if folder.parent == root else str(folder), folder


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and path of each file that a build reads, and of what is in the way of reading."""
    yield rules.PATH, f"{root}/{rules.PATH}"
    for name, folder in folders(root):
        try:
            yield from ((f"{name}/{file}", f"{folder}/{file}") for file in walk_files(folder))
        except OSError as error:  # a folder that is not there, cannot be read, or is just going
            yield f"{name}/", str(error.filename or folder)


def _see(path: str, before: Seen | None, now: float) -> Seen:
    try:
        status = os.lstat(path)
        target = os.path.realpath(path) if stat.S_ISLNK(status.st_mode) else ""
        if target:
            status = os.stat(target)
    except OSError as error:
        return Seen((), _kind(error.errno or 0), now)
    stamp = (
        status.st_mode, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns,
    )  # fmt: skip
    if before is None or before.stamp != stamp:
        return Seen(stamp, _digest(path, status), now, target)
    if now - before.since < _YOUNG:
        return Seen(stamp, _digest(path, status), before.since, target)
    return before


def _digest(path: str, status: os.stat_result) -> bytes:
    """Return the hash of a file's content; of what is none, or cannot be read, its kind."""
    if not stat.S_ISREG(status.st_mode):
        return _kind(status.st_mode)
    digest = blake2b(digest_size=16)
    try:
        with open(path, "rb", buffering=0) as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        return _kind(error.errno or 0)
    return digest.digest()


def _kind(number: int) -> bytes:
    return b"no file: %d" % number
