"""What a preview answers to a path: a file, a move, or nothing. Pure look-ups in its map.

A path is never joined to a folder: what is not in the map is not there, however it is spelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote, unquote

from msgspec import Struct

from sitegen.routes import NOT_FOUND
from sitegen.serve.preview import Preview


class Found(Struct, frozen=True):
    """A file of the site, and the status with which it is sent."""

    path: str
    digest: str
    status: int = HTTPStatus.OK


class Moved(Struct, frozen=True):
    """Another address."""

    location: str
    status: int


class Missing(Struct, frozen=True):
    """Nothing, and no page that says so."""


Answer = Found | Moved | Missing


def answer(preview: Preview, path: str) -> Answer:
    """Return the answer to the path of an address, as the browser spelled it.

    Raises `Unmade` for a file that cannot be made.
    """
    local = local_path(preview, path)
    if local is None:
        if unquote(path) in ("/", preview.base_path.rstrip("/")):
            return Moved(preview.base_path, HTTPStatus.FOUND)
        return _not_found(preview)
    file = file_of(local)
    if moved := preview.rules.redirect(local, has_file=file in preview.files):
        return _redirected(preview, *moved)
    if file in preview.files:
        return Found(file, preview.digest(file))
    if f"{file}/index.html" in preview.files:
        return Moved(quote(f"{preview.base_path}{file}/"), HTTPStatus.MOVED_PERMANENTLY)
    return _not_found(preview)


def local_path(preview: Preview, path: str) -> str | None:
    """Return the path of an address from the site's own root; None outside of the site."""
    plain = unquote(path)
    return "/" + plain.removeprefix(preview.base_path) if plain.startswith(preview.base_path) else None


def shown_files(preview: Preview, paths: Iterable[str]) -> list[str]:
    """Return the files of the pages at some paths, the last ones first."""
    files = (local_path(preview, path) for path in paths)
    return [file_of(path) for path in dict.fromkeys(reversed(list(files))) if path]


def _redirected(preview: Preview, to: str, status: int) -> Answer:
    if status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
        file = file_of(to)
        return Found(file, preview.digest(file), status) if file in preview.files else _not_found(preview)
    address = preview.base_path + to[1:] if to.startswith("/") else to
    return Moved(quote(address, safe="%/:;,?&=#@!$'()*+~"), status)


def file_of(path: str) -> str:
    """Return the file that a path from the site's own root means."""
    return path[1:] + "index.html" if path.endswith("/") else path[1:]


def _not_found(preview: Preview) -> Answer:
    page = NOT_FOUND[1:]
    if page in preview.files:
        return Found(page, preview.digest(page), HTTPStatus.NOT_FOUND)
    return Missing()
