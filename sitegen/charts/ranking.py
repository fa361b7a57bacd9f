"""Papers to the most discussed of them, by the comments that are known."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from sitegen.model import Paper, Ranked, Ranking

SHOWN = 5
FEWEST = 3
"""A ranking of fewer papers says nothing."""


def most_discussed(papers: Sequence[Paper]) -> Ranking | None:
    """Return the papers with most comments, ties by slug; none where too few have any."""
    some = [(-paper.comments, paper.slug, paper) for paper in papers if paper.comments]
    if len(some) < FEWEST:
        return None
    first = nsmallest(SHOWN, some, key=lambda ranked: ranked[:2])
    most = -first[0][0]
    known = sum(paper.comments is not None for paper in papers)
    return Ranking(
        rows=tuple(Ranked(paper, -count, round(-100 * count / most, 1)) for count, _, paper in first),
        note=f"By comments, which are known of {known:,} of the {len(papers):,} papers.",
    )
