"""Which warnings the curator has looked at and accepts, as `site.toml` lists them."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.config import PATH, Accepted
from sitegen.errors import Problem, warning


def sift(found: Sequence[Problem], accepted: Sequence[Accepted]) -> tuple[tuple[Problem, ...], int]:
    """Return the warnings that nobody accepted, sorted, and how many were accepted.

    An acceptance of what no longer occurs is a warning itself, so that the list stays true.
    """
    used: set[int] = set()
    left = []
    for problem in dict.fromkeys(found):
        matching = [number for number, rule in enumerate(accepted) if _accepts(rule, problem)]
        used.update(matching)
        if not matching:
            left.append(problem)
    for number, rule in enumerate(accepted):
        if number not in used:
            what = " ".join(part for part in (rule.warning, rule.path, rule.about) if part)
            hint = "Remove it from the list."
            left.append(warning("idle-acceptance", PATH, 0, f"an accepted warning is gone: {what}.", hint))
    count = len(dict.fromkeys(found)) - sum(problem.code != "idle-acceptance" for problem in left)
    return tuple(sorted(left, key=lambda problem: (problem.path, problem.line, problem.message))), count


def _accepts(rule: Accepted, problem: Problem) -> bool:
    return rule.warning == problem.code and rule.path in ("", problem.path) and rule.about in problem.message
