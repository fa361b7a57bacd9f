"""A page to what the rules need of it. The page is parsed once, as a browser would, and never run."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable
from sys import intern
from typing import Any

from lxml import etree

from sitegen.checking.tree import PageRead, budget_of

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LINKED = {"a": "href", "area": "href", "form": "action"}
_LOADED = {
    "img": "src", "script": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src",
    "embed": "src", "track": "src", "input": "src", "object": "data", "image": "href", "use": "href",
}  # fmt: skip
_LOADED_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "manifest",
    "apple-touch-icon",
    "mask-icon",
}
_LOADED_NAMES = {"og:image", "og:image:url", "og:video", "og:audio", "twitter:image"}
_TAGS = (*_HEADINGS, *_LINKED, *_LOADED, "link", "meta", "svg", "math", "style")
_IDS: Any = etree.XPath("//@id", smart_strings=False)
_HANDLERS: Any = etree.XPath("//@*[starts-with(name(), 'on') or name() = 'style']/..")
_IMAGE_IN_SET = re.compile(r"[^\s,]\S*[^\s,]|[^\s,]")

Element = Any


def read_page(path: str, data: bytes) -> PageRead:
    """Return what the rules need of the page in the file `path`."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root: Element = etree.fromstring(data, parser) if data.strip() else None
    if root is None:
        root = etree.Element("html")
    reading = _Reading()
    for element in root.iter(*_TAGS):
        reading.take(element)
    ids = Counter(_IDS(root))
    for element in _HANDLERS(root):
        names = (str(name) for name in element.attrib)
        reading.inline += [f"{name}=" for name in names if name == "style" or name.startswith("on")]
    meta = reading.meta
    return PageRead(
        path=path,
        title=" ".join((root.findtext("head/title") or "").split()),
        language=(root.get("lang") or "").strip(),
        description=meta.get("description", "").strip(),
        canonical=reading.canonical,
        is_indexed="noindex" not in meta.get("robots", ""),
        refresh=reading.refresh,
        links=_distinct(link for link in reading.links if link[:1] != "#" or link[1:] not in ids),
        loads=_distinct(reading.loads),
        names=_distinct(reading.names),
        ids=frozenset(map(intern, ids)),
        repeated=tuple(name for name, number in ids.items() if number > 1 or not name),
        headings=tuple(reading.headings),
        mute=tuple(reading.mute),
        inline=_distinct(reading.inline),
        weight=len(zlib.compress(data, 1)) if len(data) > budget_of(path) else 0,
    )


def _distinct(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses, each once; they are shared between pages, for most are on most of them."""
    return tuple(map(intern, dict.fromkeys(addresses)))


class _Reading:
    """What is taken from the elements of a page, in their order."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.loads: list[str] = []
        self.names: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.mute: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.meta: dict[str, str] = {}
        self.canonical = ""
        self.refresh = ""

    def take(self, element: Element) -> None:
        """Take what one element says."""
        tag = element.tag
        if tag in _LINKED:
            self._keep(self.links, element.get(_LINKED[tag]))
            if tag == "area" and element.get("href") is not None and element.get("alt") is None:
                self.mute.append(("area", element.get("href")))
        elif tag in _HEADINGS:
            self.headings.append((_HEADINGS[tag], _words(element)))
        elif tag in _LOADED:
            self._take_loaded(element)
        elif tag == "link":
            self._take_link(element)
        elif tag == "meta":
            self._take_meta(element)
        elif tag == "style":
            self.inline.append("style")
        elif not _has_name(element):
            self.mute.append((tag, _words(element)))

    def _take_loaded(self, element: Element) -> None:
        tag = element.tag
        self._keep(self.loads, element.get(_LOADED[tag]))
        self._keep(self.loads, element.get("poster"))
        self.loads += _IMAGE_IN_SET.findall(_without_sizes(element.get("srcset") or ""))
        if tag == "img" or (tag == "input" and element.get("type") == "image"):
            if element.get("alt") is None:
                self.mute.append((tag, element.get("src") or ""))
        elif tag == "script" and element.get("src") is None and not _is_data(element):
            self.inline.append("script")

    def _take_link(self, element: Element) -> None:
        relations = set((element.get("rel") or "").lower().split())
        self.loads += _IMAGE_IN_SET.findall(_without_sizes(element.get("imagesrcset") or ""))
        self._keep(self.loads if relations & _LOADED_LINKS else self.names, element.get("href"))
        if "canonical" in relations:
            self.canonical = element.get("href") or ""

    def _take_meta(self, element: Element) -> None:
        name = (element.get("name") or element.get("property") or "").lower()
        content = element.get("content") or ""
        if name in _LOADED_NAMES:
            self._keep(self.loads, content)
        elif name == "og:url":
            self._keep(self.names, content)
        elif name:
            self.meta.setdefault(name, content)
        elif (element.get("http-equiv") or "").lower() == "refresh" and "=" in content:
            self.refresh = content.partition("=")[2].strip(" '\"")

    @staticmethod
    def _keep(where: list[str], address: str | None) -> None:
        if address is not None:
            where.append(address.strip())


def _has_name(element: Element) -> bool:
    """Return whether a drawing or a formula says in words what it shows, or is mere decoration."""
    if any(holder.get("aria-hidden") == "true" for holder in (element, *element.iterancestors())):
        return True
    if element.tag == "math":
        return bool((element.get("alttext") or "").strip())
    if element.get("role") in ("presentation", "none"):
        return True
    title = element.find("title")
    named = element.get("aria-label") or element.get("aria-labelledby")
    return bool(named or (title is not None and _words(title)))


def _is_data(script: Element) -> bool:
    """Return whether a script is nothing that runs."""
    return (script.get("type") or "") in ("application/ld+json", "application/json")


def _without_sizes(candidates: str) -> str:
    """Return the addresses of a `srcset` without their widths."""
    return re.sub(r"\s+[\d.]+[wx]\s*(?=,|\Z)", " ", candidates)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
