"""The making of papers: text set, theme and tags chosen, links gathered, by one process or several.

The facts of one paper come in, with what was given to it; out comes the paper with the warnings about its
text. One that any build has made of the same is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from markupsafe import Markup
from msgspec.structs import replace

from sitegen import routes, text
from sitegen.apart import remembered
from sitegen.config import Config
from sitegen.dates import long_day
from sitegen.errors import Problem, warning
from sitegen.given import Identity
from sitegen.memory import Memory
from sitegen.merged import Merged
from sitegen.model import Label, Link, Paper, Parsed, Prose, ThemeLink, When
from sitegen.paperlinks import links_of
from sitegen.placement import Placement, chosen_theme, further_themes, primary_theme, theme_links
from sitegen.provenance import curated, seen_in
from sitegen.tagging import name_key, name_table, phrase_table, tags_in
from sitegen.themes import Judgement

WORTH_WORKERS = 500
"""For fewer papers that are new this process alone is the quickest."""

_Known = tuple[Merged, Identity, list[date]]
"""All that is known of one paper: its facts, what was given to it, and the days of notes and picks."""
_Made = tuple[Paper, tuple[Problem, ...]]
_FACTS = attrgetter("keys", "entries", "note")
"""All that `merge` makes the facts of a paper from, beside the label."""
_LABEL = attrgetter(*(name for name in Label.__struct_fields__ if name != "line"))
"""A new row in `labels.csv` moves all that follow, so `PaperMaker` does not look at the lines of labels."""


class PaperMaker:
    """Makes papers one by one, or remembers them.

    A paper is a pure function of its own facts and of what all share: themes, tags, configuration. What is
    used of these must be in `_shared`; what decides a theme is in `Placement.fingerprint`.
    """

    def __init__(self, parsed: Parsed, merged: Sequence[Merged], config: Config, memory: Memory) -> None:
        """Take what all papers share, and what earlier builds left."""
        self._memory = memory
        self._base_path = config.base_path
        self._links = theme_links(parsed.themes)
        self._placement = Placement(parsed.themes, merged, memory)
        self._tags = {tag.slug: Link(tag.title, routes.tag_url(tag.slug)) for tag in parsed.tags}
        tags, recent = parsed.tags, memory.recent
        self._phrases = recent.of("phrases of tags", (tags,), lambda: phrase_table(tags))
        self._names = recent.of("names of tags", (tags,), lambda: name_table(tags))
        self._shared = memory.key(self._base_path, self._links, parsed.tags)

    def papers(self, known: Iterable[_Known], jobs: int) -> list[_Made]:
        """Return the papers, each with the warnings about its text, made by at most `jobs` processes."""
        shared = self._shared, self._placement.fingerprint
        made = self._memory.recent.together("papers", known, lambda new: self._remembered(new, jobs), *shared)
        self._memory.digests = {id(paper): (paper, digest) for (paper, _), digest in made}
        return [paper for paper, _ in made]

    def _remembered(self, known: Sequence[_Known], jobs: int) -> Iterator[tuple[_Made, bytes]]:
        """Yield papers with their warnings, and their digests; what no build has made is made."""
        papers, keys = self._memory.papers, [self._key(*one) for one in known]
        made = remembered(
            papers,
            keys,
            lambda place: self._make(*known[place]),
            lambda _: _Made,
            lambda new: jobs if len(new) >= WORTH_WORKERS else 1,
        )
        if not self._memory.recent.holds:  # else the very papers of the build before are worth more
            shared: dict[object, Any] = {}
            for place, (paper, problems) in enumerate(made):
                made[place] = _with_shared(paper, shared), problems
        return zip(made, (papers.used[key] for key in keys), strict=True)

    def _key(self, facts: Merged, identity: Identity, featured: list[date]) -> bytes:
        """Return the fingerprint of all that decides a paper."""
        placed = b"" if chosen_theme(facts) else self._placement.fingerprint
        label = _LABEL(facts.label) if facts.label else None
        return self._memory.key(_FACTS(facts), label, identity, featured, self._shared, placed)

    def _make(self, facts: Merged, identity: Identity, featured: list[date]) -> _Made:
        title = text.title(facts.title)
        abstract = text.prose(facts.abstract) if facts.abstract else None
        note = facts.note
        links = links_of(facts, title, abstract)
        seen = seen_in(facts, links)
        days = tuple(sorted({*(item.day for item in seen if item.day), *featured}))
        judgement = self._judgement(facts, title, abstract)
        theme = self._links[primary_theme(facts, judgement)]
        words, problems = self._note(facts, identity)
        problems += _text_problems(facts, title, abstract)
        organization = facts.organization
        paper = Paper(
            key=facts.keys[0],
            slug=identity.slug,
            url=routes.paper_url(identity.slug),
            feed_id=identity.feed_id,
            title=title,
            raw_title=facts.title,
            abstract=abstract,
            teaser=text.teaser(facts.abstract) if facts.abstract else Markup(""),
            summary=text.summary(facts.abstract) if facts.abstract else "",
            arxiv_id=facts.arxiv_id,
            doi=facts.doi,
            authors=facts.authors,
            author_count=facts.author_count,
            organization=organization,
            organization_url=self._organization_url(organization.handle) if organization else "",
            published=facts.published,
            published_url=_published_url(facts.published or facts.published_in),
            comments=facts.comments,
            upvotes=facts.upvotes,
            theme=theme,
            theme_words=judgement.reasons if judgement else None,
            more_themes=self._more_themes(facts, theme, judgement),
            tags=self._paper_tags(facts, title, abstract),
            tags_chosen=bool(_chosen_tags(facts)),
            links=links,
            seen=seen,
            days=days,
            issues=tuple(Link(long_day(day), routes.issue_url(day)) for day in days),
            first_day=identity.first_day or (days[0] if days else None),
            updated=_updated(facts, days),
            edited=_edited(facts),
            note=words.html if words else Markup(""),
            note_plain=words.plain if words else "",
            pick=bool(note and note.pick),
            draft=bool(note and note.draft),
            withdrawn=note.withdrawn if note else "",
            aliases=_aliases(facts, identity),
            keys=facts.keys,
            alias_place=(note.source, dict(note.lines).get("aliases", 0)) if note else ("", 0),
            theme_confidence=judgement.confidence if judgement else None,
            theme_runner_up=self._runner_up(judgement),
            published_in=facts.published_in,
            curated=curated(facts),
            stars=facts.stars,
            machine_summary=text.plain(facts.machine_summary) if facts.machine_summary else "",
        )
        return paper, tuple(problems)

    def _judgement(self, facts: Merged, title: Prose, abstract: Prose | None) -> Judgement | None:
        """Return where the paper's words place it; nothing where the curator did."""
        if chosen_theme(facts):
            return None
        return self._placement.judge(title.plain, abstract.plain if abstract else "")

    def _runner_up(self, judgement: Judgement | None) -> ThemeLink | None:
        second = judgement.ranking[1:2] if judgement else ()
        return self._links[second[0]] if second else None

    def _more_themes(
        self, facts: Merged, primary: ThemeLink, judgement: Judgement | None
    ) -> tuple[ThemeLink, ...]:
        """Return the further themes, the curator's before those by the paper's words."""
        named = further_themes(facts) or (judgement.further if judgement else ())
        links = {self._links[slug] for slug in named if slug != primary.slug}
        return tuple(sorted(links, key=lambda link: link.order))

    def _paper_tags(self, facts: Merged, title: Prose, abstract: Prose | None) -> tuple[Link, ...]:
        """Return the curator's tags; without any, those in the text or among a source's keywords."""
        if named := _chosen_tags(facts):
            return tuple(self._tags[slug] for slug in dict.fromkeys(named))
        found = tags_in(title.plain, abstract.plain if abstract else "", self._phrases)
        found |= {self._names.get(name_key(word), "") for entry in facts.entries for word in entry.keywords}
        return tuple(link for slug, link in self._tags.items() if slug in found)

    def _organization_url(self, handle: str) -> str:
        """Return the page of an organisation; handles that spell alike share it."""
        slug = routes.slugify(handle) or routes.paper_slug(handle).replace("paper-", "org-")
        return routes.organization_url(slug)

    def _note(self, facts: Merged, identity: Identity) -> tuple[text.Markdown | None, list[Problem]]:
        note = facts.note
        if note is None or not note.body.strip():
            return None, []
        words = text.markdown(
            note.body,
            path=note.source,
            line=note.body_line,
            base_path=self._base_path,
            heading=3,
            prefix=identity.slug[:24],
        )
        return words, list(words.problems)


