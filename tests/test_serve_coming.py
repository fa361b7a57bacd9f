"""What a preview makes after it is shown: when it is asked for, or in its turn; what is told of mistakes."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from factories import make_facts
from markupsafe import Markup
from running import PROJECT, lay, small_project
from serving import free_port, put
from test_serve import work

import sitegen.serve.work
from sitegen.errors import Problem
from sitegen.makers import Failed
from sitegen.model import Artifact, Document, Page, Planned, Target, Text
from sitegen.pages import page_renderer
from sitegen.serve.coming import Coming, Unmade
from sitegen.serve.made import Made
from sitegen.serve.store import Store

BAD = Problem("templates/x.html", 1, "'lost' is undefined.")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path / "project")


# ------------------------------------------------------------------------ the files that are yet to be made


def planned(path: str, text: str = "") -> Planned:
    return Planned(Document(path, text), path, f"of {text}")


def coming(tmp_path: Path, *paths: str) -> tuple[Coming, list[str], Made, Store]:
    """Return what will make files of these paths, and a list of those that it made; "bad" cannot be made."""
    made, asked = Made(), list[str]()
    store = Store(tmp_path / "contents", {}, 0)

    def make(target: Target) -> Artifact | Failed:
        assert isinstance(target, Document)
        asked.append(target.path)
        if "bad" in target.path:
            return Failed(f"/{target.path}", (BAD,))
        return Artifact(target.path, target.text.encode(), 0)

    return Coming([planned(path, f"text of {path}") for path in paths], make, made, store), asked, made, store


def test_a_file_is_made_once_when_it_is_asked_for(tmp_path: Path) -> None:
    some, asked, made, store = coming(tmp_path, "a", "b")
    assert store.read(some.digest("b")) == b"text of b"
    assert some.digest("b") == made.files["b"]
    assert asked == ["b"]
    assert made.has(planned("b", "text of b"))
    assert not some.is_over


def test_the_others_are_made_in_their_turn(tmp_path: Path) -> None:
    some, asked, made, _ = coming(tmp_path, "a", "b", "c")
    some.make("b")
    while not some.is_over:
        some.make_next()
    assert asked == ["b", "a", "c"]
    assert made.files.keys() == {"a", "b", "c"}
    assert some.problems == ()


def test_requests_at_once_make_a_file_once(tmp_path: Path) -> None:
    some, asked, _, _ = coming(tmp_path, "a")
    threads = [threading.Thread(target=some.digest, args=("a",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == ["a"]


def test_what_cannot_be_made_is_told_with_its_pages_and_stops_no_other(tmp_path: Path) -> None:
    some, asked, made, _ = coming(tmp_path, "bad/1", "a", "bad/2")
    with pytest.raises(Unmade):
        some.digest("bad/1")
    with pytest.raises(Unmade):
        some.digest("bad/1")
    while not some.is_over:
        some.make_next()
    assert asked == ["bad/1", "a", "bad/2"]
    (problem,) = some.problems
    assert problem.hint == "It stopped 2 pages, such as bad/1."
    assert made.files.keys() == {"a"}


def test_a_store_that_takes_nothing_ends_it(tmp_path: Path) -> None:
    (tmp_path / "contents").write_text("no folder")
    some, asked, _, _ = coming(tmp_path, "a", "b")
    for path in ("a", "b"):
        with pytest.raises(Unmade):
            some.digest(path)
    assert asked == ["a"]
    assert some.is_over
    assert "the preview cannot be kept here" in some.problems[0].message


# ------------------------------------------------------------------------ a preview of which a part is made


PAPER = "papers/training-candles/index.html"
PATH = "/lamp/papers/training-candles/"
BASE = (PROJECT / "templates/base.html").read_text(encoding="utf-8")
LOST = '{% if page.url == "/papers/training-candles/" %}{{ lost }}{% endif %}'


def base_with(words: str) -> str:
    return BASE.replace("</body>", f"<p>{words}</p></body>")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What a preview answered when it had made nothing in its turn; fill in the paths to ask for."""
    answers: dict[str, bytes] = {}
    port, make_next = free_port(), Coming.make_next

    def ask(path: str) -> None:
        with urlopen(f"http://localhost:{port}{path}") as answer:  # raises for a 5xx
            answers[path] = answer.read()

    def ask_before(self: Coming) -> None:
        for path in [path for path, body in answers.items() if not body]:
            answers[path] = b"asked"
            threading.Thread(target=ask, args=(path,)).start()
            time.sleep(0.2)
        make_next(self)

    monkeypatch.setattr("test_serve.free_port", lambda: port)
    monkeypatch.setattr(sitegen.serve.work, "_SOON", -1.0)  # nothing is made before it is shown
    monkeypatch.setattr(Coming, "make_next", ask_before)
    return answers


def test_a_page_is_served_before_its_turn_and_all_are_made_in_the_end(
    project: Path, asked: dict[str, bytes]
) -> None:
    def save() -> None:
        asked[PATH] = b""
        put(project / "templates/base.html", base_with("Mark"))

    results = work(project, [save])
    assert b"<p>Mark</p>" in asked[PATH]
    assert results[1].preview.coming is None
    assert all(results[1].preview.files.values())
    assert results[1].pages > 60


def test_a_mistake_on_a_page_that_nobody_sees_brings_the_last_good_site_back(
    project: Path, asked: dict[str, bytes]
) -> None:
    def save() -> None:
        asked[PATH] = b""  # it cannot be made: the answer waits for the site that comes back
        put(project / "templates/base.html", base_with(f"Mark {LOST}"))

    results = work(project, [save, lambda: put(project / "templates/base.html", BASE)])
    (problem,) = results[1].problems
    assert problem.path == "templates/base.html"
    assert problem.message == "'lost' is undefined."
    assert problem.hint == "It stopped the page /papers/training-candles/."
    assert results[1].preview.files == results[0].preview.files
    assert [shown.message for shown in results[1].preview.problems] == [problem.message]
    assert asked[PATH].count(b"</html>") == 1
    assert b"<p>Mark" not in asked[PATH]
    assert results[2].problems == ()


def test_a_save_before_all_is_made_is_not_kept_waiting(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[int] = []
    make_next = Coming.make_next

    def save_meanwhile(self: Coming) -> None:
        turns.append(id(self))
        if len(turns) == 3:
            put(project / "templates/base.html", base_with("Second"))
            time.sleep(0.5)  # until the event has come
        make_next(self)

    monkeypatch.setattr(sitegen.serve.work, "_SOON", -1.0)
    monkeypatch.setattr(Coming, "make_next", save_meanwhile)
    results = work(project, [lambda: put(project / "templates/base.html", base_with("First"))])
    assert turns.count(turns[0]) == 3
    assert len(results) == 2
    assert results[1].changed == ("templates/base.html",)
    (content,) = project.glob(f".sitegen-cache/serve-*/contents/{results[1].preview.files[PAPER]}")
    assert b"<p>Second</p>" in content.read_bytes()


def test_pages_that_are_made_later_have_the_templates_of_their_build(tmp_path: Path) -> None:
    folder = lay(tmp_path, {"x.html": "old {% include 'components/y.html' %}", "components/y.html": "old"})
    render_page = page_renderer(make_facts(), (folder,))
    lay(folder, {"x.html": "new", "components/y.html": "new"})
    page = Page("/x/", "x.html", "X", "", Text("X", Markup(""), False), (), (), None)
    assert render_page(page) == b"old old"
