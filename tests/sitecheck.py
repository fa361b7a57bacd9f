"""What is wrong with a built site beyond what `sitegen check` looks for, as functions from its tree.

They look at the files alone, as a stranger would who has nothing but the address of the site.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import lxml.html
from feedrules import check_feed
from lxml import etree

Element = lxml.html.HtmlElement
Complaints = Iterator[str]

_FEED_TYPES = {"application/atom+xml", "application/rss+xml", "application/feed+json"}
_FEED = re.compile(rb'<\?xml[^>]*>\s*<(feed|rss)\b|\{\s*"version":\s*"https://jsonfeed\.org')
_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@dataclass(frozen=True)
class Tree:
    """A built site: its files, its pages parsed, and where it is served."""

    base_url: str
    files: dict[str, bytes]
    """By path from the output folder: "papers/evopress/index.html"."""
    pages: dict[str, Element]
    """By address from the site's own root: "/papers/evopress/"."""

    @property
    def base_path(self) -> str:
        return urlsplit(self.base_url).path

    def file_at(self, address: str) -> str | None:
        """Return the file that answers an absolute address; none where nothing does."""
        if not address.startswith(self.base_url):
            return None
        name = unquote(urlsplit(address[len(self.base_url) :]).path)
        name = name + "index.html" if name == "" or name.endswith("/") else name
        return name if name in self.files else None

    def url_of(self, page: str) -> str:
        """Return the absolute address of a page."""
        return self.base_url + page[1:]


def read_tree(out: Path, base_url: str) -> Tree:
    """Return the tree of a built site, without its search bundle."""
    files = {
        name: path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
        if not (name := path.relative_to(out).as_posix()).startswith((".sitegen/", "pagefind/"))
    }
    parser = lxml.html.HTMLParser(encoding="utf-8")
    pages = {
        "/" + name.removesuffix("index.html"): lxml.html.document_fromstring(data, parser=parser)
        for name, data in files.items()
        if name.endswith(".html") and not name.startswith("assets/")
    }
    return Tree(base_url, files, pages)


# ------------------------------------------------------------------------ heads of pages


def indexed(tree: Tree) -> list[str]:
    """Return the pages that search engines may keep."""
    return [page for page, root in tree.pages.items() if "noindex" not in _meta(root, "robots")]


def poor_heads(tree: Tree) -> Complaints:
    """Yield pages without language, description, viewport, icon, or with a wrong canonical address."""
    may_be_indexed = set(indexed(tree))
    for page, root in tree.pages.items():
        canonical = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
        if page in may_be_indexed and canonical != [tree.url_of(page)]:
            yield f"{page}: its canonical address is {canonical}"
        if not root.get("lang"):
            yield f"{page}: no language"
        lacks_abstract = page.startswith("/papers/") and not root.find_class("abstract")
        if page in may_be_indexed and not _meta(root, "description").strip() and not lacks_abstract:
            yield f"{page}: no description"
        if "width=device-width" not in _meta(root, "viewport"):
            yield f"{page}: no viewport"
        if not any("icon" in link.get("rel", "") for link in root.iter("link")):
            yield f"{page}: no icon"


def further_pages(tree: Tree) -> Complaints:
    """Yield each further page of a list that says of itself what the first says."""
    for page, root in tree.pages.items():
        first = tree.pages.get(re.sub(r"page/\d+/$", "", page))
        if first is None or first is root:
            continue
        for what in ("head/title", "body//h1"):
            if root.findtext(what) == first.findtext(what):
                yield f"{page}: its {what} is that of page 1"
        if _meta(root, "description") == _meta(first, "description"):
            yield f"{page}: its description is that of page 1"


def _meta(root: Element, name: str) -> str:
    return next((meta.get("content", "") for meta in root.iter("meta") if meta.get("name") == name), "")


# ------------------------------------------------------------------------ bodies of pages


def bad_landmarks(tree: Tree) -> Complaints:
    """Yield pages without one `main`, and `nav` elements without a name of their own."""
    for page, root in tree.pages.items():
        if len(list(root.iter("main"))) != 1:
            yield f"{page}: not one main"
        names = Counter(nav.get("aria-label", "") for nav in root.iter("nav"))
        yield from (f"{page}: a nav is called “{name}”" for name, n in names.items() if not name or n > 1)


