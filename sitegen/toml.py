"""TOML files to typed values, with mistakes named by line in the author's words."""

from __future__ import annotations

import difflib
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import msgspec.inspect

from sitegen.errors import BuildError, Problem

T = TypeVar("T")

_TYPES = {
    "str": "text in quotes",
    "int": "a whole number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "float": "a number",
    "datetime": "a date and time",
    "date": "a date",
}


def read_toml(root: Path, path: str, type_: type[T]) -> tuple[T, str]:
    """Return the file as a value of `type_`, and its text.

    Raises `BuildError` for a missing file, one that is not UTF-8, a syntax error or a wrong value.
    """
    try:
        text = (root / path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        hint = "Each site has one; it holds at least title, base_url and id_authority."
        raise BuildError([Problem(path, 0, "there is no such file.", hint)]) from None
    except UnicodeDecodeError:
        raise BuildError([Problem(path, 0, "this file is not UTF-8.", "Save it as UTF-8.")]) from None
    except OSError as error:
        raise BuildError([Problem(path, 0, f"this file cannot be read: {error.strerror}.")]) from None
    return decode_toml(text, path, type_), text


def decode_toml(text: str, path: str, type_: type[T]) -> T:
    """Return a TOML text as a value of `type_`; raise `BuildError` at the line that is wrong."""
    try:
        return msgspec.convert(_load(text, path), type_)
    except msgspec.ValidationError as error:
        raise BuildError([_value_problem(text, path, str(error), type_)]) from None


def decode_tables(text: str, path: str, type_: type[T]) -> dict[str, T]:
    """Return each table of a TOML text as a value of `type_`; raise `BuildError` with every mistake."""
    tables = {}
    problems = []
    for name, table in _load(text, path).items():
        try:
            tables[name] = msgspec.convert(table, type_)
        except msgspec.ValidationError as error:
            problems.append(_value_problem(text, path, str(error), type_, name))
    if problems:
        raise BuildError(problems)
    return tables


def _load(text: str, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BuildError([_syntax_problem(text, path, str(error))]) from None
    except RecursionError:
        raise BuildError([Problem(path, 0, "this file is nested too deeply.")]) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise BuildError([Problem(path, 0, "a number in this file is too long.")]) from None


def _syntax_problem(text: str, path: str, error: str) -> Problem:
    found = re.search(r"\(at line (\d+), column \d+\)", error)
    line = int(found[1]) if found else text.count("\n") + 1
    reason = error.partition(" (at ")[0]
    if twice := re.match(r"Cannot declare \((.*?),?\) twice|Cannot overwrite a value|Duplicate", reason):
        name = ".".join(re.findall(r"'([^']*)'", twice[1] or "")) or "this setting"
        return Problem(path, line, f"{name} stands here a second time.", "Keep one of the two.")
    hint = 'Text stands in double quotes: title = "My digest".'
    return Problem(path, line, f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}.", hint)


def _value_problem(text: str, path: str, error: str, type_: type[object], table: str = "") -> Problem:
    """Put msgspec's message into the author's words, at the line of the value it names.

    `table` is the table that was converted, where it was not the whole file.
    """
    message, _, place = error.partition(" - at `")
    keys = re.findall(r"[^.\[\]$`]+", place)
    above = [table] if table else []
    line = _line_of(text, [*above, *keys])
    if unknown := re.search(r"unknown field `([^`]*)`", message):
        line = _line_of(text, [*above, *keys, unknown[1]])
        known = _field_names(type_, keys)
        near = difflib.get_close_matches(unknown[1], known, 1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."
        return Problem(path, line, f"there is no setting “{unknown[1]}”.", hint)
    if missing := re.search(r"missing required field `([^`]*)`", message):
        return Problem(path, line, f"“{missing[1]}” is missing.", f'Add a line {missing[1]} = "…".')
    for name, words in _TYPES.items():
        message = message.replace(f"`{name}`", words)
    message = re.sub(r"^Expected (.*), got (.*)$", r"it is \2; it should be \1", message)
    name = ".".join(key for key in [*above, *keys] if not key.isdigit()) or "this file"
    return Problem(path, line, f"“{name}” has a wrong value: {message}.")


def _field_names(type_: type[object], keys: list[str]) -> list[str]:
    """Return the settings that are known where `keys` lead, from the type's own fields."""
    info = msgspec.inspect.type_info(type_)
    for key in (*keys, ""):
        while isinstance(info, msgspec.inspect.DictType | msgspec.inspect.VarTupleType):
            info = info.value_type if isinstance(info, msgspec.inspect.DictType) else info.item_type
        if not isinstance(info, msgspec.inspect.StructType):
            return []
        if not key:
            break
        info = next((field.type for field in info.fields if field.encode_name == key), info)
    assert isinstance(info, msgspec.inspect.StructType)
    return [field.encode_name for field in info.fields]


def _line_of(text: str, keys: list[str]) -> int:
    """Return the line on which the last of nested `keys` stands, or of the nearest one found.

    A number among the keys counts the tables of an array: `accept`, `1` is the second `[[accept]]`.
    """
    start = 0
    for key, following in pairwise([*keys, ""]):
        if key.isdigit():
            continue
        name = re.escape(key)
        pattern = rf'(?m)^[ \t]*(?:\[+[ \t]*(?:[\w.-]+\.)?"?{name}"?[ \t]*\]+|"?{name}"?[ \t]*=)'
        found = [match.start() for match in re.compile(pattern).finditer(text, start)]
        if not found:
            break
        start = found[min(int(following), len(found) - 1) if following.isdigit() else 0]
    return text.count("\n", 0, start) + 1 if keys else 0
