"""One build at a time: the lock of an output folder, and its first aid.

The lock belongs to the process, so it vanishes when that is killed. It is a POSIX record lock and no `flock`:
workers that are forked from a build inherit that one, and would hold it after the build was killed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sitegen.disk import FILE_MODE, STATE, make_folder, output_error
from sitegen.manifest import claim, refuse_foreign
from sitegen.switch import LOCK, finish

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
# A record lock does not keep out another thread of its own process.
_THIS_PROCESS = threading.Lock()


@contextmanager
def locked(out: Path, notify: Callable[[str], None]) -> Iterator[None]:
    """Hold the output folder for one build: make it, wait for a build that has it, finish what one left.

    Around `read_manifest` and `write`. `notify` gets a sentence before this waits. Raises BuildError for a
    folder that holds the files of others, and for one that cannot be written.
    """
    root = os.fspath(out)
    refuse_foreign(root)

    def say() -> None:
        notify(f"Another build is writing to {root}/; waiting for it.")

    with _thread_lock(say):
        handle = _prepare(root, say)
        try:
            yield
        finally:
            os.close(handle)


@contextmanager
def _thread_lock(say: Callable[[], None]) -> Iterator[None]:
    if not _THIS_PROCESS.acquire(blocking=False):
        say()
        _THIS_PROCESS.acquire()
    try:
        yield
    finally:
        _THIS_PROCESS.release()


def _prepare(root: str, say: Callable[[], None]) -> int:
    """Return the open, locked lock file of a folder that is ours and at rest."""
    try:
        handle = _take(root, say)
        try:
            finish(root)
            claim(root)
        except BaseException:
            os.close(handle)
            raise
    except OSError as error:
        raise output_error(root, error, "written") from error
    return handle


def _take(root: str, say: Callable[[], None]) -> int:
    """Open and lock; again if the folder was removed while we waited, for then that lock is worth nothing."""
    while True:
        if not os.path.isdir(root):
            os.makedirs(os.path.dirname(root) or ".", exist_ok=True)
            make_folder(root)
        make_folder(f"{root}/{STATE}")
        handle = os.open(f"{root}/{LOCK}", _OPEN, FILE_MODE)
        try:
            _lock(handle, say)
            if _is_at(handle, f"{root}/{LOCK}"):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _is_at(handle: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.lstat(path))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt
    import time

    def _lock(handle: int, say: Callable[[], None]) -> None:
        """Lock the file; `say` so and wait while another process has it."""
        waiting = False
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            except OSError:
                if not waiting:
                    say()
                waiting = True
                time.sleep(0.1)
            else:
                return

else:
    import fcntl

    def _lock(handle: int, say: Callable[[], None]) -> None:
        """Lock the file; `say` so and wait while another process has it."""
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            say()
            fcntl.lockf(handle, fcntl.LOCK_EX)
