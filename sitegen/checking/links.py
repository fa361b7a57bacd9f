"""Rules about links: each leads somewhere, each page can be reached, each folder of an address is a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from sitegen.checking.tree import HOME, PAPER, Answer, Finding, PageRead, Tree
from sitegen.errors import did_you_mean
from sitegen.routes import search_urls

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE = {"http", "https", "mailto", "tel"}
_SEARCHES = tuple(url for _, url in search_urls(""))
_HINTS = 20
"""So many broken links get a guess of what was meant."""


def broken_links(tree: Tree) -> Iterator[Finding]:
    """Yield each link within the site that leads nowhere: no page, no fragment, or outside its path."""
    guesses = _Guesses(tree)
    for page in tree.pages.values():
        for address, answer in _doubtful(tree, page, (*page.links, *page.names)):
            if answer.file is None:
                message = f"“{address}” leads nowhere."
                yield Finding("broken-link", page.path, message, guesses.of(answer.url), address)
            elif answer.file == "":
                yield from _outside(tree, page, address, answer.url)
            else:
                ids = sorted(tree.pages[answer.file].ids)
                hint = did_you_mean(answer.fragment, ids) or _known(ids)
                message = f"“{address}” leads to a place that its page does not have."
                yield Finding("broken-fragment", page.path, message, hint, address)
    for feed in tree.feeds:
        for address in dict.fromkeys((*feed.links, *(entry.link for entry in feed.entries))):
            answer = tree.find(feed.path, address)
            if answer.file is None and address not in feed.relative:
                message = f"“{address}” leads nowhere."
                yield Finding("broken-link", feed.path, message, guesses.of(answer.url), address)


def missing_files(tree: Tree) -> Iterator[Finding]:
    """Yield each file that a page loads and that is not there, or that lies with another host."""
    for page in tree.pages.values():
        for address in page.loads:
            answer = tree.find(page.path, address)
            if answer.file is None:
                hint = "Files of your own go to content/assets/ and are found at /assets/."
                yield Finding("missing-file", page.path, f"there is no file “{address}”.", hint, address)
            elif answer.file == "" and tree.is_host_of(answer.url):
                yield from _outside(tree, page, address, answer.url)
            elif answer.file == "" and not address.startswith("data:image/"):
                message = f"“{address}” is loaded from another host, which learns who reads this page."
                yield Finding("foreign-file", page.path, message, "Put it into content/assets/.", address)


def _doubtful(tree: Tree, page: PageRead, addresses: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    """Yield the addresses of a page, and what answers them, but for those that surely lead somewhere."""
    if tree.sound.issuperset(addresses):
        return
    for address in addresses:
        answer = tree.find(page.path, address)
        if not tree.is_sound(answer):
            yield address, answer


def _outside(tree: Tree, page: PageRead, address: str, url: str) -> Iterator[Finding]:
    """Yield what is wrong with an address outside the path of the site, if anything."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in _SAFE:
        message = f"“{address[:80]}” is no address of the web."
        yield Finding("unsafe-link", page.path, message, "Links begin with https://, mailto: or /.", address)
    elif tree.is_host_of(url) and url + "/" != tree.base_url:
        message = f"“{address}” leaves the path of the site, {tree.base_path}"
        hint = "In a note, write “/papers/...”: the path is put in front. In a template, use href()."
        yield Finding("outside-path", page.path, message, hint, address)


def _known(ids: list[str]) -> str:
    return f"It has: {', '.join(ids[:8])}{' ...' if len(ids) > 8 else ''}." if ids else "It has none."


class _Guesses:
    """What broken links may have meant; the first ones only, for a guess takes time."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.made: dict[str, str] = {}

    def of(self, url: str) -> str:
        """Return a hint for an absolute address."""
        if url in self.made:
            return self.made[url]
        if len(self.made) == _HINTS:
            return ""
        bare = url.partition("#")[0]
        folder, _, name = bare[len(self.tree.base_url) :].rstrip("/").rpartition("/")
        start = f"{folder}/{name[:2]}" if folder else name[:2]
        near = (path.removesuffix(HOME) for path in self.tree.pages if path.startswith(start))
        wanted = f"{folder}/{name}/" if folder else f"{name}/"
        self.made[url] = did_you_mean(wanted, near).replace("“", f"“{self.tree.base_path}")
        return self.made[url]


def orphans(tree: Tree) -> Iterator[Finding]:
    """Yield each page that may be indexed and that no walk from the front page reaches."""
    reached, waiting = {HOME}, [HOME]
    while waiting:
        if page := tree.pages.get(waiting.pop()):
            onward = tree.behind(page.path, (*page.links, *filter(None, [page.refresh]))) - reached
            reached |= onward
            waiting += onward
    for page in tree.pages.values():
        if page.is_indexed and not page.refresh and page.path not in reached:
            hint = "Link to it from a page that can be reached."
            yield Finding("orphan-page", page.path, "no way leads to this page from the front page.", hint)


def orphan_feeds(tree: Tree) -> Iterator[Finding]:
    """Yield each feed that no page and no other feed names."""
    named: set[str] = set()
    for page in tree.pages.values():
        named |= tree.behind(page.path, page.names)
    for feed in tree.feeds:
        named |= tree.behind(feed.path, [link for link in feed.links if link != feed.self_link])
    for feed in tree.feeds:
        if feed.path not in named:
            hint = "Announce it in the head of the page that shows the same."
            yield Finding("orphan-feed", feed.path, "no page announces this feed.", hint)


def missing_folders(tree: Tree) -> Iterator[Finding]:
    """Yield each folder in the address of a page that is no page itself: readers cut addresses short."""
    missing: dict[str, str] = {}
    for path in tree.pages:
        folder = path.removesuffix("index.html").rstrip("/").rpartition("/")[0]
        while folder:
            if f"{folder}/index.html" not in tree.pages:
                missing.setdefault(folder, path)
            folder = folder.rpartition("/")[0]
    for folder, path in sorted(missing.items()):
        message = f"/{folder}/ is a part of this address and is no page itself."
        yield Finding("missing-folder", path, message, "Make a page there, or move this one.")


def hosts(tree: Tree) -> dict[str, dict[str, str]]:
    """Return the links to other hosts: by host, then address, a page that has it, that of a paper at best.

    A search for a paper says nothing of a link, and is left out.
    """
    found: dict[str, dict[str, str]] = {}
    for page in sorted(tree.pages.values(), key=lambda page: (not PAPER.fullmatch(page.path), page.path)):
        for address in page.links:
            if address.startswith(_SEARCHES):
                continue
            if address.startswith(("http://", "https://")) and tree.find(page.path, address).file == "":
                try:
                    host = urlsplit(address).netloc
                except ValueError:
                    continue
                found.setdefault(host, {}).setdefault(address.partition("#")[0], page.path)
    return found
