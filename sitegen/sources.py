"""Reads each file of `content/`, and of the templates' and the curator's assets, once.

What a file is, its place says (`_kind`). Text must be UTF-8. A file that nothing reads is a warning,
so that no listing is lost by lying in the wrong folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from sitegen.errors import BuildError, Problem, did_you_mean, warning
from sitegen.extensions import ENDINGS, reads
from sitegen.model import AssetFile, Kind, Source

CONTENT = "content"
READ_ELSEWHERE = ("site.toml", "mailed.csv")

BUILT_IN = next(
    folder
    for folder in (Path(__file__).parent / "templates", Path(__file__).parent.parent / "templates")
    if folder.is_dir()
)
"""The templates that come with sitegen: inside the package, or beside it in a source tree."""

_FILES = {
    "labels.csv": Kind.LABELS,
    "ids.csv": Kind.IDS,
    "tags.toml": Kind.TAGS,
}
_FOLDERS = {
    ("captures", ".txt"): Kind.CAPTURE,
    ("captures", ".json"): Kind.DAILY_API,
    **{("library", ending): Kind.LIBRARY for ending in ENDINGS},
    ("notes", ".md"): Kind.NOTE,
    ("digests", ".md"): Kind.DIGEST,
    ("themes", ".md"): Kind.THEME,
    ("pages", ".md"): Kind.PAGE,
}
_LEFTOVER = re.compile(r"\.|#|~\$|.*(~|\.sw[a-z]|\.bak|\.orig|\.tmp)$|(Thumbs\.db|desktop\.ini|__pycache__)$")
"""Names that editors and systems, and programs in Python, leave behind."""
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A letter beyond ASCII in UTF-8: a file that has none and is not UTF-8 is in an older encoding."""


def template_folders(root: Path) -> tuple[Path, ...]:
    """Return where templates are looked for: the project's own first, then those of sitegen."""
    own = root / "templates"
    same = own.is_dir() and own.resolve() == BUILT_IN.resolve()
    return (BUILT_IN,) if same or not own.is_dir() else (own, BUILT_IN)


def require_content(root: Path) -> None:
    """Raise `BuildError` if the project has no folder of content, or none that can be reached."""
    content = root / CONTENT
    try:
        is_there = content.is_dir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BuildError([Problem(f"{content.as_posix()}/", 0, f"cannot be read: {reason}.")]) from None
    if not is_there:
        hint = "Call sitegen in the folder of a project, or name that folder: ROOT in the command's --help.\n"
        hint += "A new project begins with: sitegen init my-digest"
        raise BuildError([Problem(f"{content.as_posix()}/", 0, "there is no such folder.", hint)])


def read_sources(
    root: Path, templates: tuple[Path, ...]
) -> tuple[tuple[Source, ...], tuple[AssetFile, ...], tuple[Problem, ...]]:
    """Return sources and assets, sorted by path, and the warnings about files that are not read.

    `templates` are the folders of templates; a file of an earlier one hides its namesake in a later
    one. Raises `BuildError` with every file that cannot be read as text.
    """
    content = root / CONTENT
    sources, assets, problems = [], [], []
    leads_out = _leads_out(root, content)
    for name in _names(content):
        path = f"{CONTENT}/{name}"
        try:
            if strange := _strange(path, content / name, leads_out):
                problems.append(strange)
            elif name.startswith("assets/"):
                assets.append(AssetFile(path, name[7:], (content / name).read_bytes(), "curator"))
            elif kind := _kind(name):
                text, complaints = decode(path, kind, (content / name).read_bytes())
                problems += complaints
                sources.append(Source(path, kind, text))
            elif name not in READ_ELSEWHERE:
                problems.append(_unread(path))
        except OSError as error:
            problems.append(Problem(path, 0, f"this file cannot be read: {error.strerror}."))
    if any(problem.severity == "error" for problem in problems):
        raise BuildError(problems)
    problems += _idle_templates(templates)
    return tuple(sources), (*_template_assets(templates), *assets), tuple(problems)


def _names(content: Path) -> list[str]:
    """Return the names of all files of the content; raise `BuildError` for a folder that cannot be read."""
    try:
        return list(walk_files(content))
    except OSError as error:
        place = os.path.relpath(error.filename, content.parent).replace(os.sep, "/")
        raise BuildError([Problem(place, 0, f"this folder cannot be read: {error.strerror}.")]) from None


def _leads_out(root: Path, content: Path) -> Callable[[Path], bool]:
    """Return what tells whether links lead to a file outside the project; `content` itself may be a link."""
    homes = tuple(Path(os.path.realpath(home)) for home in (root, content))

    def is_outside(real: str) -> bool:
        return not any(Path(real).is_relative_to(home) for home in homes)

    folder_is_outside = cache(lambda folder: is_outside(os.path.realpath(folder)))
    return lambda file: (
        folder_is_outside(os.path.dirname(file)) or (file.is_symlink() and is_outside(os.path.realpath(file)))
    )


