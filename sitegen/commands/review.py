"""`sitegen themes --review`: walks through doubtful papers, one key a paper; writes each answer at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from sitegen.commands.label import append_label
from sitegen.commands.terminal import plural, say
from sitegen.model import Paper, Parsed, Site
from sitegen.survey import doubtful
from sitegen.themes import Judgement

_KEYS = "123456789abcdefghijklmnoprtuvwxyz"
"""One for each theme; q ends, s and Enter skip."""


def review(root: Path, parsed: Parsed, site: Site) -> int:
    """Ask for the theme of each doubtful paper; return the exit status."""
    open_ones = doubtful(parsed.themes, site.papers)
    slugs = [theme.slug for theme in parsed.themes]
    written = 0
    for number, (paper, judgement) in enumerate(open_ones, start=1):
        order = [*judgement.ranking, *(slug for slug in slugs if slug not in judgement.ranking)]
        choices = dict(zip(_KEYS, order, strict=False))
        _show(paper, judgement, choices, f"{number} of {len(open_ones)}")
        answer = _ask(choices)
        if answer == "q":
            break
        if answer in choices:
            append_label(root, paper, choices[answer])
            written += 1
            say(f"→ {choices[answer]}")
    say(f"{plural(written, 'label')} written." if open_ones else "No paper is doubtful.")
    return 0


def _show(paper: Paper, judgement: Judgement, choices: dict[str, str], place: str) -> None:
    say()
    say(f"{place}: {paper.title.plain}")
    if paper.abstract:
        say(paper.abstract.plain)
    if judgement.reasons:
        say(f"Words: {', '.join(judgement.reasons)}")
    for line in _columns([f"{key} {slug}" for key, slug in choices.items()]):
        say(line)
    say("Enter skips, q ends.")


def _columns(cells: Sequence[str], number: int = 3) -> list[str]:
    width = max(map(len, cells), default=0) + 2
    rows = -(-len(cells) // number)
    return ["".join(cell.ljust(width) for cell in cells[row::rows]).rstrip() for row in range(rows)]


def _ask(choices: dict[str, str]) -> str:
    """Return the first key that means something; nothing for a skipped paper."""
    while True:
        key = _key().lower()
        if key in choices or key in ("q", ""):
            return key
        if key in ("s", " "):
            return ""


def _key() -> str:
    """Return one key from a terminal without waiting for Enter, or the first letter of a line of input."""
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip()[:1] if line else "q"
    try:
        import termios
        import tty
    except ImportError:  # Windows has neither; a line will do
        return input().strip()[:1]
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        key = sys.stdin.read(1)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    return "q" if key in ("", "\x04") else key.strip("\r\n")
