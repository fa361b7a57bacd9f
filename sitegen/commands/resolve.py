"""`sitegen resolve`: looks up by title the papers whose address no source gives."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.asking import read_content
from sitegen.commands.finding import find_paper, keys_of, root_and_names
from sitegen.commands.resolved import PATH, add_resolved, read_resolved
from sitegen.commands.terminal import called, complain, plural, say, with_bar
from sitegen.commands.writing import read_text, rows_text
from sitegen.config import Surroundings
from sitegen.errors import Problem
from sitegen.identity import keys_of as keys_said
from sitegen.lookup import (
    SERVICES,
    Client,
    Closed,
    Near,
    Refused,
    Service,
    Unreachable,
    Verdict,
    look_up,
    written_id,
)
from sitegen.model import Entry, Label, Paper, Site
from sitegen.parsers.tables import LABEL_COLUMNS

MEMORY = ".sitegen-cache/resolve"
"""The folder of the answers; it may be removed at any time."""
LABELS = "content/labels.csv"
_ENOUGH = 3
"""After so many refusals in a row the service is not asked any more."""


@dataclass(slots=True)
class _Results:
    """What has become of the papers, filled while they are looked up: an interrupted run keeps it."""

    verdicts: list[tuple[Paper, Verdict]] = field(default_factory=list)
    refused: list[tuple[Paper, str]] = field(default_factory=list)
    left: int = 0
    """How many papers `--limit` left for another run."""
    trouble: str = ""
    """Why the service could not be asked any more."""
    is_interrupted: bool = False

    @property
    def found(self) -> list[Entry]:
        return [verdict.found for _, verdict in self.verdicts if verdict.found]


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Look the papers up, write what was found, list what nearly fits; return the exit status."""
    root, names = root_and_names(arguments.names)
    parsed, site = read_content(root, surroundings)
    papers = _wanted(site, names)
    if not papers:
        say("Every paper has an address." if not names else "Nothing to look up.")
        return 0
    read_resolved(root)  # better now than when everything has been asked
    service = SERVICES[arguments.source]
    api = (arguments.api or service.api).rstrip("/")
    client = Client(service.name, api, service.pause, root / MEMORY, again=arguments.again)
    results = _look_up(client, service, papers, arguments.limit)
    if results.found and not arguments.dry_run:
        add_resolved(root, results.found)
    if results.verdicts:
        _report(results, service, root, parsed.labels, dry_run=arguments.dry_run)
    _complain(results, service)
    if results.is_interrupted:
        return 130
    return 1 if results.trouble or results.refused else 0


def _wanted(site: Site, names: Sequence[str]) -> list[Paper]:
    """Return the papers to look up: those named, else all; none of them has an address."""
    everything = (*site.papers, *site.withdrawn)
    papers = [find_paper(everything, name) for name in names] or list(site.papers)
    wanted = []
    for paper in dict.fromkeys(papers):
        address = next((link.url for link in paper.links if link.kind == "paper"), "")
        if not address:
            wanted.append(paper)
        elif names:
            say(f"“{paper.title.plain}” has an address already: {address}")
    return wanted


def _look_up(client: Client, service: Service, papers: Sequence[Paper], limit: int | None) -> _Results:
    """Return what was found, also where the service fails or the curator interrupts."""
    results = _Results()
    with suppress(KeyboardInterrupt):
        results.is_interrupted = True
        _ask_all(client, service, with_bar(papers, len(papers), "Looking up"), limit, results)
        results.is_interrupted = False
    return results


def _ask_all(
    client: Client, service: Service, papers: Iterator[Paper], limit: int | None, results: _Results
) -> None:
    asked = in_a_row = 0
    for paper in papers:
        client.is_closed = limit is not None and asked >= limit
        before = client.asked
        try:
            results.verdicts.append((paper, look_up(client, service, _as_entry(paper))))
            in_a_row = 0
        except Closed:
            results.left += 1
        except Refused as refusal:
            results.refused.append((paper, str(refusal)))
            in_a_row += 1
            if in_a_row == _ENOUGH:
                results.trouble = f"{_ENOUGH} questions in a row came to nothing."
                return
        except Unreachable as trouble:
            results.trouble = str(trouble)
            return
        asked += client.asked > before


def _as_entry(paper: Paper) -> Entry:
    """Return what is believed of a paper as one statement, to compare answers with."""
    source, line = _place(paper)
    return Entry(
        source=source,
        line=line,
        day=None,
        title=paper.raw_title,
        authors=paper.authors,
        author_count=paper.author_count,
        published=paper.published,
    )


def _place(paper: Paper) -> tuple[str, int]:
    return (paper.seen[-1].source, paper.seen[-1].line) if paper.seen else ("a note", 0)


# ------------------------------------------------------------------------ what is said


def _report(
    results: _Results, service: Service, root: Path, labels: Sequence[Label], *, dry_run: bool
) -> None:
    near = [(paper, verdict.near) for paper, verdict in results.verdicts if verdict.near]
    lost = [paper for paper, verdict in results.verdicts if not verdict.near and not verdict.found]
    found = len(results.found)
    say(
        f"{service.name}, {plural(len(results.verdicts), 'paper')}: {found:,} found, "
        f"{plural(len(near), 'near miss', 'near misses')}, {len(lost):,} not found."
    )
    if found:
        say(f"{'Would write' if dry_run else 'Wrote'} {plural(found, 'paper')} to {PATH}.")
    for paper, verdict in results.verdicts:
        if verdict.found:
            say(f"  {written_id(verdict.found)}  {paper.title.plain}")
    if near:
        say()
        say("Near misses. If one is the paper, do what stands below it:")
        for paper, candidates in near:
            _say_near(paper, candidates, root, labels)
    if lost:
        say()
        say("Not found:")
        for paper in lost:
            say(f"  {_where(paper)}: {paper.title.plain}")
    if results.left:
        say()
        say(f"{plural(results.left, 'paper')} left for another run, because of --limit.")


def _complain(results: _Results, service: Service) -> None:
    for paper, refusal in results.refused:
        message = f"{service.name} was asked for “{paper.title.plain}” in vain: {refusal}."
        complain([Problem(*_place(paper), message)])
    if results.trouble:
        hint = f"Nothing is lost: call {called()} resolve again, and it goes on here without asking twice."
        complain([Problem(service.name, 0, results.trouble, hint)])
    if results.is_interrupted:
        complain([Problem("sitegen", 0, "interrupted. What was found until then is kept.")])


def _say_near(paper: Paper, candidates: Sequence[Near], root: Path, labels: Sequence[Label]) -> None:
    say()
    say(f"{_where(paper)}: {paper.title.plain}")
    for near in candidates:
        entry = near.entry
        day = f", {entry.published}" if entry.published else ""
        say(f"  {written_id(entry)}{day}: {entry.title}")
        say(f"    {near.why}")
        say(f"    {_remedy(paper, written_id(entry), root, labels)}")


def _remedy(paper: Paper, written: str, root: Path, labels: Sequence[Label]) -> str:
    """Return what to do with an id: put it into the paper's row, or into a new one."""
    mine = set(keys_of(paper))
    for label in labels:
        if mine & set(keys_said(label)):
            return f"In {label.source}:{label.line}, the column id: {written}"
    table = read_text(root, LABELS) or ",".join(LABEL_COLUMNS)
    row = rows_text(table, [{"paper": paper.raw_title, "id": written}]).rstrip("\n")
    return f"A new row of {LABELS}: {row}"


def _where(paper: Paper) -> str:
    source, line = _place(paper)
    return f"{source}:{line}" if line else source
