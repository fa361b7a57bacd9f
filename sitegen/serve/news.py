"""What an open page is told: that there is something new at all, and what it means for this page.

One stream serves all tabs of a browser, which opens no more than six connections to a server. Each page
then asks for itself and says which look it has: so one that was cut off, or asleep, catches up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from sitegen.serve.looks import look_of
from sitegen.serve.preview import Board, Preview

_BEAT = 15.0
"""Seconds between signs of life: writing one is how a reader that has gone is noticed."""


def stream(board: Board) -> Iterator[bytes]:
    """Yield an event for each new preview, and signs of life, until the board closes."""
    seen = board.preview
    yield b"retry: 300\n\n"
    while (preview := board.wait(seen, _BEAT)) is not None:
        yield b": still here\n\n" if preview is seen else b"data: new\n\n"
        seen = preview


def news(preview: Preview, path: str, version: str, read: Callable[[str], bytes]) -> bytes:
    """Return, as JSON, what to do with the page at a path of which a browser has a version.

    `page` is "same", "styled" (only its style sheets are others) or "other". `read` returns a content.
    """
    look = look_of(preview, path, read)
    same_shape = look.shape == version.partition(".")[0]
    page = "same" if look.version == version else "styled" if same_shape else "other"
    problems = [problem.as_json() for problem in preview.problems]
    told = {"page": page, "version": look.version, "styles": look.styles, "problems": problems}
    return json.dumps(told).encode()
