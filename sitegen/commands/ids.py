"""`sitegen ids`: shows, or writes into `content/ids.csv`, what was given out and is not recorded."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sitegen.build import read_site
from sitegen.commands.terminal import complain, plural, say
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem
from sitegen.model import Given
from sitegen.parsers.tables import ID_COLUMNS, delimiter_of

PATH = "content/ids.csv"


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Print the rows that are missing, or write them; return the exit status."""
    path = arguments.root / PATH
    try:
        missing = read_site(arguments.root, surroundings).unrecorded
        if missing and arguments.write:
            _append(path, missing)
    except BuildError as error:
        complain(error.problems)
        return 1
    except OSError as error:
        complain([Problem(PATH, 0, f"this file cannot be written: {error.strerror}.")])
        return 1
    if not missing:
        say(f"{PATH} holds every paper.")
    elif arguments.write:
        say(f"Wrote {plural(len(missing), 'paper')} to {PATH}. Keep the file with your content, for ever.")
    else:
        for line in _rows(missing, ID_COLUMNS, ",").splitlines():
            say(line)
        say(f"{plural(len(missing), 'paper')} not in {PATH} yet. To record: sitegen ids --write")
    return 0


def _append(path: Path, missing: Sequence[Given]) -> None:
    """Write the ledger with the rows at its end, in one step; no row of it ever changes.

    The rows are written as the file has them, which a spreadsheet may have saved in its own way.
    """
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ",".join(ID_COLUMNS) + "\n"
    if not before.endswith("\n"):
        before += "\n"
    delimiter = delimiter_of(before)
    head = next(csv.reader([before.partition("\n")[0]], delimiter=delimiter))
    columns = [name.strip().lower() for name in head]
    new = path.with_name(f".{path.name}.new")
    new.write_text(before + _rows(missing, columns, delimiter), encoding="utf-8", newline="\n")
    new.replace(path)


def _rows(given: Sequence[Given], columns: Sequence[str], delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    writer.writerows({**asdict(row), "first_day": row.first_day or ""} for row in given)
    return text.getvalue()
