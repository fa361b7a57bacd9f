"""What builds remember makes them faster and changes nothing: deleted, damaged, foreign or shared."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BuiltSite
from factories import make_paper
from markupsafe import Markup
from running import built, files_of

import sitegen.papermaking
from sitegen.cache import CACHE, open_memory, save_memory
from sitegen.errors import Problem
from sitegen.memory import Memory, encode
from sitegen.model import Paper
from sitegen.remembered import remembered

MADE = tuple[Paper, tuple[Problem, ...]]
NAMES = ("sources", "papers", "themes", "titles")
_CLEAN: dict[tuple[tuple[str, bytes], ...], dict[str, bytes]] = {}


@pytest.fixture
def project(tmp_path: Path, small: BuiltSite) -> Path:
    """Return the small project with its site built."""
    project = Path(shutil.copytree(small.root, tmp_path / "project"))
    built(project)
    return project


@pytest.fixture
def set_papers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the titles of all papers whose text is set from now on."""
    titles: list[str] = []
    make = sitegen.papermaking.PaperMaker._make

    def spy(self: object, facts: object, *given: object) -> object:
        titles.append(facts.title)  # type: ignore[attr-defined]
        return make(self, facts, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(sitegen.papermaking.PaperMaker, "_make", spy)
    return titles


def clean(project: Path) -> dict[str, bytes]:
    """Return the files of a build without any memory; tests that make the same edits share it."""
    content = tuple(files_of(project / "content").items())
    if content not in _CLEAN:
        other = project.parent / "clean"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(project, other, ignore=shutil.ignore_patterns("public", CACHE))
        built(other)
        _CLEAN[content] = files_of(other / "public")
    return _CLEAN[content]


def edit(project: Path, word: str) -> None:
    """Change a word of a note."""
    note = project / "content" / "notes" / "turnips.md"
    note.write_text(note.read_text(encoding="utf-8") + f"\n{word}\n", encoding="utf-8")


def test_only_papers_with_new_facts_are_set(project: Path, set_papers: list[str]) -> None:
    edit(project, "fresh")
    built(project)
    assert set_papers == ["On Turnips, Boiled"]
    assert files_of(project / "public") == clean(project)


def test_a_new_label_does_not_touch_the_papers_of_the_rows_below(
    project: Path, set_papers: list[str]
) -> None:
    labels = project / "content" / "labels.csv"
    head, rest = labels.read_text(encoding="utf-8").split("\n", 1)
    labels.write_text(f"{head}\nOne that is nowhere yet,,maps,,\n{rest}", encoding="utf-8")
    built(project)
    assert set_papers == []
    assert files_of(project / "public") == clean(project)


def delete(cache: Path) -> None:
    shutil.rmtree(cache)


def empty(cache: Path) -> None:
    for name in NAMES:
        (cache / name).write_bytes(b"")


def nonsense(cache: Path) -> None:
    for name in NAMES:
        (cache / name).write_bytes(b"sitegen memory 1\n" + bytes(range(256)) * 9)


def flip(cache: Path) -> None:
    for name in NAMES:
        if (cache / name).exists():
            data = bytearray((cache / name).read_bytes())
            data[len(data) // 3 :: 1000] = bytes(b ^ 1 for b in data[len(data) // 3 :: 1000])
            (cache / name).write_bytes(data)


def tear(cache: Path) -> None:
    for name in NAMES:
        if (cache / name).exists():
            (cache / name).write_bytes((cache / name).read_bytes()[:-7])


def folders(cache: Path) -> None:
    delete(cache)
    for name in NAMES:
        (cache / name).mkdir(parents=True)


def a_file(cache: Path) -> None:
    delete(cache)
    cache.write_text("in the way", encoding="ascii")


def links(cache: Path) -> None:
    for name in NAMES:
        (cache / name).unlink(missing_ok=True)
        (cache / name).symlink_to("../precious")
    (cache.parent / "precious").write_text("mine", encoding="ascii")


def pipes(cache: Path) -> None:
    for name in NAMES:
        (cache / name).unlink(missing_ok=True)
        os.mkfifo(cache / name)


HARMS = (delete, empty, nonsense, flip, tear, folders, a_file, links, pipes)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_a_damaged_memory_only_costs_time(project: Path, harm: Callable[[Path], None]) -> None:
    harm(project / CACHE)
    for word in ("one", "two", "three"):
        edit(project, word)
        built(project)
        assert files_of(project / "public") == clean(project)
    if harm is links:
        assert (project / "precious").read_text(encoding="ascii") == "mine"


@pytest.mark.parametrize(
    "harm", [delete, empty, nonsense, flip, tear, links, pipes], ids=lambda harm: harm.__name__
)
def test_a_damaged_memory_mends(project: Path, harm: Callable[[Path], None], set_papers: list[str]) -> None:
    harm(project / CACHE)
    for _ in range(3):
        set_papers.clear()
        edit(project, "again")
        built(project)
    assert set_papers == ["On Turnips, Boiled"]


def test_values_of_other_types_are_not_believed(tmp_path: Path) -> None:
    memory = open_memory(tmp_path, "p")
    wrong = {"text": "x", "path": b"..", "html": [["<script>"]], "number": 10**12}
    for number, value in enumerate(wrong.items()):
        memory.papers.keep(bytes([number]) * 16, value)
    save_memory(tmp_path, memory)
    again = open_memory(tmp_path, "p")
    assert all(again.papers.get(bytes([number]) * 16, MADE) is None for number in range(len(wrong)))


def test_what_is_remembered_equals_what_was_made(tmp_path: Path) -> None:
    memory = open_memory(tmp_path, "p")
    made = (make_paper(note=Markup("<p>…</p>")), (Problem("a", 1, "b"),))
    memory.papers.keep(memory.key("x"), made)
    save_memory(tmp_path, memory)
    again = open_memory(tmp_path, "p")
    known = again.papers.get(again.key("x"), MADE)
    assert known == made
    assert encode(known) == encode(made)
    assert isinstance(known[0].note, Markup)


def test_another_version_of_the_programs_remembers_for_itself(tmp_path: Path) -> None:
    one, two = open_memory(tmp_path, "1"), open_memory(tmp_path, "2")
    assert one.key("x") != two.key("x")
    assert one.key("x", "y") != one.key("xy")
    assert one.key(Markup("x")) != one.key("x")


def test_text_that_cannot_be_kept_is_made_again(tmp_path: Path) -> None:
    memory = open_memory(tmp_path, "p")
    memory.papers.keep(memory.key("\ud800"), (make_paper(slug="\ud800", upvotes=2**70), ()))
    save_memory(tmp_path, memory)
    again = open_memory(tmp_path, "p")
    assert again.papers.get(again.key("\ud800"), MADE) is None
    assert again.key("\ud800") != again.key("\ud801")


def test_a_memory_that_is_mostly_worn_is_written_anew(tmp_path: Path) -> None:
    for turn in range(5):
        memory = open_memory(tmp_path, "p")
        for number in range(150):
            key = memory.key(turn, number)
            if memory.papers.get(key, MADE) is None:
                memory.papers.keep(key, (make_paper(), ()))
        save_memory(tmp_path, memory)
    assert len(open_memory(tmp_path, "p").papers.stored) < 500


def test_what_other_programs_left_makes_way_for_all_that_a_build_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.memory._MUCH", 10_000)  # so that most is stored before the build ends
    for programs in ("old", "new"):
        memory = open_memory(tmp_path, programs)
        for number in range(1500):
            assert memory.papers.get(memory.key(number), MADE) is None
            memory.papers.keep(memory.key(number), (make_paper(f"{number}"), ()))
        save_memory(tmp_path, memory)
    again = open_memory(tmp_path, "new")
    assert all(again.papers.get(again.key(number), MADE) for number in range(1500))
    assert len(again.papers.stored) == 1500


def test_builds_may_share_a_memory(tmp_path: Path) -> None:
    def fill(start: int) -> None:
        for turn in range(20):
            memory = open_memory(tmp_path, "p")
            assert memory.papers.stored is not None
            for number in range(start, start + 5):
                memory.papers.keep(memory.key(turn, number), (make_paper(f"{turn}-{number}"), ()))
            save_memory(tmp_path, memory)

    threads = [threading.Thread(target=fill, args=(start,)) for start in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory = open_memory(tmp_path, "p")
    for turn in range(20):
        for number in (0, 1000, 2000):
            known = memory.papers.get(memory.key(turn, number), MADE)
            assert known is None or known[0].slug == f"{turn}-{number}"


class Killed(BaseException):
    """The end of a process, which nothing catches."""


def test_what_a_killed_build_left_in_the_cache_is_cleared_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin_a_table() -> None:
        memory = open_memory(tmp_path, "p")
        memory.papers.keep(memory.key("x"), (make_paper(), ()))
        save_memory(tmp_path, memory)

    def remember_a_card() -> None:
        remembered(tmp_path, "a card", b"parts", lambda: b"made")

    def die(*_: object) -> None:
        raise Killed

    for work in (begin_a_table, remember_a_card):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", die)
            with pytest.raises(Killed):
                work()
        assert list((tmp_path / CACHE).rglob("*.new"))
        work()
        assert not list((tmp_path / CACHE).rglob("*.new"))


def test_a_project_that_cannot_be_written_is_built(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("sitegen.cache.make_cache", refuse)
    edit(project, "more")
    built(project)
    assert files_of(project / "public") == clean(project)


def test_an_empty_memory_is_one() -> None:
    assert Memory().papers.get(b"x", MADE) is None
