"""The days on which the curator features a paper: in a note, or as a pick of a digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sitegen.errors import Problem, did_you_mean
from sitegen.identity import id_key, title_key
from sitegen.merged import Merged
from sitegen.model import Digest


def facts_featured(paper: Merged) -> tuple[object, ...]:
    """Return all of a paper that `featured_days` looks at."""
    return paper.keys, paper.title, paper.note and paper.note.featured


def featured_days(
    merged: Sequence[Merged], digests: Sequence[Digest]
) -> tuple[list[list[date]], list[Problem]]:
    """Return the days on which a note or a digest features each paper; a pick must be a paper."""
    owners = {paper.title_key: index for index, paper in enumerate(merged)}  # as a note corrects it
    owners |= {key: index for index, paper in reversed(list(enumerate(merged))) for key in paper.keys}
    days: list[list[date]] = [[] for _ in merged]
    for index, paper in enumerate(merged):
        if paper.note and paper.note.featured:
            days[index].append(paper.note.featured)
    problems = []
    titles: dict[str, str] = {}
    for digest in digests:
        for name, line in digest.picks:
            index_ = owners.get(id_key(name) or title_key(name))
            if index_ is None:
                titles = titles or {paper.title_key: paper.title for paper in merged}
                near = did_you_mean(title_key(name), titles)
                for key, title in titles.items():
                    near = near.replace(key, title)
                hint = near or "A pick is a title, arXiv:2410.14649 or doi:10...."
                problems.append(Problem(digest.source, line, f"no source has the paper “{name}”.", hint))
            else:
                days[index_].append(digest.day)
    return days, problems
