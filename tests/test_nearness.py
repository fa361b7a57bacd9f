"""Nearest papers, found by blocks of whole numbers, beside the rule written plainly."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import sqrt

import pytest
from factories import make_paper, make_prose
from hypothesis import given, settings
from hypothesis import strategies as st
from running import PROJECT

from sitegen.build import read_site
from sitegen.config import Surroundings
from sitegen.model import Link, Paper, ThemeLink
from sitegen.related import related
from sitegen.related.nearness import LEAST
from sitegen.related.neighbours import NEIGHBOURS
from sitegen.related.terms import _GENERAL, is_telling
from sitegen.words import words

WORDS = [
    f"{first}{last}"
    for first in ("prune", "sparse", "quant", "layer", "head")
    for last in ("ling", "wo", "ix")
]
THEMES = [ThemeLink(name, name, f"/themes/{name}/", 1, place) for place, name in enumerate("ab", 1)]
texts = st.lists(st.sampled_from([*WORDS, "the", "paper"]), max_size=30).map(" ".join)
papers = st.builds(
    lambda number, title, abstract, theme, tags: make_paper(
        f"p{number}", title=make_prose(title), abstract=make_prose(abstract), theme=theme, tags=tuple(tags)
    ),
    st.integers(0, 999),
    texts,
    texts,
    st.sampled_from(THEMES),
    st.lists(st.builds(Link, st.just("Owls"), st.sampled_from(["/tags/x/", "/tags/y/"])), max_size=2),
)


def plain_terms(paper: Paper) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text, times in ((paper.title.plain, 3), (paper.abstract.plain if paper.abstract else "", 1)):
        said = [word if is_telling(word) and word not in _GENERAL else "" for word in words(text)]
        pairs = [f"{one} {two}" for one, two in pairwise(said) if one and two]
        for term in [*filter(None, said), *pairs]:
            counts[term] += times
    return counts + Counter({tag.url: 3 for tag in paper.tags})


def plain_vectors(terms: list[Counter[str]]) -> list[dict[str, int]]:
    spread = Counter(term for counts in terms for term in counts)
    size = max(6, len(terms).bit_length())
    vectors = []
    for counts in terms:
        weights = {
            term: count.bit_length() * (size - spread[term].bit_length())
            for term, count in counts.items()
            if spread[term] > 1 and size - spread[term].bit_length() >= max(2, size - 12)
        }
        strongest = sorted(weights, key=lambda term: (-weights[term], term))[:80]
        length = sqrt(sum(weights[term] ** 2 for term in strongest))
        vectors.append({term: round(weights[term] * 1024 / length) for term in strongest})
    return vectors


def plainly_related(papers: list[Paper]) -> dict[str, list[str]]:
    ordered = sorted(papers, key=lambda paper: paper.slug)
    vectors = plain_vectors([plain_terms(paper) for paper in ordered])
    found = {}
    for paper, own in zip(ordered, vectors, strict=True):
        scores = []
        for place, (other, vector) in enumerate(zip(ordered, vectors, strict=True)):
            score = sum(weight * vector.get(term, 0) for term, weight in own.items())
            if other is paper or (len(own) >= 20 and score > 1024 * 1024 * 9 // 10):
                continue
            score += score // 4 if other.theme == paper.theme else 0
            if score >= LEAST:
                scores.append((-score, place))
        found[paper.slug] = [ordered[place].url for _, place in sorted(scores)[:NEIGHBOURS]]
    return found


def urls(papers: list[Paper], jobs: int = 1) -> dict[str, list[str]]:
    return {slug: [other.url for other in near] for slug, near in related(papers, jobs=jobs).items()}


@settings(deadline=None, max_examples=60)
@given(st.lists(papers, max_size=40, unique_by=lambda paper: paper.slug))
def test_nearest_are_those_of_the_plain_rule(papers: list[Paper]) -> None:
    assert urls(papers) == plainly_related(papers)


@pytest.mark.parametrize("cells", [1, 1 << 12])
def test_nearest_of_the_shipped_papers_are_those_of_the_plain_rule(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.related.nearness._CELLS", cells)
    monkeypatch.setattr("sitegen.related.terms.BLOCK", 7)
    monkeypatch.setattr("sitegen.related.vectors.BLOCK", 7)
    monkeypatch.setattr("sitegen.related.sharing._BLOCK", 7)
    shipped = list(read_site(PROJECT, Surroundings(base_url="https://digest.example/")).papers)
    assert urls(shipped) == plainly_related(shipped)
