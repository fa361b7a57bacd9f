"""What commands print: problems to standard error, results to standard output."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from sitegen.errors import Problem
from sitegen.model import Output

T = TypeVar("T")


def say(line: str = "") -> None:
    """Print one line of a result; what the terminal cannot show is spelled out."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(_visible(line).encode(encoding, "backslashreplace").decode(encoding))


def complain(problems: Iterable[Problem]) -> None:
    """Print problems, each with its place and hint; control characters in them are made visible."""
    sys.stdout.flush()  # so that both streams, shown in one place, keep their order
    for problem in problems:
        kind = "warning: " if problem.severity == "warning" else ""
        place = f"{problem.path}:{problem.line}: " if problem.line else f"{problem.path}: "
        print(_visible(f"{place}{kind}{problem.message}"), file=sys.stderr)
        for line in problem.hint.splitlines():
            print(_visible(f"  {line}"), file=sys.stderr)


def called() -> str:
    """Return how the program was called, for a command that the reader can copy."""
    program = sys.argv[0]
    if Path(program).name in ("sitegen", "sitegen.exe"):
        return shlex.quote(program) if os.sep in program else "sitegen"
    return "python -m sitegen"


def plural(number: int, noun: str, nouns: str = "") -> str:
    """Return "1 paper" or "1,234 papers"."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def track(artifacts: Iterator[Output], count: int) -> Iterator[Output]:
    """Yield the artifacts of a build behind a bar."""
    return with_bar(artifacts, count, "Building")


def with_bar(items: Iterable[T], count: int, doing: str) -> Iterator[T]:
    """Yield the items; on a terminal a bar shows how many are done, in a pipe nothing does."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track as bar

    console = Console(stderr=True)
    yield from bar(items, doing, total=count, console=console, transient=True)


def _visible(line: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
