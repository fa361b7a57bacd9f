"""What the builds of a preview made: paths, what each file was made from, and its content in the store.

The next build makes only what is new. A file of lines keeps it for the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from sitegen.disk import is_safe, parent, prefixes, quoted
from sitegen.errors import BuildError, Problem
from sitegen.manifest import read_sealed, write_sealed
from sitegen.model import Artifact, Planned, Voucher
from sitegen.serve.store import Store

_RECORD = "made"
_CONTENTS = "contents"
_RENAME = "Rename one of them."
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_VOUCHERS: Mapping[str, Voucher] = MappingProxyType({})


class Made:
    """All files that are made, of the site as it is now."""

    def __init__(
        self, files: Mapping[str, str] = _NOTHING, vouchers: Mapping[str, Voucher] = _NO_VOUCHERS
    ) -> None:
        """Begin with these files."""
        self.files = dict(files)
        """Path of each, relative to the site's root, and the hash of its content."""
        self.vouchers = dict(vouchers)
        """What each was made from."""

    def add(self, artifact: Artifact, store: Store) -> None:
        """Add a file, its content held; raises OSError."""
        self.files[artifact.path] = store.hold(artifact.data)
        self.vouchers[artifact.path] = Voucher(artifact.fingerprint, len(artifact.data), 0)

    def has(self, planned: Planned) -> bool:
        """Tell whether a target is made, from the same."""
        voucher = self.vouchers.get(planned.path)
        return voucher is not None and voucher.fingerprint == planned.fingerprint

    def within(self, store: Store) -> Made:
        """Return the files whose contents are held."""
        files = {path: digest for path, digest in self.files.items() if store.has(digest)}
        return Made(files, {path: self.vouchers[path] for path in files})

    def among(self, planned: Sequence[Planned]) -> Made:
        """Return the files of a site that was planned anew, made from the same or not.

        Raises `BuildError` for paths that could not be a folder of files, which a build would refuse too.
        """
        paths = dict.fromkeys([path for _, path, _ in planned])
        kept = Made(self.files, self.vouchers)
        if len(paths) == len(planned) and paths.keys() == kept.files.keys():
            return kept
        problems = list(_doubles(planned))
        if new := paths.keys() - kept.files.keys():
            problems += _refusals(new, paths)
        if problems:
            raise BuildError(problems)
        for path in kept.files.keys() - paths.keys():
            del kept.files[path], kept.vouchers[path]
        return kept


def recall(place: Path) -> tuple[Made, Store]:
    """Return what the last preview in this place made, as far as it is there still, and the store of it."""
    files: dict[str, str] = {}
    vouchers: dict[str, Voucher] = {}
    until = 0
    with suppress(OSError, ValueError):  # none, or of another version
        until = os.stat(place / _RECORD).st_mtime_ns
        for line in read_sealed(os.fspath(place), _RECORD) or ():
            fingerprint, size, digest, path = line.split(" ", 3)
            files[path], vouchers[path] = digest, Voucher(fingerprint, int(size), 0)
    sizes = {digest: vouchers[path].size for path, digest in files.items()}
    store = Store(place / _CONTENTS, sizes, until)
    return Made(files, vouchers).within(store), store


def remember(place: Path, made: Made) -> None:
    """Write down what was made, for the next start; raises OSError."""
    lines = (
        f"{made.vouchers[path].fingerprint} {made.vouchers[path].size} {digest} {path}"
        for path, digest in made.files.items()
    )
    write_sealed(os.fspath(place), _RECORD, lines)


def _doubles(planned: Iterable[Planned]) -> Iterator[Problem]:
    """Yield a problem for each file that two targets want to be."""
    known: set[str] = set()
    for _, path, _ in planned:
        if path in known:
            yield Problem(path, 0, "two parts of the site want to be this file.", _RENAME)
        known.add(path)


def _refusals(new: Set[str], files: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what keeps new paths from being files below one folder, beside others that are."""
    for path in sorted(new):
        if not is_safe(path):
            yield Problem(path, 0, f"{quoted(path)} cannot be the name of a file of the site.", _RENAME)
    folders = {folder for place in {parent(path) for path in files} for folder in prefixes(place)}
    for path in sorted(folders & files.keys()):
        message = "this would have to be a file of the site and a folder too."
        yield Problem(path, 0, message, _RENAME)