def _with_shared(paper: Paper, shared: dict[object, Any]) -> Paper:
    """Return a paper that has what many have from `shared`: one that was remembered has all of its own.

    That is a kilobyte of each paper, and what is the very same is sooner grouped.
    """
    one = shared.setdefault
    theme, tags, issues, days = paper.theme, paper.tags, paper.issues, paper.days
    more, organization, curated = paper.more_themes, paper.organization, paper.curated
    return replace(
        paper,
        theme=one(theme, theme),
        more_themes=one(more, more),
        tags=one(tags, tuple([one(tag, tag) for tag in tags])),
        issues=one(issues, issues),
        days=one(days, days),
        organization=one(organization, organization),
        curated=one(curated, curated),
        published_url=one(paper.published_url, paper.published_url),
    )


def _chosen_tags(facts: Merged) -> tuple[str, ...]:
    """Return the slugs of the tags that a note or a label names."""
    return (facts.note.tags if facts.note else ()) or (facts.label.tags if facts.label else ())


def _published_url(when: When | None) -> str:
    """Return the page of the month of publication, or of the year; empty without either."""
    if when is None:
        return ""
    if when.month is None:
        return routes.published_year_url(when.year)
    return routes.published_month_url(date(when.year, when.month, 1))


def _aliases(facts: Merged, identity: Identity) -> tuple[str, ...]:
    """Return the old addresses: those that the note names, and those of slugs given before."""
    named = [f"/{alias.strip('/')}/" for alias in (facts.note.aliases if facts.note else ())]
    given = [routes.paper_url(slug) for slug in identity.old_slugs]
    own = routes.paper_url(identity.slug)
    return tuple(alias for alias in dict.fromkeys([*named, *given]) if alias != own)


def _updated(facts: Merged, days: Sequence[date]) -> date | None:
    """Return the day of the newest source, or of the note's last dated edit if that is later."""
    edited = _edited(facts)
    return max([*days, *([edited] if edited and days else [])], default=None)


def _edited(facts: Merged) -> date | None:
    note = facts.note
    return (note.updated or note.published) if note else None


def _text_problems(facts: Merged, title: Prose, abstract: Prose | None) -> list[Problem]:
    path, line = facts.place
    found = [*title.warnings, *(abstract.warnings if abstract else ())]
    hint = "It is shown as it is written. A note can correct the text."
    problems = [
        warning("bad-maths", path, line, f"“{title.plain}”: {message}", hint)
        for message in dict.fromkeys(found)
    ]
    note = facts.note
    if note and note.body.strip() and not (note.updated or note.published):
        message = "this note says no day, so feeds will not show an edit of it as new."
        hint = "Write updated: and a day into its front matter."
        problems.append(warning("undated-note", note.source, 1, message, hint))
    return problems
