"""The fingerprint of a target: the hash of all that decides its bytes.

Into it goes every field of the target, of the facts and of whatever they hold, by the types' own annotations:
a new field is in it by itself. A paper, an issue or a letter is hashed once and stands in all that show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct

from sitegen.memory import SIZE, encode
from sitegen.model import Asset, Document, Facts, Issue, Letter, Page, Paper, Target

_SHARED = (Paper, Issue, Letter)
"""What many targets show."""


class Fingerprinter:
    """Takes the fingerprints of the targets of one build."""

    def __init__(
        self,
        facts: Facts,
        programs: str,
        templates: str,
        digests: Mapping[int, tuple[object, bytes]] = MappingProxyType({}),
    ) -> None:
        """Take what decides every page beside itself; `programs` and `templates` are hashes.

        `digests` are those of shared values that are known already, by identity, beside the values.
        """
        known = encode(facts)
        self._feeds = blake2b(b"feed" + programs.encode() + b"\0" + known, digest_size=SIZE)
        self._pages = blake2b(b"page" + f"{programs} {templates}".encode() + b"\0" + known, digest_size=SIZE)
        self._digests = {number: digest for number, (_, digest) in digests.items()}
        self._hashed: list[object] = [digests]
        """What was hashed: as long as it stands here its identity is its own."""
        self.shared = self._pages.hexdigest()
        """The fingerprint of what decides every page beside itself."""
        self.made_from = self.shared, self._feeds.hexdigest()
        """All that decides the fingerprint of a target beside itself."""

    def fingerprint(self, target: Target) -> str:
        """Return the hash of all that decides the bytes of a target."""
        if isinstance(target, Asset):
            return blake2b(target.data, digest_size=SIZE).hexdigest()
        if isinstance(target, Document):
            return blake2b(target.text.encode(), digest_size=SIZE).hexdigest()
        digest = (self._pages if isinstance(target, Page) else self._feeds).copy()
        digest.update(encode(_shaped(target, self._digest)))
        return digest.hexdigest()

    def _digest(self, value: object) -> bytes:
        """Return the hash of a shared value, or of several in one tuple, as the twins of a list hold."""
        known = self._digests.get(id(value))
        if known is None:
            data = self._all(value) if type(value) is tuple else encode(_shaped(value, self._digest))
            known = self._digests[id(value)] = blake2b(data, digest_size=SIZE).digest()
            self._hashed.append(value)
        return known

    def _all(self, values: tuple[object, ...]) -> bytes:
        """Return the hashes of shared values, one after the other."""
        try:
            return b"".join(map(self._digests.__getitem__, map(id, values)))
        except KeyError:
            return b"".join(map(self._digest, values))


# ------------------------------------------------------------------------ values as bytes

Digest = Callable[[object], bytes]
Shape = Callable[[Any, Digest], Any]


def _shaped(value: object, digest: Digest) -> Any:
    """Return a value with hashes in the place of the shared values in it."""
    kind: Any = type(value)
    return _shape(kind)(value, digest)


@cache
def _shape(kind: Any) -> Shape:
    """Return the function that does so for the values of one type."""
    hints = get_type_hints(kind)
    names = kind.__struct_fields__
    deep = [(attrgetter(name), _within(hints[name])) for name in names if _holds_shared(hints[name])]
    flat = [name for name in names if not _holds_shared(hints[name])]
    leaves = attrgetter(*flat, "__class__.__name__")
    return lambda value, digest: [leaves(value), [shape(get(value), digest) for get, shape in deep]]


def _within(hint: Any) -> Shape:
    """Return the shape of a field that may hold shared values: one, a tuple of such, or none."""
    if hint in _SHARED or (get_origin(hint) is tuple and get_args(hint)[0] in _SHARED):
        return lambda value, digest: digest(value)
    return _any


def _any(value: Any, digest: Digest) -> Any:
    if isinstance(value, _SHARED):
        return digest(value)
    if isinstance(value, tuple):
        return [_any(item, digest) for item in value]
    return _shaped(value, digest) if isinstance(value, Struct) else value


@cache
def _holds_shared(hint: Any) -> bool:
    """Return whether a value of this annotation can hold one that is shared."""
    if hint in _SHARED:
        return True
    parts: Iterable[Any] = get_type_hints(hint).values() if _is_struct(hint) else get_args(hint)
    return any(_holds_shared(part) for part in parts)


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct)