# ------------------------------------------------------------------------ feeds


def announced_feeds(tree: Tree) -> dict[str, set[str]]:
    """Return the address of each feed that a page's head announces, with the pages that do."""
    found: dict[str, set[str]] = {}
    for page, root in tree.pages.items():
        for link in root.iter("link"):
            if link.get("rel") == "alternate" and link.get("type") in _FEED_TYPES:
                found.setdefault(urljoin(tree.url_of(page), link.get("href", "")), set()).add(page)
    return found


def feeds_of(tree: Tree) -> dict[str, bytes]:
    """Return the bytes of each feed by its address."""
    return {tree.base_url + name: data for name, data in tree.files.items() if _FEED.match(data)}


def bad_feeds(tree: Tree) -> Complaints:
    """Yield what the rules of the W3C's validator or a reader's parser say of each feed."""
    for url, data in feeds_of(tree).items():
        yield from (f"{url}: {message}" for message in check_feed(data, url))
        if url.endswith(".json"):
            links = [item["url"] for item in json.loads(data)["items"]]
        else:
            type_ = "application/rss+xml" if b"<rss" in data[:200] else "application/atom+xml"
            headers = {"content-location": url, "content-type": f"{type_}; charset=utf-8"}
            read = feedparser.parse(data, response_headers=headers)
            if read.bozo:
                yield f"{url}: {read.bozo_exception}"
            links = [entry.link for entry in read.entries]
        yield from (f"{url}: {link} leads nowhere" for link in links if tree.file_at(link) is None)
        if not links:
            yield f"{url}: it is empty"


def unannounced_feeds(tree: Tree) -> Complaints:
    """Yield announced feeds that do not exist, and feeds that nothing announces."""
    feeds = feeds_of(tree)
    announced = announced_feeds(tree)
    yield from (f"{url} is announced by {sorted(announced[url])[0]}" for url in announced if url not in feeds)
    archives = {
        link.get("href")
        for url, data in feeds.items()
        if url.endswith(".xml")
        for link in etree.fromstring(data).iter(_ATOM_LINK)
        if link.get("rel") in ("prev-archive", "next-archive", "current")
    }
    yield from (f"{url} is announced nowhere" for url in feeds.keys() - announced.keys() - archives)


# ------------------------------------------------------------------------ documents


def bad_sitemap(tree: Tree) -> Complaints:
    """Yield the difference between the sitemap and the pages that may be indexed."""
    sitemap = etree.fromstring(tree.files["sitemap.xml"])
    listed = [loc.text for loc in sitemap.iter(_LOC)]
    wanted = {tree.url_of(page) for page in indexed(tree)}
    yield from (f"the sitemap lacks {url}" for url in wanted - set(listed))
    yield from (f"the sitemap lists {url}" for url in set(listed) - wanted)
    if listed != sorted(set(listed)):
        yield "the sitemap is not sorted, or lists a page twice"


def bad_redirects(tree: Tree) -> Complaints:
    """Yield redirects of the host that lead nowhere or that have no page for other hosts."""
    lines = tree.files.get("_redirects", b"").decode().splitlines()
    origin = tree.base_url.removesuffix(tree.base_path)
    for line in lines:
        old, new, status = line.split(" ")
        if status != "301!":
            yield f"{line}: not for ever"
        lost = (url for url in (old, new) if tree.file_at(origin + url) is None)
        yield from (f"{line}: {url} leads nowhere" for url in lost)
    pages = {
        tree.base_path + page[1:]
        for page, root in tree.pages.items()
        if any(meta.get("http-equiv") == "refresh" for meta in root.iter("meta"))
    }
    known = {line.split(" ")[0] for line in lines}
    yield from (f"{page} is no redirect of the host" for page in pages - known)


CHECKS: tuple[Callable[[Tree], Complaints], ...] = (
    poor_heads,
    further_pages,
    bad_landmarks,
    bad_feeds,
    unannounced_feeds,
    bad_sitemap,
    bad_redirects,
)
