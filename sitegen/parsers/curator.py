"""Digests, themes and free pages: Markdown files with front matter, one value each."""

from __future__ import annotations

import re
from datetime import date

from sitegen.errors import BuildError, Problem
from sitegen.model import Digest, FreePage, Source, Theme
from sitegen.parsers import frontmatter as fm
from sitegen.routes import SLUG

_DIGEST: dict[str, fm.Converter] = {
    "title": fm.text,
    "picks": fm.lined_names,
    "updated": fm.day,
    "draft": fm.flag,
}
_THEME: dict[str, fm.Converter] = {
    "title": fm.text,
    "order": fm.number,
    "summary": fm.text,
    "includes": fm.text,
    "excludes": fm.text,
    "phrases": fm.weights,
    "before": fm.names,
}
_PAGE: dict[str, fm.Converter] = {"title": fm.text, "description": fm.text, "draft": fm.flag}


def parse_digest(source: Source) -> tuple[list[Digest], list[Problem]]:
    """Return the curator's words on the issue of the day that the file is named after."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", source.stem):
            raise ValueError
        day = date.fromisoformat(source.stem)
    except ValueError:
        hint = "A digest is named after the day of its issue: content/digests/2025-12-09.md"
        raise BuildError([Problem(source.path, 0, "the file's name is not a day.", hint)]) from None
    matter = fm.read_front_matter(source, _DIGEST)
    digest = Digest(source.path, day, body=matter.body, body_line=matter.body_line, **matter.values)
    return [digest], []


def parse_theme(source: Source) -> tuple[list[Theme], list[Problem]]:
    """Return the theme; its slug is the file's name."""
    _check_slug(source, "theme")
    matter = fm.read_front_matter(source, _THEME, required=("title", "order", "summary"))
    theme = Theme(source.path, source.stem, body=matter.body, body_line=matter.body_line, **matter.values)
    return [theme], []


def parse_page(source: Source) -> tuple[list[FreePage], list[Problem]]:
    """Return the free page; its slug is the file's name."""
    _check_slug(source, "page")
    matter = fm.read_front_matter(source, _PAGE, required=("title",))
    values = {"description": "", **matter.values}
    page = FreePage(source.path, source.stem, body=matter.body, body_line=matter.body_line, **values)
    return [page], []


def _check_slug(source: Source, what: str) -> None:
    if not SLUG.match(source.stem):
        hint = f"The name of a {what}'s file is its address: lower-case letters, digits and hyphens."
        raise BuildError([Problem(source.path, 0, f"“{source.stem}” cannot be an address.", hint)])
