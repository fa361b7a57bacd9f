"""Files of papers as they lie on the disk: their places, their encodings, and what reading them costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.errors import Problem
from sitegen.model import Kind, Source
from sitegen.sources import read_sources


def read_one(root: Path, name: str, data: bytes) -> tuple[Source, tuple[Problem, ...]]:
    file = root / "content" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    [source], _, problems = read_sources(root, ())
    return source, problems


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("captures/2025-10-01.json", Kind.DAILY_API),
        ("captures/2025-10-01-late.json", Kind.DAILY_API),
        *((f"library/x.{ending}", Kind.LIBRARY) for ending in ("bib", "ris", "nbib", "json", "xml", "md")),
    ],
)
def test_each_place_has_its_kind(tmp_path: Path, name: str, kind: Kind) -> None:
    source, problems = read_one(tmp_path, name, b"x")
    assert (source.kind, problems) == (kind, ())


def test_a_library_file_in_an_old_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    source, [problem] = read_one(tmp_path, "library/x.bib", "@a{b,\ntitle={Gödel’s Étude}}".encode("cp1252"))
    assert source.text == "@a{b,\ntitle={Gödel’s Étude}}"
    assert (problem.code, problem.line) == ("bad-encoding", 2)


def test_a_damaged_byte_in_utf_8_is_shown_as_such(tmp_path: Path) -> None:
    source, [problem] = read_one(tmp_path, "library/x.bib", "Gödel Étude".encode().replace(b"\x89", b"?"))
    assert source.text == "Gödel \ufffd?tude"
    assert problem.code == "bad-encoding"


def test_a_byte_order_mark_and_foreign_line_ends_are_taken_off(tmp_path: Path) -> None:
    source, problems = read_one(tmp_path, "library/x.ris", b"\xef\xbb\xbfTY  - JOUR\r\nTI  - X\rER  - \n")
    assert (source.text, problems) == ("TY  - JOUR\nTI  - X\nER  - \n", ())


def test_the_libraries_of_a_format_are_loaded_for_that_format_only() -> None:
    heavy = {"bibtexparser", "feedparser", "pylatexenc", "lxml"}
    code = f"import sys, sitegen.cli, sitegen.parsers; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
