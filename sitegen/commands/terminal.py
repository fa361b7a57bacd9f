"""What commands print: problems to standard error, results to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from sitegen.errors import Problem


def say(line: str = "") -> None:
    """Print one line of a result."""
    print(line)


def complain(problems: Iterable[Problem]) -> None:
    """Print problems, each with its place and hint; control characters in them are made visible."""
    for problem in problems:
        kind = "warning: " if problem.severity == "warning" else ""
        place = f"{problem.path}:{problem.line}: " if problem.line else f"{problem.path}: "
        print(_visible(f"{place}{kind}{problem.message}"), file=sys.stderr)
        for line in problem.hint.splitlines():
            print(_visible(f"  {line}"), file=sys.stderr)


def _visible(line: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
