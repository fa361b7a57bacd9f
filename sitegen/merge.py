"""Entries, labels and notes become papers: those about one become one set of facts (`merged`).

Sources that contradict each other are a warning, unless the note settles the matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sitegen.disagreement import disagreements
from sitegen.errors import BuildError, Problem, did_you_mean, warning
from sitegen.identity import Statement, group, id_key, keys_of, title_key
from sitegen.likeness import near_pairs
from sitegen.memory import Memory
from sitegen.merged import Merged, in_force, merged
from sitegen.model import Entry, Label, Note, Parsed


def merge(parsed: Parsed, memory: Memory | None = None) -> tuple[tuple[Merged, ...], tuple[Problem, ...]]:
    """Return the papers in the order in which the sources have them, and the warnings.

    `memory` is what earlier builds left. Raises `BuildError` for two notes or two different labels on one
    paper, and for a note on a paper that no source has and that it does not describe itself.
    """
    papers, problems = reconcile(parsed, memory)
    if any(problem.severity == "error" for problem in problems):
        raise BuildError(problems)
    return papers, problems


def reconcile(parsed: Parsed, memory: Memory | None = None) -> tuple[tuple[Merged, ...], tuple[Problem, ...]]:
    """Return what `merge` does, with errors among the problems: the first note and the first label hold."""
    memory = memory or Memory()
    recent = memory.recent
    statements: list[Statement] = [*parsed.entries, *parsed.labels, *parsed.notes]
    places, ambiguous = recent.over("groups", statements, _named, lambda: _grouped(statements))
    groups = [tuple(map(statements.__getitem__, members)) for members in places]
    problems = [*ambiguous]
    papers = []
    idle: list[Statement] = []
    for members, (paper, complaints) in zip(groups, recent.each("merged", groups, _settled), strict=True):
        problems += complaints
        if paper is None:
            idle += members
            continue
        if not paper.entries:
            problems += _undescribed(paper, parsed.entries)
        papers.append(paper)
    problems += _idle_labels([label for label in idle if isinstance(label, Label)])
    problems += _near_duplicates(papers, memory)
    return tuple(papers), tuple(problems)


def _named(statement: Statement) -> tuple[object, ...]:
    """Return all of a statement that decides with which others it goes."""
    return type(statement), keys_of(statement), statement.source, statement.line


def _grouped(statements: Sequence[Statement]) -> tuple[list[list[int]], list[Problem]]:
    """Return the places of the statements about each paper."""
    place = {id(statement): number for number, statement in enumerate(statements)}
    groups, problems = group(statements)
    return [[place[id(member)] for member in members] for members in groups], problems


def _settled(members: Sequence[Statement]) -> tuple[Merged | None, tuple[Problem, ...]]:
    """Return the paper of a group, none for labels alone, and what contradicts what."""
    entries: list[Entry] = []
    notes: list[Note] = []
    labels: list[Label] = []
    for item in members:
        match item:
            case Entry():
                entries.append(item)
            case Note():
                notes.append(item)
            case Label():
                labels.append(item)
    entries.sort(key=_age)
    rivals = tuple(_rivals(notes, labels))
    if not entries and not notes:
        return None, rivals
    paper = merged(_all_keys(members), entries, notes[0] if notes else None, labels[0] if labels else None)
    conflicts = _conflicts(paper) if len(entries) > 1 else ()
    return paper, (*rivals, *conflicts)


def _age(entry: Entry) -> tuple[date, str, int]:
    """Return what sorts entries by age; of one day's files the one with the number is the newer."""
    path = entry.source.rpartition(".")[0] if entry.day else entry.source
    return entry.day or date.max, path, entry.line


def _all_keys(statements: Sequence[Statement]) -> Sequence[str]:
    """Return every key that one of the statements gives, the strongest first."""
    if len(statements) == 1:
        return keys_of(statements[0])
    return sorted({key for item in statements for key in keys_of(item)}, key=_strength)


def _strength(key: str) -> tuple[int, str]:
    return ("arxiv", "doi", "title").index(key.partition(":")[0]), key


