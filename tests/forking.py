"""Children of a small process.

To fork one of a test run, with all that it has in memory, takes ten times as long.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path


def in_child(act: Callable[..., object], *arguments: object) -> int:
    """Run a function of a test module in a process of its own; return its wait status."""
    mother = _mother()
    assert mother.stdin
    assert mother.stdout
    pickle.dump((act, arguments), mother.stdin)
    mother.stdin.flush()
    return int(mother.stdout.readline())


@cache
def _mother() -> subprocess.Popen[bytes]:
    """Return the process that forks; it ends with this one, which closes its input."""
    folder = str(Path(__file__).parent)
    code = "import sys; sys.path[:] = sys.argv[1:]; import forking; forking.fork_on_demand()"
    command = [sys.executable, "-c", code, folder, *sys.path]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def fork_on_demand() -> None:
    """Fork for each function and arguments that come in, and tell how the child ended."""
    while True:
        try:
            act, arguments = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            try:
                act(*arguments)
                os._exit(0)
            finally:
                os._exit(1)
        print(os.waitpid(child, 0)[1], flush=True)
