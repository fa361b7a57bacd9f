"""Artifacts to an output folder: staged, compared, then switched in; the last good site stays until then.

Out come the changes. Only files that the manifest knows are ever removed or replaced, nothing is written
through a link, and a build that fails or is killed before the switch leaves the site as it was.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from sitegen.disk import (
    files_below,
    has_content,
    is_folder,
    is_reachable,
    is_safe,
    make_folder,
    output_error,
    parent,
    quoted,
    write_file,
)
from sitegen.errors import BuildError, Problem
from sitegen.manifest import content_hash
from sitegen.model import Artifact, Change, ChangeKind, Kept, Manifest, Output, Staged, Voucher, Written
from sitegen.routes import is_search_file
from sitegen.switch import JOURNAL, STAGING, Journal, Move, switch, tidy

_NOT_OURS = "Move it into content/assets/ to make it part of the site, or remove it."
_BEGUN = "The next build finishes what this one began."


def write(
    artifacts: Iterable[Output],
    out: Path,
    known: Manifest,
    part: Literal["pages", "search"] = "pages",
) -> Written:
    """Bring a part of the output folder to exactly these artifacts; return what became of each file.

    The parts are the search bundle, and all the rest; a file of the other one is never touched.

    Takes the artifacts one at a time and keeps none; the path of a `Kept` file must be in `known`. The folder
    is `locked`, and `known` was read under that lock. Whatever the iterable raises passes through, with
    nothing changed. Raises BuildError for files of others where ours should go, for paths that cannot be, and
    for what the operating system refuses.
    """
    root = os.fspath(out)
    stage = _Stage(root, known, part)
    try:
        for artifact in artifacts:
            match artifact:
                case Kept():
                    stage.keep(artifact)
                case Staged():
                    stage.adopt(artifact)
                case Artifact():
                    stage.take(artifact)
        return stage.close()
    finally:
        if not _is_begun(root):
            with suppress(OSError):
                tidy(root)


def _is_begun(root: str) -> bool:
    return os.path.lexists(f"{root}/{JOURNAL}")


def _refused(root: str, error: OSError) -> BuildError:
    return output_error(root, error, "written", _BEGUN if _is_begun(root) else "")


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


class _Stage:
    """The artifacts taken so far: compared with the live files, and staged where they differ."""

    def __init__(self, root: str, known: Manifest, part: Literal["pages", "search"]) -> None:
        self._root = root
        self._part = part
        self._known = dict(known.files)
        self._usable = known.usable
        self._hashes: dict[str, str] = {}
        self._vouchers: dict[str, Voucher] = {}
        self._changes: list[Change] = []
        self._moves: list[tuple[int, Move]] = []
        self._folders: dict[str, bool] = {"": True}
        self._problems: list[Problem] = []

    def keep(self, kept: Kept) -> None:
        """Leave a live file as it is."""
        path = kept.path
        if path in self._hashes:
            self._refuse(path, "two parts of the site want to be this file.", "Rename one of them.")
            return
        is_reachable(self._root, parent(path), self._folders)  # `_clashes` looks at all folders of the site
        self._hashes[path] = self._known[path]
        self._vouchers[path] = kept.voucher
        self._changes.append(Change("identical", path))

    def take(self, artifact: Artifact) -> None:
        """Compare an artifact with the live file; stage it if they differ. May raise BuildError."""
        path, data = artifact.path, artifact.data
        if not self._is_free(path):
            return
        digest = self._hashes[path] = content_hash(data)
        try:
            kind, mtime = self._compare(path, len(data), lambda live: has_content(live, data))
            if kind != "identical":
                mtime = self._stage(artifact, digest)
        except OSError as error:
            raise _refused(self._root, error) from error
        self._vouchers[path] = Voucher(artifact.fingerprint, len(data), mtime)
        self._changes.append(Change(kind, path))

    def adopt(self, staged: Staged) -> None:
        """Do as `take` with an artifact that is staged already; drop it if it is the live file."""
        path = staged.path
        if not self._is_free(path):
            return
        self._hashes[path] = staged.hash
        mine, mtime = f"{self._root}/{STAGING}/{staged.name}", staged.mtime
        try:
            kind, live_mtime = self._compare(path, staged.size, lambda live: has_content(live, _read(mine)))
            if kind == "identical":
                os.unlink(mine)
                mtime = live_mtime
            else:
                self._moves.append((staged.rank, Move(staged.name, staged.hash, path)))
        except OSError as error:
            raise _refused(self._root, error) from error
        self._vouchers[path] = Voucher(staged.fingerprint, staged.size, mtime)
        self._changes.append(Change(kind, path))

    def _is_free(self, path: str) -> bool:
        """Tell whether a path can be that of a file of the site and is not taken; else note a problem."""
        if not is_safe(path):
            message = f"{quoted(path)} cannot be the name of a file of the site."
            hint = "No part may be empty, . or .. or hold a control character or backslash; .sitegen is ours."
            self._problems.append(Problem(self._root, 0, message, hint))
            return False
        if path in self._hashes:
            self._refuse(path, "two parts of the site want to be this file.", "Rename one of them.")
            return False
        return True

    def close(self) -> Written:
        """Switch the staged files in, remove what is no longer wanted; raise BuildError if that cannot be."""
        root = self._root
        try:
            removed = [path for path in self._known if path not in self._hashes and self._concerns(path)]
            self._problems += self._clashes()
            self._problems += self._unwritable([*(move.path for _, move in self._moves), *removed])
            if self._problems:
                raise BuildError(self._problems)
            deleted = [Change("delete", path) for path in removed if self._is_there(path)]
            foreign = () if self._usable else self._foreign()
            journal = self._journal(removed)
            if journal.moves or journal.kept or journal.removed or not self._usable:
                switch(root, journal, self._known if self._usable else None)
        except OSError as error:
            raise _refused(root, error) from error
        changes = sorted(self._changes + deleted, key=lambda change: change.path)
        return Written(tuple(changes), foreign, self._vouchers)

    def _compare(self, path: str, size: int, is_live: Callable[[str], bool]) -> tuple[ChangeKind, int]:
        """Return what an artifact does to the live file, and the time of one that is identical.

        `is_live` tells whether a file of its size holds the same. Notes a problem if that file is not ours.
        """
        if not is_reachable(self._root, parent(path), self._folders):
            return "create", 0
        live = f"{self._root}/{path}"
        try:
            status = os.lstat(live)
        except FileNotFoundError:
            return "create", 0
        if stat.S_ISDIR(status.st_mode):
            if not all(file in self._known for file in files_below(self._root, path)):
                self._refuse(path, "this folder holds files that sitegen did not write.", _NOT_OURS)
            return "create", 0
        is_file = stat.S_ISREG(status.st_mode)
        if is_file and status.st_size == size and is_live(live):
            return "identical", status.st_mtime_ns
        # Without a manifest a file at the path of one of ours is taken for ours; a link never is.
        if path not in self._known and (self._usable or not is_file):
            self._refuse(path, "sitegen did not write this file, and one of the site goes here.", _NOT_OURS)
        return "update", 0

    def _stage(self, artifact: Artifact, digest: str) -> int:
        """Write the artifact where it waits for the switch; return the time of the file."""
        staging = f"{self._root}/{STAGING}"
        if not self._moves:
            make_folder(staging)
        name = str(len(self._moves))
        mtime = write_file(f"{staging}/{name}", artifact.data)
        self._moves.append((artifact.rank, Move(name, digest, artifact.path)))
        return mtime

    def _clashes(self) -> Iterator[Problem]:
        """Yield a problem for each folder of the site whose place is taken."""
        for folder, is_real in self._folders.items():
            place = f"{self._root}/{folder}"
            if folder in self._hashes:
                message = "this would have to be a file of the site and a folder too."
                yield Problem(place, 0, message, "Rename one of them.")
            elif is_real or folder in self._known or not self._folders[parent(folder)]:
                continue
            elif os.path.lexists(place):
                message = "sitegen did not make this, and a folder of the site goes here."
                yield Problem(place, 0, message, _NOT_OURS)

    def _unwritable(self, paths: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each folder that would refuse the switch, while it can still be called off."""
        for folder in {self._nearest(folder) for folder in {parent(path) for path in paths}}:
            place = f"{self._root}/{folder}".rstrip("/")
            if not os.access(place, os.W_OK | os.X_OK):
                denied = PermissionError(errno.EACCES, os.strerror(errno.EACCES), place)
                yield from output_error(self._root, denied, "written").problems

    def _nearest(self, folder: str) -> str:
        """Return the folder, or the nearest one above it that is there."""
        while not is_reachable(self._root, folder, self._folders):
            folder = parent(folder)
        return folder

    def _is_there(self, path: str) -> bool:
        live = f"{self._root}/{path}"
        is_reached = is_reachable(self._root, parent(path), self._folders)
        return is_reached and os.path.lexists(live) and not is_folder(live)

    def _concerns(self, path: str) -> bool:
        """Tell whether a file is of the part that is written."""
        return is_search_file(path) == (self._part == "search")

    def _foreign(self) -> tuple[str, ...]:
        """Return the files of this part that nothing proves to be ours."""
        left = set(files_below(self._root)) - self._hashes.keys()
        return tuple(sorted(path for path in left if self._concerns(path)))

    def _journal(self, removed: list[str]) -> Journal:
        moves = tuple(move for _, move in sorted(self._moves, key=lambda pair: pair[0]))
        moved = {move.path for move in moves}
        kept = (
            (path, digest)
            for path, digest in self._hashes.items()
            if path not in moved and self._known.get(path) != digest
        )
        return Journal(moves, tuple(kept), tuple(removed))

    def _refuse(self, path: str, message: str, hint: str) -> None:
        self._problems.append(Problem(f"{self._root}/{path}", 0, message, hint))