def _strange(path: str, file: Path, leads_out: Callable[[Path], bool]) -> Problem | None:
    """Return why a file is not read at all, if so: it is none, lies elsewhere, or its name is no text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return Problem(path, 0, "the name of this file is not UTF-8.", "Rename it.")
    if file.exists() and not file.is_file():
        return Problem(path, 0, "this is neither a file nor a folder.", "Remove it.")
    if leads_out(file) and file.exists():
        hint = "What lies elsewhere on this machine is not published. Copy the file to its place."
        return Problem(path, 0, "this link leads out of the project.", hint)
    return None


def walk_files(folder: Path) -> Iterator[str]:
    """Yield the names of all files below `folder` that people put there, with forward slashes, sorted.

    Links are followed, but not in circles. Raises OSError for a folder that cannot be read.
    """

    def refuse(error: OSError) -> None:
        raise error

    found = []
    above = {os.fspath(folder): frozenset({os.path.realpath(folder)})}
    for place, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        folders[:] = [name for name in folders if not _LEFTOVER.match(name) or name == ".well-known"]
        real = {name: os.path.realpath(f"{place}/{name}") for name in folders}
        folders[:] = [name for name in folders if real[name] not in above[place]]
        above |= {os.path.join(place, name): above[place] | {real[name]} for name in folders}
        below = os.path.relpath(place, folder).replace(os.sep, "/")
        prefix = "" if below == "." else below + "/"
        found += [prefix + name for name in names if not _LEFTOVER.match(name)]
    yield from sorted(found)


def _kind(name: str) -> Kind | None:
    folder, _, file = name.rpartition("/")
    if not folder:
        return _FILES.get(file)
    ending = os.path.splitext(file)[1]
    if folder == "library" and ending not in ENDINGS:
        return Kind.LIBRARY if ending and reads(ending) else None
    return _FOLDERS.get((folder, ending))


def _unread(path: str) -> Problem:
    folders = ", ".join(f"{CONTENT}/{folder}/*{ending}" for folder, ending in _FOLDERS)
    hint = f"sitegen reads {folders}, {CONTENT}/assets/ and a few files with fixed names."
    return warning("unread-file", path, 0, "nothing reads this file.", hint)


def decode(path: str, kind: Kind, data: bytes) -> tuple[str, list[Problem]]:
    """Return the text of a file; damaged bytes in one that holds papers are replaced, with a warning."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:2] == b"\0":
        return "", [Problem(path, 0, "this file is UTF-16, not UTF-8.", "Save it as UTF-8.")]
    if b"\0" in data:
        return "", [Problem(path, 0, "this is not a text file.", "Save the page as plain text, in UTF-8.")]
    problems = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8-sig", "replace")
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8."
        if kind is Kind.LIBRARY and not _UTF_8.search(data):
            text = data.decode("cp1252", "replace")
            hint = "The file was read as Windows-1252. Save it as UTF-8 to be sure."
            problems = [warning("bad-encoding", path, line, message, hint)]
        elif kind in (Kind.CAPTURE, Kind.DAILY_API, Kind.LIBRARY):
            hint = "It is shown as �. Save the page again, as UTF-8."
            problems = [warning("bad-encoding", path, line, message, hint)]
        else:
            problems = [Problem(path, line, message, "Save the file as UTF-8.")]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, problems


def _template_assets(folders: tuple[Path, ...]) -> Iterator[AssetFile]:
    """Yield the assets of the templates, sorted by name; the curator's own hide ours."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        assets = folder / "assets"
        if assets.is_dir():
            found.update((name, assets / name) for name in walk_files(assets))
    for name in sorted(found):
        yield AssetFile(f"templates/assets/{name}", name, found[name].read_bytes(), "templates")


def _idle_templates(folders: tuple[Path, ...]) -> Iterator[Problem]:
    """Yield a warning for each template of the project that has no namesake, and that no other one names."""
    if len(folders) < 2:
        return
    own, *others = folders
    known = [name for folder in others for name in walk_files(folder)]
    with suppress(OSError):  # what cannot be read is told where a page needs it
        mine = list(walk_files(own))
        new = [name for name in mine if name not in known and not name.startswith("assets/")]
        texts = {name: (own / name).read_text("utf-8", "replace") for name in mine} if new else {}
        for name in new:
            file = name.rpartition("/")[2]
            if not any(file in text for other, text in texts.items() if other != name):
                hint = did_you_mean(name, known) or "A template takes the place of the one that has its name."
                yield warning("unread-file", f"{own.name}/{name}", 0, "no page is made with this file.", hint)
