"""The socket: takes connections, one thread each, and lets go of all of them at once."""

from __future__ import annotations

import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from sitegen.serve.handler import Handler
from sitegen.serve.preview import Board
from sitegen.serve.store import Store

_TABS = 16
_PATIENCE = 2.0
"""Seconds that the end of one connection may take."""


class PreviewServer(ThreadingHTTPServer):
    """Listens on one port; whatever it does is in `Handler`."""

    request_queue_size = 128
    # Windows would let two servers have one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, *, is_open: bool) -> None:
        self.is_open = is_open
        self.is_watching = False
        self.board = Board()
        self.store: Store
        self.miss: Callable[[], None] = lambda: None
        self.busy: set[Handler] = set()
        """Whoever is sending an answer."""
        self.shown: deque[str] = deque(maxlen=_TABS)
        """The paths of the pages that browsers show, as far as they asked for news last."""
        self._connections: dict[Any, threading.Thread] = {}
        super().__init__(("0.0.0.0" if is_open else "127.0.0.1", port), Handler)  # noqa: S104

    def server_bind(self) -> None:
        """Bind the socket; the standard library's own asks a name server who this machine is."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for a connection."""
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="sitegen-request",
            daemon=True,  # a second Ctrl-C does not wait for it
        )
        self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self._connections.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a mistake of ours; a browser that went away is none."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer requests until the block ends; then no thread and no connection is left."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="sitegen-serve", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()

    def server_close(self) -> None:
        """Let go of the port and of every connection, and wait for their threads."""
        super().server_close()
        self.board.close()
        for connection, thread in tuple(self._connections.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE)
