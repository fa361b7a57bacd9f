"""How papers lie in the themes: sizes, what is doubtful, what no theme knows, how often it is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from sitegen.evidence import Evidence, phrase_book, read_evidence
from sitegen.model import Paper, Theme
from sitegen.phrases import PhraseBook
from sitegen.quality import Quality, measure
from sitegen.themes import Judgement, judge, learn, own_terms

_WORDS = 20
_LEAST_PAPERS = 2


class Size(Struct, frozen=True):
    """How many papers a theme has, and how many of them the curator did not place."""

    slug: str
    title: str
    papers: int
    automatic: int


class Survey(Struct, frozen=True):
    """All that there is to say of the themes of a site."""

    sizes: tuple[Size, ...]
    """In the curator's order; Unsorted last."""
    curated: int
    automatic: tuple[tuple[Paper, Judgement], ...]
    """The papers that the curator did not place, most doubtful first."""
    unknown: tuple[tuple[str, int], ...]
    """Words of unsorted and doubtful papers that no theme's file has, and in how many they stand."""
    quality: Quality | None


def survey(themes: Sequence[Theme], papers: Sequence[Paper]) -> Survey:
    """Return how the papers of a site lie in its themes."""
    book = phrase_book(themes)
    labelled = _labelled(papers, book)
    automatic = _judged(themes, papers, book)
    open_ones = [paper for paper, judgement in automatic if judgement.confidence == "doubtful"]
    return Survey(
        sizes=_sizes(themes, papers),
        curated=len(labelled),
        automatic=tuple(automatic),
        unknown=_unknown(themes, [evidence_of(paper, book) for paper in open_ones]),
        quality=measure(themes, labelled),
    )


def doubtful(themes: Sequence[Theme], papers: Sequence[Paper]) -> list[tuple[Paper, Judgement]]:
    """Return the papers of whose theme their words say too little, most doubtful first."""
    judged = _judged(themes, papers, phrase_book(themes))
    return [item for item in judged if item[1].confidence == "doubtful"]


def explain(themes: Sequence[Theme], papers: Sequence[Paper], paper: Paper) -> Judgement:
    """Return where the words of a paper place it, its own label not heard."""
    book = phrase_book(themes)
    others = [other for other in papers if other.slug != paper.slug]
    return judge(evidence_of(paper, book), learn(themes, _labelled(others, book)))


def is_curated(paper: Paper) -> bool:
    """Tell whether the curator placed the paper."""
    return paper.theme_words is None


def evidence_of(paper: Paper, book: PhraseBook) -> Evidence:
    """Return what the text of a paper says of its theme."""
    return read_evidence(paper.title.plain, paper.abstract.plain if paper.abstract else "", book)


def _labelled(papers: Sequence[Paper], book: PhraseBook) -> list[tuple[str, Evidence]]:
    return [(paper.theme.slug, evidence_of(paper, book)) for paper in papers if is_curated(paper)]


def _judged(
    themes: Sequence[Theme], papers: Sequence[Paper], book: PhraseBook
) -> list[tuple[Paper, Judgement]]:
    """Return the papers that the curator did not place, most doubtful first."""
    model = learn(themes, _labelled(papers, book))
    judged = [(paper, judge(evidence_of(paper, book), model)) for paper in papers if not is_curated(paper)]
    return sorted(judged, key=lambda item: (item[1].lead, item[0].slug))


def _sizes(themes: Sequence[Theme], papers: Sequence[Paper]) -> tuple[Size, ...]:
    titles = {theme.slug: theme.title for theme in themes} | {
        paper.theme.slug: paper.theme.title for paper in papers
    }
    every = Counter(paper.theme.slug for paper in papers)
    automatic = Counter(paper.theme.slug for paper in papers if not is_curated(paper))
    return tuple(Size(slug, title, every[slug], automatic[slug]) for slug, title in titles.items())


def _unknown(themes: Sequence[Theme], evidence: Sequence[Evidence]) -> tuple[tuple[str, int], ...]:
    known = {term for theme in themes for term in own_terms(theme)}
    counts = Counter(term for item in evidence for term in item.terms if term not in known and len(term) > 2)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((term, number) for term, number in ranked[:_WORDS] if number >= _LEAST_PAPERS)
