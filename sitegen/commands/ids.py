"""`sitegen ids`: shows, or writes into `content/ids.csv`, what was given out and is not recorded."""

from __future__ import annotations

import argparse

from msgspec.structs import asdict

from sitegen.asking import read_site
from sitegen.commands.terminal import called, plural, say
from sitegen.commands.writing import read_text, replace_text, rows_text, with_rows
from sitegen.config import Surroundings
from sitegen.parsers.tables import ID_COLUMNS

PATH = "content/ids.csv"


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Print the rows that are missing, or write them; return the exit status."""
    missing = read_site(arguments.root, surroundings).unrecorded
    rows = [{**asdict(given), "first_day": given.first_day or ""} for given in missing]
    if not missing:
        say(f"{PATH} holds every paper.")
    elif arguments.write:
        # No row of the ledger ever changes; new ones go to its end.
        replace_text(arguments.root, PATH, with_rows(read_text(arguments.root, PATH), rows, ID_COLUMNS))
        say(f"Wrote {plural(len(missing), 'paper')} to {PATH}. Keep the file with your content, for ever.")
    else:
        for line in rows_text(",".join(ID_COLUMNS), rows).splitlines():
            say(line)
        say(f"{plural(len(missing), 'paper')} not in {PATH} yet. To record: {called()} ids --write")
    return 0
