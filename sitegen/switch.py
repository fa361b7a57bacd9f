"""The switch: staged files move into the live site, then what is ours and no longer wanted goes.

A journal says beforehand all that will be done, so that the next build can finish what this one began; every
step may be repeated. That holds when a process is killed. After a loss of power staged files may be damaged:
these are left out, and the build that follows compares each file with what it should hold.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from sitegen.disk import STATE, is_folder, is_reachable, is_safe, make_folder, parent, prefixes
from sitegen.manifest import (
    MANIFEST,
    MARKER,
    content_hash,
    read_manifest,
    read_sealed,
    write_manifest,
    write_sealed,
)

BUILT = f"{STATE}/built"
"""What the last build was made from; see `recall`."""
JOURNAL = f"{STATE}/journal"
LOCK = f"{STATE}/lock"
SEARCHED = f"{STATE}/searched"
"""What the search bundle was made from; see `search`."""
SEARCHING = f"{STATE}/search"
"""Where Pagefind works, with the number of our process: that of a build that was killed may write for a
moment longer, and what it makes is of other pages."""
STAGING = f"{STATE}/staging"

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds to wait before a folder is removed again."""
_LASTING = frozenset({MARKER, MANIFEST, LOCK, BUILT, SEARCHED})


class Move(Struct, frozen=True):
    """A staged file and its place in the site."""

    staged: str
    """Its name in the staging folder."""
    hash: str
    path: str


class Journal(Struct, frozen=True):
    """All that one switch does."""

    moves: tuple[Move, ...]
    """In the order of moving."""
    kept: tuple[tuple[str, str], ...]
    """Path and hash of files that hold what they should, which the manifest does not say yet."""
    removed: tuple[str, ...]
    """Files that are ours and no longer wanted; each may be gone already."""


def staging_folder(out: Path) -> str:
    """Return where artifacts wait for the switch, as a path that holds in any working directory."""
    return f"{os.path.abspath(out)}/{STAGING}"


def searching_folder(root: str) -> str:
    """Return the folder in which Pagefind works for this process."""
    return f"{root}/{SEARCHING}-{os.getpid()}"


def switch(root: str, journal: Journal, owned: Mapping[str, str] | None) -> None:
    """Make the staged files live; `owned` is what a usable manifest holds now, path to hash.

    Until the journal is in place no live file changes. Raises OSError; then, if the journal is there, the
    next build's `finish` does the rest, and if it is not, nothing was changed.
    """
    widened = {move.path: move.hash for move in journal.moves} | dict(owned or {})
    # An unusable manifest stays so until the end: a part of our files must never pass for all of them.
    if owned is not None and len(widened) > len(owned):
        write_manifest(root, widened)
    write_sealed(root, JOURNAL, _lines(journal))
    _carry_out(root, journal)
    _forget(root, journal, widened)


def finish(root: str) -> None:
    """Finish a switch that was interrupted, then remove what a killed build left in `.sitegen/`."""
    journal = _read(root)
    if journal is not None:
        _carry_out(root, Journal(tuple(_whole(root, journal.moves)), journal.kept, journal.removed))
        known = read_manifest(Path(root))
        if known.usable:
            _forget(root, journal, dict(known.files))
    tidy(root)


def tidy(root: str) -> None:
    """Empty `.sitegen/` of all that does not outlive a build; our own indexer may still be at work."""
    for name in os.listdir(f"{root}/{STATE}"):
        path = f"{root}/{STATE}/{name}"
        if is_folder(path):
            if path != searching_folder(root):
                _clear(path)
        elif f"{STATE}/{name}" not in _LASTING:
            os.unlink(path)


def _clear(folder: str) -> None:
    """Remove a folder; one where the indexer of a killed build still writes, when that has ended."""
    for pause in _PAUSES:
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.lexists(folder):
            return
        time.sleep(pause)
    shutil.rmtree(folder)


