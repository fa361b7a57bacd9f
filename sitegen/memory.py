"""What builds remember of costly pure functions: results by the fingerprint of their arguments.

A `Memory` is handed to the stages that ask it; `serve` hands it on from build to build. It changes nothing
but the speed. What it has from `cache` are bytes, decoded by type when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
from markupsafe import Markup

from sitegen.model import Planned
from sitegen.recent import Recent

_MUCH = 1 << 23
"""So many bytes of new results are not kept until the end of a build."""
SIZE = 16
"""Bytes of a fingerprint."""


class Record(NamedTuple):
    """A result as bytes."""

    digest: bytes
    """Equal for results that are equal in everything."""
    check: int
    """The data's CRC-32, which tells whether it is damaged."""
    data: bytes


class Table:
    """The results of one function. What a build neither made nor asked for is forgotten with the next."""

    def __init__(
        self,
        read: Callable[[], Mapping[bytes, Record]] = dict,
        add: Callable[[Mapping[bytes, Record]], None] | None = None,
        *,
        holds: bool = True,
    ) -> None:
        """Begin with what `read` returns; `add` gets what is new, whenever there is much of it.

        With `holds` the results are there for the next build of this process.
        """
        self._read, self._add, self._holds = read, add, holds
        self._size = 0
        self._stored: Mapping[bytes, Record] | None = None
        self._old: dict[bytes, tuple[Any, bytes]] = {}
        self._held: dict[bytes, tuple[Any, bytes]] = {}
        self.used: dict[bytes, bytes] = {}
        """The digests of what this build has asked for or made."""
        self.new: dict[bytes, Record] = {}
        """What this build has made and nobody has stored."""

    @property
    def stored(self) -> Mapping[bytes, Record]:
        """What was there before; read when it is first asked for."""
        if self._stored is None:
            self._stored = self._read()
        return self._stored

    def get(self, key: bytes, kind: Any) -> Any:
        """Return a result, which has the type `kind`; None where it must be made."""
        known = self._held.get(key) or self._old.get(key) or self._decoded(key, kind)
        if known is None:
            return None
        self._hold(key, *known)
        return known[0]

    def last(self, kind: Any) -> Any:
        """Return what an earlier build kept last, which has the type `kind`; None where nothing is left."""
        if self._old:
            return next(reversed(self._old.values()))[0]
        known = (self._decoded(key, kind) for key in reversed(list(self.stored)))
        return next((result for found in known if found for result in found[:1]), None)

    def keep(self, key: bytes, result: object, record: Record | None = None) -> None:
        """Remember a result; `record` is what `record_of` makes of it, if that is known."""
        record = record or record_of(result)
        self._hold(key, result, record.digest)
        self.new[key] = record
        self._size += len(record.data)
        if self._add and self._size > _MUCH:
            self._add(self.new)
            self.new, self._size = {}, 0

    def turn(self) -> None:
        """End a build: only what it used is known to the next."""
        self._old, self._held, self.used, self.new, self._stored = self._held, {}, {}, {}, {}
        self._size = 0

    def _hold(self, key: bytes, result: object, digest: bytes) -> None:
        self.used[key] = digest
        if self._holds:
            self._held[key] = result, digest

    def _decoded(self, key: bytes, kind: Any) -> tuple[Any, bytes] | None:
        record = self.stored.get(key)
        if record is None or crc32(record.data) != record.check:
            return None
        found = decode(record.data, kind)
        return None if found is None else (found, record.digest)


class Memory:
    """All that builds remember."""

    def __init__(
        self, programs: str = "", tables: Mapping[str, Table] | None = None, *, holds: bool = True
    ) -> None:
        """Begin with what is stored; `programs` is the fingerprint of those that made it.

        Without `holds` it is good for one build.
        """
        tables = tables or {}
        self.recent = Recent(holds=holds)
        """What is known in this process alone."""
        self._holds = holds
        self._programs = programs.encode()
        self.sources = tables.get("sources") or Table()
        """What stands in a source."""
        self.papers = tables.get("papers") or Table()
        """Papers, with what is wrong with their text."""
        self.themes = tables.get("themes") or Table()
        """What theme files and labelled papers teach."""
        self.titles = tables.get("titles") or Table()
        """Which titles of a site are nearly the same."""
        self.related = tables.get("related") or Table()
        """What is near to each paper of a site."""
        self.maker: tuple[str, Any] | None = None
        """What makes artifacts, after the fingerprint of what it was made from; only within a process."""
        self.planned: tuple[object, Sequence[Planned]] = (None, [])
        """What the build before planned, and what else decided it."""
        self.digests: dict[int, tuple[object, bytes]] = {}
        """The digest of each paper, by its identity, which stays its own as long as it stands here."""

    @property
    def tables(self) -> dict[str, Table]:
        """The tables by name."""
        return {
            "sources": self.sources,
            "papers": self.papers,
            "themes": self.themes,
            "titles": self.titles,
            "related": self.related,
        }

    def key(self, *arguments: object) -> bytes:
        """Return the fingerprint of a function's arguments."""
        return blake2b(encode(arguments), digest_size=SIZE, key=self._programs).digest()

    def keep_planned(self, made_from: object, planned: Sequence[Planned]) -> None:
        """Remember what a build has planned, for the next of this process."""
        if self._holds:
            self.planned = made_from, planned

    def turn(self) -> None:
        """End a build."""
        self.digests = {}
        self.recent.turn()
        for table in self.tables.values():
            table.turn()


# ------------------------------------------------------------------------ values as bytes


def encode(value: object) -> bytes:
    """Return a value as bytes: two that differ anywhere, if only in being safe HTML, give others."""
    try:
        return _ENCODER.encode(value)
    except (UnicodeEncodeError, OverflowError):  # a broken letter, a number beyond 64 bits
        return repr(value).encode(errors="surrogatepass")


def record_of(result: object) -> Record:
    """Return a result as it is kept."""
    data = encode(result)
    return Record(blake2b(data, digest_size=SIZE).digest(), crc32(data), data)


def decode(data: bytes, kind: Any) -> Any:
    """Return the value of type `kind` that `encode` made into these bytes; None where there is none."""
    try:
        return _decoder(kind).decode(data)
    except msgspec.MsgspecError:
        return None


def _plain(value: object) -> list[str]:
    if isinstance(value, Markup):
        return [str(value)]  # text alone stands without a list
    raise TypeError(f"a {type(value).__name__} cannot be encoded")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_plain)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_safe_html)


def _safe_html(kind: type, value: Any) -> Any:
    if kind is not Markup or not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], str):
        raise TypeError("this is no safe HTML")
    return Markup(value[0])  # noqa: S704  # as it was made
