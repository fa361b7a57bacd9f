"""Entries become papers: merged, given slug and feed id for ever, featured, made, sorted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from sitegen.config import Config
from sitegen.errors import BuildError, Problem
from sitegen.featured import facts_featured, featured_days
from sitegen.given import Identity, facts_given, give
from sitegen.memory import Memory
from sitegen.merge import merge
from sitegen.model import Given, Paper, Parsed
from sitegen.papermaking import PaperMaker

_GIVEN = attrgetter("key", "feed_id", "slug", "first_day", "draft")


def make_papers(
    parsed: Parsed, config: Config, memory: Memory | None = None, jobs: int = 1
) -> tuple[tuple[Paper, ...], tuple[Given, ...], tuple[Problem, ...]]:
    """Return the papers, newest first, what was given out anew, and the warnings.

    `memory` is what earlier builds left, `jobs` the most processes that may work. Raises `BuildError` for
    contradictions between the curator's files.
    """
    memory = memory or Memory()
    merged, warnings = merge(parsed, memory)
    digests = parsed.digests
    featured, problems = memory.recent.over(
        "featured", merged, facts_featured, lambda: featured_days(merged, digests), digests
    )
    if problems:
        raise BuildError(problems)
    given, authority = parsed.given, config.id_authority
    identities = memory.recent.over(
        "identities", merged, facts_given, lambda: give(merged, given, authority), given, authority
    )
    known = zip(merged, identities, featured, strict=True)
    made = PaperMaker(parsed, merged, config, memory).papers(known, jobs)
    papers = [paper for paper, _ in made]
    found = [*warnings, *(problem for _, complaints in made for problem in complaints)]
    unrecorded = memory.recent.over(
        "unrecorded", papers, _GIVEN, lambda: _unrecorded(papers, identities), identities
    )
    return tuple(memory.recent.ordered("newest first", papers, _newest_first)), unrecorded, tuple(found)


def _unrecorded(papers: Sequence[Paper], identities: Sequence[Identity]) -> tuple[Given, ...]:
    """Return what was given out anew, oldest first."""
    rows = [
        Given(paper.key, paper.feed_id, paper.slug, paper.first_day, 0)
        for paper, identity in zip(papers, identities, strict=True)
        if not identity.recorded and not paper.draft
    ]
    return tuple(sorted(rows, key=lambda row: (row.first_day or date.max, row.slug)))


def _newest_first(paper: Paper) -> tuple[int, str]:
    return -(paper.first_day or date.min).toordinal(), paper.slug
