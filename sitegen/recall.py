"""What the last build was made from, and what it made, so that the next does only what is new.

A build is a pure function of its inputs, and each file one of its target. If the inputs have the fingerprint
that the last build left beside its output, nothing is to be done; if a target has, its file stays. A file is
believed to be what the build wrote while it has the size and the time that it had then.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from sitegen.config import Surroundings
from sitegen.errors import Problem
from sitegen.manifest import read_sealed, write_sealed
from sitegen.model import Change, Manifest, Report, Searched, Visible, Voucher, Written
from sitegen.routes import is_search_file
from sitegen.sources import CONTENT, walk_files
from sitegen.switch import BUILT


class Inputs(Struct, frozen=True):
    """Fingerprints of all that a build depends on."""

    programs: str
    """Python, sitegen and the libraries."""
    templates: str
    """The folders of templates, assets included."""
    everything: str
    """These, the content and the arguments."""


class Last(Struct, frozen=True):
    """What the last build left."""

    inputs: str
    """The fingerprint of everything it was made from; empty where nothing is known."""
    report: str
    vouchers: Mapping[str, Voucher]
    """For the files that are as it left them."""
    is_whole: bool
    """Whether all its files are."""


def take_inputs(root: Path, folders: tuple[Path, ...], surroundings: Surroundings, strict: bool) -> Inputs:
    """Return the fingerprints of what a build will be made from.

    Files of content and templates count by their bytes; what cannot be read, by why.
    """
    templates = _hash(part for folder in folders for part in _files(folder))
    rest = (str(root / CONTENT), *map(str, folders), repr(surroundings), repr(strict))
    parts = (programs(), templates, *rest, *_files(root / CONTENT))
    return Inputs(programs(), templates, _hash(parts))


def take_stamps(root: Path, folders: tuple[Path, ...]) -> str:
    """Return what is another whenever a file of content or templates was touched, if only to be put back."""
    return _hash(tuple(stamp for folder in (root / CONTENT, *folders) for stamp in _stamps(folder)))


def look_back(out: Path, known: Manifest) -> Last:
    """Return what the last build left, and which of its files nobody has touched since."""
    owned = dict(known.files) if known.usable else {}
    lines = read_sealed(os.fspath(out), BUILT) or []
    try:
        inputs, report, vouched = lines
        vouchers = msgspec.json.decode(vouched, type=dict[str, Voucher])
    except (ValueError, msgspec.MsgspecError):  # of another version
        return Last("", "", {}, is_whole=False)
    root = os.fspath(out)
    good = {
        path: voucher
        for path in owned
        if (voucher := vouchers.get(path)) and _stamp(f"{root}/{path}") == voucher[1:]
    }
    return Last(inputs, report, good, is_whole=known.usable and len(good) == len(owned) == len(vouchers))


def recall(out: Path, inputs: Inputs, last: Last) -> Report | None:
    """Return the report of the last build if it was made from the same and all of it is there."""
    if last.inputs != inputs.everything or not last.is_whole:
        return None
    said = json.loads(last.report)
    return Report(
        out=out,
        written=Written(
            tuple(Change("identical", path) for path in sorted(last.vouchers) if not is_search_file(path)),
            vouchers=last.vouchers,
        ),
        **said
        | {
            "search": Searched(said["search"]["state"], said["search"]["papers"]),
            "warnings": tuple(Problem(**fields) for fields in said["warnings"]),
            "waiting": tuple(Visible(date.fromisoformat(day), what) for day, what in said["waiting"]),
        },
    )


def remember(out: Path, inputs: Inputs, report: Report, live: Manifest) -> None:
    """Write down what a build was made from and what it made; raises OSError.

    `live` names all files of the site, those of the search too. Where the search failed, the next build must
    try again, and only the pages are believed.
    """
    everything = "" if report.search.state == "failed" else inputs.everything
    vouchers = {**dict(_search_vouchers(out, live)), **report.written.vouchers}
    said = asdict(report)
    del said["out"], said["written"]
    said["warnings"] = [asdict(problem) for problem in report.warnings]
    said["waiting"] = [(item.day.isoformat(), item.what) for item in report.waiting]
    said["search"] = asdict(_kept(report.search))
    vouched = msgspec.json.encode(vouchers).decode()
    write_sealed(os.fspath(out), BUILT, [everything, json.dumps(said), vouched])


def _kept(search: Searched) -> Searched:
    """Return what a build from the same will say of the search."""
    return Searched("kept" if search.state == "made" else search.state, search.papers)


def _search_vouchers(out: Path, live: Manifest) -> Iterator[tuple[str, Voucher]]:
    """Yield the files of the search as they are."""
    for path, _ in live.files:
        if is_search_file(path) and (stamp := _stamp(f"{os.fspath(out)}/{path}")):
            yield path, Voucher("", *stamp)


def _stamp(path: str) -> tuple[int, int] | None:
    """Return size and time of a file; none where there is no plain file."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


# ------------------------------------------------------------------------ inputs


def _hash(parts: Iterator[str | bytes] | tuple[str | bytes, ...]) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode(errors="surrogateescape") if isinstance(part, str) else part
        digest.update(b"%d " % len(data))
        digest.update(data)
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[str | bytes]:
    """Yield name and bytes of each file of a folder."""
    yield "folder"
    try:
        for name in walk_files(folder):
            yield name
            yield (folder / name).read_bytes() if (folder / name).is_file() else "no file"
    except OSError as error:  # the stages will report it
        yield f"cannot be read: {error.errno}"


def _stamps(folder: Path) -> Iterator[str]:
    """Yield size, times and place on the disk of each file of a folder, and of the folders that hold them."""
    with suppress(OSError):  # the stages will report it
        names = set(walk_files(folder))
        above = {""} | {name.rpartition("/")[0] for name in names}
        for name in above.copy():
            while name := name.rpartition("/")[0]:
                above.add(name)
        for name in sorted(names | above):
            status = os.stat(f"{folder}/{name}")
            yield f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


@cache
def programs() -> str:
    """Return the fingerprint of Python, sitegen and the libraries, as they are at the first call."""
    return _hash(_programs())


def _programs() -> Iterator[str]:
    """Yield what tells one version of Python, of sitegen and of the libraries from another."""
    yield sys.version
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        status = path.stat()
        yield f"{path.relative_to(package)} {status.st_size} {status.st_mtime_ns}"
    for folder in sys.path:
        if folder and Path(folder).is_dir():
            names = sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
            yield from (f"{name} {os.stat(f'{folder}/{name}').st_mtime_ns}" for name in names)
