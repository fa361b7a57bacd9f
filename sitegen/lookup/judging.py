"""Whether an answer is the paper that was asked for: only one that contradicts it in nothing is.

The title must be the same but for case, accents, TeX and punctuation. The date may be a day off: listings
and arXiv both give the first version's, in other time zones. All else is for the curator to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from sitegen.disagreement import disagreements
from sitegen.identity import id_key, title_key
from sitegen.model import Entry

_ALIKE = 0.6
"""How much of two titles must be the same words in the same order for the curator to see the other."""
_SHOWN = 3


class Near(Struct, frozen=True):
    """A paper that may be the one that was asked for."""

    entry: Entry
    why: str
    """What keeps it from being taken."""


class Verdict(Struct, frozen=True):
    """What the answers say of one paper."""

    found: Entry | None = None
    near: tuple[Near, ...] = ()
    """The likeliest first; empty where the paper is found."""


def judge(paper: Entry, answers: Sequence[Entry]) -> Verdict:
    """Return the one answer that fits a paper, else those that nearly do."""
    known = _once(answers)
    exact = [answer for answer in known if title_key(answer.title) == title_key(paper.title)]
    misfits = [Near(answer, why) for answer in exact if (why := _misfit(paper, answer))]
    fitting = [answer for answer in exact if not _misfit(paper, answer)]
    if len(fitting) == 1:
        return Verdict(fitting[0])
    rivals = [Near(answer, f"{len(fitting)} papers fit title and date.") for answer in fitting]
    alike = [Near(answer, "the title differs.") for answer in _alike(paper, known)]
    return Verdict(None, tuple([*rivals, *misfits, *alike][:_SHOWN]))


def written_id(entry: Entry) -> str:
    """Return the id of an answer as the curator writes it; "" for one without."""
    if entry.arxiv_id:
        return f"arXiv:{entry.arxiv_id}"
    return f"doi:{entry.doi}" if entry.doi else ""


def _once(answers: Iterable[Entry]) -> list[Entry]:
    """Return the answers that have an id, each paper once."""
    first: dict[str, Entry] = {}
    for answer in answers:
        if key := id_key(written_id(answer)):
            first.setdefault(key, answer)
    return list(first.values())


def _misfit(paper: Entry, answer: Entry) -> str:
    """Return what keeps an answer of the same title from being the paper; "" where nothing does."""
    if not paper.published:
        return "the sources give no date to compare with."
    if not answer.published:
        return "the answer has no date."
    said = [f"{found.mine} here, {found.theirs} there" for found in disagreements([paper, answer])]
    return f"{'; '.join(said)}." if said else ""


def _alike(paper: Entry, answers: Iterable[Entry]) -> list[Entry]:
    """Return the answers with another title that has much in common, the likeliest first."""
    mine = title_key(paper.title)
    words = SequenceMatcher(None, (), mine.split("-"), autojunk=False)
    ratios = []
    for answer in answers:
        if (theirs := title_key(answer.title)) != mine:
            words.set_seq1(theirs.split("-"))
            ratios.append((words.ratio(), answer))
    ratios.sort(key=lambda pair: -pair[0])
    return [answer for ratio, answer in ratios if ratio >= _ALIKE]
