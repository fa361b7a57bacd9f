"""One connection of a browser: requests in, files of the preview out, with the headers of the host.

Nothing is cached. A request sees one preview from start to end, even while the next one is put up.
"""

from __future__ import annotations

import mimetypes
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qs, urlsplit

from sitegen.serve.answers import Answer, Found, Missing, Moved, answer, local_path
from sitegen.serve.coming import Unmade
from sitegen.serve.hosts import is_own_host
from sitegen.serve.looks import page_look
from sitegen.serve.news import news, stream
from sitegen.serve.preview import Preview
from sitegen.serve.ranges import byte_range

if TYPE_CHECKING:
    from sitegen.serve.server import PreviewServer

OURS = "/.sitegen/"
"""What lies below this path belongs to the preview; a host answers it with 404."""
NOTHING = b'<!doctype html><html lang="en"><title>Nothing here</title><h1>There is nothing here.</h1>\n'
CLIENT = (Path(__file__).parent / "client.js").read_bytes()

_PATIENCE = 20.0
"""Seconds that a request waits for a content that was lost."""
_TYPES = {
    ".avif": "image/avif",
    ".bib": "application/x-bibtex",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".opml": "text/x-opml",
    ".ris": "application/x-research-info-systems",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
# Only what is built in: the tables of a system differ, and that of Windows takes scripts for plain text.
_GUESS = mimetypes.MimeTypes()


def content_type(path: str) -> str:
    """Return the type with which a file is sent."""
    _, dot, ending = path.rpartition(".")
    kind, encoding = _GUESS.guess_type(f"file.{ending}") if dot else (None, None)
    kind = _TYPES.get(f".{ending.lower()}") or (None if encoding else kind) or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else kind


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each request on an open connection costs 44 ms
    timeout = 60  # a connection that nobody uses, in seconds
    server: PreviewServer

    def do_GET(self) -> None:
        """Send what a path means; who makes pages beside it gives way until it is sent."""
        self.server.busy.add(self)
        try:
            self._get()
        finally:
            self.server.busy.discard(self)

    def _get(self) -> None:
        if self.headers.get("Content-Length") or self.headers.get("Transfer-Encoding"):
            self.close_connection = True  # nobody reads that body
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or not self.path.startswith("/"):
            return self._say(HTTPStatus.BAD_REQUEST, "This request names no host, or several.")
        if not is_own_host(hosts[0], is_open=self.server.is_open):
            return self._say(
                HTTPStatus.FORBIDDEN, "This preview answers to localhost. --host opens it to the network."
            )
        url = urlsplit(self.path)
        if url.path == f"{OURS}reload.js":
            return self._send(HTTPStatus.OK, CLIENT, "text/javascript; charset=utf-8", {})
        if url.path == f"{OURS}events":
            return self._stream()
        if url.path == f"{OURS}news":
            return self._tell(parse_qs(url.query))
        return self._answer(url.path, url.query)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Refuse: a preview takes no forms."""
        self.close_connection = True
        self._say(HTTPStatus.METHOD_NOT_ALLOWED, "The preview takes no forms; the published site does.")

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for what changed."""

    def version_string(self) -> str:
        """Return who answers, without the version of Python."""
        return "sitegen"

    # ------------------------------------------------------------------------ files

    def _answer(self, path: str, query: str) -> None:
        preview, found, file = self._open(path)
        headers = preview.rules.headers_for(local_path(preview, path) or path)
        if isinstance(found, Moved):
            headers["Location"] = found.location + (f"?{query}" if query else "")
            return self._send(found.status, b"", "text/plain; charset=utf-8", headers)
        if not isinstance(found, Found) or file is None:
            is_up = preview.files and not isinstance(found, Found)
            status = HTTPStatus.NOT_FOUND if is_up else HTTPStatus.SERVICE_UNAVAILABLE
            return self._send_page(preview, found, status, NOTHING, headers)
        with file:
            kind = content_type(found.path)
            if kind.startswith("text/html"):
                return self._send_page(preview, found, found.status, file.read(), headers)
            return self._send_file(file, found, kind, headers)

    def _open(self, path: str) -> tuple[Preview, Answer, BinaryIO | None]:
        """Return the preview, its answer to a path and the file of it, opened."""
        preview = self.server.board.preview
        while True:
            found: Answer = Missing()
            try:
                found = answer(preview, path)
                if not isinstance(found, Found):
                    return preview, found, None
                return preview, found, self.server.store.open(found.digest)
            except (FileNotFoundError, Unmade) as error:
                newer = self._newer(preview, error)
                if newer is preview:
                    return preview, found, None
                preview = newer

    def _newer(self, preview: Preview, error: Exception) -> Preview:
        """Return the preview that has followed; where a content was lost, it is made again."""
        self.server.busy.discard(self)
        if not isinstance(error, Unmade) and self.server.board.preview is preview:
            self.server.miss()
        return self.server.board.wait(preview, _PATIENCE) or preview

    def _send_page(
        self, preview: Preview, found: Answer, status: int, html: bytes, headers: dict[str, str]
    ) -> None:
        """Send a page; where the content is watched, with the script that keeps it fresh."""
        version = page_look(preview, found, html if isinstance(found, Found) else b"").version
        if self.server.is_watching:
            html += b'<script src="%sreload.js" data-version="%s" defer></script>\n' % (
                OURS.encode(), version.encode(),
            )  # fmt: skip
        self._send(status, html, "text/html; charset=utf-8", {"ETag": f'"{version}"'} | headers)

    def _send_file(self, file: BinaryIO, found: Found, kind: str, headers: dict[str, str]) -> None:
        etag = f'"{found.digest}"'
        size = file.seek(0, 2)
        start, end, status = 0, size, found.status
        headers = {"Content-Type": kind, "ETag": etag, "Accept-Ranges": "bytes"} | headers
        wanted = self.headers.get("Range", "")
        if status == HTTPStatus.OK and self.headers.get("If-Range", etag) == etag:
            try:
                if part := byte_range(wanted, size):
                    (start, end), status = part, HTTPStatus.PARTIAL_CONTENT
                    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            except ValueError:
                headers["Content-Range"] = f"bytes */{size}"
                start, end, status = 0, 0, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        if self._has(etag) and found.status == HTTPStatus.OK:
            return self._head(HTTPStatus.NOT_MODIFIED, headers, None)
        self._head(status, headers, end - start)
        if self.command != "HEAD":
            file.seek(start)
            self._copy(file, end - start)
        return None

    def _copy(self, file: BinaryIO, size: int) -> None:
        while size and (block := file.read(min(size, 1 << 18))):
            self.wfile.write(block)
            size -= len(block)

    def _has(self, etag: str) -> bool:
        """Tell whether the browser has this content already."""
        listed = self.headers.get("If-None-Match", "")
        return etag in [word.strip().removeprefix("W/") for word in listed.split(",")]

    # ------------------------------------------------------------------------ news

    def _stream(self) -> None:
        """Send events until the reader or the server goes."""
        self.close_connection = True
        self.server.busy.discard(self)
        self._head(HTTPStatus.OK, {"Content-Type": "text/event-stream; charset=utf-8"}, None)
        if self.command == "HEAD":
            return
        for event in stream(self.server.board):
            self.wfile.write(event)

    def _tell(self, query: dict[str, list[str]]) -> None:
        """Send what a page has to know of itself."""
        page, version = query.get("page", ["/"])[0], query.get("version", [""])[0]
        self.server.shown.append(page)
        preview = self.server.board.preview
        while True:
            try:
                told = news(preview, page, version, self.server.store.read)
            except (FileNotFoundError, Unmade) as error:
                newer = self._newer(preview, error)
                if newer is preview:
                    return self._say(HTTPStatus.SERVICE_UNAVAILABLE, "The preview is being made again.")
                preview = newer
            else:
                return self._send(HTTPStatus.OK, told, "application/json", {})

    # ------------------------------------------------------------------------ every answer

    def _say(self, status: int, sentence: str) -> None:
        self._send(status, f"{sentence}\n".encode(), "text/plain; charset=utf-8", {})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self._head(status, {"Content-Type": kind} | headers, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str], length: int | None) -> None:
        """Send status and headers; a `length` of None is that of a body which ends with the connection."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if length is not None:
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
