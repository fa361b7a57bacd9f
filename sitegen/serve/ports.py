"""The port of a preview: the one that was asked for, else the last that this project had, else a free one."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sitegen.errors import BuildError, Problem
from sitegen.serve.server import PreviewServer

FIRST, LAST = 8000, 8099
_FILE = "port"


def listen(wanted: int | None, memory: Path, *, is_open: bool) -> PreviewServer:
    """Return a server that listens; raise `BuildError` if it cannot.

    A port that was asked for is had or not had. One that was not is kept in the folder `memory`, so that
    open pages find the server again after a restart.
    """
    for port in (wanted,) if wanted else _candidates(memory):
        with suppress(_Taken):
            server = _listen(port, is_open=is_open)
            if not wanted:
                with suppress(OSError):
                    (memory / _FILE).write_text(f"{port}\n", encoding="ascii")
            return server
    which = f"port {wanted} is" if wanted else f"the ports {FIRST} to {LAST} are"
    hint = "Leave it out to get a free one." if wanted else "Name another with --port."
    raise BuildError([Problem("--port", 0, f"{which} taken by another program.", hint)])


class _Taken(Exception):
    """Another program has the port."""


def _candidates(memory: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):
        last = int((memory / _FILE).read_text(encoding="ascii"))
        if 1024 <= last <= 65535:
            yield last
    yield from range(FIRST, LAST + 1)


def _listen(port: int, *, is_open: bool) -> PreviewServer:
    # Somebody may have it on the other of the two addresses that "localhost" means.
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=0.2):
        raise _Taken
    try:
        return PreviewServer(port, is_open=is_open)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise _Taken from None
        reason = (error.strerror or str(error)).lower()
        hint = "Leave it out to get a free one."
        raise BuildError([Problem("--port", 0, f"port {port} cannot be had: {reason}.", hint)]) from None
