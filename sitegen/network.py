"""The network: tells a WebSub hub which feeds have changed. Only `lookup` speaks to other hosts as well."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

TIMEOUT = 10.0
"""Seconds until a silent hub is given up."""
_AT_ONCE = 4


def publish(hub: str, feeds: Iterable[str], timeout: float = TIMEOUT) -> tuple[str, ...]:
    """Tell the hub of each feed by its address; return what went wrong, without repetition.

    A hub that does not answer for the first feed is not asked again.
    """
    first, *rest = feeds
    problem = _tell(hub, first, timeout)
    if problem:
        return (problem,)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        problems = threads.map(lambda feed: _tell(hub, feed, timeout), rest)
        return tuple(dict.fromkeys(problem for problem in problems if problem))


def _tell(hub: str, feed: str, timeout: float) -> str:
    """Return what went wrong, or nothing."""
    body = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}).encode()
    request = urllib.request.Request(hub, body, {"User-Agent": "sitegen"})  # noqa: S310  # http or https
    try:
        with _OPENER.open(request, timeout=timeout):
            return ""
    except HTTPError as error:
        with error:
            reason = " ".join(error.read(200).decode("utf-8", "replace").split())
        return f"the hub {hub} answered {error.code} {error.reason}{f': {reason}' if reason else ''}."
    except TimeoutError:
        return f"the hub {hub} did not answer within {timeout:g} s."
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            return f"the hub {hub} did not answer within {timeout:g} s."
        return f"the hub {hub} cannot be reached: {getattr(error.reason, 'strerror', None) or error.reason}."
    except (OSError, HTTPException) as error:
        return f"the hub {hub} cannot be reached: {error or type(error).__name__}."


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for a failure: followed, it would become a question and tell the hub nothing."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
