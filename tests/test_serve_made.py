"""What a preview keeps of what it made: contents by hash, and what each was made from, over a restart too."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from sitegen.errors import BuildError
from sitegen.model import Artifact, Document, Planned
from sitegen.serve.made import Made, recall, remember
from sitegen.serve.store import Store

PAGE, LIST = "papers/x/index.html", "index.html"


def planned(path: str, fingerprint: str) -> Planned:
    return Planned(Document(path, path), path, fingerprint)


def made_in(place: Path) -> tuple[Made, Store]:
    """Return what a preview has made of two files, and its store; both are remembered."""
    _, store = recall(place)
    made = Made()
    made.add(Artifact(PAGE, b"a page", 1, "p"), store)
    made.add(Artifact(LIST, b"a list", 2, "l"), store)
    remember(place, made)
    return made, store


def test_a_restart_finds_what_was_made(tmp_path: Path) -> None:
    made, _ = made_in(tmp_path)
    found, store = recall(tmp_path)
    assert (found.files, found.vouchers) == (made.files, made.vouchers)
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
    assert not found.has(planned(PAGE, "p"))
    found.add(Artifact(PAGE, b"a page", 1, "p"), store)
    assert store.read(found.files[PAGE]) == b"a page"


def test_a_damaged_record_is_none(tmp_path: Path) -> None:
    made_in(tmp_path)
    with open(tmp_path / "made", "ab") as file:
        file.write(b"- 1 2 3\n")
    found, _ = recall(tmp_path)
    assert (found.files, found.vouchers) == ({}, {})
    assert list((tmp_path / "contents").iterdir()) == []


def test_only_a_file_that_is_made_from_the_same_is_made(tmp_path: Path) -> None:
    made, store = made_in(tmp_path)
    new = made.among([planned(PAGE, "p"), planned(LIST, "m")])
    assert new.has(planned(PAGE, "p"))
    assert not new.has(planned(LIST, "m"))
    new.add(Artifact(LIST, b"another", 2, "m"), store)
    assert new.files[PAGE] == made.files[PAGE]
    assert new.files[LIST] != made.files[LIST]
    store.drop(new.files.values())
    assert {path.name for path in (tmp_path / "contents").iterdir()} == set(new.files.values())


def test_a_file_that_is_no_longer_planned_is_forgotten(tmp_path: Path) -> None:
    made, _ = made_in(tmp_path)
    new = made.among([planned(LIST, "l")])
    assert new.files.keys() == new.vouchers.keys() == {LIST}


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
def test_what_a_build_could_not_write_is_refused(paths: tuple[str, ...], message: str) -> None:
    with pytest.raises(BuildError, match=message):
        Made().among([planned(path, "f") for path in paths])


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    made, store = made_in(tmp_path)
    store.lay(made.files[PAGE], tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == b"a page"
