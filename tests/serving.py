"""A preview as its users start it: a process of its own, its lines, and requests to it."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any

PATIENCE = 30
"""Seconds. What takes longer will never come."""


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def built(self) -> bytes:
        """The body without the script that the preview adds."""
        return self.body.rpartition(b'<script src="/.sitegen/')[0] or self.body


class Preview:
    """A running `sitegen serve`."""

    def __init__(self, root: Path, port: int, *arguments: str) -> None:
        command = [sys.executable, "-m", "sitegen", "serve", str(root), *arguments]
        command += ["--port", str(port)] if port else []
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self._news: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._news.put(self.lines[-1])
        self._news.put("")

    def says(self, words: str) -> str:
        """Wait for a line with these words and return it."""
        while True:
            line = self._news.get(timeout=PATIENCE)
            if words in line:
                return line
            assert line or self.process.poll() is None, "\n".join(self.lines)

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Return the answer to a request; a header's name is spelled with underscores."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": f"localhost:{self.port}"} | named)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status


@contextmanager
def previewed(root: Path, *arguments: str, port: int | None = None) -> Iterator[Preview]:
    """Serve a project until the block ends; with port 0, on the port that it takes itself."""
    preview = Preview(root, free_port() if port is None else port, *arguments)
    try:
        preview.says("Ctrl-C stops it")
        yield preview
    finally:
        if preview.process.poll() is None:
            preview.stop()
        assert preview.process.stdout
        preview.process.stdout.close()


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def events(preview: Preview) -> Iterator[str]:
    """Yield the lines of the stream of events, but the empty ones."""
    connection = HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
    connection.request("GET", "/.sitegen/events")
    yield from (line for raw in connection.getresponse() if (line := raw.decode().strip()))
    connection.close()


def news(preview: Preview, page: str, version: str = "") -> dict[str, Any]:
    """Return what a page is told of itself."""
    told = json.loads(preview.get(f"/.sitegen/news?page={page}&version={version}").body)
    assert isinstance(told, dict)
    return told


def put(path: Path, text: str) -> None:
    """Save a file as editors do: beside it, then over it, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)


def resources(preview: Preview) -> Mapping[str, int]:
    """Return how many threads and descriptors the process has, and its memory in KiB (Linux)."""
    folder = Path(f"/proc/{preview.process.pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return {
        "threads": int(status["Threads"]),
        "descriptors": len(list((folder / "fd").iterdir())),
        "memory": int(status["VmRSS"].split()[0]),
    }


def soon(condition: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Return whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())
