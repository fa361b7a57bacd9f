"""`sitegen ids`: shows, or writes into `content/ids.csv`, what was given out and is not recorded."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path

from sitegen.build import read_site
from sitegen.commands.terminal import complain, plural, say
from sitegen.config import Surroundings
from sitegen.errors import BuildError
from sitegen.model import Given
from sitegen.parsers.tables import ID_COLUMNS

PATH = "content/ids.csv"


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Print the rows that are missing, or write them; return the exit status."""
    try:
        missing = read_site(arguments.root, surroundings).unrecorded
    except BuildError as error:
        complain(error.problems)
        return 1
    if not missing:
        say(f"{PATH} holds every paper.")
    elif arguments.write:
        _append(arguments.root / PATH, missing)
        say(f"Wrote {plural(len(missing), 'paper')} to {PATH}. Keep the file with your content, for ever.")
    else:
        say(_rows(missing).rstrip("\n"))
        say(f"{plural(len(missing), 'paper')} not in {PATH} yet. To record: sitegen ids --write")
    return 0


def _append(path: Path, missing: Sequence[Given]) -> None:
    """Write the ledger with the rows at its end, in one step; no row of it ever changes."""
    before = path.read_text(encoding="utf-8-sig") if path.exists() else ",".join(ID_COLUMNS) + "\n"
    if not before.endswith("\n"):
        before += "\n"
    new = path.with_name(path.name + ".new")
    new.write_text(before + _rows(missing), encoding="utf-8", newline="\n")
    new.replace(path)


def _rows(given: Sequence[Given]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((row.key, row.feed_id, row.slug, row.first_day or "") for row in given)
    return text.getvalue()
