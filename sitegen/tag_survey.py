"""How right the tags by phrase are, against those that the curator chose, and which tags are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from sitegen import routes
from sitegen.evidence import is_telling
from sitegen.identity import title_key
from sitegen.model import Entry, Paper, Tag
from sitegen.tagging import name_key, name_table, phrase_table, tags_in
from sitegen.words import words

_WORST = 10
_PROPOSALS = 20
_LEAST_PAPERS = 3


class TagScore(Struct, frozen=True):
    """How one tag by phrase compares with the curator's, in papers."""

    slug: str
    right: int
    wrong: int
    """Papers that have it by phrase alone."""
    missed: int
    """Papers that have it from the curator alone."""


class TagSurvey(Struct, frozen=True):
    """All that there is to say of the tags of a site. Shares are from 0 to 1."""

    papers: int
    """How many the curator has tagged."""
    precision: float
    recall: float
    worst: tuple[TagScore, ...]
    """The tags with most mistakes first."""
    proposals: tuple[tuple[str, int], ...]
    """Keywords and pairs of title words that no tag knows, and in how many papers they stand."""


def survey_tags(tags: Sequence[Tag], papers: Sequence[Paper], entries: Sequence[Entry]) -> TagSurvey:
    """Return how the tags by phrase compare with the curator's, and what may be a tag too."""
    scores = _scores(tags, [paper for paper in papers if paper.tags_chosen])
    right = sum(score.right for score in scores)
    given = right + sum(score.wrong for score in scores)
    true = right + sum(score.missed for score in scores)
    ranked = sorted(scores, key=lambda score: (-score.wrong - score.missed, score.slug))
    return TagSurvey(
        papers=sum(paper.tags_chosen for paper in papers),
        precision=right / given if given else 0.0,
        recall=right / true if true else 0.0,
        worst=tuple(score for score in ranked[:_WORST] if score.wrong or score.missed),
        proposals=tuple(_proposals(tags, entries)),
    )


def _scores(tags: Sequence[Tag], papers: Sequence[Paper]) -> list[TagScore]:
    table = phrase_table(tags)
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    slugs = {routes.tag_url(tag.slug): tag.slug for tag in tags}
    for paper in papers:
        chosen = {slugs[tag.url] for tag in paper.tags}
        found = tags_in(paper.title.plain, paper.abstract.plain if paper.abstract else "", table)
        right.update(found & chosen)
        wrong.update(found - chosen)
        missed.update(chosen - found)
    return [TagScore(tag.slug, right[tag.slug], wrong[tag.slug], missed[tag.slug]) for tag in tags]


def _proposals(tags: Sequence[Tag], entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return what stands in most papers first."""
    known = set(name_table(tags))
    papers: dict[tuple[str, ...], set[str]] = {}
    for entry in entries:
        for name in _names(entry):
            if name not in known:
                papers.setdefault(name, set()).add(title_key(entry.title))
    counts = [(" ".join(name), len(titles)) for name, titles in papers.items()]
    ranked = sorted(counts, key=lambda count: (-count[1], count[0]))
    return [(name, number) for name, number in ranked[:_PROPOSALS] if number >= _LEAST_PAPERS]


def _names(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Yield what an entry might be filed under: its keywords, and the pairs of words in its title."""
    for keyword in entry.keywords:
        if key := name_key(keyword):
            yield key
    for first, second in pairwise(words(entry.title)):
        if is_telling(first) and is_telling(second):
            yield first, second
