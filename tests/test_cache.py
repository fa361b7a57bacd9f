"""The cache saves time and changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.cache import CACHE, remembered


def test_the_cache_gives_back_what_was_made_of_the_same(tmp_path: Path) -> None:
    assert remembered(tmp_path, "a", b"parts", lambda: b"made\nonce") == b"made\nonce"
    assert remembered(tmp_path, "a", b"parts", lambda: b"never") == b"made\nonce"
    assert remembered(tmp_path, "a", b"others", lambda: b"new") == b"new"
    assert remembered(tmp_path, "b", b"parts", lambda: b"another") == b"another"
    assert len(list((tmp_path / CACHE / "made").iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"\n", b"x", b"sitegen cache 1 \nmade"])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    remembered(tmp_path, "a", b"parts", lambda: b"made")
    [entry] = (tmp_path / CACHE / "made").iterdir()
    entry.write_bytes(damage)
    assert remembered(tmp_path, "a", b"parts", lambda: b"mended") == b"mended"
    entry.write_bytes(entry.read_bytes()[:-1])
    assert remembered(tmp_path, "a", b"parts", lambda: b"again") == b"again"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / CACHE).write_text("a file where the folder should be")
    assert remembered(tmp_path, "a", b"parts", lambda: b"made") == b"made"
