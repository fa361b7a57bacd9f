"""Small wordings that several pages share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup

from sitegen import routes
from sitegen.dates import long_day, short_day
from sitegen.model import Issue, Line, Paper, Site, Term, ThemeLink

_ASCII_LETTER = re.compile(r"[A-Za-z0-9]")

DESCRIPTION_LENGTH = 160
"""About as much of a description as search engines show."""


def plural(number: int, noun: str, nouns: str = "") -> str:
    """Return "1 paper" or "1,234 papers"."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def shorten(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    """Return the text on one line, cut at a word with an ellipsis if it is longer."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = text[: length - 1]  # a text in Chinese has no spaces
    return (text[:length].rpartition(" ")[0] or head).rstrip(" ,;:–—-") + "…"


def first_paragraph(html: Markup) -> Markup:
    """Return the first paragraph of the curator's words, without marks of footnotes."""
    found = re.search(r"<p>.*?</p>", html, re.DOTALL)
    if not found:
        return Markup("")
    return Markup(re.sub(r'<sup class="footnote-ref">.*?</sup>', "", found[0], flags=re.DOTALL))  # noqa: S704


def issue_title(issue: Issue) -> str:
    """Return a title that only this issue has."""
    return f"{issue.title} ({short_day(issue.day)})" if has_own_title(issue) else issue.title


def issue_description(issue: Issue) -> str:
    """Return the beginning of the curator's introduction, else what the issue holds."""
    themes = ", ".join(line.title for line in theme_lines(issue.papers))
    held = f"{plural(len(issue.papers), 'paper')} collected on {long_day(issue.day)}: {themes}"
    return shorten(issue.introduction_plain or held)


def has_own_title(issue: Issue) -> bool:
    """Return whether the curator gave the issue a title that does not name its day."""
    return long_day(issue.day) not in issue.title


def theme_lines(papers: Iterable[Paper]) -> tuple[Line, ...]:
    """Return the primary themes of the papers with their counts, in the curator's order."""
    themes = [paper.theme for paper in papers]
    counts = Counter([theme.slug for theme in themes])
    shown = {theme.slug: theme for theme in themes}
    return tuple(
        Line(theme.title, theme.url, counts[theme.slug], hue=theme.hue)
        for theme in sorted(shown.values(), key=lambda theme: theme.order)
    )


def tag_lines(papers: Iterable[Paper], most: int, without: str = "") -> tuple[Line, ...]:
    """Return the commonest tags of the papers with their counts, by title."""
    tags = [tag for paper in papers for tag in paper.tags if tag.url != without]
    counts = Counter([tag.url for tag in tags])
    shown = {tag.url: tag for tag in tags}
    common = sorted(shown.values(), key=lambda tag: (-counts[tag.url], tag.title))[:most]
    return tuple(Line(tag.title, tag.url, counts[tag.url]) for tag in sorted(common, key=_by_title))


def terms_of(site: Site, taxonomy: str) -> tuple[Term, ...]:
    """Return the terms of a taxonomy, by slug."""
    return next(found.terms for found in site.taxonomies if found.name == taxonomy)


def term_lines(terms: Sequence[Term]) -> tuple[Line, ...]:
    """Return a line for each term, in the order given."""
    return tuple(Line(term.title, term.url, len(term.papers)) for term in terms)


def theme_anchor(theme: ThemeLink) -> str:
    """Return the id of a theme's heading in an issue."""
    return f"theme-{theme.slug}"


@lru_cache(2**17)
def initial(title: str) -> str:
    """Return the letter under which a title is filed: A to Z, or "#" for anything else."""
    first = _ASCII_LETTER.search(title) if title.isascii() else None
    letter = (first[0] if first else routes.slugify(title)[:1]).upper()
    return letter if letter.isalpha() else "#"


def _by_title(link: object) -> tuple[str, str]:
    title = str(getattr(link, "title", ""))
    return title.casefold(), title
