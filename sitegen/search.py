"""Search: runs Pagefind over the paper pages of a finished site and puts its bundle in their midst.

The bundle is kept while no paper page changed. Where Pagefind is missing or fails the old one stays, and a
warning says what to do: a site without search is better than no site.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sitegen.disk import STATE, files_below, is_folder
from sitegen.errors import BuildError, Problem, warning
from sitegen.manifest import content_hash, read_manifest, read_sealed, write_sealed
from sitegen.model import Artifact, Manifest, Searched
from sitegen.routes import PAPERS, SEARCH_BUNDLE, is_search_file
from sitegen.switch import SEARCHED
from sitegen.write import write

_FRESH = f"{STATE}/search"
"""Where Pagefind leaves what it makes, with the number of our process: that of a build that was killed may
write for a moment longer, and what it makes is of other pages."""
_ENTRY = "pagefind-entry.json"
_PAPER_PAGE = re.compile(rf"{PAPERS[1:]}[^/]+/index\.html")
_CHUNK = "3000"
"""How many places of words Pagefind puts into one chunk of its index. A search loads a chunk for each word,
and with Pagefind's own 20,000 these would be 28 kB each. A version without this setting makes bigger ones."""
_PATIENCE = 600
"""Seconds that Pagefind may take; a site of 10,000 papers takes it ten."""
_TICK = 0.1
_CODE = "no-search"
_OFF = "Or switch search off: search = false in content/site.toml."


def refresh(out: Path, papers: int, *, is_lost: bool) -> Searched:
    """Bring the search bundle of an output folder up to date and return what was done; raise nothing.

    `papers` is how many papers can be found; without any there is no bundle. `is_lost` says that the build
    began without a usable manifest, so that nothing knows the bundle. The caller holds the folder's lock.
    """
    started = time.perf_counter()
    known = read_manifest(out)
    place = Path(os.path.abspath(out))
    folder = place / f"{_FRESH}-{os.getpid()}"
    try:
        if not papers and not is_lost and not any(is_search_file(path) for path, _ in known.files):
            return Searched("off", 0)
        pages, program = paper_pages(known.files), find_pagefind()
        if papers and _is_fresh(out, known, pages, program):
            return Searched("kept", papers)
        files = make_bundle(place, folder, program) if papers else {}
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


def make_bundle(
    site: Path,
    folder: Path,
    program: Path | None,
    is_stopped: Callable[[], bool] = lambda: False,
    niceness: int = 0,
) -> dict[str, Path]:
    """Index the paper pages below `site` into `folder`; return the bundle's files by their paths in the site.

    Both folders are absolute. With a `niceness` the program gives way to others, where the system knows that.
    The files are in the order in which they go live. Raises BuildError, OSError or
    SubprocessError, the last also when it is stopped.
    """
    if program is None:
        hint = f'Install it: python -m pip install "pagefind[bin]", then build again.\n{_OFF}'
        raise BuildError([warning(_CODE, "pagefind", 0, "the program that indexes papers is missing.", hint)])
    shutil.rmtree(folder, ignore_errors=True)
    status, words = _run(program, site, folder, is_stopped, niceness)
    if status or not (folder / _ENTRY).is_file():
        said = f"It said: {' '.join(words.split())[-300:]}" if words.strip() else "It said nothing."
        message = f"the program that indexes papers failed (status {status})."
        raise BuildError([warning(_CODE, os.fspath(program), 0, message, f"{said}\n{_OFF}")])
    return dict(_wanted(folder))


def find_pagefind() -> Path | None:
    """Return the program: that of the package `pagefind`, else the one on the path, else nothing."""
    try:
        from pagefind_bin import get_executable

        return Path(get_executable())
    except (ImportError, OSError):
        found = shutil.which("pagefind")
        return Path(found) if found else None


def paper_pages(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return path and hash of each paper page among the files of a site."""
    return {path: digest for path, digest in files if _PAPER_PAGE.fullmatch(path)}


def problem_of(error: BuildError | OSError | subprocess.SubprocessError) -> Problem:
    """Return what kept `make_bundle` from its work, as a warning about the search."""
    path, hint = "pagefind", _OFF
    match error:
        case BuildError():
            first = error.problems[0]
            path, message, hint = first.path, first.message, first.hint
        case OSError():
            path = str(error.filename or path)
            message = f"the search index cannot be made: {(error.strerror or str(error)).lower()}."
        case _:
            message = f"the program that indexes papers took more than {_PATIENCE} seconds."
    return warning(_CODE, path, 0, message, f"{hint}\nThe site is built; its search stays as it was.")


def _run(
    program: Path, site: Path, folder: Path, is_stopped: Callable[[], bool], niceness: int
) -> tuple[int, str]:
    """Run Pagefind and return its status and what it said; no process of it is left behind."""
    end = time.monotonic() + _PATIENCE
    with (
        subprocess.Popen(  # noqa: S603 - a list, without a shell; the program is Pagefind's own
            [
                program,
                "--site",
                site,
                "--output-path",
                folder,
                "--glob",
                f"{PAPERS[1:]}*/index.html",
                "--silent",
            ],
            # It would take settings from its folder and the environment; neither decides what a build makes.
            cwd=folder.parent,
            env={name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
            | {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": _CHUNK},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process
    ):
        if niceness and hasattr(os, "setpriority"):
            with suppress(OSError):  # it has ended
                os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
        try:
            while True:
                try:
                    said, _ = process.communicate(timeout=_TICK)
                except subprocess.TimeoutExpired:
                    if is_stopped() or time.monotonic() > end:
                        raise
                else:
                    return process.returncode, said.decode(errors="replace")
        except BaseException:
            process.kill()
            raise


# ------------------------------------------------------------------------ the bundle


def _wanted(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield what a search loads: chunks by their own names, then the programs, then the way in.

    Pagefind's own boxes are left out, its worker, and the program for texts without a known language.
    """
    names = sorted(files_below(os.fspath(folder)))
    chunks = [name for name in names if ".pf_" in name]
    programs = [name for name in names if name.endswith(".pagefind")]
    if len(programs) > 1:
        programs.remove("wasm.unknown.pagefind")
    for name in (*chunks, *programs, "pagefind.js", _ENTRY):
        yield SEARCH_BUNDLE[1:] + name, folder / name


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
    return f"{status.st_size} {status.st_mtime_ns} {_CHUNK}" if status else ""
