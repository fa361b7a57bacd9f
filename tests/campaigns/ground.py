"""The ground of faults: a project, its site before and after an edit, builds in processes of their own.

`whole` and `healed` are the judges: of the last good site after a fault, and of the next build.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from running import built, files_of, lay, small_project

import sitegen.processes
import sitegen.render
from sitegen.cli import main
from sitegen.lock import locked
from sitegen.manifest import read_manifest
from sitegen.switch import JOURNAL

Files = dict[str, bytes]
Hook = Callable[[], object]

FOREIGN = {"papers/notes of mine.txt": b"mine", "CNAME": b"mine too"}
"""Files of somebody else in the output folder."""
AT_REST = {"built", "lock", "manifest", "marker", "searched"}
"""All that lies in `.sitegen/` between builds; each part but the first three may be missing."""
PATIENCE = 120
"""Seconds that a build may take."""
LAST_WORDS = 10
"""Seconds that a process may live on when its build has ended."""
EDITED = b"Bees are counted twice", b"Bees are counted thrice"
"""What is edited in an abstract."""


class Lost(AssertionError):
    """A promise was broken."""


class Ended(NamedTuple):
    """How a build ended."""

    status: int
    """Its exit status; negative for the signal that killed it."""
    said: str


@dataclass(frozen=True)
class Ground:
    """A folder with a project and its site, and what the site must be before and after an edit."""

    folder: Path
    old: Files
    new: Files
    sources: Files
    """What `content/` holds after the edit."""
    seconds: float
    """About what a build takes here and now."""

    @property
    def root(self) -> Path:
        return self.folder / "project"

    @property
    def out(self) -> Path:
        return self.root / "public"

    @property
    def state(self) -> Path:
        return self.out / ".sitegen"


@contextlib.contextmanager
def ground_folder() -> Iterator[Path]:
    """Yield a folder, in memory where that can be, open to a build that gave up the rights of root."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="faults-", dir=memory) as name:
        os.chmod(name, 0o755)
        yield Path(name)


def prepare(folder: Path) -> Ground:
    """Make the project in a folder, build it before and after the edit, and keep copies to start from."""
    root = small_project(folder / "project")
    built(root, "-o", folder / "old")  # in this process, so that each of the others has all modules at hand
    _expect(build(root))
    lay(root / "public", FOREIGN)
    shutil.copytree(root, folder / "built")
    edit(root)
    clean = small_project(folder / "clean")
    edit(clean)
    started = time.monotonic()
    _expect(build(clean, "-o", folder / "new"))
    seconds = time.monotonic() - started
    return Ground(
        folder, files_of(folder / "old"), files_of(folder / "new"), files_of(root / "content"), seconds
    )


def edit(root: Path) -> None:
    """Change a word of a paper, take a note away, add a page and a file: files come, change and go."""
    content = root / "content"
    capture = content / "captures" / "2025-01-05.txt"
    capture.write_bytes(capture.read_bytes().replace(*EDITED))
    (content / "notes" / "letters.md").unlink()
    (content / "pages" / "added.md").write_text("---\ntitle: Added\n---\n\nWords.\n", encoding="utf-8")
    (content / "assets" / "added.bin").write_bytes(bytes(range(256)) * 200)


def start(ground: Ground, *, cold: bool = False) -> None:
    """Lay the edited project, with the site of before the edit, or with none."""
    shutil.rmtree(ground.root, ignore_errors=True)
    shutil.copytree(ground.folder / "built", ground.root)
    if cold:
        shutil.rmtree(ground.out)
        shutil.rmtree(ground.root / ".sitegen-cache", ignore_errors=True)
        with locked(ground.out, print):  # a folder of ours without a page
            lay(ground.out, FOREIGN)
    edit(ground.root)


# --------------------------------------------------------------------------- builds


def build(root: Path, *options: str | Path, before: Hook = bool) -> Ended:
    """Build in a process of its own; `before` runs in it first. All that it started must end too."""
    child, said, life = begin(root, *options, before=before)
    return end(child, said, life)


def begin(root: Path, *options: str | Path, before: Hook = bool) -> tuple[int, int, int]:
    """Start a build; return its process, and pipes with what it says and with its life."""
    said, life = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        status = 99
        try:
            os.setpgid(0, 0)
            os.close(said[0])
            os.close(life[0])
            for stream in (1, 2):
                os.dup2(said[1], stream)
            sys.stdout = sys.stderr = os.fdopen(said[1], "w", encoding="utf-8", errors="replace")
            os.fsync = lambda handle: None  # nobody pulls the plug, and hundreds of builds would wait
            before()
            status = main(["build", str(root), *map(str, options)])
        except SystemExit as stop:
            status = int(stop.code or 0)
        except BaseException:
            import traceback

            with contextlib.suppress(BaseException):
                traceback.print_exc()
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
            os._exit(status)
    os.close(said[1])
    os.close(life[1])
    return child, said[0], life[0]


