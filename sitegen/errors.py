"""The problems that the stages report, and the exception that carries them to `cli`.

A problem is data: what is wrong, where, and what to do about it. `cli` alone prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Literal

from msgspec import Struct
from msgspec.structs import force_setattr, replace

Severity = Literal["error", "warning"]

_LONGEST = 1000
_MANY = 500
_UNSHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would speak to the terminal, or turn its text round."""


class Problem(Struct, frozen=True):
    """One thing that the author must mend (an error) or may want to know (a warning)."""

    path: str
    """The file as the author names it, relative to the project ("content/notes/mamba.md")."""
    line: int
    """Counted from 1; 0 where the file as a whole is meant."""
    message: str
    """What is wrong, in a plain sentence that quotes the value; shortened where that is very long."""
    hint: str = ""
    """What to do about it, or nothing."""
    severity: Severity = "error"
    code: str = ""
    """A warning's stable name, such as "no-meta", by which `site.toml` can accept it."""

    def __post_init__(self) -> None:
        if len(self.message) > _LONGEST:
            shortened = f"{self.message[: _LONGEST // 2]} … {self.message[-_LONGEST // 4 :]}"
            force_setattr(self, "message", shortened)

    def __str__(self) -> str:
        """Return the problem as it is shown: `path:line: message`, the hint indented below.

        What a file wrote into it cannot act on the terminal.
        """
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: "
        hint = "".join(f"\n  {line}" for line in self.hint.splitlines())
        return _UNSHOWN.sub("\ufffd", place + self.message + hint)


def warning(code: str, path: str, line: int, message: str, hint: str = "") -> Problem:
    """Return a warning; `code` is the name by which `site.toml` can accept it."""
    return Problem(path, line, message, hint, "warning", code)


class BuildError(Exception):
    """Raised by a stage that cannot go on; holds every problem that the stage found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            sorted(set(problems), key=lambda problem: (problem.path, problem.line, problem.message))
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[BuildError], tuple[tuple[Problem, ...]]]:
        """Let the exception cross from one process to another."""
        return BuildError, (self.problems,)


class Stopped:
    """What stopped pages: each problem once, with the pages that it stopped."""

    def __init__(self) -> None:
        self._pages: dict[Problem, list[str]] = {}

    def add(self, problems: Iterable[Problem], url: str) -> None:
        """Note what stopped one more page."""
        for problem in problems:
            self._pages.setdefault(problem, []).append(url)

    @property
    def is_plain(self) -> bool:
        """Whether a mistake has stopped so many pages that no more need be tried."""
        return any(len(urls) >= _MANY for urls in self._pages.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems, whose hints name a page and the number of all."""
        return BuildError(_with_pages(problem, urls) for problem, urls in self._pages.items()).problems


def _with_pages(problem: Problem, urls: Sequence[str]) -> Problem:
    number = f"{len(urls)} pages{' or more' if len(urls) >= _MANY else ''}, such as"
    pages = f"It stopped {number if len(urls) > 1 else 'the page'} {urls[0]}."
    return replace(problem, hint=f"{problem.hint} {pages}".lstrip())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the hint `Did you mean "…"?` for a near miss, or nothing."""
    near = get_close_matches(word, list(known), 1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else ""
