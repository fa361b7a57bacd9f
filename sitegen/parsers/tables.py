"""The curator's tables: `labels.csv`, `ids.csv` and `tags.toml`, one value a row.

A spreadsheet may have saved the CSV files: semicolons and a byte order mark are read as well.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date

import msgspec

from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.model import Given, Label, Source, Tag
from sitegen.routes import SLUG
from sitegen.toml import decode_tables

LABEL_COLUMNS = ("paper", "id", "theme", "more_themes", "tags")
ID_COLUMNS = ("key", "feed_id", "slug", "first_day")
MAILED_COLUMNS = ("feed_id", "mail")

_CSV_REASONS = {
    "unexpected end of data": "a quote opens here and closes nowhere",
    "',' expected": "text stands behind the quote that closes a cell",
    "';' expected": "text stands behind the quote that closes a cell",
}
"""What Python's reader of CSV means."""

_ID = re.compile(
    r"(?i)arxiv:\s*(?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})(?:v\d+)?|doi:\s*10\.\d{4,9}/\S+"
)


def parse_labels(source: Source) -> tuple[list[Label], list[Problem]]:
    """Return the labels in the order of the file; raise `BuildError` with every mistake in it."""
    labels, problems = [], []
    for line, row in _rows(source, LABEL_COLUMNS, required=("paper",)):
        if not row["paper"]:
            if any(row.values()):
                hint = "The first column holds the paper's title."
                problems.append(Problem(source.path, line, "this row names no paper.", hint))
            continue
        if row["id"] and not is_id(row["id"]):
            hint = "An id is written arXiv:2410.14649 or doi:10.1145/3394486."
            problems.append(Problem(source.path, line, f"“{row['id']}” is not an id.", hint))
        more, tags = (
            tuple(re.split(r"[\s,;]+", row[name])) if row[name] else () for name in LABEL_COLUMNS[3:]
        )
        labels.append(Label(source.path, line, row["paper"], row["id"], row["theme"], more, tags))
    if problems:
        raise BuildError(problems)
    return labels, []


def is_id(text: str) -> bool:
    """Return whether `text` is an arXiv id or a DOI as the curator writes it."""
    return bool(_ID.fullmatch(text))


def parse_ids(source: Source) -> tuple[list[Given], list[Problem]]:
    """Return what was given out, in the order of the file; raise `BuildError` with every mistake."""
    given: list[Given] = []
    problems = []
    owner: dict[str, str] = {}
    keys: dict[str, Given] = {}
    for line, row in _rows(source, ID_COLUMNS, required=ID_COLUMNS[:3]):
        day = _day(row["first_day"])
        if not (row["key"] and row["feed_id"] and SLUG.match(row["slug"])) or (row["first_day"] and not day):
            hint = "The file is written by sitegen ids --write; take the row from an older version of it."
            problems.append(Problem(source.path, line, "this row is damaged.", hint))
        elif row["key"] in keys and keys[row["key"]].feed_id != row["feed_id"]:
            message = f"the key “{row['key']}” has another feed id on line {keys[row['key']].line}."
            problems.append(Problem(source.path, line, message, "Keep the older row of the two."))
        elif owner.setdefault(row["slug"], row["feed_id"]) != row["feed_id"]:
            message = f"the slug “{row['slug']}” was given to another paper on a line above."
            hint = "Each paper has its own slug; change the newer one and keep the old as an alias."
            problems.append(Problem(source.path, line, message, hint))
        else:
            given.append(Given(row["key"], row["feed_id"], row["slug"], day, line))
            keys.setdefault(row["key"], given[-1])
    if problems:
        raise BuildError(problems)
    return given, []


def parse_mailed(source: Source) -> dict[str, str]:
    """Return which mail had a paper first, by the paper's feed id; raise `BuildError` for a damaged row."""
    mailed: dict[str, str] = {}
    for line, row in _rows(source, MAILED_COLUMNS, required=MAILED_COLUMNS):
        if not (row["feed_id"] and row["mail"]):
            hint = "The file is written by sitegen mail; take the row from an older version of it."
            raise BuildError([Problem(source.path, line, "this row is damaged.", hint)])
        mailed.setdefault(row["feed_id"], row["mail"])
    return mailed


class _TagTable(msgspec.Struct, forbid_unknown_fields=True):
    title: str
    summary: str = ""
    phrases: tuple[str, ...] = ()


def parse_tags(source: Source) -> tuple[list[Tag], list[Problem]]:
    """Return the tags in the order of the file; raise `BuildError` with every mistake in it."""
    tables = decode_tables(source.text, source.path, _TagTable)
    tags, problems = [], []
    for slug, table in tables.items():
        found = re.search(rf'(?m)^[ \t]*\[[ \t]*"?{re.escape(slug)}"?[ \t]*\]', source.text)
        line = source.text.count("\n", 0, found.start()) + 1 if found else 0
        if not SLUG.match(slug):
            hint = "The name of a tag is its address: lower-case letters, digits and hyphens."
            problems.append(Problem(source.path, line, f"“{slug}” cannot be an address.", hint))
        if not table.title.strip():
            hint = 'Write title = "…" below it.'
            problems.append(Problem(source.path, line, f"the tag “{slug}” has no title.", hint))
        tags.append(Tag(slug, table.title.strip(), table.summary, table.phrases, line))
    if problems:
        raise BuildError(problems)
    return tags, []


def delimiter_of(text: str) -> str:
    """Return what stands between the cells of a table: most often a comma; some spreadsheets differ."""
    return max(",;\t", key=text.partition("\n")[0].count)


def _rows(
    source: Source, columns: tuple[str, ...], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of each row that is not empty; missing columns are empty cells."""
    lines = source.text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter_of(source.text), strict=True)
    line = 1
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(source.path, header, columns, required)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict.fromkeys(columns, "")
                row.update((name, " ".join(cell.split())) for name, cell in zip(header, cells, strict=False))
                if len(cells) > len(header):
                    hint = "A cell with a comma in it stands in double quotes."
                    message = f"this row has {len(cells)} cells; the table has {len(header)} columns."
                    raise BuildError([Problem(source.path, line, message, hint)])
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "A quote inside a cell is written twice, and the cell stands in quotes."
        reason = _CSV_REASONS.get(str(error).partition(" after")[0], str(error))
        raise BuildError([Problem(source.path, line, f"this row cannot be read: {reason}.", hint)]) from None


def _check_header(path: str, header: list[str], columns: tuple[str, ...], required: tuple[str, ...]) -> None:
    problems = []
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            message = f"the column “{name}” stands here more than once."
            problems.append(Problem(path, 1, message, "Each column has a name of its own."))
        if name not in columns:
            hint = did_you_mean(name, columns) or f"The columns are: {', '.join(columns)}."
            problems.append(Problem(path, 1, f"there is no column “{name}”.", hint))
    for name in required:
        if name not in header:
            hint = f"The first line names the columns: {','.join(columns)}"
            problems.append(Problem(path, 1, f"the column “{name}” is missing.", hint))
    if problems:
        raise BuildError(problems)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
