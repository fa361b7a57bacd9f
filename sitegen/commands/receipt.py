"""What `sitegen import` prints: a line or two for each file, then what became of the papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from sitegen.commands.terminal import called, complain, plural, say
from sitegen.dates import long_day
from sitegen.errors import Problem
from sitegen.importing.outcome import Outcome
from sitegen.importing.receipt import Difference, Meeting, Receipt
from sitegen.merged import Merged
from sitegen.parsers.fields import short
from sitegen.parsers.sniff import Format

_SHOWN = 10
"""So many papers and warnings of a sort are named unless the curator wants all."""


def print_outcomes(outcomes: Sequence[Outcome], *, dry_run: bool, verbose: bool) -> None:
    """Print what became of each file; what was refused and what could not be read go to standard error.

    Of many files only those get more than a line that the curator may want to correct.
    """
    few = verbose or len(outcomes) <= _SHOWN
    hints: set[str] = set()
    for outcome in outcomes:
        if outcome.action == "refused":
            complain(_once(outcome.problems, hints))
        elif outcome.action == "known":
            say(f"{outcome.name}: nothing to do, it is here already as {outcome.target}.")
            if outcome.day and outcome.day.day and f"/{outcome.day.day}" not in outcome.target:
                say(f"  To put it into the issue of {long_day(outcome.day.day)}, rename it there.")
        elif outcome.action == "contained":
            say(f"{outcome.name}: not copied, {outcome.target} has all that is in it.")
        else:
            _print_arrival(outcome, dry_run=dry_run, wordy=few)
            kept = outcome.problems if verbose else outcome.problems[:_SHOWN]
            complain(kept)
            _print_rest(len(outcome.problems) - len(kept), "warning")
    if refused := sum(outcome.action == "refused" for outcome in outcomes):
        say(f"Refused: {refused:,} of {plural(len(outcomes), 'file')}.")


def _once(problems: Iterable[Problem], hints: set[str]) -> Iterator[Problem]:
    """Yield the problems, each hint only with the first of them; `hints` are those given before."""
    for problem in problems:
        yield replace(problem, hint="") if problem.hint in hints else problem
        hints.add(problem.hint)


def _print_arrival(outcome: Outcome, *, dry_run: bool, wordy: bool) -> None:
    """Print where a file went, of which day it is, and why."""
    assert outcome.format
    assert outcome.day
    verb = "would go" if dry_run else "copied"
    papers = plural(len(outcome.entries), "paper")
    say(f"{outcome.name}: {verb} to {outcome.target} ({outcome.format.value}, {papers}).")
    if outcome.action == "replaced":
        say("  It takes the place of the file there, which had nothing else in it.")
    day, why = outcome.day.day, outcome.day.why
    if day is None:
        say(f"  In no issue: {why}. To put it into one, import it with --date.")
    elif wordy or outcome.day.assumed:
        say(f"  Issue of {long_day(day)}{',' if why.startswith('as ') else ':'} {why}.")
    if outcome.format is Format.CAPTURE:
        hint = f" If that is wrong, remove {outcome.target} and import the file with --date."
        assert day
        say(f"  Dates without a year are taken to be of {day.year}.{hint if outcome.day.assumed else ''}")


def print_receipt(receipt: Receipt, *, dry_run: bool, verbose: bool) -> None:
    """Print what an import has changed."""
    say()
    new = [f"“{short(paper.title)}”{_id(paper)}" for paper in receipt.new]
    _print_list(f"New: {plural(len(new), 'paper')}", new, verbose)
    met = [_meeting(meeting) for meeting in receipt.met]
    _print_list(f"Merged, because other files have them too: {plural(len(met), 'paper')}", met, verbose)
    joined = [" and ".join(f"“{short(paper.title)}”" for paper in papers) for papers in receipt.joined]
    _print_list("Apart before, one paper now", joined, verbose)
    changed = [_difference(difference) for difference in receipt.changed]
    _print_list("Changed", changed, verbose)
    conflicts = [problem for problem in receipt.problems if problem.code == "conflict"]
    lines = [f"{problem.path}:{problem.line}: {problem.message}" for problem in conflicts]
    _print_list("In conflict (the newer source holds; a note on the paper settles it)", lines, verbose)
    complain(problem for problem in receipt.problems if problem.code != "conflict")
    if dry_run:
        say("Nothing was written (--dry-run).")
    else:
        say(f"The digest has {plural(receipt.papers, 'paper')} now. To look at them: {called()} serve")


def _print_list(heading: str, lines: Sequence[str], verbose: bool) -> None:
    if not lines:
        return
    say(f"{heading}:")
    for line in lines if verbose else lines[:_SHOWN]:
        say(f"  {line}")
    _print_rest(0 if verbose else len(lines) - _SHOWN, "more")


def _print_rest(number: int, noun: str) -> None:
    if number > 0:
        more = f"{number:,} more" if noun == "more" else f"{plural(number, f'more {noun}')}"
        say(f"  ... and {more}; --verbose names all.")


def _id(paper: Merged) -> str:
    if paper.arxiv_id:
        return f" (arXiv:{paper.arxiv_id})"
    return f" (doi:{paper.doi})" if paper.doi else ""


def _meeting(meeting: Meeting) -> str:
    here = f"{meeting.here.source}:{meeting.here.line}"
    return f"“{short(meeting.paper.title)}”: {here}, and {', '.join(meeting.others)}"


def _difference(difference: Difference) -> str:
    title = short(difference.paper.title)
    before = difference.before or "unknown"
    return f"“{title}”: {difference.field} {before}, now {difference.after or 'unknown'}"
