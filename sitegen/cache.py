"""The memory of builds in a folder of the project, which may be deleted at any time.

One file a table, to which each build adds what it made: records under a checksum, one after the other.
Several builds may read and add at once. What is damaged, or of another version, is as if it were not there.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from io import FileIO
from pathlib import Path

from sitegen.memory import SIZE, Memory, Record, Table

CACHE = ".sitegen-cache"
"""The folder in the project's."""

_MAGIC = b"sitegen memory 1\n"
_HEAD = struct.Struct(f"<{SIZE}s{SIZE}sII")
"""Before each record: its key, its digest, the checksum and the length of its data."""
_BATCH = 1000
"""So many records are written at once."""
_SPARE = {"sources": 200, "papers": 200, "themes": 20, "titles": 1, "related": 1}
"""So many records of a table that nobody asks for may stay beside twice the others."""


def open_memory(root: Path, programs: str, *, holds: bool = True) -> Memory:
    """Return what builds of the project at `root` remember; the files are read when they are asked for.

    Without `holds` it is good for one build, and keeps no result in the memory of the process.
    """
    folder = root / CACHE
    tables = {
        name: Table(partial(_read, folder / name), partial(_append, folder / name), holds=holds)
        for name in Memory().tables
    }
    return Memory(programs, tables, holds=holds)


def save_memory(root: Path, memory: Memory) -> None:
    """Add what a build has made to the files, and end the build for the memory."""
    for name, table in memory.tables.items():
        path = root / CACHE / name
        if table.new:
            _append(path, table.new)
        used = sum(key in table.stored for key in table.used)
        if len(table.stored) > 3 * used + _SPARE[name]:
            _sift(path, table.used)
    memory.turn()


def make_cache(root: Path) -> None:
    """Make the folder, so that no version control takes it; raises OSError."""
    with suppress(FileExistsError):
        (root / CACHE).mkdir()
        (root / CACHE / ".gitignore").write_text("*\n", encoding="ascii")


def put(path: Path, data: bytes) -> None:
    """Put a file of the cache in place, in one step, and remove what a killed build left of such a step.

    Raises OSError; of two builds at once, one may.
    """
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        with open(new, "xb") as file:
            file.write(data)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


class _Stored(Mapping[bytes, Record]):
    """The records of a file, each read when it is asked for."""

    def __init__(self, file: FileIO) -> None:
        """Take an open file; raises OSError."""
        self._file = file
        self._places: dict[bytes, tuple[bytes, int, int, int]] = {}
        size, end = os.fstat(file.fileno()).st_size, len(_MAGIC)
        end = end if self._read(end, 0) == _MAGIC else 0
        while end and len(head := self._read(_HEAD.size, end)) == _HEAD.size:
            key, digest, check, length = _HEAD.unpack(head)
            start = end + _HEAD.size
            if start + length > size:
                break
            self._places[key] = digest, check, length, start
            end = start + length
        self.is_whole = 0 < end == size
        """Whether it holds nothing but records."""

    def _read(self, length: int, start: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, start)
        self._file.seek(start)
        return self._file.read(length)

    def __getitem__(self, key: bytes) -> Record:
        digest, check, length, start = self._places[key]
        try:
            return Record(digest, check, self._read(length, start))
        except OSError:
            return Record(digest, check, b"")

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _read(path: Path) -> Mapping[bytes, Record]:
    """Return the records of a file; one that is damaged is removed, and gives those before the damage."""
    if not _is_file(path):
        return {}
    with suppress(OSError):
        stored = _Stored(path.open("rb", buffering=0))
        if not stored.is_whole:
            path.unlink()
        return stored
    return {}


def _sift(path: Path, keys: Iterable[bytes]) -> None:
    """Begin a file anew with the records of some keys, as far as it has them."""
    stored = _read(path)
    with suppress(OSError):
        path.unlink(missing_ok=True)
    left = [key for key in keys if key in stored]
    for start in range(0, len(left), _BATCH):
        _append(path, {key: stored[key] for key in left[start : start + _BATCH]})


def _append(path: Path, records: Mapping[bytes, Record]) -> None:
    """Add records to a file, or begin it; where that cannot be, the next build makes them again."""
    with suppress(OSError):
        make_cache(path.parent.parent)
        if not _is_file(path):
            put(path, _MAGIC)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        with open(handle, "wb", buffering=0) as file:
            file.write(b"".join(_lines(records)))


def _lines(records: Mapping[bytes, Record]) -> Iterator[bytes]:
    for key, record in records.items():
        yield _HEAD.pack(key, record.digest, record.check, len(record.data))
        yield record.data


def _is_file(path: Path) -> bool:
    """Tell whether a plain file is there, and not a link to one."""
    return path.is_file() and not path.is_symlink()
