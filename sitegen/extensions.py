"""Input formats that other packages add: entry points of the group `sitegen.parsers`, each a module.

Such a module has `ENDINGS`, `recognises(text)` and `parse(source)`; README.md shows one. Looking for them
takes time, so nobody does before a file of unknown kind is met.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from sitegen.errors import BuildError, Problem
from sitegen.model import Entry, Source

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "sitegen.parsers"
ENDINGS = (".bib", ".ris", ".nbib", ".json", ".xml", ".md")
"""Of the files in `content/library/` that are read without any extension."""


class Extension(Struct, frozen=True):
    """An input format of another package."""

    name: str
    """The name of its entry point."""
    package: str
    """Name and version: "sitegen-org 1.0"."""
    endings: tuple[str, ...]
    """Of the files in `content/library/` that are read because of it: ".org"."""
    recognises: Callable[[str], bool]
    """Tells whether a text is in this format."""
    parse: Callable[[Source], tuple[Sequence[Entry], Sequence[Problem]]]


@cache
def installed() -> tuple[Extension, ...]:
    """Return all extensions, sorted by name; raise `BuildError` with each that cannot be used."""
    from importlib.metadata import entry_points

    extensions, problems = [], []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point))):
        loaded = _load(point)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        else:
            extensions.append(loaded)
    if problems:
        raise BuildError(problems)
    return tuple(extensions)


def reads(ending: str) -> bool:
    """Return whether an extension reads files with an ending; raises `BuildError` as `installed` does."""
    return any(ending in extension.endings for extension in installed())


def extension_for(source: Source) -> Extension | None:
    """Return the first extension that recognises a file; raise `BuildError` where one fails to say."""
    for extension in installed():
        try:
            if extension.recognises(source.text):
                return extension
        except Exception as error:
            raise BuildError([_failure(extension, source, error)]) from None
    return None


def parse_with(extension: Extension, source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return what an extension finds in a file; raise `BuildError` where it fails or returns no papers."""
    try:
        found, complaints = extension.parse(source)
        entries, problems = list(found), list(complaints)
    except BuildError:
        raise
    except Exception as error:
        raise BuildError([_failure(extension, source, error)]) from None
    for values, kind in ((entries, Entry), (problems, Problem)):
        if strange := [type(value).__name__ for value in values if not isinstance(value, kind)]:
            message = f"{_named(extension)} returned “{strange[0]}” in place of {kind.__name__}."
            raise BuildError([Problem(source.path, 0, message, _blame(extension))])
    if not all(entry.title.strip() for entry in entries):
        message = f"{_named(extension)} returned a paper without a title."
        raise BuildError([Problem(source.path, 0, message, _blame(extension))])
    return entries, problems


def _load(point: EntryPoint) -> Extension | Problem:
    """Return the extension of an entry point, or why it cannot be used."""
    package = _package(point)
    hint = "Mend this package, or remove it: pip uninstall " + package.partition(" ")[0]
    try:
        module = point.load()
    except Exception as error:
        message = f"the extension “{point.name}” cannot be loaded: {type(error).__name__}: {error}."
        return Problem(package, 0, message, hint)
    for name in ("ENDINGS", "recognises", "parse"):
        if not hasattr(module, name):
            return Problem(package, 0, f"the extension “{point.name}” has no “{name}”.", hint)
    endings = module.ENDINGS
    if not isinstance(endings, tuple) or not all(
        isinstance(text, str) and text[:1] == "." for text in endings
    ):
        message = f"the ENDINGS of the extension “{point.name}” are no tuple of endings such as (“.org”,)."
        return Problem(package, 0, message, hint)
    return Extension(point.name, package, endings, module.recognises, module.parse)


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _named(extension: Extension) -> str:
    return f"the extension “{extension.name}” ({extension.package})"


def _blame(extension: Extension) -> str:
    return f"This is a mistake in the package {extension.package.partition(' ')[0]}, not in the file."


def _failure(extension: Extension, source: Source, error: Exception) -> Problem:
    """Return the problem of an extension that raised something, with the line where it did."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.replace(chr(92), '/').rpartition('/')[2]}, line {frame.lineno}"
    message = f"{_named(extension)} failed: {type(error).__name__}: {error} ({place})."
    return Problem(source.path, 0, message, _blame(extension))
