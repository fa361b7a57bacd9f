"""The preview: what it answers, what it watches, what it tells a page, and how it ends."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from running import PROJECT, built, files_of, lay, run, small_project
from serving import Preview, events, free_port, news, previewed, put, resources, soon

from sitegen.build import rebuild
from sitegen.config import Surroundings
from sitegen.serve import Hooks, Result, Wishes, serve

if TYPE_CHECKING:
    from conftest import BuiltSite

NOTE = "content/notes/candles.md"
PAGE = "/lamp/papers/training-candles/"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = small_project(tmp_path / "project")
    shutil.copyfile(PROJECT / "netlify.toml", root / "netlify.toml")
    return root


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview whose content stays as it is."""
    root = small_project(tmp_path_factory.mktemp("served") / "project")
    shutil.copyfile(PROJECT / "netlify.toml", root / "netlify.toml")
    with previewed(root) as preview:
        yield preview


# ------------------------------------------------------------------------ what is answered


def test_every_file_of_a_clean_build_is_served_byte_for_byte(running: Preview, tmp_path: Path) -> None:
    root = small_project(tmp_path)
    built(root, "--base-url", f"http://localhost:{running.port}/lamp/")
    moved = {line.split()[0] for line in (root / "public" / "_redirects").read_text().splitlines()}
    for name, data in files_of(root / "public").items():
        path = "/lamp/" + name.removesuffix("index.html")
        if name != "_redirects" and path not in moved:
            assert running.get(path).built == data, name


