"""What of a page a browser has: enough to tell whether it must load all of it again, or only the style.

The address of a style sheet holds a hash, so a new style changes every page. Here a page without these
addresses has a shape; two pages of one shape differ in their style sheets at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from html import unescape
from urllib.parse import urlsplit

from msgspec import Struct

from sitegen.routes import content_asset_url
from sitegen.serve.answers import Answer, Found, answer, local_path
from sitegen.serve.preview import Preview

_STYLE = re.compile(rb'<link\b(?=[^>]*\brel="stylesheet")[^>]*>')
_HREF = re.compile(rb'\bhref="([^"]*)"')
_ADDRESS = re.compile(rb'="([^"]*)"')


class Look(Struct, frozen=True):
    """One page, as a browser would show it."""

    shape: str
    styles: tuple[str, ...]
    """The addresses of its style sheets, in order; another content is another address."""

    @property
    def version(self) -> str:
        """A short name for exactly this look."""
        return f"{self.shape}.{_hash(' '.join(self.styles).encode())}"


def look_of(preview: Preview, path: str, read: Callable[[str], bytes]) -> Look:
    """Return the look of the page at a path; `read` returns a content and may raise FileNotFoundError."""
    found = answer(preview, path)
    return page_look(preview, found, read(found.digest) if isinstance(found, Found) else b"")


def page_look(preview: Preview, found: Answer, html: bytes) -> Look:
    """Return the look of an answer whose bytes are `html`."""
    styles = tuple(_style_addresses(preview, html))
    bare = _STYLE.sub(lambda tag: _HREF.sub(b"", tag[0]), html)
    kind = found.status if isinstance(found, Found) else found
    assets = " ".join(f"{address} {digest}" for address, digest in _assets(preview, bare))
    return Look(_hash(f"{kind} {assets} ".encode() + bare), styles)


def _style_addresses(preview: Preview, html: bytes) -> Iterator[str]:
    """Yield the address of each style sheet; one without a hash of its own gets that of its content."""
    for tag in _STYLE.findall(html):
        address = unescape(b"".join(_HREF.findall(tag)[:1]).decode("utf-8", "replace"))
        digest = _digest(preview, address)
        named = re.search(r"\.[0-9a-f]{8}\.\w+$", address)
        yield address if named or not digest else f"{address}?{digest[:8]}"


def _assets(preview: Preview, html: bytes) -> Iterator[tuple[str, str]]:
    """Yield address and content of the curator's own files that a page names: pictures, scripts."""
    start = (preview.base_path + content_asset_url("")[1:]).encode()
    for raw in _ADDRESS.findall(html):
        if raw.startswith(start):
            address = unescape(raw.decode("utf-8", "replace"))
            yield address, _digest(preview, address)


def _digest(preview: Preview, address: str) -> str:
    path = local_path(preview, urlsplit(address).path)
    return preview.digest(path[1:]) if path and path[1:] in preview.files else ""


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