def _carry_out(root: str, journal: Journal) -> None:
    """Clear the way, move, remove the rest."""
    first = _in_the_way(journal)
    _remove(root, [path for path in journal.removed if path in first])
    made = {""}
    for move in journal.moves:
        _move(root, move, made)
    _remove(root, [path for path in journal.removed if path not in first])


def _forget(root: str, journal: Journal, owned: dict[str, str]) -> None:
    """Narrow the manifest to what is live now, and end the switch."""
    owned |= {move.path: move.hash for move in journal.moves}
    owned |= dict(journal.kept)
    for path in journal.removed:
        owned.pop(path, None)
    write_manifest(root, owned)
    os.unlink(f"{root}/{JOURNAL}")
    tidy(root)


def _in_the_way(journal: Journal) -> set[str]:
    """Return the removed files that lie where a folder must be, or in a folder that must become a file."""
    if not journal.removed:
        return set()
    files = {move.path for move in journal.moves}
    folders = {prefix for path in files for prefix in prefixes(parent(path))}
    return {
        path
        for path in journal.removed
        if path in folders or any(prefix in files for prefix in prefixes(parent(path)))
    }


def _move(root: str, move: Move, made: set[str]) -> None:
    """Put a staged file in its place in one step; `made` remembers the folders that are there."""
    folder = parent(move.path)
    if folder not in made:
        for prefix in prefixes(folder):
            if prefix not in made:
                make_folder(f"{root}/{prefix}")
                made.add(prefix)
    staged, live = f"{root}/{STAGING}/{move.staged}", f"{root}/{move.path}"
    try:
        os.replace(staged, live)
    except IsADirectoryError:
        _remove_empty(live)
        os.replace(staged, live)


def _remove_empty(folder: str) -> None:
    """Remove a folder that holds nothing but folders; raise OSError if there is a file in it."""
    for below, _, _ in os.walk(folder, topdown=False):
        os.rmdir(below)


def _remove(root: str, paths: Sequence[str]) -> None:
    """Remove files that are ours, and the folders that this leaves empty; reach nothing through a link."""
    seen: dict[str, bool] = {}
    for path in paths:
        if is_reachable(root, parent(path), seen) and not is_folder(f"{root}/{path}"):
            with suppress(FileNotFoundError):
                os.unlink(f"{root}/{path}")
    folders = {prefix for path in paths for prefix in prefixes(parent(path))}
    for folder in sorted(folders, reverse=True):
        if is_reachable(root, folder, seen):
            with suppress(OSError):  # it holds something still
                os.rmdir(f"{root}/{folder}")


# --------------------------------------------------------------------------- the journal as a file


def _lines(journal: Journal) -> Iterator[str]:
    """Yield verb, staged name, hash and path; a dash where there is none."""
    for move in journal.moves:
        yield f"move {move.staged} {move.hash} {move.path}"
    for path, digest in journal.kept:
        yield f"keep - {digest} {path}"
    for path in journal.removed:
        yield f"remove - - {path}"


def _read(root: str) -> Journal | None:
    """Return the journal of an interrupted switch; None where none was begun."""
    lines = read_sealed(root, JOURNAL)
    if lines is None:
        return None
    rows = [(*line.split(" ", 3), "", "", "")[:4] for line in lines]
    if not all(is_safe(path) and (staged.isalnum() or verb != "move") for verb, staged, _, path in rows):
        return None
    return Journal(
        tuple(Move(staged, digest, path) for verb, staged, digest, path in rows if verb == "move"),
        tuple((path, digest) for verb, _, digest, path in rows if verb == "keep"),
        tuple(path for verb, _, _, path in rows if verb == "remove"),
    )


def _whole(root: str, moves: tuple[Move, ...]) -> Iterator[Move]:
    """Yield the moves that are still to be done and whose staged file is as it was written."""
    for move in moves:
        with suppress(OSError):
            if content_hash(Path(f"{root}/{STAGING}/{move.staged}").read_bytes()) == move.hash:
                yield move
