"""The values of a check: a built site as its files tell it, what its content says, and what is found.

Addresses are as the pages write them. A file is named by its path from the output folder:
"papers/evopress/index.html".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from sitegen.model import Parsed, Site

HOME = "index.html"
PAPER_BUDGET = 30_000
"""The most bytes of HTML, compressed with gzip, that the page of one paper should weigh."""
PAGE_BUDGET = 60_000
"""The same for every other page: lists above all."""
PAPER = re.compile(r"papers/(?!page/)[^/]+/index\.html")
"""The page of one paper."""
_PLAIN = re.compile(
    r"(?:(https?://[a-z0-9.-]+)|(?=/))(?:/[\w~%-][\w.~%-]*)*/?(?:\?[\w.~%=&+-]+)?(?:#[\w.~%-]+)?", re.ASCII
)
"""An address that begins at a host or at the root, and in which there is nothing to resolve."""


def budget_of(path: str) -> int:
    """Return the most bytes that a page should weigh, compressed."""
    return PAPER_BUDGET if PAPER.fullmatch(path) else PAGE_BUDGET


class PageRead(Struct, frozen=True):
    """What the rules need of one page."""

    path: str
    title: str
    language: str
    description: str
    canonical: str
    is_indexed: bool
    """False where the page asks search engines to leave it."""
    refresh: str
    """Where the page sends its visitor at once; empty for one that is there to be read."""
    links: tuple[str, ...]
    """The addresses that a visitor can go to, each once, but for places that this page has."""
    loads: tuple[str, ...]
    """The files that a browser fetches to show the page."""
    names: tuple[str, ...]
    """The addresses that its head gives to programs: of feeds, of twins, of itself."""
    ids: frozenset[str]
    repeated: tuple[str, ...]
    """The ids that stand more than once; "" for an empty one."""
    headings: tuple[tuple[int, str], ...]
    mute: tuple[tuple[str, str], ...]
    """What has no text in its place: the kind of element, and its address or words."""
    inline: tuple[str, ...]
    """What a strict content security policy forbids: "style=", "script" ..."""
    weight: int
    """Its size in bytes, compressed with gzip at its fastest; 0 for one that is within its budget without."""


class FeedEntry(Struct, frozen=True):
    """An entry of a feed."""

    id: str
    link: str
    published: str
    """As it is written; empty where the feed does not say."""
    updated: str


class FeedRead(Struct, frozen=True):
    """What the rules need of one feed."""

    path: str
    format: str
    """ "Atom", "RSS" or "JSON"."""
    damage: str
    """Why it cannot be read, or nothing."""
    self_link: str = ""
    updated: str = ""
    links: tuple[str, ...] = ()
    """The addresses that it gives to readers and programs, in its own elements."""
    relative: tuple[str, ...] = ()
    """Addresses in it that are not absolute."""
    entries: tuple[FeedEntry, ...] = ()


class Needle(Struct, frozen=True):
    """A text that must not stand in any file of the site."""

    data: bytes
    kind: str
    """ "leaked-path" or "leaked-draft"."""
    what: str
    """What it is, for the message: "the draft “Mamba”"."""
    place: tuple[str, int] = ("", 0)
    """The source it comes from, path and line."""


class Answer(Struct, frozen=True):
    """What an address comes to."""

    url: str
    """Absolute."""
    file: str | None
    """The file that answers; None where nothing does, and "" outside the site."""
    fragment: str


class Tree(Struct, frozen=True, dict=True):
    """A built site as its files tell it."""

    base_url: str
    """Absolute, with a trailing slash."""
    files: Mapping[str, int]
    """The size of each file by its path."""
    pages: Mapping[str, PageRead]
    feeds: tuple[FeedRead, ...]
    documents: Mapping[str, str]
    """The text of sitemaps, redirects, robots.txt and style sheets by path."""
    leaks: tuple[tuple[str, Needle], ...]
    """The files that hold a needle."""

    @cached_property
    def base_path(self) -> str:
        """The path of the base URL, with slashes at both ends."""
        return urlsplit(self.base_url).path

    @cached_property
    def _origin(self) -> str:
        return self.base_url.removesuffix(self.base_path)

    def url_of(self, path: str) -> str:
        """Return the absolute address of a file."""
        return self.base_url + path.removesuffix("index.html")

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """What answers each address that pages have and that means the same on every page."""
        written: set[str] = set()
        for page in self.pages.values():
            written.update(page.links, page.names, page.loads)
        return {address: self._find(self._origin + "/", address) for address in written if _is_fixed(address)}

    def find(self, file: str, address: str) -> Answer:
        """Return what answers an address that a file has."""
        return self.answers.get(address) or self._find(self.url_of(file), address)

    @cached_property
    def sound(self) -> frozenset[str]:
        """The addresses that surely lead somewhere, whatever page has them."""
        return frozenset(address for address, answer in self.answers.items() if self.is_sound(answer))

    def is_sound(self, answer: Answer) -> bool:
        """Return whether an address leads to a file of the site and a place in it, or to another host."""
        if answer.file:
            page = self.pages.get(answer.file)
            return not answer.fragment or not page or answer.fragment in page.ids
        is_web = answer.url.startswith(("http://", "https://"))
        return answer.file == "" and is_web and not self.is_host_of(answer.url)

    def behind(self, file: str, addresses: Collection[str]) -> set[str]:
        """Return the files that answer some of the addresses that a file has."""
        fixed = self._files_behind
        found = set(map(fixed.get, addresses))
        found.update(self.find(file, address).file for address in set(addresses).difference(fixed))
        return {name for name in found if name}

    @cached_property
    def _files_behind(self) -> dict[str, str | None]:
        return {address: answer.file for address, answer in self.answers.items()}

    def _find(self, base: str, address: str) -> Answer:
        url = self.absolute(base, address)
        bare, _, fragment = url.partition("#")
        if not bare.startswith(self.base_url):
            return Answer(url, "", "")
        name = unquote(bare[len(self.base_url) :].partition("?")[0])
        name = name + "index.html" if name == "" or name.endswith("/") else name
        return Answer(url, name if name in self.files else None, unquote(fragment))

    def absolute(self, base: str, address: str) -> str:
        """Return an address as `urljoin` does; it takes its time, which most addresses need not."""
        if plain := _PLAIN.fullmatch(address):
            return address if plain[1] else self._origin + address
        try:
            return urljoin(base, address)
        except ValueError:  # "http://[" is no address at all
            return base + address

    def is_host_of(self, url: str) -> bool:
        """Return whether an absolute address is on the host of the site."""
        return (url + "/").startswith(self._origin + "/")


def _is_fixed(address: str) -> bool:
    """Return whether an address means the same on every page."""
    return address.startswith(("/", "http://", "https://"))


class Content(Struct, frozen=True):
    """What the sources say, for rules that compare the site with them."""

    parsed: Parsed
    site: Site
    language: str
    drafts: bool = False
    """Whether the site is built to show drafts."""


class Finding(Struct, frozen=True):
    """Something that a rule found."""

    kind: str
    file: str
    """The file of the site where it shows; empty where only a source is meant."""
    message: str
    hint: str = ""
    quoted: str = ""
    """What the source that caused it has in it."""
    place: tuple[str, int] = ("", 0)
    """The source, path and line, where the rule knows it."""
