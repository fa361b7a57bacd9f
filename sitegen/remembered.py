"""The cache: what costly pure functions made, remembered in `ROOT/.sitegen-cache/`, which may be deleted.

A wrong answer cannot come of it: an entry says what it was made from and carries the checksum of what was
made; one that is damaged, of another version or cannot be read or written only costs the time to make it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from sitegen.cache import CACHE, make_cache, put

_KIND = b"sitegen cache 1"


def remembered(root: Path, name: str, parts: bytes, make: Callable[[], bytes]) -> bytes:
    """Return what was made under a name from these parts; make it where it is not known.

    A name keeps what was made last, so that the cache grows no larger than the site.
    """
    folder = root / CACHE / "made"
    path = folder / blake2b(name.encode(), digest_size=16).hexdigest()
    source = blake2b(parts).hexdigest().encode()
    with suppress(OSError):
        head, _, data = path.read_bytes().partition(b"\n")
        if head == _head(source, data):
            return data
    data = make()
    with suppress(OSError):
        make_cache(root)
        folder.mkdir(exist_ok=True)
        put(path, _head(source, data) + b"\n" + data)
    return data


def _head(source: bytes, data: bytes) -> bytes:
    return b" ".join((_KIND, source, blake2b(data, digest_size=16).hexdigest().encode()))
