"""The preview: builds, serves, and builds again when the content changes.

`serve` is `build` again, into a place of its own in the project's cache; the published output is not touched.
"""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

from sitegen.cache import CACHE, make_cache
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem
from sitegen.serve.bell import Bell
from sitegen.serve.made import recall
from sitegen.serve.ports import listen
from sitegen.serve.talk import Hooks, Result, Wishes
from sitegen.serve.work import Work
from sitegen.sources import require_content

__all__ = ["Hooks", "Result", "Wishes", "serve"]


def serve(root: Path, surroundings: Surroundings, wishes: Wishes, hooks: Hooks) -> None:
    """Serve the project at `root` until interrupted; raises `BuildError` for what nothing can mend.

    `KeyboardInterrupt` passes through when port, threads and connections are gone.
    """
    root = root.resolve()
    _make_cache(root)
    server = listen(wishes.port, root / CACHE, is_open=wishes.is_open)
    bell = Bell(root, poll=wishes.poll or not wishes.watch)
    gc.disable()  # `Work` looks for cycles when nothing waits for it
    try:
        place = root / CACHE / f"serve-{server.server_port}"
        with suppress(OSError):  # the first build will say so
            place.mkdir(exist_ok=True)
        made, server.store = recall(place)
        Work(root, place, surroundings, wishes, hooks, server, bell, made).run()
    finally:
        bell.close()
        server.server_close()
        gc.unfreeze()
        gc.enable()


def _make_cache(root: Path) -> None:
    """Make the folder of the preview; raise `BuildError` where it cannot be, or where there is no project."""
    require_content(root)
    try:
        make_cache(root)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "A preview is kept there; nothing else of the project is written."
        problem = Problem(f"{root.as_posix()}/{CACHE}/", 0, f"this folder cannot be made: {reason}.", hint)
        raise BuildError([problem]) from error