# ------------------------------------------------------------------------ what is wrong


def _rivals(notes: Sequence[Note], labels: Sequence[Label]) -> Iterator[Problem]:
    """Yield an error for each further note, and for each label that says something else."""
    for note in notes[1:]:
        message = f"{notes[0].source} is about this paper as well."
        yield Problem(note.source, note.line, message, "Put both into one note.")
    for label in labels[1:]:
        first = labels[0]
        if (label.theme, label.more_themes, label.tags) != (first.theme, first.more_themes, first.tags):
            message = f"line {first.line} says something else of this paper."
            yield Problem(label.source, label.line, message, "Keep one row for each paper.")


def _undescribed(paper: Merged, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield an error for a note on a paper that no source has, unless it describes the paper."""
    note = paper.note
    assert note
    has_id = bool(id_key(note.paper))
    if (note.title or not has_id) and (note.links or has_id):
        return
    titles = {title_key(entry.title): entry.title for entry in entries}
    near = did_you_mean(title_key(note.paper), titles)
    for key, title in titles.items():
        near = near.replace(key, title)
    lacks = "title: …" if has_id else "title: … and links: with its address"
    hint = near or f"To describe a paper that no source has, add {lacks}."
    yield Problem(note.source, note.line, f"no source has the paper “{note.paper}”.", hint)


def _idle_labels(labels: Sequence[Label]) -> Iterator[Problem]:
    """Yield one warning for all labels of papers that no source has."""
    for source in sorted({label.source for label in labels}):
        rows = sorted((label for label in labels if label.source == source), key=lambda label: label.line)
        number = f"{len(rows)} rows name papers" if len(rows) > 1 else "this row names a paper"
        message = f"{number} that no source has: “{rows[0].paper}”{' ...' if len(rows) > 1 else ''}"
        hint = "They do no harm, and wait for a source that has them."
        yield warning("unknown-paper", source, rows[0].line, message, hint)


def _conflicts(paper: Merged) -> Iterator[Problem]:
    """Yield a warning for each fact on which two sources of a paper disagree."""
    note = paper.note
    settled = {name for name, _ in note.lines} if note else set()
    for field, holder, other, mine, theirs in disagreements(in_force(paper.entries)):
        if field not in settled:
            where = f"{other.source}:{other.line}"
            message = f"“{holder.title}”: {mine} here, {theirs} in {where}."
            hint = f"The newer source holds. A note on the paper can settle it with {field}: …"
            yield warning("conflict", holder.source, holder.line, message, hint)


def _near_duplicates(papers: Sequence[Merged], memory: Memory) -> Iterator[Problem]:
    """Yield a warning for two papers that may be one: nearly the same title, and nothing tells them apart.

    Two ids of one kind tell papers apart, and so do two abstracts that begin with other words.
    """
    titles = [paper.title_key.partition(":")[2] for paper in papers]
    for one, two in memory.recent.of("near", (titles,), lambda: _near(titles, memory)):
        first, second = papers[one], papers[two]
        if (first.arxiv_id and second.arxiv_id) or (first.doi and second.doi):
            continue
        if first.abstract and second.abstract and _opening(first) != _opening(second):
            continue
        path, line = second.place
        message = f"“{second.title}” may be “{first.title}” in {first.place[0]}:{first.place[1]}."
        hint = "If it is, give both one id, in a note or in labels.csv; if not, accept this warning."
        yield warning("near-duplicate", path, line, message, hint)


def _near(titles: Sequence[str], memory: Memory) -> list[tuple[int, int]]:
    """Return the places of titles that are nearly the same, which the build before may have found."""
    key = memory.key(titles)
    pairs: list[tuple[int, int]] | None = memory.titles.get(key, list[tuple[int, int]])
    if pairs is None:
        pairs = list(near_pairs(titles))
        memory.titles.keep(key, pairs)
    return pairs


def _opening(paper: Merged) -> list[str]:
    """Return the first words of the abstract."""
    return paper.abstract[:200].casefold().split()[:8]
