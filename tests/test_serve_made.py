"""What a preview keeps of what it made: contents by hash, and what each was made from, over a restart too."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sitegen.errors import BuildError
from sitegen.model import Artifact, Kept
from sitegen.serve.made import Made, gather, recall, remember
from sitegen.serve.store import Store

PAGE, LIST = "papers/x/index.html", "index.html"


def made_in(place: Path) -> tuple[Made, Store]:
    """Return what a preview has made of two files, and its store; both are remembered."""
    _, store = recall(place)
    made = gather([Artifact(PAGE, b"a page", 1, "p"), Artifact(LIST, b"a list", 2, "l")], Made(), store)
    remember(place, made)
    return made, store


def test_a_restart_finds_what_was_made(tmp_path: Path) -> None:
    made, _ = made_in(tmp_path)
    found, store = recall(tmp_path)
    assert found == made
    assert store.read(found.files[PAGE]) == b"a page"


@pytest.mark.parametrize("damage", ["longer", "edited", "removed"])
def test_a_content_that_is_not_as_it_was_is_made_again(tmp_path: Path, damage: str) -> None:
    made, _ = made_in(tmp_path)
    file = tmp_path / "contents" / made.files[PAGE]
    if damage == "removed":
        file.unlink()
    else:
        file.write_bytes(b"a page and more" if damage == "longer" else b"A PAGE")
        later = os.stat(tmp_path / "made").st_mtime_ns + 1_000_000
        os.utime(file, ns=(later, later))
    found, store = recall(tmp_path)
    assert found.files.keys() == found.vouchers.keys() == {LIST}
    again = gather([Artifact(PAGE, b"a page", 1, "p")], found, store)
    assert store.read(again.files[PAGE]) == b"a page"


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    made_in(tmp_path)
    with open(tmp_path / "made", "ab") as file:
        file.write(b"- 1 2 3\n")
    found, _ = recall(tmp_path)
    assert found == Made()
    assert list((tmp_path / "contents").iterdir()) == []


def test_a_kept_file_keeps_its_content(tmp_path: Path) -> None:
    made, store = made_in(tmp_path)
    new = gather([Kept(PAGE, made.vouchers[PAGE]), Artifact(LIST, b"another", 2, "m")], made, store)
    assert new.files[PAGE] == made.files[PAGE]
    store.drop(new.files.values())
    assert {path.name for path in (tmp_path / "contents").iterdir()} == set(new.files.values())


def test_contents_that_somebody_removed_are_not_held(tmp_path: Path) -> None:
    made, store = made_in(tmp_path)
    (tmp_path / "contents" / made.files[PAGE]).unlink()
    store.count()
    assert made.within(store).files.keys() == {LIST}


def test_a_folder_that_somebody_removed_is_made_again(tmp_path: Path) -> None:
    _, store = made_in(tmp_path)
    for file in (tmp_path / "contents").iterdir():
        file.unlink()
    (tmp_path / "contents").rmdir()
    assert store.read(store.hold(b"new")) == b"new"


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        (("a", "a/b/c"), "a file of the site and a folder too"),
        (("a", "a"), "two parts of the site want to be this file"),
        (("../a",), "cannot be the name of a file of the site"),
    ],
)
def test_what_a_build_could_not_write_is_refused(
    tmp_path: Path, paths: tuple[str, ...], message: str
) -> None:
    _, store = recall(tmp_path)
    with pytest.raises(BuildError, match=message):
        gather([Artifact(path, path.encode(), 0) for path in paths], Made(), store)


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    made, store = made_in(tmp_path)
    store.lay(made.files[PAGE], tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == b"a page"
