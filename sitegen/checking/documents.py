"""Rules about the documents beside the pages: the sitemap and the redirects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from sitegen.checking.tree import HOME, Finding, Tree

REDIRECTS = "_redirects"
SITEMAP = "sitemap.xml"

_LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
_PATTERN = re.compile(r"\*|/:\w")
"""A redirect of many addresses at once."""


def sitemap(tree: Tree) -> Iterator[Finding]:
    """Yield the difference between the sitemap and the pages that may be indexed."""
    wanted = {tree.url_of(page.path) for page in tree.pages.values() if page.is_indexed and not page.refresh}
    if not wanted:  # a preview, which asks not to be indexed
        return
    if SITEMAP not in tree.documents:
        yield Finding("sitemap", SITEMAP, "there is no sitemap.", "Build again.")
        return
    listed: list[str] = []
    names = [SITEMAP]
    for name in names:
        try:
            root = etree.fromstring(tree.documents[name].encode())
        except etree.XMLSyntaxError as error:
            yield Finding("sitemap", name, f"no program can read this sitemap: {error.msg}")
            return
        locations = [(loc.text or "").strip() for loc in root.iter(_LOC)]
        if root.tag.endswith("}sitemapindex"):
            parts = [url.removeprefix(tree.base_url) for url in locations]
            lost = [part for part in parts if part not in tree.documents]
            yield from (
                Finding("sitemap", name, f"the sitemap lists {part}, which is no file.") for part in lost
            )
            names += [part for part in parts if part in tree.documents and part not in names]
        else:
            listed += locations
    for url, number in sorted(Counter(listed).items()):
        if url not in wanted:
            yield Finding("sitemap", SITEMAP, f"the sitemap lists {url}, which is no page to be indexed.")
        elif number > 1:
            yield Finding("sitemap", SITEMAP, f"the sitemap lists {url} {number} times.")
    for url in sorted(wanted.difference(listed)):
        yield Finding("sitemap", SITEMAP, f"the sitemap does not list {url}, which may be indexed.")


def redirects(tree: Tree) -> Iterator[Finding]:
    """Yield redirects that lead nowhere, in circles, or by detours: those of the host and those of pages."""
    onward, of_host = _redirects(tree)
    for old, new in onward.items():
        file = REDIRECTS if old in of_host else old
        chain, here = [old], new
        while here in onward and here not in chain:
            chain.append(here)
            here = onward[here]
        way = " → ".join(_shown(tree, step) for step in (*chain, here))
        if here in chain:
            if old == min(chain[chain.index(here) :]):
                yield Finding("redirect-loop", file, f"these redirects go round in circles: {way}")
        elif here and here not in tree.pages and here not in tree.files:
            message = f"{_shown(tree, old)} redirects to {_shown(tree, here)}, which leads nowhere."
            yield Finding("dead-redirect", file, message, quoted="/" + old.removesuffix("index.html"))
        elif len(chain) > 1:
            hint = f"Send it to {_shown(tree, here)} at once."
            yield Finding("redirect-chain", file, f"this redirect takes detours: {way}", hint)


def _redirects(tree: Tree) -> tuple[dict[str, str], set[str]]:
    """Return where each file that redirects leads ("" is another host), and which of them the host knows."""
    onward: dict[str, str] = {}
    of_host: set[str] = set()
    for page in tree.pages.values():
        if page.refresh:
            onward[page.path] = _target(tree, page.path, page.refresh)
    for line in tree.documents.get(REDIRECTS, "").splitlines():
        words = line.partition("#")[0].split()
        if len(words) < 2 or _PATTERN.search(words[0]) or _PATTERN.search(words[1]):
            continue
        status = words[-1].rstrip("!") if len(words) > 2 else "301"
        if not status.startswith("3"):  # a rewrite shows another page at the same address
            continue
        old = _target(tree, HOME, words[0])
        onward[old] = _target(tree, HOME, words[1])
        of_host.add(old)
    return onward, of_host


def _target(tree: Tree, page: str, address: str) -> str:
    """Return the file that an address means, whether it is there or not; "" on another host."""
    answer = tree.find(page, address)
    if answer.file is not None:
        return answer.file
    name = answer.url.removeprefix(tree.base_url).partition("#")[0].partition("?")[0]
    return name + "index.html" if name == "" or name.endswith("/") else name


def _shown(tree: Tree, file: str) -> str:
    return tree.base_path + file.removesuffix("index.html") if file else "another host"