def test_a_page_has_the_headers_of_the_host_and_is_never_kept(running: Preview) -> None:
    headers = running.get("/lamp/").headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["ETag"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert running.get("/lamp/feed.xml").headers["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_the_root_leads_to_the_path_of_the_site(running: Preview) -> None:
    moved = running.get("/")
    assert (moved.status, moved.headers["Location"]) == (302, "/lamp/")


def test_a_folder_without_its_slash_moves_and_keeps_the_query(running: Preview) -> None:
    moved = running.get("/lamp/archive?x=1")
    assert (moved.status, moved.headers["Location"]) == (301, "/lamp/archive/?x=1")


def test_an_old_address_moves(running: Preview) -> None:
    moved = running.get("/lamp/candles/")
    assert (moved.status, moved.headers["Location"]) == (301, PAGE)
    assert moved.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/lamp/nothing/", "/nothing/", "/lamp/assets/", "/lamp/_redirects", "/lamp/.sitegen/manifest",
        "/.sitegen/x", "/lamp/..%2f..%2fcontent/site.toml", "/lamp/%2e%2e/%2e%2e/content/site.toml",
        "/lamp/assets/../index.html", "/lamp//etc/passwd", "/lamp/index.html%00", "/%5c..%5c..",
        "/lamp/" + "a/" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_file_of_the_site_is_the_404_page(running: Preview, path: str) -> None:
    answer = running.get(path)
    assert answer.status == 404
    assert b"</html>" in answer.body


def test_a_part_of_a_file_is_sent(running: Preview) -> None:
    whole = running.get("/lamp/assets/lamp.svg")
    part = running.get("/lamp/assets/lamp.svg", Range="bytes=5-9")
    assert (part.status, part.body) == (206, whole.body[5:10])
    assert part.headers["Content-Range"] == f"bytes 5-9/{len(whole.body)}"
    assert running.get("/lamp/assets/lamp.svg", Range="bytes=5-", If_Range='"old"').status == 200
    refused = running.get("/lamp/assets/lamp.svg", Range="bytes=99999-")
    assert (refused.status, refused.headers["Content-Range"]) == (416, f"bytes */{len(whole.body)}")


def test_a_file_that_the_browser_has_is_not_sent_again(running: Preview) -> None:
    etag = running.get("/lamp/assets/lamp.svg").headers["ETag"]
    again = running.get("/lamp/assets/lamp.svg", If_None_Match=f'"x", W/{etag}')
    assert (again.status, again.body) == (304, b"")


def test_head_is_get_without_a_body(running: Preview) -> None:
    for path in ("/lamp/", "/lamp/assets/lamp.svg", "/lamp/nothing/"):
        whole, head = running.get(path), running.get(path, "HEAD")
        assert (head.status, head.body) == (whole.status, b"")
        assert head.headers["Content-Length"] == str(len(whole.body))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_a_preview(running: Preview, method: str) -> None:
    answer = running.get("/lamp/thanks/", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_another_name_is_refused(running: Preview) -> None:
    refused = running.get("/lamp/", Host="evil.example")
    assert refused.status == 403
    assert b"Lamplight" not in refused.body
    assert running.get("http://evil.example/lamp/").status == 400


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /lamp/ HTTP/1.1\r\n\r\n", 400),
        (b"GET /lamp/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET /lamp/papers%0d%0aX:1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET /lamp/\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /lamp/ HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
    ],
    ids=range(8),
)
def test_a_strange_request_is_refused_without_a_word(running: Preview, request_: bytes, status: int) -> None:
    before = list(running.lines)
    with socket.create_connection(("127.0.0.1", running.port), timeout=5) as connection:
        connection.sendall(request_)
        assert connection.recv(1 << 16).split()[1] == str(status).encode()
    assert running.lines == before


def test_nothing_of_the_preview_is_in_the_pages_that_it_built(running: Preview, small: BuiltSite) -> None:
    assert b"/.sitegen/reload.js" in running.get("/lamp/").body
    assert all(b"/.sitegen/" not in data for data in files_of(small.out).values())


def test_an_idle_connection_costs_no_time(running: Preview) -> None:
    """Nagle's algorithm would make it 44 ms a request."""
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", running.port)
    start = time.perf_counter()
    for _ in range(20):
        connection.request("GET", "/lamp/")
        connection.getresponse().read()
    connection.close()
    assert time.perf_counter() - start < 20 * 0.03


# ------------------------------------------------------------------------ what changes


def test_a_saved_note_is_shown_and_said_in_one_line(project: Path) -> None:
    with previewed(project) as preview:
        text = (project / NOTE).read_text()
        put(project / NOTE, text.replace("A candle has a cost", "A candle has a price"))
        line = preview.says("candles.md")
        assert re.fullmatch(r"content/notes/candles\.md: \d+ pages? changed, \d+ ms", line)
        assert b"A candle has a price" in preview.get(PAGE).body


def test_a_removed_page_is_404_at_once(project: Path) -> None:
    with previewed(project) as preview:
        assert preview.get("/lamp/about/").status == 200
        (project / "content/pages/about.md").unlink()
        preview.says("about.md")
        assert preview.get("/lamp/about/").status == 404


def version(preview: Preview, path: str) -> str:
    """Return the version of a page that a browser gets now."""
    found = re.search(rb'data-version="([^"]+)"', preview.get(path).body)
    assert found
    return found[1].decode()


def test_a_mistake_leaves_the_last_good_page_and_its_repair_says_so(project: Path) -> None:
    with previewed(project) as preview:
        before = (project / NOTE).read_text()
        assert news(preview, PAGE)["problems"] == []
        put(project / NOTE, before.replace("pick: true", "picked: true"))
        preview.says("content/notes/candles.md:5: ")
        preview.says("content/notes/candles.md: 1 problem. The last good site stays.")
        assert b"A candle has a cost" in preview.get(PAGE).body
        told = news(preview, PAGE, version(preview, PAGE))
        (problem,) = told["problems"]
        assert told["page"] == "same"
        assert (problem["place"], problem["line"]) == ("content/notes/candles.md:5", 5)
        assert [5, "picked: true"] in problem["excerpt"]
        put(project / NOTE, before)
        preview.says("no page changed")
        assert news(preview, PAGE)["problems"] == []


def test_a_page_is_told_only_of_itself(project: Path) -> None:
    with previewed(project) as preview:
        about, paper = version(preview, "/lamp/about/"), version(preview, PAGE)
        put(project / NOTE, (project / NOTE).read_text() + "\nMore.\n")
        preview.says("candles.md")
        assert news(preview, "/lamp/about/", about)["page"] == "same"
        told = news(preview, PAGE, paper)
        assert told["page"] == "other"
        assert told["version"] == version(preview, PAGE)


def test_who_listens_hears_of_each_build(project: Path) -> None:
    with previewed(project) as preview:
        stream = events(preview)
        assert next(stream) == "retry: 300"
        put(project / NOTE, (project / NOTE).read_text() + "\nMore.\n")
        assert next(stream) == "data: new"


def test_a_new_style_is_told_as_a_style(project: Path) -> None:
    style = (PROJECT / "templates/assets/style.css").read_text()
    with previewed(project) as preview:
        before, html = version(preview, PAGE), preview.get(PAGE).body
        put(project / "templates/assets/style.css", style + "\nbody { color: teal }\n")
        preview.says("style.css")
        told = news(preview, PAGE, before)
        assert told["page"] == "styled"
        (address,) = told["styles"]
        assert address.encode() in preview.get(PAGE).body
        assert address.encode() not in html
        assert b"color: teal" in preview.get(address).body


def test_a_page_that_is_not_there_yet_has_one_version(project: Path) -> None:
    put(project / NOTE, "no front matter")
    with previewed(project) as preview:
        assert news(preview, PAGE, version(preview, PAGE))["page"] == "same"


@pytest.mark.parametrize("arguments", [(), ("--poll",)])
def test_every_way_of_saving_is_seen(project: Path, arguments: tuple[str, ...]) -> None:
    notes = project / "content/notes"
    text = (project / NOTE).read_text()
    with previewed(project, *arguments) as preview:

        def shows(words: str, path: str = PAGE) -> bool:
            return soon(lambda: words.encode() in preview.get(path).body, 10)

        (project / NOTE).write_text(text + "\nIn place.\n")
        assert shows("In place.")
        (notes / "candles.md~").write_text(text)  # vim: away, anew, and the old one gone
        os.replace(project / NOTE, notes / "candles.md~")
        (project / NOTE).write_text(text + "\nAnew.\n")
        (notes / "candles.md~").unlink()
        assert shows("Anew.")
        os.symlink("nobody@nowhere.1", notes / ".#candles.md")  # emacs: a lock that leads nowhere
        put(project / NOTE, text + "\nOver it.\n")
        assert shows("Over it.")
        shutil.move(notes, project / "away")
        assert soon(lambda: b"Over it." not in preview.get(PAGE).body)
        shutil.move(project / "away", notes)
        assert shows("Over it.")
        real = project / "far/away.md"
        put(real, text + "\nFrom afar.\n")
        (project / NOTE).unlink()
        os.symlink(real, project / NOTE)
        assert shows("From afar.")
        put(real, text + "\nFrom farther.\n")
        assert shows("From farther.")
        lay(project, {"templates/thanks.html": "our own thanks"})  # a folder that was not there
        assert shows("our own thanks", "/lamp/thanks/")
        config = project / "content/site.toml"
        put(config, config.read_text().replace("Lamplight", "Candlelight"))
        assert shows("Candlelight", "/lamp/")
        put(project / "netlify.toml", '[[headers]]\nfor = "/*"\nvalues = {X-New = "yes"}\n')
        assert soon(lambda: preview.get(PAGE).headers["X-New"] == "yes", 10)


def test_many_files_at_once_are_one_build(project: Path) -> None:
    with previewed(project) as preview:
        for number in range(300):
            lay(project, {f"content/pages/page-{number}.md": f"---\ntitle: Page {number}\n---\nText.\n"})
        assert " and " in preview.says("page-")
        assert soon(lambda: preview.get("/lamp/page-299/").status == 200)
        assert len([line for line in preview.lines if "page-" in line]) <= 2


def test_a_new_path_of_the_site_is_followed(project: Path) -> None:
    with previewed(project) as preview:
        config = project / "content/site.toml"
        put(config, config.read_text().replace("/lamp/", "/candle/"))
        preview.says("site.toml")
        assert preview.get("/").headers["Location"] == "/candle/"
        assert preview.get("/candle/").status == 200
        assert preview.get(PAGE).status == 404


def remove_cache(project: Path, preview: Preview) -> None:
    """Remove the cache once nothing more is written to it."""
    assert soon(lambda: preview.get("/lamp/pagefind/pagefind-entry.json").status == 200)
    shutil.rmtree(project / ".sitegen-cache")


def test_a_cache_that_is_removed_is_made_again(project: Path) -> None:
    with previewed(project) as preview:
        remove_cache(project, preview)
        assert preview.get(PAGE).status == 200
        assert preview.get("/lamp/").status == 200


def test_a_cache_that_is_removed_while_there_is_a_problem_comes_back_with_the_repair(project: Path) -> None:
    text = (project / NOTE).read_text()
    with previewed(project) as preview:
        put(project / NOTE, "no front matter")
        preview.says("1 problem")
        remove_cache(project, preview)
        assert preview.get(PAGE).status == 503
        assert news(preview, PAGE)["problems"]
        put(project / NOTE, text)
        assert soon(lambda: preview.get(PAGE).status == 200)


def test_the_first_build_may_fail(project: Path) -> None:
    text = (project / NOTE).read_text()
    put(project / NOTE, "no front matter")
    with previewed(project) as preview:
        assert preview.get("/lamp/").status == 503
        assert news(preview, "/lamp/")["problems"]
        put(project / NOTE, text)
        preview.says("changed")
        assert preview.get(PAGE).status == 200


def test_the_published_output_is_not_touched(project: Path) -> None:
    with previewed(project):
        assert not (project / "public").exists()


# ------------------------------------------------------------------------ how it starts and ends


def test_without_watching_nothing_changes_and_no_script_is_added(project: Path) -> None:
    with previewed(project, "--no-watch") as preview:
        assert b"/.sitegen/" not in preview.get(PAGE).body
        (project / NOTE).unlink()
        assert preview.get(PAGE).status == 200


def test_without_watching_a_mistake_ends_it(project: Path) -> None:
    lay(project, {NOTE: "no front matter"})
    outcome = run("serve", project, "--no-watch", "--port", str(free_port()))
    assert outcome.status == 1
    assert outcome.err.startswith("content/notes/candles.md:1: ")


def test_where_there_is_no_project_it_says_so(tmp_path: Path) -> None:
    outcome = run("serve", tmp_path)
    assert outcome.status == 1
    assert "there is no such folder" in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_at_once_and_gives_the_port_back(project: Path) -> None:
    port = free_port()
    with previewed(project, port=port) as preview:
        stream = events(preview)
        next(stream)
        preview.get(PAGE)
        started = time.monotonic()
        assert preview.stop() == 0
        assert time.monotonic() - started < 2
        assert preview.lines[-1] == "Stopped."
        assert "Traceback" not in "\n".join(preview.lines)
        assert list(stream) == []
    with previewed(project, port=port) as preview:
        assert preview.get(PAGE).status == 200


def test_a_taken_port_is_refused_if_it_was_asked_for(project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = run("serve", project, "--port", str(taken.getsockname()[1]))
    assert outcome.status == 1
    assert "is taken by another program" in outcome.err


def test_a_port_is_kept_across_restarts_and_is_its_own(project: Path, tmp_path: Path) -> None:
    def address(preview: Preview) -> str:
        return next(line for line in preview.lines if "Ctrl-C" in line)

    with previewed(project, port=0) as first:
        other = small_project(tmp_path / "other")
        with previewed(other, port=0) as second:
            assert address(second) != address(first)
        before = address(first)
    with previewed(project, port=0) as again:
        assert address(again) == before


def test_it_warns_when_it_is_open_to_the_network(project: Path) -> None:
    with previewed(project, "--host") as preview:
        preview.says("Warning: everybody on your network can see it, drafts too: http://")
        assert preview.get(PAGE, Host=f"{socket.gethostname()}:{preview.port}").status == 200
        assert preview.get(PAGE, Host="evil.example").status == 403


def test_it_opens_the_browser_when_asked(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = lay(tmp_path, {"browser": f"#!/bin/sh\necho $1 > {tmp_path}/opened\n"}) / "browser"
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(script))
    with previewed(project, "--open") as preview:
        opened = tmp_path / "opened"
        assert soon(
            lambda: opened.exists() and opened.read_text() == f"http://localhost:{preview.port}/lamp/\n"
        )


def test_drafts_and_days_are_those_of_a_build(project: Path) -> None:
    with previewed(project, "--drafts", "--as-of", "2026-01-01") as preview:
        assert b"Not yet for others to read." in preview.get("/lamp/papers/a-map-of-small-rivers/").body
        assert preview.get("/lamp/2025/06/01/").status == 200


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors by /proc")
def test_readers_that_go_leave_no_thread_and_no_descriptor(project: Path) -> None:
    with previewed(project) as preview:
        preview.get(PAGE)
        before = resources(preview)
        for _ in range(30):
            next(events(preview))
            preview.get(PAGE)
        put(project / NOTE, (project / NOTE).read_text() + "\nMore.\n")
        preview.says("changed")
        put(project / NOTE, (project / NOTE).read_text() + "\nMore.\n")
        preview.says("changed")
        names = ("threads", "descriptors")
        assert soon(lambda: all(resources(preview)[name] <= before[name] + 1 for name in names))


# ------------------------------------------------------------------------ the work, inside this process


class Enough(Exception):
    """Ends a preview, as Ctrl-C would."""


def work(project: Path, steps: list[Callable[[], object]], **wishes: bool) -> list[Result]:
    """Serve; take one step after each result, and end after the last. Return the results."""
    results: list[Result] = []

    def built(result: Result) -> None:
        results.append(result)
        if len(results) > len(steps):
            raise Enough
        steps[len(results) - 1]()

    hooks = Hooks(lambda _: None, built, lambda artifacts, _: artifacts, print)
    before = set(threading.enumerate())
    with pytest.raises(Enough):
        serve(project, Surroundings(), Wishes(free_port(), **wishes), hooks)
    assert set(threading.enumerate()) <= before
    return results


def page_of(project: Path, result: Result) -> bytes:
    """Return the note's page as a result shows it."""
    digest = result.preview.files[PAGE.removeprefix("/lamp/") + "index.html"]
    (content,) = project.glob(f".sitegen-cache/serve-*/contents/{digest}")
    return content.read_bytes()


def test_a_save_during_a_build_leads_to_exactly_one_more_and_only_that_is_shown(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (project / NOTE).read_text()
    builds: list[str] = []

    def busy(*arguments: Any, **more: Any) -> Any:
        builds.append((project / NOTE).read_text()[len(text) :])
        report = rebuild(*arguments, **more)
        if len(builds) == 2:
            put(project / NOTE, f"{text}second")
        return report

    monkeypatch.setattr("sitegen.serve.planning.rebuild", busy)
    results = work(project, [lambda: put(project / NOTE, f"{text}first")])
    assert builds == ["", "first", "second"]
    assert b"second" in page_of(project, results[1])
    assert results[1].changed == (NOTE,)


def test_a_build_is_given_up_when_the_content_changes_under_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (project / NOTE).read_text()
    made: list[str] = []

    def busy(*arguments: Any, **more: Any) -> Any:
        note = (project / NOTE).read_text()[len(text) :]
        draft = rebuild(*arguments, **more)
        make = draft.maker()

        def slow(target: Any) -> Any:
            made.append(note)
            if note == "first" and made.count(note) == 1:
                put(project / NOTE, f"{text}second")
                time.sleep(0.5)  # until the event has come
            return make(target)

        return replace(draft, maker=lambda: slow)

    monkeypatch.setattr("sitegen.serve.planning.rebuild", busy)
    results = work(project, [lambda: put(project / NOTE, f"{text}first")])
    assert made.count("first") == 1
    assert b"second" in page_of(project, results[1])


def test_a_mistake_of_ours_is_a_problem_and_no_end(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (project / NOTE).read_text()

    def mistaken(*arguments: Any, **more: Any) -> Any:
        if "oops" in (project / NOTE).read_text():
            raise ZeroDivisionError("oh")
        return rebuild(*arguments, **more)

    monkeypatch.setattr("sitegen.serve.planning.rebuild", mistaken)
    results = work(project, [lambda: put(project / NOTE, f"{text}oops"), lambda: put(project / NOTE, text)])
    assert [problem.message for problem in results[1].problems] == [
        "this is a mistake in sitegen itself: ZeroDivisionError: oh"
    ]
    assert results[1].preview.files == results[0].preview.files
    assert results[2].problems == ()


def test_a_system_without_watches_is_looked_at(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watchdog.observers import Observer

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", refuse)
    text = (project / NOTE).read_text()
    results = work(project, [lambda: put(project / NOTE, f"{text}more")])
    assert b"more" in page_of(project, results[1])


def test_contents_that_no_preview_names_are_forgotten(project: Path) -> None:
    site = project / "content/site.toml"
    put(site, "search = false\n" + site.read_text())  # its index would come when it likes
    text = (project / NOTE).read_text()
    results = work(project, [lambda: put(project / NOTE, f"{text}more")])
    kept = {path.name for path in project.glob(".sitegen-cache/serve-*/contents/*")}
    assert kept >= set(results[1].preview.files.values())
    assert len(kept - set(results[1].preview.files.values())) <= 1  # _redirects


def test_a_file_that_is_half_written_is_no_problem(project: Path) -> None:
    text = (project / NOTE).read_text()
    with previewed(project) as preview:
        with open(project / NOTE, "w", encoding="utf-8") as file:
            file.write(text[:9])  # its front matter has no end
            file.flush()
            time.sleep(0.1)
            file.write(f"{text[9:]}\nWritten slowly.\n")
        assert soon(lambda: b"Written slowly." in preview.get(PAGE).body)
        assert not [line for line in preview.lines if "problem" in line], preview.lines
