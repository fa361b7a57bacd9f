"""The list of all rules, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sitegen.checking import bodies, colours, documents, feedrules, heads, leaks, links, lint
from sitegen.checking.tree import Content, Finding, Tree

CHECKS: tuple[Callable[[Tree], Iterator[Finding]], ...] = (
    links.broken_links,
    links.missing_files,
    links.orphans,
    links.orphan_feeds,
    links.missing_folders,
    heads.languages,
    heads.titles,
    heads.descriptions,
    heads.canonicals,
    bodies.outlines,
    bodies.ids,
    bodies.alternatives,
    bodies.inline_code,
    bodies.weights,
    colours.contrasts,
    feedrules.shapes,
    feedrules.addresses,
    feedrules.ids,
    feedrules.days,
    documents.sitemap,
    documents.redirects,
    leaks.leaked_texts,
)
"""What the files of the site tell."""

COMPARISONS: tuple[Callable[[Tree, Content], Iterator[Finding]], ...] = (
    heads.other_languages,
    feedrules.future_days,
    feedrules.ledger,
    leaks.leaked_addresses,
)
"""What the files of the site tell beside the content."""

LINT: tuple[Callable[[Content], Iterator[Finding]], ...] = (
    lint.empty_themes,
    lint.unused_tags,
    lint.unused_labels,
    lint.doubtful_years,
)
"""What the content tells alone."""


def check(tree: Tree, content: Content | None) -> Iterator[Finding]:
    """Yield what all rules find; without content, what the files of the site tell."""
    for rule in CHECKS:
        yield from rule(tree)
    if content:
        for comparison in COMPARISONS:
            yield from comparison(tree, content)
        for doubt in LINT:
            yield from doubt(content)
