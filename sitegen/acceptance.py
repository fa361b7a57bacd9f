"""Which warnings the curator has looked at and accepts, as `site.toml` lists them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from sitegen.checking.kinds import KINDS
from sitegen.config import PATH, Accepted
from sitegen.errors import Problem, did_you_mean, warning


def sift(
    found: Sequence[Problem], accepted: Sequence[Accepted], skipped: Container[str] = KINDS
) -> tuple[tuple[Problem, ...], int]:
    """Return the warnings that nobody accepted, sorted, and how many were accepted.

    An acceptance of what no longer occurs is a warning itself, so that the list stays true; not one of
    the kinds `skipped`, which nobody looked for: a build does not look for what `sitegen check` finds.
    """
    used: set[int] = set()
    left = []
    for problem in dict.fromkeys(found):
        matching = [number for number, rule in enumerate(accepted) if _accepts(rule, problem)]
        used.update(matching)
        if not matching:
            left.append(problem)
    for number, rule in enumerate(accepted):
        if number not in used and rule.warning not in skipped:
            left.append(_idle(rule, {problem.code for problem in found}))
    count = len(dict.fromkeys(found)) - sum(problem.code != "idle-acceptance" for problem in left)
    return tuple(sorted(left, key=lambda problem: (problem.path, problem.line, problem.message))), count


def unaccepted(found: Iterable[Problem], accepted: Sequence[Accepted]) -> list[Problem]:
    """Return the problems of a stage that failed, without the warnings that were accepted."""
    return [problem for problem in found if not any(_accepts(rule, problem) for rule in accepted)]


def _idle(rule: Accepted, codes: Iterable[str]) -> Problem:
    """Return the warning about an acceptance of what does not occur."""
    about = f" about “{rule.about}”" if rule.about else ""
    place = f" in {rule.path}" if rule.path else ""
    message = f"there is no warning “{rule.warning}”{about}{place} to accept."
    near = "" if rule.warning in codes else did_you_mean(rule.warning, sorted(codes))
    hint = near or "If it has gone, remove it from the list."
    return warning("idle-acceptance", PATH, rule.line, message, hint)


def _accepts(rule: Accepted, problem: Problem) -> bool:
    return rule.warning == problem.code and rule.path in ("", problem.path) and rule.about in problem.message
