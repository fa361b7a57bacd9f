"""Telling a hub which feeds have changed: tested against a hub on the loopback address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from running import Outcome, built, lay, run

from sitegen.network import publish

SITE = """
title = "Lamplight"
base_url = "https://reader.example/d/"
id_authority = "reader.example,2025-01-01"

[websub]
hub = "{hub}"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
PAPER = "{title}\n\nWe read {title} by lamp and say so.\n\n  • 4 authors\n·\nSep 20"
NOTE = "---\npaper: A Paper on Oil\nupdated: 2025-12-02\n---\n{words}\n"


@dataclass
class Hub:
    """A hub that notes what it is told."""

    url: str
    status: int = 204
    told: list[str] = field(default_factory=list)

    def take(self) -> list[str]:
        """Return the feeds it was told of since the last look, sorted."""
        told, self.told = sorted(self.told), []
        return told


@pytest.fixture
def hub() -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert query["hub.mode"] == ["publish"]
            assert query["hub.url"] == query["hub.topic"]
            hub.told += query["hub.url"]
            self.send_response(hub.status)
            if hub.status == 302:
                self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            self.wfile.write(b"" if hub.status == 204 else b"no\n such feed")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_port}/hub")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path, hub: Hub) -> Path:
    """Return a project whose site is built."""
    lay(
        tmp_path,
        {
            "content/site.toml": SITE.format(hub=hub.url),
            "content/captures/2025-12-01.txt": HEAD.format(day="Dec 1")
            + PAPER.format(title="A Paper on Oil"),
            "content/captures/2025-12-02.txt": HEAD.format(day="Dec 2")
            + PAPER.format(title="A Paper on Lamps"),
            "content/assets/feed.xml": "<no/>",
        },
    )
    built(tmp_path)
    return tmp_path


def ping(project: Path) -> Outcome:
    outcome = run("ping", project)
    assert outcome.status == 0, outcome.err
    return outcome


def test_first_ping_tells_of_every_feed(project: Path, hub: Hub) -> None:
    outcome = ping(project)
    feeds = [
        f"https://reader.example/d/{path.relative_to(project / 'public').as_posix()}"
        for path in sorted((project / "public").rglob("*.*"))
        if path.name in ("feed.xml", "rss.xml", "feed.json") and "assets" not in path.parts
    ]
    assert hub.take() == sorted(feeds)
    assert outcome.out == f"Told {hub.url} of {len(feeds)} feeds.\n"
    assert b'rel="hub"' in (project / "public/feed.xml").read_bytes()


def test_next_ping_tells_of_the_feeds_that_changed(project: Path, hub: Hub) -> None:
    ping(project)
    hub.take()
    assert ping(project).out == "No feed has changed since the last ping.\n"
    assert hub.take() == []
    lay(project, {"content/notes/oil.md": NOTE.format(words="It burns.")})
    built(project)
    ping(project)
    told = hub.take()
    assert "https://reader.example/d/feed.xml" in told
    assert "https://reader.example/d/digest/feed.xml" in told
    lay(project, {"content/notes/oil.md": NOTE.format(words="It glows.")})
    built(project)
    built(project)  # a build that changes nothing in between makes no difference
    ping(project)
    assert hub.take() == told


@pytest.mark.parametrize("memory", ["", "{", "[]", '{"hub": "https://other.example/", "feeds": {}}'])
def test_what_was_told_is_not_known_so_all_is_told(project: Path, hub: Hub, memory: str) -> None:
    ping(project)
    everything = hub.take()
    lay(project, {".sitegen-cache/pinged.json": memory})
    ping(project)
    assert hub.take() == everything


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "Not Found"), (500, "Internal Server Error"), (302, "Found")]
)
def test_hub_that_refuses_is_quoted_and_told_again(project: Path, hub: Hub, status: int, reason: str) -> None:
    hub.status = status
    outcome = run("ping", project)
    assert outcome.status == 1
    assert outcome.err == (
        f"sitegen ping: the hub {hub.url} answered {status} {reason}: no such feed.\n"
        "  Nothing is lost: readers look by themselves, and the next ping tells the same.\n"
    )
    assert len(hub.take()) == 1
    hub.status = 204
    ping(project)
    assert len(hub.take()) > 1


def test_hub_that_is_not_there_is_said(project: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        lay(project, {"content/site.toml": SITE.format(hub=f"http://127.0.0.1:{free.getsockname()[1]}/")})
    outcome = run("ping", project)
    assert outcome.status == 1
    assert "cannot be reached: Connection refused.\n" in outcome.err


def test_silent_hub_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hub = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert publish(hub, ["https://x.example/a", "https://x.example/b"], 0.05) == (
            f"the hub {hub} did not answer within 0.05 s.",
        )


def test_hub_that_speaks_no_http_is_said() -> None:
    with socket.socket() as rude:
        rude.bind(("127.0.0.1", 0))
        rude.listen()

        def answer() -> None:
            connection, _ = rude.accept()
            with connection:
                connection.recv(9999)
                connection.sendall(b"hello\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        hub = f"http://127.0.0.1:{rude.getsockname()[1]}/"
        assert publish(hub, ["https://x.example/a"])[0].startswith(f"the hub {hub} cannot be reached: hello")
        thread.join()


def test_ping_without_a_hub_or_a_site_says_what_is_missing(project: Path, tmp_path: Path) -> None:
    nowhere = run("ping", project, "-o", tmp_path / "nowhere")
    assert (nowhere.status, "there is no site here." in nowhere.err) == (1, True)
    lay(project, {"content/site.toml": SITE.partition("[websub]")[0]})
    outcome = run("ping", project)
    assert (outcome.status, outcome.err.partition("\n")[0]) == (1, "content/site.toml: no hub is configured.")


@pytest.mark.parametrize("url", ["hub.example", "ftp://hub.example/", "https://"])
def test_address_of_a_hub_is_checked(project: Path, url: str) -> None:
    lay(project, {"content/site.toml": SITE.format(hub=url)})
    outcome = run("build", project)
    assert outcome.status == 1
    assert outcome.err.startswith(f"content/site.toml:7: “{url}” is not the address of a hub.\n")
