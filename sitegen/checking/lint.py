"""Rules about the content alone: what is there and is of no use, and years that can hardly be right.

What a build says of the content (conflicting sources, labels of unknown papers ...) is not said again here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sitegen.checking.tree import Content, Finding
from sitegen.identity import keys_of
from sitegen.model import Paper

TAGS = "content/tags.toml"
OLDEST = 1900
"""A paper of an earlier year is a slip of the pen."""


def empty_themes(content: Content) -> Iterator[Finding]:
    """Yield themes that no paper has."""
    used = {theme.slug for paper in content.site.papers for theme in (paper.theme, *paper.more_themes)}
    for theme in content.parsed.themes:
        if theme.slug not in used:
            message = f"the theme “{theme.title}” has no papers."
            hint = "Give it phrases that papers have, label papers for it, or remove the file."
            yield Finding("empty-theme", "", message, hint, place=(theme.source, 1))


def unused_tags(content: Content) -> Iterator[Finding]:
    """Yield tags that no paper has; they have no page."""
    used = {tag.slug for tag in content.site.tags}
    for tag in content.parsed.tags:
        if tag.slug not in used:
            message = f"no paper has the tag “{tag.slug}”."
            yield Finding(
                "unused-tag", "", message, "It has no page and does no harm.", place=(TAGS, tag.line)
            )


def unused_labels(content: Content) -> Iterator[Finding]:
    """Yield labels that say nothing, and themes that a note overrules."""
    notes = {key: note for note in content.parsed.notes if note.theme for key in keys_of(note)}
    for label in content.parsed.labels:
        place = (label.source, label.line)
        if not (label.theme or label.more_themes or label.tags or label.id):
            message = f"this row says nothing of “{label.paper}”."
            yield Finding("unused-label", "", message, "Give it a theme or tags, or remove it.", place=place)
        note = next((notes[key] for key in keys_of(label) if key in notes), None)
        if note and label.theme not in ("", note.theme):
            message = f"the theme “{label.theme}” is not used: {note.source} says “{note.theme}”."
            yield Finding("unused-label", "", message, "The note wins. Keep one of the two.", place=place)


def doubtful_years(content: Content) -> Iterator[Finding]:
    """Yield papers whose date of publication can hardly be right."""
    notes = {key: note for note in content.parsed.notes if note.published for key in keys_of(note)}
    for paper in (*content.site.papers, *content.site.withdrawn):
        if paper.published and (doubt := _doubt(paper, paper.published, content.site.today)):
            message = f"“{paper.title.plain}” was published in {paper.published:%B %Y}, {doubt}."
            note = next((notes[key] for key in paper.keys if key in notes), None)
            place = (note.source, dict(note.lines).get("date", note.line)) if note else _place(paper)
            hint = "If the source is wrong, a note on the paper can say date: …"
            yield Finding("doubtful-year", "", message, hint, place=place)


def _doubt(paper: Paper, published: date, today: date | None) -> str:
    if published.year < OLDEST:
        return "long ago"
    if today and published > today:
        return f"which is after {today}, the day of the build"
    if paper.arxiv_id[:4].isdigit() and 1 <= int(paper.arxiv_id[2:4]) <= 12:
        year, month = 2000 + int(paper.arxiv_id[:2]), int(paper.arxiv_id[2:4])
        if abs((published.year - year) * 12 + published.month - month) > 12:
            return f"but its arXiv id {paper.arxiv_id} is from {date(year, month, 1):%B %Y}"
    return ""


def _place(paper: Paper) -> tuple[str, int]:
    return (paper.seen[-1].source, paper.seen[-1].line) if paper.seen else ("content/notes/", 0)
