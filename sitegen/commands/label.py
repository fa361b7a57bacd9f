"""`sitegen label`: adds the curator's word on one paper to `content/labels.csv`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sitegen.asking import read_content
from sitegen.commands.finding import find_paper, keys_of
from sitegen.commands.terminal import say
from sitegen.commands.writing import columns_of, read_text, replace_text, with_rows
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.identity import keys_of as keys_said
from sitegen.model import Label, Note, Paper, Parsed
from sitegen.parsers.tables import LABEL_COLUMNS

PATH = "content/labels.csv"


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Write the label; return the exit status."""
    parsed, site = read_content(arguments.root, surroundings)
    paper = find_paper((*site.papers, *site.withdrawn), arguments.paper)
    check_theme(arguments.theme, parsed)
    check_free(paper, parsed)
    append_label(arguments.root, paper, arguments.theme)
    say(f"Wrote to {PATH}: “{paper.title.plain}” belongs to {arguments.theme}.")
    return 0


def check_theme(slug: str, parsed: Parsed) -> None:
    """Raise `BuildError` unless a theme has this slug."""
    slugs = [theme.slug for theme in parsed.themes]
    if slug not in slugs:
        hint = did_you_mean(slug, slugs) or f"The themes are: {', '.join(slugs)}."
        raise BuildError([Problem("theme", 0, f"there is no theme “{slug}”.", hint)])


def check_free(paper: Paper, parsed: Parsed) -> None:
    """Raise `BuildError` where a note or a row places the paper already: two would contradict each other."""
    mine = set(keys_of(paper))
    said: list[Note | Label] = [note for note in parsed.notes if note.theme]
    said += parsed.labels
    for item in said:
        if mine & set(keys_said(item)):
            what = "row" if isinstance(item, Label) else "note"
            message = f"this {what} is about the paper already" + (
                f", and places it in {item.theme}." if item.theme else "."
            )
            raise BuildError([Problem(item.source, item.line, message, "Write the theme there.")])


def append_label(root: Path, paper: Paper, theme: str) -> None:
    """Write the table with a row at its end, in one step and as the file has its columns.

    Raises `BuildError` where the table has no column for themes.
    """
    table = read_text(root, PATH)
    if table and "theme" not in columns_of(table):
        hint = f"The first line names the columns: {','.join(LABEL_COLUMNS)}"
        raise BuildError([Problem(PATH, 1, "the column “theme” is missing.", hint)])
    row = {"paper": paper.raw_title, "id": _written_id(paper), "theme": theme}
    replace_text(root, PATH, with_rows(table, [row], LABEL_COLUMNS))


def _written_id(paper: Paper) -> str:
    if paper.arxiv_id:
        return f"arXiv:{paper.arxiv_id}"
    return f"doi:{paper.doi}" if paper.doi else ""
