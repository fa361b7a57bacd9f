"""`sitegen init`: lays a small working site, to begin one's own with."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path

from sitegen.commands.terminal import called, plural, say
from sitegen.commands.writing import create_text
from sitegen.errors import BuildError, Problem

STARTER = Path(__file__).parent.parent / "starter"
"""The files of the site; `gitignore` gets its dot when it is laid."""
WELCOME = frozenset({".git", ".venv", "venv"})
"""What may be in the folder before: a new repository, and the environment that holds the program."""
_SHOWN = 5


def run(arguments: argparse.Namespace) -> int:
    """Lay the site; return the exit status."""
    root: Path = arguments.directory
    if in_the_way := list(_in_the_way(root)):
        more = f" and {len(in_the_way) - _SHOWN} more" if len(in_the_way) > _SHOWN else ""
        message = f"this folder is not empty; in the way: {', '.join(in_the_way[:_SHOWN])}{more}."
        raise BuildError([Problem(str(root), 0, message, f"Name a new folder: {called()} init my-digest")])
    files = sorted(path for path in STARTER.rglob("*") if path.is_file())
    for file in files:
        name = file.relative_to(STARTER).as_posix()
        create_text(root, ".gitignore" if name == "gitignore" else name, file.read_text(encoding="utf-8"))
    place = "" if root == Path() else f" {shlex.quote(str(root))}"
    say(f"Made a small site with two example papers in {root}/ ({plural(len(files), 'file')}).")
    say(f"Look at it: {called()} serve{place}")
    say(f"Then make it yours: {root / 'README.md'} says how, in five steps.")
    return 0


def _in_the_way(root: Path) -> Iterator[str]:
    """Yield the names of what stands in the folder, sorted; raise `BuildError` if it cannot be one."""
    try:
        names = sorted(path.name for path in root.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise BuildError([Problem(str(root), 0, f"this cannot be a folder: {error.strerror}.")]) from None
    yield from (name for name in names if name not in WELCOME)
