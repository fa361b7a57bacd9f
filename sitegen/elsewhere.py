"""Pages of papers made by the workers of any executor, on machines that have sitegen and nothing else.

Pages travel by the piece, and with each piece what all pages need, facts and templates, which a worker
unpacks once. All other targets are sooner made than sent: see benchmarks/README.md.
"""

from __future__ import annotations

import pickle
import platform
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TypeGuard

from msgspec import Struct

import sitegen
from sitegen.errors import BuildError, Problem
from sitegen.executors import in_order
from sitegen.makers import PAGES, Made, Maker, path_of
from sitegen.model import Artifact, Facts, Page, PaperBody, Target
from sitegen.pages import page_renderer

_PIECE = 50
"""Pages that travel together; of the captures, these are 0.4 MB there and 0.9 MB back."""
_AHEAD = 64
"""How many pieces may be away or wait to be taken."""
_PATIENCE = 120.0
"""So many seconds without the next piece, and the executor is given up."""
_LIBRARIES = ("jinja2", "markupsafe")
"""Beside sitegen, what decides the bytes of a page."""


class Kit(Struct, frozen=True):
    """What a worker needs to make any page of a build."""

    programs: tuple[str, ...]
    """The versions that decide the bytes."""
    packed: bytes
    """The facts and the templates."""


class Unfit(Exception):
    """Raised on a worker that would make other bytes; says why."""


def is_sent(target: Target) -> TypeGuard[Page]:
    """Tell whether a target is one to send: what costs more to make, and no project remembers."""
    return isinstance(target, Page) and isinstance(target.body, PaperBody)


def pages_elsewhere(
    executor: Executor,
    pages: Sequence[Page],
    facts: Facts,
    folders: tuple[Path, ...],
    maker: Callable[[], Maker],
    notify: Callable[[str], None],
) -> Iterator[Made]:
    """Return what becomes of pages, in order, made by the workers of an executor, which begin at once.

    `folders` are those of the templates. Where the executor fails, `notify` is told, and what `maker` gives
    makes the rest here; so it does where a template fails, which is then told as ever. Raises `BuildError`
    for a worker that would make other bytes.
    """
    kit = Kit(_programs(), _packed(facts, folders))
    pieces = ((kit, pickle.dumps(pages[start : start + _PIECE])) for start in range(0, len(pages), _PIECE))
    made = in_order(executor, make_pages, pieces, _AHEAD, _PATIENCE)
    return _or_here(made, pages, maker, notify)


def _or_here(
    made: Iterator[list[bytes]],
    pages: Sequence[Page],
    maker: Callable[[], Maker],
    notify: Callable[[str], None],
) -> Iterator[Made]:
    done = 0
    try:
        for some in made:
            for data in some:
                yield Artifact(path_of(pages[done]), data, PAGES)
                done += 1
    except (Unfit, ImportError) as error:
        hint = "Install the same sitegen and the same libraries on every worker: they decide the bytes."
        raise BuildError([Problem("--executor", 0, f"{error}.", hint)]) from None
    except Exception as error:  # a lost connection, dead workers ...: each executor has its own
        if not isinstance(error, BuildError):
            reason = " ".join(f"{type(error).__name__}: {error}"[:300].split())
            rest = len(pages) - done
            notify(f"The executor failed, and this machine makes its other {rest:,} pages. ({reason})")
        yield from map(maker(), pages[done:])


def _packed(facts: Facts, folders: tuple[Path, ...]) -> bytes:
    templates = [
        {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.relative_to(folder).parts[0] not in ("assets", "__pycache__")
        }
        for folder in folders
    ]
    return zlib.compress(pickle.dumps((facts, templates)))


@cache
def _programs() -> tuple[str, ...]:
    """Return the versions that decide the bytes of a page; that of sitegen with the hash of its code."""
    package = Path(__file__).parent
    code = blake2b(digest_size=6)
    for path in sorted(package.rglob("*.py")):
        code.update(path.read_bytes())
    libraries = (f"{name} {version(name)}" for name in _LIBRARIES)
    return (f"sitegen {sitegen.__version__} (code {code.hexdigest()})", *libraries)


# ------------------------------------------------------------------------ on a worker

_turn = Lock()
"""Threads of one worker share what was made of a kit, and take turns."""


def make_pages(work: tuple[Kit, bytes]) -> list[bytes]:
    """Return the bytes of the pages of one piece; raises `Unfit`, or `BuildError` for a template."""
    kit, piece = work
    pairs = zip(_programs(), kit.programs, strict=False)
    if others := [f"{here} where the build has {there}" for here, there in pairs if here != there]:
        raise Unfit(f"a worker on {platform.node() or 'some machine'} has {', '.join(others)}")
    with _turn:
        _, render_page = _unpacked(kit)
        pages: Sequence[Page] = pickle.loads(piece)  # noqa: S301  # the build sent it
        return [render_page(page) for page in pages]


@lru_cache(maxsize=1)
def _unpacked(kit: Kit) -> tuple[tempfile.TemporaryDirectory[str], Callable[[Page], bytes]]:
    """Return a folder with the templates of a kit, which lasts while it is held, and what makes its pages."""
    facts, templates = pickle.loads(zlib.decompress(kit.packed))  # noqa: S301  # likewise
    place = tempfile.TemporaryDirectory(prefix="sitegen-templates-")
    folders = tuple(Path(place.name, str(number)) for number in range(len(templates)))
    for folder, files in zip(folders, templates, strict=True):
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return place, page_renderer(facts, folders)
