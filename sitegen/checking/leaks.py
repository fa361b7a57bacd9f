"""Rules about what must not be on the site: drafts, what waits for its day, and paths of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from sitegen import text
from sitegen.checking.tree import Content, Finding, Needle, Tree
from sitegen.identity import keys_of
from sitegen.model import Digest, Entry, FreePage, Note
from sitegen.routes import issue_url, output_path, paper_slug, paper_url, text_url

_RUN = re.compile(r"[\w ,]{20,}")
"""Words that Markdown and HTML leave as they are."""
_HINT = "Build again without --drafts before you publish."


def path_needles(folders: tuple[PurePath, ...]) -> tuple[Needle, ...]:
    """Return what finds the paths of folders of this machine; a path of one name may be any word."""
    found = dict.fromkeys(folder.as_posix() for folder in folders if len(folder.parts) > 2)
    return tuple(Needle(f"{path}/".encode(errors="surrogateescape"), "leaked-path", path) for path in found)


def draft_needles(content: Content) -> tuple[Needle, ...]:
    """Return the words of the curator that nobody may read yet, a piece of each text."""
    public = [entry.abstract for entry in content.parsed.entries]
    public += [item.body for item in _written(content) if not _is_hidden(item, content)]
    needles = []
    for item in _written(content):
        if _is_hidden(item, content) and (runs := _RUN.findall(item.body)):
            run = max(runs, key=len).strip()
            if not any(run in words for words in public):
                place = (item.source, item.body_line + item.body[: item.body.index(run)].count("\n"))
                needles.append(Needle(run.encode(), "leaked-draft", item.source, place))
    return tuple(needles)


def leaked_texts(tree: Tree) -> Iterator[Finding]:
    """Yield files that hold a path of this machine, or words of a draft."""
    for file, needle in tree.leaks:
        if needle.kind == "leaked-path":
            message = f"the file tells the world of the folder {needle.what}"
            yield Finding(needle.kind, file, message, "Look for it in templates and notes.", needle.what)
        else:
            message = "the site shows these words, which are not to be read yet."
            yield Finding(needle.kind, file, message, _HINT, place=needle.place)


def leaked_addresses(tree: Tree, content: Content) -> Iterator[Finding]:
    """Yield the pages of what is a draft or waits for its day."""
    for path, place, what in _hidden_pages(content):
        if path in tree.files:
            yield Finding("leaked-draft", path, f"{what} is not to be seen yet.", _HINT, place=place)


def _hidden_pages(content: Content) -> Iterator[tuple[str, tuple[str, int], str]]:
    """Yield the file, the source and the name of each page that nobody may see yet."""
    site, parsed = content.site, content.parsed
    known = {key for paper in (*site.papers, *site.withdrawn) for key in paper.keys}
    held = {digest.day for digest in parsed.digests if digest.draft and not content.drafts}
    for item in _written(content):
        if not _is_hidden(item, content):
            continue
        match item:
            case FreePage():
                yield output_path(text_url(item.slug)), (item.source, 1), f"the page “{item.title}”"
            case Digest():
                yield output_path(issue_url(item.day)), (item.source, 1), f"the issue of {item.day}"
            case Note() if known.isdisjoint(keys_of(item)):
                slug = item.slug or paper_slug(text.plain(item.title or item.paper))
                yield output_path(paper_url(slug)), (item.source, item.line), f"the paper “{item.paper}”"
    for entry in parsed.entries:
        if (
            entry.day
            and (entry.day in held or _is_later(entry, content))
            and known.isdisjoint(keys_of(entry))
        ):
            path = output_path(paper_url(paper_slug(text.plain(entry.title))))
            yield path, (entry.source, entry.line), f"the paper “{entry.title}”"


def _written(content: Content) -> tuple[Note | Digest | FreePage, ...]:
    parsed = content.parsed
    return (*parsed.notes, *parsed.digests, *parsed.pages)


def _is_hidden(item: Note | Digest | FreePage, content: Content) -> bool:
    if item.draft:
        return not content.drafts
    day = item.day if isinstance(item, Digest) else item.featured if isinstance(item, Note) else None
    is_withdrawn = isinstance(item, Note) and bool(item.withdrawn)
    return not is_withdrawn and bool(day and content.site.today and day > content.site.today)


def _is_later(entry: Entry, content: Content) -> bool:
    return bool(entry.day and content.site.today and entry.day > content.site.today)
