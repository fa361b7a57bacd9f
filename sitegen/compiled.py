"""The code of our own templates, kept beside them as Python keeps that of its modules, and by its rules.

A template of a project is compiled by each build: no file of a project is taken for code. What is damaged, or
was made by another version, is made anew.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from sitegen import templating

_SEAL = 32
"""The length of what stands before the code."""
_STATUS = os.stat(templating.__file__)
_COMPILER = (jinja2.__version__, sys.version, _STATUS.st_size, _STATUS.st_mtime_ns)
"""What code depends on beside its source. No filter does its work while a template is compiled."""


class Compiled(jinja2.BytecodeCache):
    """Keeps the code of the templates in one folder."""

    def __init__(self, home: Path) -> None:
        """Take the folder of our own templates."""
        self._home = f"{os.path.abspath(home)}{os.sep}"
        self._folder = Path(cache_from_source(f"{self._home}any.py")).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of the file for a template; none where the template is not ours."""
        place = os.path.abspath(filename or "")
        return (
            f"{name.replace('/', '.')}.{_digest(place.encode())[:16]}" if place.startswith(self._home) else ""
        )

    def get_source_checksum(self, source: str) -> str:
        """Return what the code is made from, in short."""
        return _digest(repr(_COMPILER).encode() + source.encode())

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code, if that is kept and whole."""
        with suppress(OSError):
            data = (self._folder / bucket.key).read_bytes() if bucket.key else b""
            seal, code = data[:_SEAL].decode(errors="replace"), data[_SEAL:]
            if seal == _digest(bucket.checksum.encode() + code):
                bucket.code = marshal.loads(code)  # noqa: S302 - as Python does with a .pyc

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of the bucket, unless Python is told to keep none."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        code = marshal.dumps(bucket.code)
        new = self._folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):  # where only an administrator may write, each build compiles
            self._folder.mkdir(exist_ok=True)
            new.write_bytes(_digest(bucket.checksum.encode() + code).encode() + code)
            new.replace(self._folder / bucket.key)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=_SEAL // 2).hexdigest()
