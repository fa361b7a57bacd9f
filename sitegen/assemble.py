"""All that is parsed becomes the site: papers, issues and taxonomies, everything sorted.

Helpers of this stage: `schedule` hides what waits, `identity` and `merge` make one paper of many
entries, `given` gives it slug and feed id, `themes` and `tagging` place it, `papers` sets its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from markupsafe import Markup

from sitegen import routes, text
from sitegen.config import Config
from sitegen.dates import long_day
from sitegen.errors import BuildError, Problem, did_you_mean, warning
from sitegen.identity import id_key, title_key
from sitegen.memory import Memory
from sitegen.model import (
    AssetFile,
    Digest,
    Issue,
    Paper,
    Parsed,
    Site,
    TextPage,
    ThemePage,
)
from sitegen.papers import make_papers
from sitegen.placement import UNSORTED, theme_links
from sitegen.recent import Recent
from sitegen.schedule import visible
from sitegen.taxonomies import taxonomies


def assemble(
    parsed: Parsed,
    assets: Sequence[AssetFile],
    config: Config,
    memory: Memory | None = None,
    jobs: int = 1,
) -> Site:
    """Return the site; raise `BuildError` with every contradiction in the curator's words.

    `memory` is what earlier builds left, `jobs` the most processes that may work.
    """
    memory = memory or Memory()
    public, today, waiting = visible(parsed, config)
    problems = _unknown_names(public)
    if problems:
        raise BuildError(problems)
    everything, unrecorded, warnings = make_papers(public, config, memory, jobs)
    papers = tuple(paper for paper in everything if not paper.withdrawn)
    issues, issue_problems = _issues(papers, public.digests, config, memory.recent)
    themes, theme_problems = _theme_pages(public, papers, config)
    pages, page_problems = _text_pages(public, config)
    found = [*warnings, *issue_problems, *theme_problems, *page_problems]
    if any(problem.severity == "error" for problem in found):
        raise BuildError(found)
    groups = taxonomies(papers, memory.recent)
    used = {term.slug for taxonomy in groups for term in taxonomy.terms if taxonomy.name == "tags"}
    return Site(
        papers=papers,
        withdrawn=tuple(paper for paper in everything if paper.withdrawn),
        issues=issues,
        taxonomies=groups,
        themes=themes,
        tags=tuple(tag for tag in public.tags if tag.slug in used),
        pages=pages,
        assets=tuple(assets),
        waiting=waiting,
        unrecorded=unrecorded,
        warnings=(*public.warnings, *found),
        today=today,
    )


# ------------------------------------------------------------------------ names that must be known


def _unknown_names(parsed: Parsed) -> list[Problem]:
    """Return an error for each theme and tag that is named and does not exist."""
    themes = {theme.slug: theme for theme in parsed.themes}
    tags = {tag.slug: tag for tag in parsed.tags}
    problems = []
    for slug in sorted({UNSORTED} & themes.keys()):
        hint = "Papers that fit no theme go to a page of this name by themselves."
        problems.append(Problem(f"content/themes/{slug}.md", 0, "this name is taken.", hint))
    for theme in parsed.themes:
        problems += [
            Problem(theme.source, 1, f"there is no theme “{slug}”.", _hint(slug, themes, "themes"))
            for slug in theme.before
            if slug not in themes
        ]
    for source, line, named_themes, named_tags in _named(parsed):
        problems += [
            Problem(source, line, f"there is no theme “{slug}”.", _hint(slug, themes, "themes"))
            for slug in named_themes
            if slug not in themes
        ]
        problems += [
            Problem(source, line, f"there is no tag “{slug}”.", _hint(slug, tags, "tags"))
            for slug in named_tags
            if slug not in tags
        ]
    return problems


def _named(parsed: Parsed) -> Iterable[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    """Yield path, line, themes and tags wherever the curator names some."""
    for label in parsed.labels:
        primary = (label.theme,) if label.theme else ()
        yield label.source, label.line, (*primary, *label.more_themes), label.tags
    for note in parsed.notes:
        lines = dict(note.lines)
        if note.theme:
            yield note.source, lines["theme"], (note.theme,), ()
        if note.themes:
            yield note.source, lines["themes"], note.themes, ()
        if note.tags:
            yield note.source, lines["tags"], (), note.tags


def _hint(slug: str, known: Iterable[str], what: str) -> str:
    place = "Each theme is a file in content/themes/."
    if what == "tags":
        place = "The tags stand in content/tags.toml."
    return f"{did_you_mean(slug, known)} {place}".strip()


# ------------------------------------------------------------------------ issues


def _issues(
    papers: Sequence[Paper], digests: Sequence[Digest], config: Config, recent: Recent
) -> tuple[tuple[Issue, ...], list[Problem]]:
    """Return the issues, newest first, and what is wrong with the digests."""
    by_day: dict[date, list[Paper]] = {}
    for paper in papers:
        for day in paper.days:
            by_day.setdefault(day, []).append(paper)
    words = {digest.day: digest for digest in digests}
    problems = [
        warning(
            "empty-issue",
            digest.source,
            0,
            f"no paper was collected on {long_day(digest.day)}, so this digest is not shown.",
            "Pick papers in it, or name it after the day of a capture.",
        )
        for digest in digests
        if digest.day not in by_day
    ]
    issues = []
    for day in sorted(by_day, reverse=True):
        given = tuple(by_day[day]), words.get(day), config.base_path
        issue, complaints = recent.of(("issue", day), given, partial(_issue, day, *given))
        issues.append(issue)
        problems += complaints
    return tuple(issues), problems


def _issue(
    day: date, papers: Sequence[Paper], digest: Digest | None, base_path: str
) -> tuple[Issue, list[Problem]]:
    picks = _picks(papers, digest)
    order = {slug: place for place, slug in enumerate(picks)}
    ranked = sorted(
        papers, key=lambda paper: (order.get(paper.slug, len(order)), paper.theme.order, _place(paper, day))
    )
    words = None
    if digest:
        words = text.markdown(
            digest.body, path=digest.source, line=digest.body_line, base_path=base_path, heading=3
        )
    issue = Issue(
        day=day,
        url=routes.issue_url(day),
        title=(digest.title if digest else "") or f"Issue of {long_day(day)}",
        introduction=words.html if words else Markup(""),
        introduction_plain=words.plain if words else "",
        papers=tuple(ranked),
        picks=picks,
        updated=max(day, (digest.updated if digest else None) or day),
        draft=digest.draft if digest else False,
    )
    return issue, list(words.problems) if words else []


def _picks(papers: Sequence[Paper], digest: Digest | None) -> tuple[str, ...]:
    """Return the slugs of the picked papers: the digest's in its order, then those of notes."""
    by_key = {key: paper.slug for paper in papers for key in paper.keys}
    named = [id_key(name) or title_key(name) for name, _ in digest.picks] if digest else []
    picked = [by_key[key] for key in named if key in by_key]
    return tuple(dict.fromkeys([*picked, *(paper.slug for paper in papers if paper.pick)]))


