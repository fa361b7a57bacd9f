"""`sitegen import`: copies files of papers to their places in `content/` and prints a receipt."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.commands.receipt import print_outcomes, print_receipt
from sitegen.commands.terminal import complain, say, with_bar
from sitegen.errors import BuildError, Problem
from sitegen.importing import judge
from sitegen.importing.outcome import Offer, Outcome, Wish
from sitegen.importing.receipt import make_receipt
from sitegen.importing.shelf import Shelf
from sitegen.model import Kind, Parsed, Source
from sitegen.parsers import PAPERS, parse
from sitegen.sources import CONTENT, read_sources, require_content, walk_files

FOLDERS = ("captures", "library")
LARGEST = 256 * 1024 * 1024
"""Bytes; no list of papers is larger."""
MANY = 20
"""From so many files on, a bar shows how many are done."""
_READ = (*PAPERS, Kind.NOTE, Kind.LABELS)
"""The kinds of sources that say something of papers."""


def run(arguments: argparse.Namespace) -> int:
    """Import the files and print what became of them; return the exit status."""
    root: Path = arguments.root
    try:
        sources, parsed = _content(root)
        shelf = Shelf(_names(root), sources, parsed.entries)
    except BuildError as error:
        complain(error.problems)
        return 1
    wish = Wish(arguments.date, arguments.year)
    outcomes: list[Outcome] = []
    try:
        files = list(_files(arguments.files))
        if not files:
            say(f"There is no file in {', '.join(arguments.files)}: nothing to do.")
        for file in with_bar(files, len(files), "Importing") if len(files) > MANY else files:
            outcomes.append(_import(file, wish, shelf, root, arguments.dry_run))
    finally:  # what was copied before an interruption stays, and is named
        print_outcomes(outcomes, dry_run=arguments.dry_run, verbose=arguments.verbose)
    if arrived := frozenset(outcome.target for outcome in outcomes if outcome.arrived):
        receipt = make_receipt(parsed, shelf.entries, arrived)
        print_receipt(receipt, dry_run=arguments.dry_run, verbose=arguments.verbose)
    return int(any(outcome.action == "refused" for outcome in outcomes))


def _import(file: File, wish: Wish, shelf: Shelf, root: Path, dry_run: bool) -> Outcome:
    """Copy one file to its place, unless it is refused or there already."""
    offer = _offer(file)
    if isinstance(offer, Problem):
        return Outcome(file.name, "refused", problems=(offer,))
    outcome = judge(offer, wish, shelf)
    if not outcome.arrived:
        return outcome
    if not dry_run:
        try:
            _put(root / outcome.target, offer.data, outcome.action == "replaced")
        except OSError as error:
            problem = Problem(outcome.target, 0, f"this file cannot be written: {error.strerror}.")
            return Outcome(file.name, "refused", problems=(problem,))
    shelf.keep(outcome)
    return outcome


def _put(path: Path, data: bytes, replaces: bool) -> None:
    """Write a file in one step; never over another, unless that is to give way."""
    path.parent.mkdir(exist_ok=True)
    if os.path.lexists(path) and not replaces:
        raise FileExistsError(errno.EEXIST, "a file of this name is there", path)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(data)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


# ------------------------------------------------------------------------ what is there


def _content(root: Path) -> tuple[list[Source], Parsed]:
    """Return the sources of papers and all that is said of papers; what is wrong in them is printed.

    Raises `BuildError` where there is no folder of content or a file in it is no text.
    """
    require_content(root)
    sources = [source for source in read_sources(root, ())[0] if source.kind in _READ]
    sound = [source for source in sources if _is_sound(source)]
    return [source for source in sources if source.kind in PAPERS], parse(sound)


def _is_sound(source: Source) -> bool:
    """Return whether a source can be read; else print what is wrong with it."""
    try:
        parse([source])
    except BuildError as error:
        complain(problem for problem in error.problems if problem.severity == "error")
        return False
    return True


def _names(root: Path) -> Iterator[str]:
    """Yield the paths that are taken."""
    for folder in FOLDERS:
        if (root / CONTENT / folder).is_dir():
            yield from (f"{CONTENT}/{folder}/{name}" for name in walk_files(root / CONTENT / folder))


# ------------------------------------------------------------------------ what is offered


class File(NamedTuple):
    """A file that was named, or lies in a folder that was."""

    name: str
    path: Path | None
    """None for standard input."""


def _files(named: Iterable[str]) -> Iterator[File]:
    """Yield the files in the order in which they were named, those of a folder sorted, each once."""
    seen = set()
    for name in named:
        path = Path(name)
        if name == "-":
            yield File("standard input", None)
        elif path.is_dir():
            for inside in walk_files(path):
                if (file := path / inside) not in seen:
                    seen.add(file)
                    yield File(str(file), file)
        elif path not in seen:
            seen.add(path)
            yield File(name, path)


def _offer(file: File) -> Offer | Problem:
    """Return a file with its bytes, or why it cannot be read."""
    try:
        data = _bytes(file.path)
    except OSError as error:
        return Problem(file.name, 0, f"this file cannot be read: {error.strerror}.")
    if len(data) > LARGEST:
        return Problem(file.name, 0, f"this file has more than {LARGEST >> 20} MiB; no list of papers has.")
    if file.path is None:
        return Offer(file.name, "", "", data)
    return Offer(file.name, file.path.stem, file.path.suffix[1:].lower(), data)


def _bytes(path: Path | None) -> bytes:
    """Return the bytes of a file, and not many more than can be papers."""
    if path is None:
        if sys.stdin.isatty():
            print("Reading standard input; end it with Ctrl-D.", file=sys.stderr)
        return sys.stdin.buffer.read(LARGEST + 1)
    with path.open("rb") as file:
        return file.read(LARGEST + 1)
