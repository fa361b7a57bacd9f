"""A letter as HTML and as plain text, for the digest feeds and for mail.

Plain on purpose: whoever sends or shows it brings the type and the colours. Formulas are spelled in a
line, for no mail program sets them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from textwrap import fill

from msgspec.structs import replace

from sitegen.dates import short_day
from sitegen.feeds.clean import absolute, clean, clean_html
from sitegen.model import Facts, Group, Letter, Paper, PaperLink

NOTE_LENGTH = 320
"""How much a letter quotes of a note; all of it stands on the paper's page."""

_NAMES = 3
_WIDTH = 72
_TAG = re.compile(r"<[^<>]*>")
_BLOCK = re.compile(r'<(p|li|h[1-6]|div(?= class="maths"))\b[^<>]*>(.*?)</\1>', re.DOTALL)
_MARK = re.compile(r'<sup class="footnote-ref">.*?</sup>', re.DOTALL)
_FORMULA = re.compile(r'<math\b[^>]*?\balttext="([^"]*)"[^>]*>.*?</math>', re.DOTALL)


def shortened_to(letter: Letter, fits: Callable[[Letter], bool]) -> Letter:
    """Return the letter if it fits, else with as many of its first papers as do.

    What is left out stands on its page. Where not even the introductions fit, these go too.
    """
    if fits(letter):
        return letter
    least, most = 0, sum(len(group.papers) for group in letter.groups)
    while most - least > 1:
        middle = (least + most) // 2
        if fits(_first(letter, middle)):
            least = middle
        else:
            most = middle
    shortened = _first(letter, least)
    return shortened if fits(shortened) else replace(shortened, issues=())


def _first(letter: Letter, count: int) -> Letter:
    """Return the letter with its first papers only."""
    groups: list[Group] = []
    left = count
    for group in letter.groups:
        papers = group.papers[:left]
        left -= len(papers)
        if papers:
            groups.append(replace(group, papers=papers))
    all_papers = sum(len(group.papers) for group in letter.groups)
    return replace(letter, groups=tuple(groups), omitted=letter.omitted + all_papers - count)


# ------------------------------------------------------------------------ HTML


def letter_html(letter: Letter, facts: Facts) -> str:
    """Return the letter's body as HTML: introductions, then the papers under their themes."""
    page = absolute(letter.url, facts)
    parts = [*_introductions(letter, facts)]
    for group in letter.groups:
        parts.append(f'<h2 class="hue-{group.hue}">{escape(group.title)}</h2>')
        parts += [_paper(paper, group, facts) for paper in group.papers]
    parts.append(f'<p>{_more(letter)}<a href="{escape(page)}">Read it on the site</a></p>')
    return clean_html(_FORMULA.sub(r"\1", "\n".join(parts)), page)


def _introductions(letter: Letter, facts: Facts) -> Iterator[str]:
    """Yield the curator's words on each issue, under its title where there are several issues."""
    for issue in letter.issues:
        if issue.introduction:
            if len(letter.issues) > 1:
                address = escape(absolute(issue.url, facts))
                yield f'<h2><a href="{address}">{escape(issue.title)}</a></h2>'
            yield issue.introduction.strip()


def _paper(paper: Paper, group: Group, facts: Facts) -> str:
    links = [f'<a href="{escape(link.url)}">{escape(link.label)}</a>' for link in _links(paper)]
    line = " · ".join([*map(escape, _known(paper, group)), *links])
    parts = [f'<h3><a href="{escape(absolute(paper.url, facts))}">{escape(paper.title.plain)}</a></h3>']
    if line:
        parts.append(f'<p class="facts">{line}</p>')
    if paper.summary:
        parts.append(f"<p>{escape(paper.summary)}</p>")
    if note := _note(paper):
        parts.append(f'<blockquote class="note"><p>{escape(note)}</p></blockquote>')
    return "\n".join(parts)


# ------------------------------------------------------------------------ plain text


def letter_text(letter: Letter, facts: Facts) -> str:
    """Return the letter's body as plain text, 72 characters wide; an address is never broken."""
    parts = []
    for issue in letter.issues:
        if issue.introduction:
            parts += [_underlined(issue.title, "-")] if len(letter.issues) > 1 else []
            parts += map(_filled, _blocks(issue.introduction))
    for group in letter.groups:
        parts.append(_underlined(group.title, "="))
        parts += ["\n".join(_paper_lines(paper, group, facts)) for paper in group.papers]
    parts.append(f"{_more(letter)}Read it on the site:\n{absolute(letter.url, facts)}")
    return clean("\n\n".join(parts)) + "\n"


def _paper_lines(paper: Paper, group: Group, facts: Facts) -> Iterator[str]:
    yield _filled(paper.title.plain)
    if known := _known(paper, group):
        yield _filled(" · ".join(known))
    if paper.summary:
        yield _filled(paper.summary, "  ")
    if note := _note(paper):
        yield _filled(note, "  > ")
    yield absolute(paper.url, facts)
    yield from (f"{link.label}: {link.url}" for link in _links(paper))


def _filled(text: str, indent: str = "") -> str:
    return fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _underlined(title: str, line: str) -> str:
    return f"{title}\n{line * min(len(title), _WIDTH)}"


# ------------------------------------------------------------------------ what both say


def _known(paper: Paper, group: Group) -> list[str]:
    """Return what is known of the paper, in short; its theme where the heading does not say it."""
    known = []
    if paper.authors:
        more = len(paper.authors) - _NAMES
        known.append(", ".join(paper.authors[:_NAMES]) + (f" and {more} more" if more > 0 else ""))
    elif paper.author_count:
        known.append(f"{paper.author_count:,} author{'' if paper.author_count == 1 else 's'}")
    if paper.organization:
        known.append(paper.organization.name)
    if published := paper.published or paper.published_in:
        known.append(short_day(published))
    if group.title != paper.theme.title:
        known.append(paper.theme.title)
    return known


def _links(paper: Paper) -> list[PaperLink]:
    return [link for link in paper.links if link.kind != "search"]


def _blocks(html: str) -> list[str]:
    """Return the curator's HTML as paragraphs of plain text; without tables, code and footnotes."""
    # As a plain string, for a Markup would escape what is put into it.
    text = _MARK.sub("", _FORMULA.sub(r"\1", str(html).partition('<div class="footnotes">')[0]))
    blocks = (" ".join(unescape(_TAG.sub("", block)).split()) for _, block in _BLOCK.findall(text))
    return [block for block in blocks if block]


def _note(paper: Paper) -> str:
    """Return the beginning of the curator's note as plain text, at best up to the end of a sentence."""
    text = " ".join(_blocks(paper.note))
    if len(text) <= NOTE_LENGTH:
        return text
    sentences = text[:NOTE_LENGTH].rpartition(". ")[0]
    return f"{sentences}. …" if sentences else text[:NOTE_LENGTH].rpartition(" ")[0] + "…"


def _more(letter: Letter) -> str:
    if not letter.omitted:
        return ""
    return f"And {letter.omitted:,} more paper{'' if letter.omitted == 1 else 's'}. "