def _place(paper: Paper, day: date) -> tuple[str, int, str]:
    """Return where the day's sources have a paper; one that is only featured comes last."""
    places = [(seen.source, seen.line, paper.slug) for seen in paper.seen if seen.day == day]
    return min(places, default=("\uffff", 0, paper.slug))


# ------------------------------------------------------------------------ the curator's own pages


def _theme_pages(
    parsed: Parsed, papers: Sequence[Paper], config: Config
) -> tuple[tuple[ThemePage, ...], list[Problem]]:
    """Return all themes in their order, and Unsorted at the end if a paper is in it."""
    links = theme_links(parsed.themes)
    pages: list[ThemePage] = []
    problems: list[Problem] = []
    for theme in parsed.themes:
        words = text.markdown(
            theme.body, path=theme.source, line=theme.body_line, base_path=config.base_path, heading=3
        )
        problems += words.problems
        pages.append(ThemePage(links[theme.slug], theme.summary, words.html))
    if any(paper.theme.slug == UNSORTED for paper in papers):
        summary = "Papers that fit none of the themes."
        pages.append(ThemePage(links[UNSORTED], summary, Markup("")))
    return tuple(pages), problems


def _text_pages(parsed: Parsed, config: Config) -> tuple[tuple[TextPage, ...], list[Problem]]:
    pages: list[TextPage] = []
    problems: list[Problem] = []
    for page in parsed.pages:
        words = text.markdown(
            page.body, path=page.source, line=page.body_line, base_path=config.base_path, heading=2
        )
        problems += words.problems
        pages.append(TextPage(page.slug, page.title, page.description, words.html, page.draft, page.source))
    return tuple(pages), problems
