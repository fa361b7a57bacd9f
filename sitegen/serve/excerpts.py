"""Problems with the lines around them, ready to be shown over a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from sitegen.errors import Problem

_AROUND = 2
_LONGEST_LINE = 200
_LARGEST_FILE = 4_000_000


class Shown(Struct, frozen=True):
    """A problem as the browser shows it."""

    place: str
    """File and line: "content/notes/mamba.md:4"."""
    message: str
    hint: str
    line: int
    excerpt: tuple[tuple[int, str], ...]
    """The lines around it with their numbers; empty where there is no file or line to show."""

    def as_json(self) -> dict[str, Any]:
        """Return the problem as JSON can hold it."""
        return asdict(self)


def show(problems: Sequence[Problem], root: Path) -> tuple[Shown, ...]:
    """Return problems with excerpts of the project's files."""
    return tuple(
        Shown(
            place=f"{problem.path}:{problem.line}" if problem.line else problem.path,
            message=problem.message,
            hint=problem.hint,
            line=problem.line,
            excerpt=tuple(_excerpt(root, problem.path, problem.line)),
        )
        for problem in problems
    )


def _excerpt(root: Path, path: str, line: int) -> Sequence[tuple[int, str]]:
    file = root / path
    try:
        if not line or not file.resolve().is_relative_to(root.resolve()) or not file.is_file():
            return ()
        if file.stat().st_size > _LARGEST_FILE:
            return ()
        lines = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    except (OSError, ValueError):
        return ()
    first = max(line - _AROUND, 1)
    return [
        (number, text[:_LONGEST_LINE]) for number, text in enumerate(lines[first - 1 : line + _AROUND], first)
    ]