def end(child: int, said: int, life: int) -> Ended:
    """Wait for a build and whatever it started, and return how it ended; raise Lost if something lives on."""
    dead, heard = os.pidfd_open(child), b""
    try:
        while dead not in (ready := select.select([said, dead], [], [], PATIENCE)[0]):
            if not ready:
                raise Lost("the build hung")
            heard += os.read(said, 1 << 16)
        # Each process that it forked holds the other end of this pipe.
        if not select.select([life], [], [], LAST_WORDS)[0]:
            raise Lost("a process of the build lives on")
        while data := os.read(said, 1 << 16):
            heard += data
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for handle in (said, life, dead):
            os.close(handle)
    return Ended(status, heard.decode(errors="replace"))


def with_workers() -> None:
    """Let workers be worth while for a small site."""
    sitegen.render.WORTH_WORKERS = 1
    sitegen.processes._LARGEST = 7


def _expect(ended: Ended) -> None:
    if ended.status != 0:
        raise Lost(f"a build without a fault ended with {ended.status}: {ended.said}")


# --------------------------------------------------------------------------- the judge


def whole(ground: Ground, *, old: Files | None = None) -> None:
    """Raise Lost unless the live site is the old or the new one, or on its way between them by a journal."""
    old = ground.old if old is None else old
    found = without_foreign(ground)
    if found in (old, ground.new):
        return
    if not os.path.lexists(ground.out / JOURNAL):
        raise Lost(f"live files changed before the switch was sure to end: {_first(found, ground.new)}")
    for name, data in found.items():
        if data not in (old.get(name), ground.new.get(name)):
            raise Lost(f"{name} is neither old nor new")
    if missing := sorted((old.keys() & ground.new.keys()) - found.keys()):
        raise Lost(f"{missing[0]} is gone")


def healed(ground: Ground, *options: str | Path, rest: Files | None = None) -> None:
    """Raise Lost unless the next build makes the site of a clean one and leaves nothing else behind.

    `rest` are files that may have stayed, because nothing proved that they are ours.
    """
    _expect(build(ground.root, "--quiet", *options))
    found = without_foreign(ground)
    extra = {name: data for name, data in found.items() if name not in ground.new}
    if any((rest or {}).get(name) != data for name, data in extra.items()):
        raise Lost(f"a file stayed: {_first(extra, rest or {})}")
    if {name: found[name] for name in found if name in ground.new} != ground.new:
        raise Lost(f"the next build did not heal {_first(found, ground.new)}")
    at_rest(ground, extra, lenient=rest is not None)
    if files_of(ground.root / "content") != ground.sources:
        raise Lost("content/ was written to")


def at_rest(ground: Ground, extra: Files, *, lenient: bool) -> None:
    """Raise Lost for temporary files, a manifest that does not fit, and a search that is not whole."""
    if left := set(os.listdir(ground.state)) - AT_REST:
        raise Lost(f"this stayed in .sitegen: {sorted(left)}")
    known = {path for path, _ in read_manifest(ground.out).files}
    there = set(names_below(ground.out)) - FOREIGN.keys() - extra.keys()
    there = {name for name in there if not name.startswith(".sitegen/")}
    strange = {name for name in there - known if not (lenient and name.startswith("pagefind/"))}
    if strange or known - there:
        raise Lost(f"the manifest does not fit: {sorted(strange | (known - there))[:3]}")
    cache = ground.root / ".sitegen-cache"
    if left_over := [path.name for path in cache.rglob("*") if path.name.endswith((".new", ".tmp"))]:
        raise Lost(f"this stayed in the cache: {left_over[:3]}")
    searchable(ground)


def searchable(ground: Ground) -> None:
    """Raise Lost unless what the search's way in leads to is there."""
    bundle = ground.out / "pagefind"
    if not (bundle / "pagefind-entry.json").is_file():
        raise Lost("the search has no way in")
    entry = json.loads((bundle / "pagefind-entry.json").read_bytes())
    for language in entry["languages"].values():
        if not (bundle / f"pagefind.{language['hash']}.pf_meta").is_file():
            raise Lost("the search's way in leads nowhere")
        if len(list((bundle / "fragment").iterdir())) < language["page_count"]:
            raise Lost("the search lacks a paper")


def without_foreign(ground: Ground) -> Files:
    """Return the live site; raise Lost if a file of somebody else was touched."""
    found = files_of(ground.out)
    for name, data in FOREIGN.items():
        if found.pop(name, None) != data:
            raise Lost(f"{name} was touched, which is not ours")
    return found


def _first(found: Files, wanted: Files) -> str:
    different = (name for name in sorted(found.keys() | wanted.keys()) if found.get(name) != wanted.get(name))
    return next(different, "nothing")


def names_below(folder: Path) -> Iterator[str]:
    """Yield the names of all files below a folder, sorted."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
