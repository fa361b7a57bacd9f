"""A site's folder, served on loopback the way Netlify would: netlify.toml's headers, redirects, 404 page.

What Netlify does is checked against its own parser in test_netlify.py.
"""

from __future__ import annotations

import mimetypes
import re
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

Headers = dict[str, str]
_PIECE = 797
"""Bytes: a number that cuts words, tags and lists at all sorts of places."""
_FRAME = 0.02
NETLIFY_TOML = Path(__file__).parents[2] / "netlify.toml"


@dataclass(frozen=True, slots=True)
class Served:
    """A site that is up: its folder, and the address under which its home page answers."""

    folder: Path
    address: str

    def at(self, url: str) -> str:
        """Return the full address of a root-relative URL of the site."""
        return self.address + url.removeprefix("/")


@dataclass(frozen=True, slots=True)
class Redirect:
    """One rule: which paths, where to, with which status, and whether an existing file yields to it."""

    pattern: re.Pattern[str]
    to: str
    status: int
    force: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What the host was told: headers by path, and redirects in their order."""

    headers: tuple[tuple[re.Pattern[str], Headers], ...] = ()
    redirects: tuple[Redirect, ...] = ()

    def headers_for(self, path: str) -> Headers:
        """Return the headers of a path; of two rules that set one header the later wins."""
        found: Headers = {}
        for pattern, values in self.headers:
            if pattern.fullmatch(path):
                found |= values
        return found

    def redirect(self, path: str, *, file_exists: bool) -> Redirect | None:
        """Return the first rule that takes the path, or nothing."""
        rules = (rule for rule in self.redirects if rule.force or not file_exists)
        return next((rule for rule in rules if rule.pattern.fullmatch(path)), None)


def read_rules(folder: Path, netlify_toml: Path = NETLIFY_TOML) -> Rules:
    """Return the rules of a netlify.toml and of the `_redirects` in the folder, these first."""
    told = tomllib.loads(netlify_toml.read_text("utf-8"))
    listed = folder / "_redirects"
    lines = listed.read_text("utf-8").splitlines() if listed.exists() else []
    redirects = [_redirect_line(*line.split()) for line in lines if line and not line.startswith("#")]
    for rule in told.get("redirects", ()):
        pattern = _pattern(rule["from"])
        redirects.append(Redirect(pattern, rule["to"], rule.get("status", 301), rule.get("force", False)))
    headers = tuple((_pattern(rule["for"]), rule["values"]) for rule in told.get("headers", ()))
    return Rules(headers, tuple(redirects))


def _redirect_line(start: str, to: str, status: str) -> Redirect:
    return Redirect(_pattern(start), to, int(status.rstrip("!")), status.endswith("!"))


def _pattern(path: str) -> re.Pattern[str]:
    """Return what a path of a rule matches: a part `*` anything or nothing, `*` within a part anything."""
    parts = (part for part in path.split("/") if part)
    wild = ("(/.*)?" if part == "*" else "/" + re.escape(part).replace(r"\*", ".*") for part in parts)
    return re.compile("".join(wild) + "/?")


@contextmanager
def serve(
    folder: Path, rules: Rules | None = None, prefix: str = "/", *, slowly: bool = False
) -> Iterator[Served]:
    """Serve a folder under `prefix` on a free port of loopback, until the block ends.

    `slowly` sends the first part of each page in pieces; a browser paints each before the next comes.
    """
    told = {"folder": folder, "rules": rules or Rules(), "prefix": prefix, "slowly": slowly}
    handler = type("Handler", (_Handler,), told)
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Served(folder, f"http://127.0.0.1:{server.server_address[1]}{prefix}")
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that left before it had its answer; show any other mistake."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    folder: Path
    rules: Rules
    prefix: str
    slowly: bool

    def do_GET(self) -> None:
        address = unquote(urlsplit(self.path).path)
        if not address.startswith(self.prefix):
            return self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain", {})
        path = "/" + address.removeprefix(self.prefix)
        file = self._file(path)
        redirect = self.rules.redirect(path, file_exists=file is not None)
        if redirect and redirect.status != HTTPStatus.NOT_FOUND:
            return self._move(redirect.to, redirect.status)
        if redirect or file is None:
            return self._send(self.folder / "404.html", HTTPStatus.NOT_FOUND, path)
        if file.is_dir():
            return self._move(self.prefix + path[1:] + "/", HTTPStatus.MOVED_PERMANENTLY)
        return self._send(file, HTTPStatus.OK, path)

    do_HEAD = do_GET

    def _file(self, path: str) -> Path | None:
        """Return the file that a path means, the folder that lacks its slash, or nothing."""
        parts = path.split("/")
        file = self.folder.joinpath(*parts[1:], "index.html" if path.endswith("/") else "")
        return file if ".." not in parts and file.exists() else None

    def _send(self, file: Path, status: int, path: str) -> None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        body = file.read_bytes() if file.exists() else b"There is no such page."
        self._answer(status, body, kind, self.rules.headers_for(path))

    def _move(self, to: str, status: int) -> None:
        self._answer(status, b"", "text/plain", {"Location": to})

    def _answer(self, status: int, body: bytes, kind: str, headers: Headers) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.slowly and kind.startswith("text/html"):
            body = self._send_pieces(body)
        self.wfile.write(body)

    def _send_pieces(self, body: bytes) -> bytes:
        """Send what the first screen shows bit by bit, a frame apart, and return the rest."""
        start = body.find(b"<body")
        self.wfile.write(body[:start])
        end = min(len(body), start + 24_000)
        for place in range(start, end, _PIECE):
            time.sleep(_FRAME)
            self.wfile.write(body[place : min(place + _PIECE, end)])
        return body[end:]

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for test results."""
