"""What an output folder remembers of the files that sitegen wrote, kept in its folder `.sitegen/`.

The manifest lists which files are ours, one a line, under a checksum: a damaged one is noticed and not
believed. The marker says that the folder is ours at all. Each is put in place in one step.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from sitegen.disk import STATE, is_folder, is_safe, output_error, quoted, write_file
from sitegen.errors import BuildError, Problem
from sitegen.model import Manifest

MARKER = f"{STATE}/marker"
MANIFEST = f"{STATE}/manifest"

_HASH_BYTES = 16
_HASH_LENGTH = 2 * _HASH_BYTES
_MARKER_TEXT = b"sitegen wrote this folder and removes what it wrote. Your own files belong into content/.\n"
_ELSEWHERE = "Choose another folder with -o, or empty this one."


def read_manifest(out: Path) -> Manifest:
    """Return which files of the output folder are ours; a missing or new folder has none.

    Read it while the folder is `locked`, which first finishes a build that was interrupted. Raises BuildError
    for a folder that holds the files of others and no marker, and for one that cannot be read.
    """
    root = os.fspath(out)
    refuse_foreign(root)
    try:
        if not os.path.lexists(f"{root}/{MARKER}"):
            return Manifest((), usable=True)
        files = _parse(read_sealed(root, MANIFEST))
    except OSError as error:
        raise output_error(root, error, "read") from error
    return Manifest((), usable=False) if files is None else Manifest(files, usable=True)


def refuse_foreign(root: str) -> None:
    """Raise BuildError if the folder holds files and no marker, or cannot be listed."""
    try:
        names = os.listdir(root)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise BuildError(
            [Problem(root, 0, "this is a file, not a folder.", "Choose another with -o.")]
        ) from None
    except OSError as error:
        raise output_error(root, error, "read") from error
    if STATE in names and not is_folder(f"{root}/{STATE}"):
        raise BuildError(
            [Problem(f"{root}/{STATE}", 0, "sitegen needs a folder of this name.", "Remove it.")]
        )
    # Listed before the marker is looked for: a build that starts beside this one writes the marker first.
    foreign = sorted((name for name in names if name != STATE), key=lambda name: (name[0] == ".", name))
    if foreign and not os.path.lexists(f"{root}/{MARKER}"):
        message = f"this folder holds files that sitegen did not write, such as {quoted(foreign[0])}."
        raise BuildError([Problem(root, 0, message, _ELSEWHERE)])


def claim(root: str) -> None:
    """Mark a new folder as ours, before the first file of the site; the caller holds its lock."""
    if not os.path.lexists(f"{root}/{MARKER}"):
        if not os.path.lexists(f"{root}/{MANIFEST}"):
            write_manifest(root, {})
        write_file(f"{root}/{MARKER}", _MARKER_TEXT)


def write_manifest(root: str, files: Mapping[str, str]) -> None:
    """Replace the manifest in one step; `files` maps paths to hashes."""
    write_sealed(root, MANIFEST, (f"{digest} {path}" for path, digest in sorted(files.items())))


def _parse(lines: list[str] | None) -> tuple[tuple[str, str], ...] | None:
    """Return path and hash of each line; None without lines, or if one is not what we write."""
    if lines is None:
        return None
    files = tuple((line[_HASH_LENGTH + 1 :], line[:_HASH_LENGTH]) for line in lines)
    return files if all(is_safe(path) for path, _ in files) else None


# --------------------------------------------------------------------------- files under a checksum


def content_hash(data: bytes) -> str:
    """Return the hash by which the manifest knows the content of a file."""
    return blake2b(data, digest_size=_HASH_BYTES).hexdigest()


def write_sealed(root: str, name: str, lines: Iterable[str]) -> None:
    """Put a file of lines in place in one step; its first line holds version and checksum."""
    body = "".join(f"{line}\n" for line in lines).encode()
    path = f"{root}/{name}"
    with suppress(FileNotFoundError):
        os.unlink(f"{path}.new")  # of a build that was killed here
    write_file(f"{path}.new", _seal(body) + body, sync=True)
    os.replace(f"{path}.new", path)


def read_sealed(root: str, name: str) -> list[str] | None:
    """Return the lines of such a file; None if it is missing, damaged, or of another version."""
    path = f"{root}/{name}"
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as file:
            head, body = file.readline(), file.read()
    except FileNotFoundError:
        return None
    if head != _seal(body):
        return None
    return body.decode(errors="surrogateescape").split("\n")[:-1]


def _seal(body: bytes) -> bytes:
    return f"sitegen 1 {content_hash(body)}\n".encode()
