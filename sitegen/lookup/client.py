"""Asks a service politely: slowly, again when it is busy, and never twice for the same.

Each answer that could be read is kept as it came, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError

from sitegen import __version__
from sitegen.lookup.services import Refused, Unreadable
from sitegen.model import Entry

TIMEOUT = 30.0
"""Seconds until a silent service is given up."""
PATIENCE = 120.0
"""Seconds that are waited at most before a question is asked again."""
_TRIES = 4
_BUSY = (429, 500, 502, 503, 504)
_NOT_THIS = (400, 404, 413, 414, 422)
_LARGEST = 5_000_000
_AGENT = f"sitegen/{__version__} (static site generator; looks papers up by title)"

Read = Callable[[bytes], list[Entry]]


class Unreachable(Exception):
    """Raised when the service cannot be asked now; says why, without its name."""


class Closed(Exception):
    """Raised instead of a question to the network while only memory may answer."""


@dataclass(slots=True)
class Client:
    """Asks one service and remembers its answers."""

    service: str
    """Its name, for messages."""
    api: str
    """Its address; what is asked is appended."""
    pause: float
    """Seconds from one question to the next."""
    memory: Path
    """The folder that keeps the answers."""
    again: bool = False
    """Whether to ask also what was answered before."""
    is_closed: bool = False
    """Whether only memory may answer."""
    asked: int = 0
    """How many questions went to the network."""
    _next: float = field(default=0.0, init=False)
    """When the next question may be asked, as `time.monotonic` counts."""

    def ask(self, question: str, read: Read) -> list[Entry]:
        """Return the papers of the answer, from memory or from the network.

        Raises `Refused` where the service does not take the question, `Unreachable` where it cannot be
        asked at all, and `Closed` where it may not be.
        """
        url = self.api + question
        kept = self.memory / blake2b(url.encode(), digest_size=16).hexdigest()
        if not self.again:
            with suppress(OSError, Unreadable):
                return read(kept.read_bytes())
        if self.is_closed:
            raise Closed
        body, entries = self._insist(url, read)
        with suppress(OSError):  # without a memory the next run only takes longer
            self.memory.mkdir(parents=True, exist_ok=True)
            new = kept.with_suffix(".new")
            new.write_bytes(body)
            new.replace(kept)
        return entries

    def _insist(self, url: str, read: Read) -> tuple[bytes, list[Entry]]:
        """Return an answer that can be read; ask again, each time later, while the service is busy."""
        said, delay, is_read = "", 0.0, True
        for attempt in range(1, _TRIES + 1):
            _wait(delay)
            delay, is_read = self.pause * 2**attempt, True
            try:
                body = self._fetch(url)
                return body, read(body)
            except Unreadable:
                said, is_read = "its answer cannot be read", False
            except HTTPError as error:
                with error:
                    said = f"it answered {error.code} {error.reason}".rstrip()
                delay = max(delay, self._judge(error, said))
            except (OSError, HTTPException) as error:
                said = self._broken(error)
        if not is_read:
            raise Refused(said)
        raise Unreachable(f"gave no answer in {_TRIES} tries: {said}.")

    def _fetch(self, url: str) -> bytes:
        self.asked += 1
        _wait(self._next - time.monotonic())
        request = urllib.request.Request(url, headers={"User-Agent": _AGENT})  # noqa: S310  # http or https
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return bytes(answer.read(_LARGEST))
        finally:
            self._next = time.monotonic() + self.pause

    def _judge(self, error: HTTPError, said: str) -> float:
        """Return for how many seconds a busy service asks; raise where asking again is no use."""
        if error.code in _NOT_THIS:
            raise Refused(said)
        if error.code not in _BUSY:
            raise Unreachable(f"does not want to be asked: {said}.")
        seconds = retry_after(error.headers)
        if seconds > PATIENCE:
            wish = f"{said} and asks to come back in {seconds:,.0f} s"
            raise Unreachable(f"cannot be asked now: {wish}.")
        return seconds

    def _broken(self, error: OSError | HTTPException) -> str:
        """Return what happened to a connection; raise `Unreachable` where there was none."""
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return f"it did not answer within {TIMEOUT:g} s"
        if isinstance(error, URLError):
            why = getattr(reason, "strerror", None) or reason
            raise Unreachable(f"cannot be reached: {why}.") from None
        return f"the connection broke ({reason or type(reason).__name__})"


def retry_after(headers: Message) -> float:
    """Return the seconds of `Retry-After`, which may be a date: then as the server's own clock counts."""
    written = headers.get("Retry-After", "").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        then, now = (parsedate_to_datetime(text) for text in (written, headers.get("Date", "")))
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _wait(seconds: float) -> None:
    if seconds > 0:
        time.sleep(seconds)
