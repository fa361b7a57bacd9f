"""Looks for changes: when the bell rings, and now and then, for some events get lost."""

from __future__ import annotations

import time
from pathlib import Path

from sitegen.serve.bell import Bell
from sitegen.serve.sight import Sight, look

_GLANCE, _POLL = 1.0, 0.25
"""Seconds between looks when nothing rings: with file events, and without."""
_COST = 20
"""A look that takes long is taken more rarely: at most each 20th second is spent looking."""


class Lookout:
    """Sees what a build reads."""

    def __init__(self, root: Path, bell: Bell, *, is_watching: bool) -> None:
        """Look below a project's root; without watching nothing is ever other than it was."""
        self._root, self._bell, self._is_watching = root, bell, is_watching
        self.pause = 0.0
        """Seconds until the next look when nothing rings."""
        self._next = 0.0

    def look(self, before: Sight) -> Sight:
        """Return what there is to see now, given what was seen before."""
        started = time.monotonic()
        sight = look(self._root, before)
        now = time.monotonic()
        self.pause = max(_GLANCE if self._bell.hears_files else _POLL, _COST * (now - started))
        self._next = now + self.pause
        return sight

    def is_other(self, sight: Sight, pause: float = 0) -> bool:
        """Tell whether anything is other than it was seen; wait so long for the bell."""
        if not self._bell.wait(pause) and time.monotonic() < self._next:
            return False
        return self._is_watching and self.look(sight) != sight
