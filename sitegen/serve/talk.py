"""What a preview is asked for, and what it tells of its builds: the words between it and a terminal."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from sitegen.build import Track
from sitegen.errors import Problem
from sitegen.serve.preview import Preview


class Wishes(Struct, frozen=True):
    """How a preview is to be served."""

    port: int | None = None
    is_open: bool = False
    """Whether other machines may see it."""
    watch: bool = True
    poll: bool = False
    """Whether to look now and then only, for drives that tell nothing."""
    jobs: int = 1
    """The most processes that may work when many pages are new."""


class Result(Struct, frozen=True):
    """What one build came to."""

    preview: Preview
    changed: tuple[str, ...]
    """The files that made it necessary, as the author names them; none at first."""
    pages: int
    """How many pages are other than before, new or gone; counted when all are made."""
    seconds: float
    """Until it could be shown."""
    problems: tuple[Problem, ...]
    """Why there is nothing new to see; empty for a build that is shown."""
    warnings: tuple[Problem, ...]


class Hooks(Struct, frozen=True):
    """Whom a preview tells what."""

    ready: Callable[[str], None]
    """Gets the address when the first build has been made."""
    built: Callable[[Result], None]
    track: Track
    """The artifacts of the first build pass through it."""
    troubled: Callable[[tuple[Problem, ...]], None]
    """Gets what is wrong with something that the preview does beside its pages; on a thread of its own."""
