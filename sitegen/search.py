"""Search: has the paper pages of a finished site indexed and puts the bundle in their midst.

The bundle is kept while no paper page changed. Where Pagefind is missing or fails the old one stays, and a
warning says what to do: a site without search is better than no site.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from sitegen.disk import files_below, is_folder
from sitegen.errors import BuildError, Problem, warning
from sitegen.indexing import BUNDLE, CHUNK, NO_SEARCH, OFF, PATIENCE, Indexing, find_pagefind
from sitegen.manifest import content_hash, read_manifest, read_sealed, write_sealed
from sitegen.model import Artifact, Manifest, Searched
from sitegen.routes import PAPERS, SEARCH_BUNDLE, is_search_file
from sitegen.switch import SEARCHED, searching_folder
from sitegen.write import write

_PAPER_PAGE = re.compile(rf"{PAPERS[1:]}[^/]+/index\.html")


def refresh(out: Path, papers: int, *, is_lost: bool, begun: Indexing | None = None) -> Searched:
    """Bring the search bundle of an output folder up to date and return what was done; raise nothing.

    `papers` is how many papers can be found; without any there is no bundle. `is_lost` says that the build
    began without a usable manifest, so that nothing knows the bundle. `begun` indexes the same pages already.
    The caller holds the folder's lock.
    """
    started = begun.started if begun else time.perf_counter()
    known = read_manifest(out)
    place = os.path.abspath(out)
    folder = Path(searching_folder(place))
    try:
        if not papers and not is_lost and not any(is_search_file(path) for path, _ in known.files):
            return Searched("off", 0)
        pages, program = paper_pages(known.files), find_pagefind()
        if papers and _is_fresh(out, known, pages, program):
            return Searched("kept", papers)
        files = (begun or Indexing(Path(place), folder / BUNDLE, program)).bundle() if papers else {}
        if is_lost:  # a file at the path of one of ours is taken for ours, as `write` does
            found = [path for path in files if (out / path).is_file()]
            known = replace(known, files=(*known.files, *((path, "") for path in found)))
        write(_artifacts(files), out, known, part="search")
        live = read_manifest(out)
        if papers:
            made_from = [_digest(pages.items()), _stamp(program), _bundle_digest(live)]
            write_sealed(os.fspath(out), SEARCHED, made_from)
        foreign = _foreign(out, live) if is_lost else ()
        seconds = time.perf_counter() - started
        return Searched("made" if papers else "off", papers, seconds, foreign=foreign)
    except (BuildError, OSError, subprocess.SubprocessError) as error:
        return Searched("failed", papers, problems=(problem_of(error),))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def paper_pages(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return path and hash of each paper page among the files of a site."""
    return {path: digest for path, digest in files if _PAPER_PAGE.fullmatch(path)}


def problem_of(error: BuildError | OSError | subprocess.SubprocessError) -> Problem:
    """Return what kept `Indexing` from its work, as a warning about the search."""
    path, hint = "pagefind", OFF
    match error:
        case BuildError():
            first = error.problems[0]
            path, message, hint = first.path, first.message, first.hint
        case OSError():
            path = str(error.filename or path)
            message = f"the search index cannot be made: {(error.strerror or str(error)).lower()}."
        case _:
            message = f"the program that indexes papers took more than {PATIENCE} seconds."
    return warning(NO_SEARCH, path, 0, message, f"{hint}\nThe site is built; its search stays as it was.")


# ------------------------------------------------------------------------ the bundle


def _artifacts(files: Mapping[str, Path]) -> Iterator[Artifact]:
    """Yield the files; the rank keeps their order in the switch."""
    for rank, (path, file) in enumerate(files.items()):
        yield Artifact(path, file.read_bytes(), rank)


def _is_fresh(out: Path, known: Manifest, pages: dict[str, str], program: Path | None) -> bool:
    """Tell whether the bundle was made from these pages, by this program if there is one, and is whole."""
    record = read_sealed(os.fspath(out), SEARCHED) or []
    stamp = record[1] if program is None and len(record) == 3 else _stamp(program)
    if record != [_digest(pages.items()), stamp, _bundle_digest(known)]:
        return False
    return all(_is_live(out, path, digest) for path, digest in known.files if is_search_file(path))


def _is_live(out: Path, path: str, digest: str) -> bool:
    try:
        data = (out / path).read_bytes()
    except OSError:
        return False
    return content_hash(data) == digest


def _foreign(out: Path, known: Manifest) -> tuple[str, ...]:
    """Return the files in the place of the bundle that are not ours."""
    folder = SEARCH_BUNDLE.strip("/")
    ours = {path for path, _ in known.files}
    there = files_below(os.fspath(out), folder) if is_folder(f"{os.fspath(out)}/{folder}") else ()
    return tuple(sorted(set(there) - ours))


def _bundle_digest(known: Manifest) -> str:
    return _digest(pair for pair in known.files if is_search_file(pair[0]))


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    return content_hash("".join(f"{digest} {path}\n" for path, digest in sorted(pairs)).encode())


def _stamp(program: Path | None) -> str:
    """Return what tells one version of the program, and of what it is told, from another."""
    status = program.stat() if program else None
    return f"{status.st_size} {status.st_mtime_ns} {CHUNK}" if status else ""
