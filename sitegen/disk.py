"""What writing asks of the disk: safe paths, files and folders with fixed modes, plain words for its errors.

A path is relative to the output folder and has forward slashes. Nothing here follows a link out of it.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator

from sitegen.errors import BuildError, Problem

STATE = ".sitegen"
"""The folder inside the output folder that is no part of the site."""
FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""Whatever the umask is, so that the same content gives the same tree."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_BY_HANDLE = os.chmod in os.supports_fd
# Curators name their assets as they like, and a manifest may come with a folder that somebody else made: no
# path may lead out of the folder or into `.sitegen/`, break a file of lines, or be unfit for UTF-8.
_NAME = r"(?!\.\.?(?:/|\Z))[^/\\\x00-\x1f\x7f\ud800-\udfff]++"
_PATH = re.compile(rf"(?!(?i:\.sitegen)(?:/|\Z)){_NAME}(?:/{_NAME})*+")
_RIGHTS = "Give yourself the right to write there, or choose another folder with -o."
_SPACE = "Free some space there, then build again."
_HINTS = {
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: "Choose another folder with -o.",
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.ENAMETOOLONG: "Give it a shorter name.",
}


def is_safe(path: str) -> bool:
    """Tell whether the path stays inside the output folder, outside `.sitegen/`, and on one line."""
    return _PATH.fullmatch(path) is not None


def parent(path: str) -> str:
    """Return the folder of a path; empty for one at the top."""
    return path.rpartition("/")[0]


def prefixes(folder: str) -> Iterator[str]:
    """Yield the folders above a folder, outermost first, and the folder: "a", "a/b", "a/b/c"."""
    end = folder.find("/")
    while end != -1:
        yield folder[:end]
        end = folder.find("/", end + 1)
    if folder:
        yield folder


def is_folder(path: str) -> bool:
    """Tell whether a folder is there, and not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def is_reachable(root: str, folder: str, seen: dict[str, bool]) -> bool:
    """Tell whether a folder below the root is there and no link leads to it; remember it in `seen`."""
    if folder in seen:
        return seen[folder]
    reachable = True
    for prefix in prefixes(folder):
        if prefix not in seen:
            seen[prefix] = reachable and is_folder(f"{root}/{prefix}")
        reachable = seen[prefix]
    return reachable


def files_below(root: str, folder: str = "") -> Iterator[str]:
    """Yield the path of each file, link and device below a folder, in no order; follow no link."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        with os.scandir(f"{root}/{folder}") as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if not entry.is_dir(follow_symlinks=False):
                    yield path
                elif path != STATE:
                    waiting.append(path)


def make_folder(path: str) -> None:
    """Make one folder with our mode; one that is there stays as it is, but a link raises FileExistsError."""
    try:
        os.mkdir(path)
    except FileExistsError:
        if not is_folder(path):
            raise
    else:
        os.chmod(path, FOLDER_MODE)


def write_file(path: str, data: bytes, *, sync: bool = False) -> int:
    """Write a new file with our mode and return its time; with `sync`, only when the disk has it."""
    handle = os.open(path, _CREATE, FILE_MODE)
    try:
        written = os.write(handle, data)
        while written < len(data):
            written += os.write(handle, memoryview(data)[written:])
        if sync:
            os.fsync(handle)
        status = os.fstat(handle)
        if stat.S_IMODE(status.st_mode) != FILE_MODE:  # the umask took something
            os.chmod(handle if _BY_HANDLE else path, FILE_MODE)
        return status.st_mtime_ns
    finally:
        os.close(handle)


def has_content(path: str, data: bytes) -> bool:
    """Tell whether a file can be read and holds exactly these bytes."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read() == data
    except OSError:
        return False


def quoted(name: str) -> str:
    """Return a file name in quotes, fit for one line on any terminal."""
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name) + '"'


def output_error(root: str, error: OSError, verb: str, more: str = "") -> BuildError:
    """Return what the operating system refused ("read", "written") as a problem that names file or folder."""
    name = str(error.filename2 or error.filename or "")
    is_ours = name.startswith(f"{root}/") and not name.startswith(f"{root}/{STATE}")
    reason = (error.strerror or str(error)).lower()
    hint = _HINTS.get(error.errno or 0, "Mend that, or choose another folder with -o.")
    message = f"this {'path' if is_ours else 'folder'} cannot be {verb}: {reason}."
    return BuildError([Problem(name if is_ours else root, 0, message, f"{hint}\n{more}".rstrip())])
