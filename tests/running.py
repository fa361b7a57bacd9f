"""The program as its users call it, and projects to call it on; all inside this process."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from sitegen.cli import main
from sitegen.errors import BuildError, Problem

PROJECT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "sites" / "small"


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: str
    err: str


def run(*arguments: str | Path) -> Outcome:
    """Run `sitegen` with the arguments."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            status = int(stop.code or 0)
    return Outcome(status, out.getvalue(), err.getvalue())


def built(*arguments: str | Path) -> Outcome:
    """Build, and fail the test where there is a problem."""
    outcome = run("build", *arguments)
    assert outcome.status == 0, outcome.err
    return outcome


def problems_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    """Return the problems that a call raises; none where it succeeds."""
    try:
        call()
    except BuildError as error:
        return error.problems
    return ()


def small_project(folder: Path) -> Path:
    """Return a copy of the small site's project, for a test to change."""
    shutil.copytree(SMALL / "content", folder / "content")
    return folder


def lay(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a built site with its bytes, without the build's own bookkeeping.

    And without the search bundle, which is not the same from run to run.
    """
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        if not (name := path.relative_to(folder).as_posix()).startswith((".sitegen/", "pagefind/"))
    }
