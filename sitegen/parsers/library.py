"""Papers from outside: saved answers of APIs, exports of reference managers, feeds, Markdown digests.

The content of a file says which format it is in; `FORMATS` maps a format to the function that reads it.
Extensions are asked about a file that is in none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from sitegen.errors import Problem, warning
from sitegen.extensions import ENDINGS, Extension, extension_for, parse_with
from sitegen.model import Entry, Kind, Source
from sitegen.parsers import (
    arxiv_atom,
    bibtex,
    capture,
    csl_json,
    daily_api,
    feed,
    markdown_digest,
    nbib,
    ris,
)
from sitegen.parsers.fields import DATED, day_of_name, short
from sitegen.parsers.sniff import Format, recognise

FORMATS: dict[Format, Callable[[Source], tuple[list[Entry], list[Problem]]]] = {
    Format.CAPTURE: capture.parse,
    Format.DAILY_API: daily_api.parse,
    Format.ARXIV_ATOM: arxiv_atom.parse,
    Format.FEED: feed.parse,
    Format.BIBTEX: bibtex.parse,
    Format.RIS: ris.parse,
    Format.NBIB: nbib.parse,
    Format.CSL_JSON: csl_json.parse,
    Format.MARKDOWN: markdown_digest.parse,
}


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries of a file in its order, and its problems, errors and warnings.

    A file that names no paper at all is an error: it is not what the curator takes it for.
    """
    form = _form(source)
    if isinstance(form, Problem):
        return [], [form]
    if isinstance(form, Extension):
        name, (entries, problems) = f"“{form.name}”", parse_with(form, source)
    elif misplaced := _misplaced(source, form):
        return [], [misplaced]
    else:
        name, (entries, problems) = form.value, FORMATS[form](source)
    if not entries and all(problem.severity == "warning" for problem in problems):
        message = f"no paper was found in this file; it looks like {name}."
        hint = "If it breaks off in a paper, save it once more; else it has none, and can go."
        problems = [*problems, Problem(source.path, 0, message, hint)]
    return entries, [*_no_day(source), *problems]


def _form(source: Source) -> Format | Extension | Problem:
    """Return the format of a file: an extension's where its ending is one of theirs, or ours do not fit."""
    is_ours = source.path.endswith(ENDINGS)
    extension = None if is_ours else extension_for(source)
    form = extension or recognise(source.path, source.text)
    if isinstance(form, Problem) and is_ours and source.kind is Kind.LIBRARY:
        return extension_for(source) or form
    return form


def _misplaced(source: Source, form: Format) -> Problem | None:
    """Return an error for a file in the folder of another kind."""
    if source.kind is Kind.DAILY_API and form is not Format.DAILY_API:
        message = f"this looks like {form.value}, not like an answer of the Daily Papers API."
        return Problem(source.path, 0, message, "Such files lie in content/library/.")
    if source.kind is Kind.LIBRARY and form is Format.CAPTURE:
        hint = "Such files lie in content/captures/ and end in .txt."
        return Problem(source.path, 0, f"this looks like {form.value}.", hint)
    return None


def _no_day(source: Source) -> list[Problem]:
    """Return a warning for a name that begins like a day and names none: 2025-13-01-mine.bib."""
    if not DATED.fullmatch(source.stem) or day_of_name(source.stem):
        return []
    message = f"the name “{short(source.stem)}” begins like a day, but there is no such day."
    return [warning("no-such-day", source.path, 0, message, "Its papers join no issue. Rename the file.")]
