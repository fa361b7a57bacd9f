"""`sitegen serve`: a preview of the site that follows the content."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable

from msgspec.structs import replace

from sitegen.commands.terminal import complain, plural, say, track
from sitegen.config import Surroundings
from sitegen.errors import BuildError, Problem
from sitegen.serve import Hooks, Result, Wishes, serve
from sitegen.serve.hosts import network_address


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Serve until interrupted, and say what happens; return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # or a pipe gets its lines when it is too late
    # Elsewhere a process with threads cannot safely make others that share its memory.
    jobs = arguments.jobs if sys.platform == "linux" else 1
    wishes = Wishes(arguments.port, arguments.host, arguments.watch, arguments.poll, jobs)
    lines = _Lines(wishes, opens=arguments.open)
    # A preview at home is no preview of a deploy, which search engines are kept from.
    at_home = replace(surroundings, preview_url="")
    try:
        serve(arguments.root, at_home, wishes, Hooks(lines.ready, lines.built, track, complain))
    except BuildError as error:
        complain(error.problems)
        return 1
    except KeyboardInterrupt:
        say()
        say("Stopped.")
    return 0


class _Lines:
    """What a preview prints: each warning once, and one short line a build."""

    def __init__(self, wishes: Wishes, *, opens: bool) -> None:
        self._wishes = wishes
        self._opens = opens
        self._warned: frozenset[Problem] = frozenset()
        self._address = ""

    def ready(self, address: str) -> None:
        """Say where the preview is; open the browser if that was asked for."""
        say(f"The preview is at {address}   (Ctrl-C stops it)")
        if self._wishes.is_open:
            shared = address.replace("localhost", network_address() or "localhost")
            say(f"Warning: everybody on your network can see it, drafts too: {shared}")
        if self._opens:
            import webbrowser

            webbrowser.open(address)

    def built(self, result: Result) -> None:
        """Say what a build came to."""
        if result.problems:
            complain(result.problems)
            count = plural(len(result.problems), "problem")
            say(f"{_names(result.changed)}{count}. The last good site stays.")
            return
        complain(warning for warning in result.warnings if warning not in self._warned)
        self._warned = frozenset(result.warnings)
        changed = f"{plural(result.pages, 'page')} changed" if result.pages else "no page changed"
        say(f"{_names(result.changed)}{changed}, {result.seconds * 1000:.0f} ms")


def _names(changed: Iterable[str]) -> str:
    """Return what changed, as the start of a line: one name, and how many more."""
    names = list(changed)
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}: " if names else ""
