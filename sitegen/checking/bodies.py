"""Rules about what a page shows: headings, ids, words in place of pictures, weight."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.checking.tree import Finding, Tree, budget_of

FILE_BUDGET = 500_000
"""The most bytes of any one file that a page loads: a picture, a script, a style sheet."""

_MUTE = {
    "img": ("the picture “{}” has no text in its place.", 'Say what it shows in alt="…".'),
    "input": ("the button with the picture “{}” has no text in its place.", 'Say what it does: alt="…".'),
    "area": ("the area of a picture that leads to “{}” has no text.", 'Say where it leads: alt="…".'),
    "svg": ("a drawing has no text in its place{}.", "Give it a <title>, or aria-hidden=\"true\"."),
    "math": ("the formula “{}” has no text in its place.", 'It needs alttext="…".'),
}  # fmt: skip


def outlines(tree: Tree) -> Iterator[Finding]:
    """Yield pages without exactly one h1, and headings that skip a level or say nothing."""
    for page in tree.pages.values():
        first = sum(level == 1 for level, _ in page.headings)
        if first != 1:
            message = f"the page has {first or 'no'} {'headings' if first else 'heading'} of the first level."
            yield Finding("no-single-h1", page.path, message, "It has exactly one h1, which says what it is.")
        before = 0
        for level, words in page.headings:
            if not words:
                message = f"a heading of level {level} says nothing."
                yield Finding("empty-heading", page.path, message, "Write it, or leave it out.")
            elif before and level > before + 1:
                message = f"the heading “{words}” has level {level} and follows one of level {before}."
                yield Finding("skipped-heading", page.path, message, f"It is an h{before + 1}.", words)
            before = level


def ids(tree: Tree) -> Iterator[Finding]:
    """Yield ids that stand twice on one page, where a link finds only the first."""
    for page in tree.pages.values():
        for name in page.repeated:
            message = f"the id “{name}” stands more than once." if name else "an id is empty."
            hint = "Each id of a page is its own." if name else "Name it, or leave it out."
            yield Finding("repeated-id", page.path, message, hint, name)


def alternatives(tree: Tree) -> Iterator[Finding]:
    """Yield pictures, drawings and formulas without words for those who do not see them."""
    for page in tree.pages.values():
        for kind, about in page.mute:
            message, hint = _MUTE[kind]
            shown = f": “{about}”" if kind == "svg" and about else "" if kind == "svg" else about
            yield Finding("no-alternative", page.path, message.format(shown), hint, about)


def inline_code(tree: Tree) -> Iterator[Finding]:
    """Yield what the content security policy of `netlify.toml` keeps from working."""
    for page in tree.pages.values():
        for name in page.inline:
            what = f"an attribute {name}" if name.endswith("=") else f"an inline {name}"
            message = f"the page has {what}, which the content security policy forbids."
            yield Finding("inline-code", page.path, message, "Put it into a file of templates/assets/.")


def weights(tree: Tree) -> Iterator[Finding]:
    """Yield pages and loaded files that are heavier than their budget."""
    loaded: dict[str, str] = {}
    for page in tree.pages.values():
        budget = budget_of(page.path)
        if page.weight > budget:
            message = (
                f"the page weighs {page.weight / 1000:.0f} kB, compressed; its budget is {budget // 1000} kB."
            )
            hint = "Make page_size in content/site.toml smaller, or the text shorter."
            yield Finding("heavy-page", page.path, message, hint)
        for file in tree.behind(page.path, page.loads):
            loaded.setdefault(file, page.path)
    for file, page_path in sorted(loaded.items()):
        if (size := tree.files[file]) > FILE_BUDGET:
            message = (
                f"/{file} weighs {size / 1000:,.0f} kB; the budget of a file is {FILE_BUDGET // 1000} kB."
            )
            yield Finding("heavy-file", page_path, message, "Make it smaller.", f"/{file}")
