"""`sitegen new`: begins a note, a digest, a theme or a page: the head of the file, at its place.

What it writes builds as it is: a note and a page are drafts, and a theme is tried before it is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date

from sitegen.asking import read_content, rehearse
from sitegen.commands.finding import find_paper, keys_of
from sitegen.commands.terminal import called, complain, say
from sitegen.commands.writing import create_text, require_free
from sitegen.config import Surroundings
from sitegen.dates import long_day
from sitegen.errors import BuildError, Problem, warning
from sitegen.identity import keys_of as keys_said
from sitegen.model import Kind, Note, Paper, Parsed, Site, Source
from sitegen.routes import slugify, theme_url

_SHOWN = 5


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Write the file and say what to do next; return the exit status."""
    parsed, site = read_content(arguments.root, surroundings)
    match arguments.kind:
        case "note":
            source, advice = _note(find_paper((*site.papers, *site.withdrawn), arguments.paper), parsed.notes)
        case "digest":
            source, advice = _digest(arguments.day, site)
        case "theme":
            source, advice = _theme(arguments.title, parsed)
        case _:
            source, advice = _page(arguments.title)
    if source.kind in (Kind.THEME, Kind.PAGE):  # their addresses may be taken
        require_free(arguments.root, source.path)
        rehearse(arguments.root, surroundings, source)
    create_text(arguments.root, source.path, source.text)
    say(f"Wrote {source.path}.")
    say(advice)
    return 0


def _note(paper: Paper, notes: Sequence[Note]) -> tuple[Source, str]:
    """Return a note that says which paper it is about; raise `BuildError` where one is there already."""
    mine = set(keys_of(paper))
    for note in notes:
        if mine & set(keys_said(note)):
            raise BuildError([Problem(note.source, note.line, "this note is about the paper already.")])
    lines = [
        f"# {_printable(paper.title.plain)}",
        f"paper: {_name(paper)}",
        f"slug: {paper.slug}",
        "tags: []",
        "updated:",
        "draft: true",
    ]
    advice = (
        f"It is a draft, which {called()} serve --drafts shows. When it is ready, remove the line "
        "“draft: true”, and write the day into “updated:”."
    )
    return _source(Kind.NOTE, "notes", paper.slug, lines), advice


def _digest(day: date, site: Site) -> tuple[Source, str]:
    """Return a digest with the papers of its issue as picks to choose from."""
    issue = next((issue for issue in site.issues if issue.day == day), None)
    lines = ["title:", "picks:"]
    for paper in issue.papers if issue else ():
        about = f"  # {_printable(paper.title.plain)}" if paper.arxiv_id or paper.doi else ""
        lines.append(f"#  - {_name(paper)}{about}")
    source = _source(Kind.DIGEST, "digests", day.isoformat(), lines)
    if not issue:
        days = ", ".join(str(issue.day) for issue in site.issues[:_SHOWN])
        message = f"no paper was collected on {long_day(day)}, so this digest is not shown yet."
        complain(
            [warning("empty-issue", source.path, 0, message, f"The newest issues: {days}." if days else "")]
        )
        return source, "Give it a title and an introduction."
    return source, "Give it a title and an introduction; remove the # before the papers that come first."


def _theme(title: str, parsed: Parsed) -> tuple[Source, str]:
    """Return a theme behind all others."""
    slug = _slug(title)
    lines = [
        f"title: {_quoted(title)}",
        f"order: {max((theme.order for theme in parsed.themes), default=0) + 1}",
        f"summary: {_quoted(f'Papers on {title}.')}",
        'includes: ""',
        'excludes: ""',
        "phrases:",
        "#  4: [phrases that mean this theme, nearly always]",
        "#  2: [words that speak for it]",
    ]
    advice = (
        f"Its page is {theme_url(slug)}. Write its phrases, or give it papers: {called()} label PAPER {slug}"
    )
    return _source(Kind.THEME, "themes", slug, lines), advice


def _page(title: str) -> tuple[Source, str]:
    slug = _slug(title)
    lines = [f"title: {_quoted(title)}", 'description: ""', "draft: true"]
    advice = f"It is a draft for /{slug}/. When it is ready, remove the line “draft: true”."
    return _source(Kind.PAGE, "pages", slug, lines), advice


def _source(kind: Kind, folder: str, name: str, lines: Sequence[str]) -> Source:
    return Source(f"content/{folder}/{name}.md", kind, "\n".join(["---", *lines, "---", "", ""]))


def _slug(title: str) -> str:
    """Return the slug of a title; raise `BuildError` for one that gives none."""
    slug = slugify(title)
    if not slug or not _is_text(title):
        hint = "Give it a title with Latin letters or digits, and write the real one into the file."
        raise BuildError([Problem("title", 0, f"no address can be made of “{title}”.", hint)])
    return slug


def _is_text(title: str) -> bool:
    """Return whether a title can be written as UTF-8; an argument may hold bytes that cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in title)


def _name(paper: Paper) -> str:
    """Return how front matter names a paper: by its id, else by its title."""
    if paper.arxiv_id:
        return f"arXiv:{paper.arxiv_id}"
    return _quoted(f"doi:{paper.doi}" if paper.doi else paper.raw_title)


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar that means this text, whatever is in it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in escaped) + '"'


def _printable(text: str) -> str:
    """Return a text that ends no comment: without line breaks and control characters of any kind."""
    return "".join(char if char.isprintable() else " " for char in text)
