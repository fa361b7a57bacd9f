"""What the builds of a preview made: paths, what each file was made from, and its content in the store.

The next build makes only what is new. A file of lines keeps it for the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sitegen.disk import is_safe, parent, prefixes, quoted
from sitegen.errors import BuildError, Problem
from sitegen.manifest import read_sealed, write_sealed
from sitegen.model import Artifact, Kept, Output, Voucher
from sitegen.serve.store import Store

_RECORD = "made"
_CONTENTS = "contents"
_RENAME = "Rename one of them."


@dataclass(frozen=True, slots=True)
class Made:
    """All files of one site."""

    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Path of each, relative to the site's root, and the hash of its content."""
    vouchers: Mapping[str, Voucher] = field(default_factory=lambda: MappingProxyType({}))
    """What each was made from."""

    def within(self, store: Store) -> Made:
        """Return the files whose contents are held."""
        files = {path: digest for path, digest in self.files.items() if store.has(digest)}
        return Made(files, {path: self.vouchers[path] for path in files})


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


def gather(artifacts: Iterable[Output], known: Made, store: Store) -> Made:
    """Return the site of these artifacts, their contents held; `known` has those that are kept.

    Raises `BuildError` for what could not be a folder of files, which a build would refuse too, and OSError.
    """
    files: dict[str, str] = {}
    vouchers: dict[str, Voucher] = {}
    for artifact in artifacts:
        path = artifact.path
        if path in files:
            raise BuildError([Problem(path, 0, "two parts of the site want to be this file.", _RENAME)])
        if isinstance(artifact, Kept):
            files[path], vouchers[path] = known.files[path], artifact.voucher
        else:
            assert isinstance(artifact, Artifact), "no worker is given a folder to write to"
            files[path] = store.hold(artifact.data)
            vouchers[path] = Voucher(artifact.fingerprint, len(artifact.data), 0)
    new = files.keys() - known.files.keys()
    if new and (problems := tuple(_refusals(new, files))):
        raise BuildError(problems)
    return Made(files, vouchers)


def _refusals(new: Set[str], files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what keeps new paths from being files below one folder, beside others that are."""
    for path in sorted(new):
        if not is_safe(path):
            yield Problem(path, 0, f"{quoted(path)} cannot be the name of a file of the site.", _RENAME)
    folders = {folder for place in {parent(path) for path in files} for folder in prefixes(place)}
    for path in sorted(folders & files.keys()):
        message = "this would have to be a file of the site and a folder too."
        yield Problem(path, 0, message, _RENAME)
