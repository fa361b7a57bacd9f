"""Addresses in running text: finds one, leaves the glued full stop out, says what it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from sitegen.model import EntryLink, TextLink

_PATH = r"(?:[\w\-.~:/?#@!&'()*+,;=]|%[0-9A-Fa-f]{2})"
_FULL = (
    rf"https?://(?:[\w-]{{1,63}}\.){{1,12}}[A-Za-z][\w-]{{1,62}}(?::\d{{1,4}})?(?:[/?\#]{_PATH}{{0,2000}})?"
)
_BARE = rf"(?<![\w./@-])(?:github\.com|gitlab\.com|huggingface\.co)/[\w.-]{{1,100}}/{_PATH}{{1,500}}"
_ADDRESS = re.compile(f"{_FULL}|{_BARE}", re.ASCII)
_LABEL = re.compile(r"\{([^{}]{1,200})\}")

_FORGES = {
    "github.com", "gist.github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org",
    "anonymous.4open.science",
}  # fmt: skip
_LABELS: dict[str, tuple[Literal["code", "project"], str]] = {
    "code": ("code", "Code"),
    "project": ("project", "Project page"),
}
_NO_MODELS = {"papers", "collections", "docs", "blog", "learn", "posts", "organizations"}


class Found(NamedTuple):
    """An address, and where it ends in the text."""

    url: str
    shown: str
    """The address as the text has it, which may lack the scheme."""
    label: str
    """What stood behind it in braces, the remains of TeX's `href`; else empty."""
    end: int


def address_at(text: str, start: int) -> Found | None:
    """Return the address that starts at `start`, without the punctuation that only stands beside it."""
    match = _ADDRESS.match(text, start)
    if not match:
        return None
    shown = _trimmed(match[0])
    url = shown if shown.startswith("http") else f"https://{shown}"
    end = start + len(shown)
    label = _LABEL.match(text, end)
    if not label:
        return Found(url, shown, "", end)
    says_more = not _ADDRESS.match(label[1])
    return Found(url, shown, label[1].strip() if says_more else "", label.end())


def _trimmed(url: str) -> str:
    """Cut full stops, quotes and brackets that were opened before the address."""
    extra = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'*_~" or (url[end - 1] == ")" and extra > 0)):
        extra -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def lifted(urls: list[str]) -> tuple[TextLink, ...]:
    """Return the addresses of code, project pages, models and data, each once, in their order."""
    links: dict[str, TextLink] = {}
    for url in urls:
        link = _classified(url)
        if link:
            links.setdefault(_bare(url), link)
    return tuple(links.values())


def told(links: Iterable[EntryLink]) -> tuple[TextLink, ...]:
    """Return links as readers see them, each address once: told by the address, else by what its source says.

    An address of which neither says anything is left out.
    """
    found: dict[str, TextLink] = {}
    for link in links:
        label = _LABELS.get(link.kind)
        known = _classified(link.url) or (TextLink(link.url, *label) if label else None)
        if known:
            found.setdefault(_bare(link.url), known)
    return tuple(found.values())


def _bare(url: str) -> str:
    """Return what two spellings of an address share."""
    return url.partition("://")[2].casefold().rstrip("/").removesuffix(".git")


def _classified(url: str) -> TextLink | None:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    folders = [folder for folder in parts.path.split("/") if folder]
    if host in _FORGES and folders:
        return TextLink(url, "code", "Code")
    is_site = host == "sites.google.com" and folders[:1] == ["view"]
    if is_site or host.endswith((".github.io", ".gitlab.io")):
        return TextLink(url, "project", "Project page")
    if host in {"huggingface.co", "hf.co"} and len(folders) > 1:
        return _hugging_face(url, folders[0])
    return None


def _hugging_face(url: str, first: str) -> TextLink | None:
    if first == "datasets":
        return TextLink(url, "data", "Data")
    if first == "spaces":
        return TextLink(url, "project", "Project page")
    return None if first in _NO_MODELS else TextLink(url, "model", "Model")
