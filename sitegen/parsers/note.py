"""Notes: the curator on one paper. One source in, the one note it describes out.

Says only what the note says; what is true of the paper is decided in assemble.
"""

from __future__ import annotations

from sitegen.errors import BuildError, Problem
from sitegen.model import Note, Source
from sitegen.parsers import frontmatter as fm
from sitegen.routes import RESERVED, SLUG, SLUG_LENGTH

FIELDS: dict[str, fm.Converter] = {
    "paper": fm.text,
    "title": fm.text,
    "authors": fm.names,
    "date": fm.day,
    "abstract": fm.text,
    "slug": fm.text,
    "aliases": fm.names,
    "theme": fm.text,
    "themes": fm.names,
    "tags": fm.names,
    "links": fm.links,
    "pick": fm.flag,
    "featured": fm.day,
    "updated": fm.day,
    "draft": fm.flag,
    "withdrawn": fm.text,
}


def parse(source: Source) -> tuple[list[Note], list[Problem]]:
    """Return the note; raise `BuildError` with every mistake in its front matter."""
    matter = fm.read_front_matter(source, FIELDS, required=("paper",))
    values = dict(matter.values)
    if problems := _check(source.path, values, matter.lines):
        raise BuildError(problems)
    if "date" in values:
        values["published"] = values.pop("date")
    note = Note(
        source=source.path,
        line=matter.lines["paper"],
        lines=tuple(matter.lines.items()),
        body=matter.body,
        body_line=matter.body_line,
        **values,
    )
    return [note], []


def _check(path: str, values: dict[str, object], lines: dict[str, int]) -> list[Problem]:
    """Return what is wrong with the slug and the old addresses."""
    problems = []
    slug = str(values.get("slug", ""))
    if slug and (not SLUG.match(slug) or len(slug) > SLUG_LENGTH or slug in RESERVED):
        hint = f"A slug is lower-case letters, digits and single hyphens, at most {SLUG_LENGTH}: evo-press."
        problems.append(Problem(path, lines["slug"], f"“{slug}” cannot be a slug.", hint))
    aliases = values.get("aliases", ())
    assert isinstance(aliases, tuple)
    for alias in aliases:
        parts = alias.strip("/").split("/")
        if not alias.startswith("/") or not all(SLUG.match(part) for part in parts):
            hint = "It is an old address on this site: /papers/old-name/."
            problems.append(Problem(path, lines["aliases"], f"“{alias}” cannot be an alias.", hint))
    return problems
