"""Rules about what the head of a page says: language, title, description, its own address."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.checking.tree import PAPER, Content, Finding, Tree


def languages(tree: Tree) -> Iterator[Finding]:
    """Yield pages that do not say their language, without which a screen reader guesses."""
    for page in tree.pages.values():
        if not page.language:
            hint = 'Its template begins with <html lang="{{ site.language }}">.'
            yield Finding("no-language", page.path, "the page does not say its language.", hint)


def other_languages(tree: Tree, content: Content) -> Iterator[Finding]:
    """Yield pages in another language than the configured one."""
    for page in tree.pages.values():
        if page.language and page.language.lower() != content.language.lower():
            message = f"the page says that it is in “{page.language}”; site.toml says “{content.language}”."
            yield Finding("other-language", page.path, message, "Build again, or change the template.")


def titles(tree: Tree) -> Iterator[Finding]:
    """Yield pages without a title, and those that share one: readers cannot tell their tabs apart."""
    owners: dict[str, list[str]] = {}
    for page in tree.pages.values():
        if not page.title:
            yield Finding("no-title", page.path, "the page has no title.", "Fill <title> in its template.")
        elif not page.refresh:
            owners.setdefault(page.title, []).append(page.path)
    for title, paths in owners.items():
        if len(paths) > 1:
            other = "/" + paths[0].removesuffix("index.html")
            message = f"the title “{title}” is that of {other} as well."
            for path in paths[1:]:
                yield Finding("same-title", path, message, "Give each page a title of its own.", title)


def descriptions(tree: Tree) -> Iterator[Finding]:
    """Yield pages that may be indexed and say nothing of themselves; a paper may have no abstract."""
    for page in tree.pages.values():
        if page.is_indexed and not page.description and not PAPER.fullmatch(page.path):
            hint = 'Its template needs <meta name="description" content="{{ page.description }}">.'
            yield Finding("no-description", page.path, "the page has no description.", hint)


def canonicals(tree: Tree) -> Iterator[Finding]:
    """Yield pages that may be indexed and give search engines another address than their own."""
    for page in tree.pages.values():
        if page.is_indexed and page.canonical != tree.url_of(page.path):
            said = f"“{page.canonical}” as its address" if page.canonical else "no address"
            message = f"the page gives search engines {said}."
            hint = f'It is <link rel="canonical" href="{tree.url_of(page.path)}">.'
            yield Finding("wrong-canonical", page.path, message, hint)
