"""Asks other hosts whether what the site links to is there: politely, and seldom twice for the same.

Several hosts are asked at once, each by one question at a time with a pause, as its robots.txt allows; HEAD
first, GET where that is refused, again where the host is busy. Only hosts on the public network are asked.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from email.message import Message
from http.client import HTTPException, HTTPMessage, HTTPResponse
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.robotparser import RobotFileParser

from msgspec import Struct
from msgspec.structs import asdict

from sitegen import __version__

MEMORY = ".sitegen-cache/outside.json"
"""What was answered; it may be removed at any time."""
FRESH = {"there": 30, "unclear": 7, "closed": 7, "gone": 1}
"""For how many days an answer holds; that a host cannot be reached may be our own fault and is forgotten."""
PAUSE = 1.0
"""Seconds from one question to a host to the next."""
TIMEOUT = 15.0

_AT_ONCE = 8
_TRIES = 3
_LONGEST = 60.0
"""Seconds that a host can make us wait at most."""
_BUSY = (429, 500, 502, 503, 504)
_AGENT = f"sitegen/{__version__} (static site generator; checks links)"


class Reply(Struct, frozen=True):
    """What came of asking for one address."""

    day: str
    verdict: str
    """ "there", "gone", "unreachable", "unclear" where a program is not told, "closed" by robots.txt."""
    said: str
    """What the host said, for a message: "answers 404 Not Found"."""


def recall(path: Path, today: date) -> dict[str, Reply]:
    """Return the answers that still hold, by address; a memory that cannot be read is none."""
    try:
        kept = {url: Reply(**reply) for url, reply in json.loads(path.read_text("utf-8")).items()}
        return {
            url: reply
            for url, reply in kept.items()
            if 0 <= (today - date.fromisoformat(reply.day)).days < FRESH.get(reply.verdict, 0)
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(path: Path, replies: Mapping[str, Reply]) -> None:
    """Keep the answers; without a memory the next check only takes longer."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        lines = {url: asdict(replies[url]) for url in sorted(replies)}
        new.write_text(json.dumps(lines, indent=0), "utf-8")
        new.replace(path)


def ask(
    hosts: Mapping[str, Iterable[str]], today: date, pause: float | None = None
) -> Iterator[tuple[str, Reply]]:
    """Yield address and answer as they come; `hosts` are the addresses by host. Ends early when closed."""
    stop = Event()
    answers: SimpleQueue[tuple[str, Reply]] = SimpleQueue()
    pause = PAUSE if pause is None else pause
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for _, urls in sorted(hosts.items()):
            threads.submit(_ask_host, sorted(urls), f"{today}", pause, stop, answers)
        try:
            for _ in range(sum(len(list(urls)) for urls in hosts.values())):
                yield answers.get()
        finally:
            stop.set()
            threads.shutdown(cancel_futures=True)


def _ask_host(
    urls: list[str], day: str, pause: float, stop: Event, answers: SimpleQueue[tuple[str, Reply]]
) -> None:
    """Ask one host for its addresses, one after the other."""
    robots, trouble = _robots(urls[0])
    delay = robots.crawl_delay(_AGENT) if robots else None
    pause = max(pause, min(float(delay), _LONGEST)) if delay else pause
    for url in urls:
        if trouble:
            answers.put((url, Reply(day, "unreachable", trouble)))
        elif robots and not robots.can_fetch(_AGENT, url):
            answers.put((url, Reply(day, "closed", "is closed to programs by its robots.txt")))
        elif not stop.wait(pause):
            answers.put((url, _ask(url, day, pause, stop)))


def _robots(url: str) -> tuple[RobotFileParser | None, str]:
    """Return what the host of an address allows, None for everything; or why it cannot be asked."""
    parts = urlsplit(url)
    if not is_public(parts.hostname or ""):
        return None, "cannot be found, or is not on the public network"
    rules = RobotFileParser()
    try:
        with _open("GET", f"{parts.scheme}://{parts.netloc}/robots.txt") as answer:
            rules.parse(answer.read(500_000).decode("utf-8", "replace").splitlines())
            return rules, ""
    except HTTPError as error:
        error.close()
        if error.code not in (401, 403):
            return None, ""
        rules.parse(["User-agent: *", "Disallow: /"])
        return rules, ""
    except (OSError, HTTPException, ValueError):
        return None, ""  # each address is asked and says why


def _ask(url: str, day: str, pause: float, stop: Event) -> Reply:
    """Return what came of asking for an address, once or again."""
    reply = Reply(day, "unreachable", "was not asked")
    for attempt in range(_TRIES):
        for method in ("HEAD", "GET"):
            status, reply, wait = _try(method, url, day)
            if status < 400 or status in _BUSY:
                break
        if status not in (0, *_BUSY):
            break
        if attempt + 1 < _TRIES and stop.wait(min(wait or pause * 2 ** (attempt + 1), _LONGEST)):
            break
    return reply


def _try(method: str, url: str, day: str) -> tuple[int, Reply, float]:
    """Return status (0 for no answer), reply, and for how long the host asks to be left alone."""
    try:
        with _open(method, url) as answer:
            return answer.status, Reply(day, "there", ""), 0.0
    except HTTPError as error:
        error.close()
        verdict = "gone" if error.code in (404, 410) or error.code >= 500 else "unclear"
        said = f"answers {error.code} {error.reason}".strip()
        return error.code, Reply(day, verdict, said), _seconds(error.headers)
    except TimeoutError:
        return 0, Reply(day, "unreachable", f"does not answer within {TIMEOUT:g} s"), 0.0
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            return 0, Reply(day, "unreachable", f"does not answer within {TIMEOUT:g} s"), 0.0
        why = getattr(error.reason, "strerror", None) or error.reason
        return 0, Reply(day, "unreachable", f"cannot be reached: {why}"), 0.0
    except (OSError, HTTPException, ValueError) as error:
        return 0, Reply(day, "unreachable", f"cannot be reached: {error or type(error).__name__}"), 0.0


def _open(method: str, url: str) -> HTTPResponse:
    safe = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
    request = urllib.request.Request(safe, method=method, headers={"User-Agent": _AGENT})  # noqa: S310  # http or https
    answer: HTTPResponse = _OPENER.open(request, timeout=TIMEOUT)
    return answer


def _seconds(headers: Message | None) -> float:
    """Return what the header Retry-After says in seconds; 0 for a date or nothing."""
    written = str(headers.get("Retry-After", "")) if headers else ""
    return float(written) if written.isascii() and written.isdigit() else 0.0


def is_public(host: str) -> bool:
    """Return whether a host can be found and all its addresses are public: a paper may link to anything."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found)


class _PublicOnly(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not into a private network."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not is_public(urlsplit(newurl).hostname or ""):
            raise URLError(f"it redirects to {urlsplit(newurl).netloc}, which is not on the public network")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_PublicOnly)
