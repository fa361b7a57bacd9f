"""Pages to HTML by Jinja; the one place that owns its environment.

A template sees its page and the facts of the site, nothing else. The piece of HTML that shows a paper
in a list is rendered once and used in all its lists; so is what frames all pages alike.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import jinja2
from jinja2.loaders import split_template_path
from markupsafe import Markup

from sitegen import model
from sitegen.compiled import Compiled
from sitegen.dates import days_in_words, long_day, month_name, short_day
from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.metadata import head_maker
from sitegen.model import Facts, FeedLink, Page, Paper
from sitegen.templating import Environment


def page_renderer(facts: Facts, folders: tuple[Path, ...]) -> Callable[[Page], bytes]:
    """Return the function from a page to its bytes.

    It raises `BuildError` for a template that is missing or fails: with its name and line.
    """
    environment = _environment(facts, folders)

    def render_page(page: Page) -> bytes:
        try:
            text = environment.get_template(page.template).render(page=page)
        except Exception as error:
            raise _template_problem(error, page, folders) from error
        return text.encode()

    return render_page


def _environment(facts: Facts, folders: tuple[Path, ...]) -> Environment:
    environment = Environment(
        _Templates(folders), Compiled(folders[-1])
    )  # the last folder is that of our own
    root = facts.base_path.rstrip("/")
    assets = dict(facts.assets)
    entries: dict[tuple[str, int], tuple[Paper, Markup]] = {}

    def href(url: str) -> str:
        return root + url if url.startswith("/") else url

    def absolute(url: str) -> str:
        return facts.base_url + url[1:] if url.startswith("/") else url

    def asset(name: str) -> str:
        if name not in assets:
            raise jinja2.TemplateRuntimeError(f"there is no asset “{name}” in templates/assets/")
        return root + assets[name]

    def entry(paper: Paper, level: int) -> Markup:
        known = entries.get((paper.slug, level))
        if known is None or known[0] is not paper:  # of an earlier build
            html = environment.get_template("components/entry.html").render(paper=paper, level=level)
            known = entries[paper.slug, level] = paper, Markup(html)  # noqa: S704 - rendered with autoescape on
        return known[1]

    def entries_of(papers: Sequence[Paper], level: int) -> Markup:
        html = "\n".join([entry(paper, level) for paper in papers])
        return Markup(html)  # noqa: S704 - each is HTML

    linked = {link.url for link in (*facts.navigation, *facts.pages)}

    @cache
    def framed(name: str, url: str, section: str) -> Markup:
        html = environment.get_template(f"components/frame/{name}.html").render(url=url, section=section)
        return Markup(html)  # noqa: S704 - rendered with autoescape on

    def frame(name: str, page: Page) -> Markup:
        return framed(name, page.url if page.url in linked else "", page.section)

    @cache
    def announced(feeds: tuple[FeedLink, ...]) -> Markup:
        html = environment.get_template("components/alternates.html").render(feeds=feeds)
        return Markup(html)  # noqa: S704 - rendered with autoescape on

    def alternates(page: Page) -> Markup:
        return announced(page.feeds)

    environment.globals.update(
        site=facts,
        href=href,
        absolute=absolute,
        asset=asset,
        entry=entry,
        entries=entries_of,
        frame=frame,
        alternates=alternates,
        head=head_maker(facts),
    )
    environment.filters.update(
        day=long_day,
        short_day=short_day,
        month=month_name,
        days=days_in_words,
        iso=lambda day: day.isoformat(),
        number=lambda number: f"{number:,}",
        plural=lambda number, noun: f"{number:,} {noun}{'' if number == 1 else 's'}",
    )
    return environment


class _Templates(jinja2.BaseLoader):
    """All templates as they are now, however late a page asks for one."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): (str(path), _read(path))
            for folder in reversed(folders)
            for path in _files(folder, frozenset())
        }

    def get_source(self, _: jinja2.Environment, template: str) -> tuple[str, str, None]:
        """Return the text of a template and its file."""
        name = "/".join(split_template_path(template))
        if name not in self._files:
            raise jinja2.TemplateNotFound(template)
        path, data = self._files[name]
        if isinstance(data, OSError):
            raise data
        return data.decode(), path, None


def _files(folder: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Yield all files below a folder; links are followed, but not in circles."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if not path.is_dir():
                yield path
            elif path.name == "__pycache__":
                continue
            elif (real := path.resolve()) not in above:
                yield from _files(path, above | {real})


def _read(path: Path) -> bytes | OSError:
    try:
        return path.read_bytes()
    except OSError as error:
        return error


# ------------------------------------------------------------------------ mistakes in templates


def _template_problem(error: Exception, page: Page, folders: tuple[Path, ...]) -> BuildError:
    """Return the error as one about the template, if it is one; else raise it: a bug of ours."""
    if isinstance(error, jinja2.TemplateNotFound):
        hint = "Put the file into templates/."
        path, line = _place(error, folders) or (f"templates/{error.name}", 0)
        message = f"there is no template “{error.name}”." if line else "there is no such template."
        return BuildError([Problem(path, line, message, hint)])
    if isinstance(error, jinja2.TemplateSyntaxError):
        path = _shown(error.filename or error.name or page.template, folders)
        return BuildError([Problem(path, error.lineno, _sentence(str(error.message)))])
    if isinstance(error, UnicodeDecodeError) and (found := _undecodable(folders)):
        path, line, byte = found
        message = f"the byte 0x{byte:02X} is not UTF-8."
        return BuildError([Problem(path, line, message, "Save the file as UTF-8.")])
    if place := _place(error, folders):
        message = _sentence(str(error) or type(error).__name__)
        if not isinstance(error, jinja2.TemplateError):
            message = f"{type(error).__name__}: {message}"
        return BuildError([Problem(*place, message, _near_miss(str(error)))])
    raise error


def _place(error: Exception, folders: tuple[Path, ...]) -> tuple[str, int] | None:
    """Return the template and the line in which an error arose; none for an error outside templates."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if any(Path(frame.filename).is_relative_to(folder) for folder in folders):
            return _shown(frame.filename, folders), frame.lineno or 0
    return None


def _undecodable(folders: tuple[Path, ...]) -> tuple[str, int, int] | None:
    """Return the first template that is not UTF-8, with the line and the byte that are wrong."""
    for path in (path for folder in folders for path in sorted(folder.rglob("*.html"))):
        data = path.read_bytes()
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return _shown(str(path), folders), data.count(b"\n", 0, error.start) + 1, data[error.start]
    return None


def _shown(filename: str, folders: tuple[Path, ...]) -> str:
    """Return a template's file as the author names it."""
    for folder in folders:
        if Path(filename).is_relative_to(folder):
            return f"templates/{Path(filename).relative_to(folder).as_posix()}"
    return f"templates/{filename}"


def _sentence(message: str) -> str:
    message = re.sub(r"'sitegen\.[\w.]+\.(\w+) object'", r"\1", message)
    return " ".join(message.split()).rstrip(".") + "."


def _near_miss(message: str) -> str:
    """Return which field was meant where a template asks a value for one that it does not have."""
    if found := re.search(r"'sitegen\.[\w.]+\.(\w+) object' has no attribute '(\w+)'", message):
        fields = getattr(getattr(model, found[1], None), "__struct_fields__", ())
        return did_you_mean(found[2], fields)
    return ""
