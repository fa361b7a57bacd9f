"""Arguments in, exit status out. The only room that reads the environment.

0: all went well; 1: there are problems; 2: the command was called wrongly; 130: interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from sitegen.arguments import make_parser
from sitegen.config import Surroundings
from sitegen.errors import BuildError

PREVIEWS = ("deploy-preview", "branch-deploy")
"""The values of Netlify's `CONTEXT` in which a build is a preview."""

_MODULES = {"import": "importing"}
"""The module of a command that cannot have its name."""
_WITHOUT_SITE = ("import", "init")
"""The commands to which the surroundings of a build mean nothing."""


def run() -> NoReturn:
    """Run the command that the program was called with, and end.

    It ends at once: to take apart what a large build has in memory takes long, and the system needs no help.
    """
    try:
        status = main()
    except SystemExit as asked:  # by argparse
        status = asked.code if isinstance(asked.code, int) else 0
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads it
            stream.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return its exit status."""
    started = time.perf_counter()
    parsed = make_parser().parse_args(arguments)
    surroundings = _surroundings(parsed, os.environ)
    try:
        status = _run(parsed, surroundings, started)
        sys.stdout.flush()
        return status
    except BuildError as error:
        from sitegen.commands.terminal import complain

        complain(error.problems)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. The site stays as it was, or the next build finishes it.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone; that is its right
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(parsed: argparse.Namespace, surroundings: Surroundings, started: float) -> int:
    """Hand over to the command's module, which is imported here for its weight."""
    name = _MODULES.get(parsed.command, parsed.command)
    command = import_module(f"sitegen.commands.{name}")
    if parsed.command == "build":
        status = command.run(parsed, surroundings, started)
    elif parsed.command in _WITHOUT_SITE:
        status = command.run(parsed)
    else:
        status = command.run(parsed, surroundings)
    return int(status)


def _surroundings(parsed: argparse.Namespace, environment: Mapping[str, str]) -> Surroundings:
    """Return what decides a build beside the content; Netlify says what kind of deploy this is."""
    preview = environment.get("CONTEXT", "") in PREVIEWS
    return Surroundings(
        base_url=parsed.base_url or "",
        preview_url=environment.get("DEPLOY_PRIME_URL", "") if preview else "",
        preview=preview,
        host_url=environment.get("URL", ""),
        as_of=parsed.as_of,
        drafts=parsed.drafts,
    )
