"""Writing into `content/`: a file is new or replaced in one step, a table only grows, no file is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sitegen.errors import BuildError, Problem
from sitegen.parsers.tables import delimiter_of


def read_text(root: Path, path: str) -> str:
    """Return the text of a file of the project, "" where there is none; raise `BuildError` if it is none."""
    try:
        return (root / path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise BuildError([Problem(path, 0, "this file cannot be read as UTF-8 text.")]) from None


def replace_text(root: Path, path: str, text: str) -> None:
    """Write a file of the project in one step; raise `BuildError` where that cannot be done."""
    place = root / path
    new = place.with_name(f".{place.name}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8", newline="\n")
        new.replace(place)
    except OSError as error:
        raise BuildError([Problem(path, 0, f"this file cannot be written: {error.strerror}.")]) from None


def create_text(root: Path, path: str, text: str) -> None:
    """Write a file that is not there yet; raise `BuildError` where it is, or cannot be written."""
    require_free(root, path)
    place = root / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise BuildError([Problem(path, 0, f"this file cannot be written: {error.strerror}.")]) from None


def require_free(root: Path, path: str) -> None:
    """Raise `BuildError` where a file of the project is there already."""
    if (root / path).exists():
        hint = "Nothing was written. Go on in that file, or rename it."
        raise BuildError([Problem(path, 0, "this file is there already.", hint)])


def with_rows(table: str, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Return a table with rows at its end, written as the table is: a spreadsheet may have saved it.

    `columns` are those of a new table; a column that the table lacks is left out of the rows.
    """
    before = table or ",".join(columns) + "\n"
    if not before.endswith("\n"):
        before += "\n"
    return before + rows_text(before, rows)


def columns_of(table: str) -> list[str]:
    """Return the names in the first line of a table."""
    cells = next(csv.reader([table.partition("\n")[0]], delimiter=delimiter_of(table)), [])
    return [name.strip().lower() for name in cells]


def rows_text(table: str, rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as they stand in a table."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns_of(table), extrasaction="ignore", delimiter=delimiter_of(table), lineterminator="\n"
    )
    writer.writerows(rows)
    return text.getvalue()
