"""Links to other hosts: asked politely of a server on loopback, remembered, and only ever a warning."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from running import built, lay, run, small_project

from sitegen import outside
from sitegen.outside import Reply, ask, is_public, recall, remember

TODAY = date(2026, 11, 21)


class Host(ThreadingHTTPServer):
    """A host that answers as it is told, and remembers how it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.answers: dict[str, list[int | tuple[int, dict[str, str]]]] = {}
        """By path the answers in turn, the last for ever: a status, or a status and headers."""
        self.robots = ""
        self.asked: list[tuple[str, str]] = []
        self.times: list[float] = []
        self.busy = threading.Lock()
        self.at_once = 0

    def asked_for(self, path: str) -> list[str]:
        return [method for method, asked in self.asked if asked == path]


class Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        host = self.server
        if self.path == "/robots.txt":
            self._answer(200 if host.robots else 404, {}, host.robots.encode())
            return
        host.at_once += not host.busy.acquire(blocking=False)
        host.asked.append((self.command, self.path))
        host.times.append(time.monotonic())
        answers = host.answers.get(self.path, [200])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        if host.busy.locked():
            host.busy.release()
        self._answer(status, headers)

    do_HEAD = do_GET

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr(outside, "is_public", lambda name: name in ("127.0.0.1", "localhost"))
    monkeypatch.setattr(outside, "PAUSE", 0.01)
    with Host() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def replies(host: Host, *paths: str) -> dict[str, tuple[str, str]]:
    """Ask a host for some paths and return verdict and words for each."""
    urls = [host.address + path for path in paths]
    found = dict(ask({host.address: urls}, TODAY))
    assert {reply.day for reply in found.values()} == {"2026-11-21"}
    return {url.removeprefix(host.address): (reply.verdict, reply.said) for url, reply in found.items()}


def test_a_page_that_is_there_is_asked_for_once_by_head(host: Host) -> None:
    assert replies(host, "/a") == {"/a": ("there", "")}
    assert host.asked == [("HEAD", "/a")]


def test_a_page_that_is_gone_is_asked_for_by_get_as_well(host: Host) -> None:
    host.answers = {"/gone": [404], "/no-head": [405, 200]}
    said = replies(host, "/gone", "/no-head")
    assert said == {"/gone": ("gone", "answers 404 Not Found"), "/no-head": ("there", "")}
    assert host.asked_for("/gone") == host.asked_for("/no-head") == ["HEAD", "GET"]


def test_a_host_that_does_not_tell_programs_is_not_blamed(host: Host) -> None:
    host.answers = {"/a": [403]}
    assert replies(host, "/a") == {"/a": ("unclear", "answers 403 Forbidden")}


def test_a_busy_host_is_asked_again_and_later(host: Host) -> None:
    host.answers = {"/a": [(503, {"Retry-After": "0"}), 200], "/b": [500]}
    assert replies(host, "/a", "/b") == {
        "/a": ("there", ""),
        "/b": ("gone", "answers 500 Internal Server Error"),
    }
    assert len(host.asked_for("/b")) == 3
    first, second, third = host.times[-3:]
    assert third - second > second - first > 0.015


def test_robots_txt_is_honoured(host: Host) -> None:
    host.robots = "User-agent: *\nDisallow: /search\n"
    said = replies(host, "/search?q=1", "/abs/1")
    assert said["/abs/1"] == ("there", "")
    assert said["/search?q=1"][0] == "closed"
    assert host.asked == [("HEAD", "/abs/1")]


def test_one_host_is_asked_one_question_at_a_time_with_a_pause(host: Host) -> None:
    replies(host, *(f"/{number}" for number in range(6)))
    assert host.at_once == 0
    assert all(later - earlier > 0.008 for earlier, later in zip(host.times, host.times[1:], strict=False))


def test_a_redirect_is_followed_but_not_into_a_private_network(host: Host) -> None:
    host.answers = {
        "/moved": [(301, {"Location": "/new"})],
        "/in": [(302, {"Location": "http://10.0.0.1/admin"})],
        "/round": [(302, {"Location": "/round"})],
    }
    said = replies(host, "/moved", "/in", "/round")
    assert said["/moved"] == ("there", "")
    assert said["/in"] == (
        "unreachable",
        "cannot be reached: it redirects to 10.0.0.1, which is not on the public network",
    )
    assert said["/round"][0] == "unclear"


def test_a_silent_host_is_given_up(monkeypatch: pytest.MonkeyPatch, host: Host) -> None:
    monkeypatch.setattr(outside, "TIMEOUT", 0.05)
    host.answers = {}
    monkeypatch.setattr(Handler, "do_HEAD", lambda self: time.sleep(0.3))
    monkeypatch.setattr(Handler, "do_GET", lambda self: time.sleep(0.3))
    assert replies(host, "/a") == {"/a": ("unreachable", "does not answer within 0.05 s")}


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "::1", "10.1.2.3", "169.254.169.254", "localhost", "", "x" * 300]
)
def test_hosts_that_are_not_public_are_not_asked(name: str) -> None:
    assert not is_public(name)


def test_an_answer_holds_for_its_time_only(tmp_path: Path) -> None:
    path = tmp_path / "memory/outside.json"
    said = {
        "there": Reply("2026-11-01", "there", ""),
        "gone": Reply("2026-11-21", "gone", "answers 404 Not Found"),
    }
    remember(path, said)
    assert recall(path, TODAY) == said
    assert set(recall(path, TODAY + timedelta(days=1))) == {"there"}
    assert recall(path, date(2026, 12, 1)) == {}
    assert recall(path, date(1970, 1, 1)) == {}
    for damage in ("", "[]", '{"a": 1}', '{"a": {"day": 1, "verdict": "x", "said": ""}}', "\ud800"):
        path.write_text(damage, "utf-8", "surrogatepass")
        assert recall(path, TODAY) == {}


def test_check_warns_of_dead_links_at_their_source_and_asks_once(tmp_path: Path, host: Host) -> None:
    root = small_project(tmp_path)
    note = (
        (root / "content/notes/candles.md")
        .read_text("utf-8")
        .replace("https://lantern.example", host.address)
    )
    lay(root, {"content/notes/candles.md": note + f"\n[Gone]({host.address}/gone#part)\n"})
    host.answers = {"/gone": [404]}
    built(root)
    outcome = run("check", root, "--external")
    assert outcome.status == 0
    assert (
        f"content/notes/candles.md:33: warning: “{host.address}/gone” answers 404 Not Found. (on "
        in outcome.err
    )
    assert "slides.pdf” answers" not in outcome.err
    assert (
        "content/captures/2025-03-02-evening.txt:15: warning: “https://huggingface.co/datasets/"
        in outcome.err
    )
    assert "“https://arxiv.org/search/" not in outcome.err
    asked = len(host.asked)
    assert asked == 3
    again = run("check", root, "--external")
    assert (again.err, len(host.asked)) == (outcome.err, asked)
