"""What the host is told: headers and redirects of `netlify.toml`, and the site's own `_redirects`.

All paths here count from the site's own root. A rule that depends on who asks (query, country, language)
or that fetches from another host is left out: a preview cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sitegen.toml import read_toml

PATH = "netlify.toml"

_NOT_SENT = {
    "cache-control",  # a preview is never cached
    "strict-transport-security",  # it would lock the browser out of every other server on localhost
    "basic-auth",  # Netlify's own word, no header
    "accept-ranges", "connection", "content-encoding", "content-length", "content-range", "date", "etag",
    "location", "server", "transfer-encoding",
}  # fmt: skip
"""Headers that a rule cannot set here: unfit for a preview, or the server's own."""


class _HeaderTable(msgspec.Struct, frozen=True):
    path: str = msgspec.field(name="for")
    values: dict[str, str | list[str]] = {}


class _RedirectTable(msgspec.Struct, frozen=True):
    start: str = msgspec.field(name="from", default="")
    to: str = ""
    status: int = 301
    force: bool = False
    query: dict[str, Any] = {}
    conditions: dict[str, Any] = {}


class _NetlifyFile(msgspec.Struct, frozen=True):
    headers: tuple[_HeaderTable, ...] = ()
    redirects: tuple[_RedirectTable, ...] = ()


class Pattern(Struct, frozen=True):
    """The paths that a rule is about."""

    regex: re.Pattern[str]
    names: tuple[str, ...]
    """Of the groups: placeholders, and "splat" for what a final star stands for."""

    def match(self, path: str) -> dict[str, str] | None:
        """Return what the placeholders stand for in a path; None where the rule is not about it."""
        found = self.regex.fullmatch(path)
        if found is None:
            return None
        return dict(zip(self.names, (group or "" for group in found.groups()), strict=True))


class Redirect(Struct, frozen=True):
    """One redirect: which paths, where to, with which status, and whether a file yields to it."""

    pattern: Pattern
    to: str
    status: int
    force: bool


class Rules(Struct, frozen=True):
    """Headers and redirects, in the order in which they count."""

    headers: tuple[tuple[Pattern, tuple[tuple[str, str], ...]], ...] = ()
    redirects: tuple[Redirect, ...] = ()

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the headers of a path; of two rules that set one header the later wins."""
        found: dict[str, str] = {}
        for pattern, values in self.headers:
            if pattern.match(path) is not None:
                found |= dict(values)
        return found

    def redirect(self, path: str, *, has_file: bool) -> tuple[str, int] | None:
        """Return address and status of the first redirect that takes a path, or nothing."""
        for rule in self.redirects:
            if (rule.force or not has_file) and (words := rule.pattern.match(path)) is not None:
                return re.sub(r":(\w+)", lambda name: words.get(name[1], name[0]), rule.to), rule.status
        return None


def read_rules(root: Path) -> Rules:
    """Return the rules in a project's `netlify.toml`, if it has one; raise `BuildError` with its mistakes."""
    if not (root / PATH).exists():
        return Rules()
    told, _ = read_toml(root, PATH, _NetlifyFile)
    return Rules(
        headers=tuple((_pattern(table.path), tuple(_headers(table))) for table in told.headers),
        redirects=tuple(
            Redirect(_pattern(table.start), table.to, table.status, table.force)
            for table in told.redirects
            if table.start and not table.query and not table.conditions
            if table.status != 200 or table.to.startswith("/")
        ),
    )


def read_redirects(text: str, base_path: str) -> tuple[Redirect, ...]:
    """Return the redirects in a `_redirects` that the build wrote, whose paths begin with the base path."""

    def local(path: str) -> str:
        return "/" + path.removeprefix(base_path) if path.startswith(base_path) else path

    rows = (line.split(" ") for line in text.splitlines())
    return tuple(
        Redirect(_pattern(local(start)), local(to), int(status.rstrip("!")), status.endswith("!"))
        for start, to, status in rows
    )


def _headers(table: _HeaderTable) -> Iterator[tuple[str, str]]:
    """Yield the headers of a table that a preview sends, each on one line and in the letters of HTTP."""
    for name, value in table.values.items():
        lines = value.split("\n") if isinstance(value, str) else value
        text = ", ".join(stripped for line in lines if (stripped := " ".join(line.split())))
        if name.lower() == "content-security-policy":
            # On plain http it would send a browser that is not on this machine to https, where nothing is.
            text = "; ".join(
                part.strip() for part in text.split(";") if part.strip() != "upgrade-insecure-requests"
            )
        if re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII) and name.lower() not in _NOT_SENT:
            yield name.title(), text.encode("latin-1", "replace").decode("latin-1")


def _pattern(path: str) -> Pattern:
    """Return what a path of a rule matches: `*` anything, `:name` one part; a final slash does not count."""
    regex, names = "", []
    for part in (part for part in path.split("/") if part):
        if part == "*":
            regex += "(?:/(.*))?"
            names.append("splat")
        elif re.fullmatch(r":\w+", part):
            regex += "/([^/]+)"
            names.append(part[1:])
        else:
            regex += "/" + re.escape(part).replace(r"\*", ".*")
    return Pattern(re.compile(regex + "/?"), tuple(names))
