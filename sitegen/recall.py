"""What the last build was made from, so that one from the same ends at once.

A build is a pure function of its inputs. If these have the fingerprint that the last build left beside its
output, and each file that it made still has the size and the time that it had then, nothing is to be done.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path

from sitegen.config import Surroundings
from sitegen.errors import Problem
from sitegen.manifest import read_sealed, write_sealed
from sitegen.model import Change, Manifest, Report, Searched, Visible, Written
from sitegen.routes import is_search_file
from sitegen.sources import CONTENT, walk_files
from sitegen.switch import BUILT


def fingerprint(root: Path, folders: tuple[Path, ...], surroundings: Surroundings, strict: bool) -> str:
    """Return the hash of all that a build depends on: content, templates, arguments, programs.

    Files of content and templates count by their bytes. Raises OSError for one that cannot be read.
    """
    digest = blake2b(digest_size=16)
    for part in (*_programs(), repr(surroundings), repr(strict)):
        digest.update(f"{part}\0".encode())
    for folder in (root / CONTENT, *folders):
        for name in walk_files(folder):
            data = (folder / name).read_bytes() if (folder / name).is_file() else b"no file"
            digest.update(f"{folder}/{name}\0{len(data)}\0".encode(errors="surrogateescape"))
            digest.update(data)
    return digest.hexdigest()


def recall(out: Path, inputs: str, known: Manifest) -> Report | None:
    """Return the report of the last build if it was made from the same and all of it is there."""
    lines = read_sealed(os.fspath(out), BUILT)
    if not lines or not known.usable or lines[0] != inputs or len(known.files) != len(lines) - 2:
        return None
    if lines[2:] != list(_stamps(out, known)):
        return None
    said = json.loads(lines[1])
    return Report(
        out=out,
        written=Written(
            tuple(Change("identical", path) for path, _ in known.files if not is_search_file(path))
        ),
        **said
        | {
            "search": Searched(said["search"]["state"], said["search"]["papers"]),
            "warnings": tuple(Problem(**fields) for fields in said["warnings"]),
            "waiting": tuple(Visible(date.fromisoformat(day), what) for day, what in said["waiting"]),
        },
    )


def remember(out: Path, inputs: str, report: Report, known: Manifest) -> None:
    """Write down what a build was made from and what it made; raises OSError.

    Nothing where a file of it has gone already: the next build makes it again.
    """
    stamps = list(_stamps(out, known))
    if any(stamp.startswith("gone ") for stamp in stamps):
        return
    said = {
        **asdict(replace(report, written=Written(()), search=_kept(report.search))),
        "waiting": [(item.day.isoformat(), item.what) for item in report.waiting],
    }
    del said["out"], said["written"]
    write_sealed(os.fspath(out), BUILT, [inputs, json.dumps(said), *stamps])


def _kept(search: Searched) -> Searched:
    """Return what a build from the same will say of the search."""
    return Searched("kept" if search.state == "made" else search.state, search.papers)


def _stamps(out: Path, known: Manifest) -> Iterator[str]:
    """Yield size, time and path of each file that is ours; a mark for one that is gone."""
    root = os.fspath(out)
    for path, _ in known.files:
        try:
            status = os.lstat(f"{root}/{path}")
        except OSError:
            yield f"gone {path}"
        else:
            is_file = stat.S_ISREG(status.st_mode)
            yield f"{status.st_size if is_file else 'other'} {status.st_mtime_ns} {path}"


def _programs() -> Iterator[str]:
    """Yield what tells one version of Python, of sitegen and of the libraries from another."""
    yield sys.version
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        status = path.stat()
        yield f"{path.relative_to(package)} {status.st_size} {status.st_mtime_ns}"
    for folder in sys.path:
        if Path(folder).is_dir():
            names = sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
            yield from (f"{name} {os.stat(f'{folder}/{name}').st_mtime_ns}" for name in names)
