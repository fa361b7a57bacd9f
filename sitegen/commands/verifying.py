"""Compares a site with one that is built from nothing. Nothing that an earlier build remembers is trusted."""

from __future__ import annotations

import filecmp
from pathlib import Path

from sitegen.build import build
from sitegen.commands.terminal import say, track
from sitegen.config import Surroundings
from sitegen.errors import Problem

_NOT_COMPARED = (".sitegen/", "pagefind/")
"""Our own bookkeeping, and a search index whose names differ from run to run."""
_LINKED = ("content", "templates")


def compared(root: Path, out: Path, surroundings: Surroundings, jobs: int) -> tuple[tuple[Problem, ...], int]:
    """Return each file in `out` that is not as a clean build makes it, and how many files were compared.

    The clean build stands in a folder of its own, with links to content and templates: it finds no memory
    of earlier builds. Raises `BuildError` where it fails.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="sitegen-verify-") as folder:
        project = Path(folder)
        for name in _LINKED:
            if (root / name).is_dir():
                (project / name).symlink_to((root / name).resolve(), target_is_directory=True)
        clean = project / "public"
        build(project, clean, surroundings, strict=False, notify=say, track=track, jobs=jobs, index=False)
        mine, theirs = _files(out), _files(clean)
        problems = []
        for name in sorted(mine | theirs):
            if name not in mine:
                problems.append(Problem(f"{out}/{name}", 0, "is missing."))
            elif name not in theirs:
                problems.append(Problem(f"{out}/{name}", 0, "is no file of this site."))
            elif not filecmp.cmp(out / name, clean / name, shallow=False):
                problems.append(Problem(f"{out}/{name}", 0, "is not as built from nothing."))
        return tuple(problems), len(theirs)


def _files(out: Path) -> set[str]:
    """Return the path of each file of a site."""
    names = (path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir())
    return {name for name in names if not name.startswith(_NOT_COMPARED)}
