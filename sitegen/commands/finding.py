"""Which paper the curator means: by id, slug or title, or a part of the title that only one has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sitegen.errors import BuildError, Problem, did_you_mean
from sitegen.identity import id_key, title_key
from sitegen.model import Paper

_SHOWN = 5


def find_paper(papers: Sequence[Paper], written: str) -> Paper:
    """Return the paper; raise `BuildError` where none or several fit."""
    key = id_key(written) or title_key(written)
    for paper in papers:
        if written == paper.slug or key in keys_of(paper):
            return paper
    part = key.removeprefix("title:")
    titled = [(paper, title_key(paper.raw_title)) for paper in papers] if part else []
    fitting = [paper for paper, title in titled if part in title]
    if not fitting:
        words = part.split("-")
        fitting = [paper for paper, title in titled if all(word in title for word in words)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        shown = "\n".join(f"{paper.slug}: {paper.title.plain}" for paper in fitting[:_SHOWN])
        if rest := len(fitting[_SHOWN:]):
            shown += f"\nand {rest} more; write more of the title."
        message = f"{len(fitting)} papers fit “{written}”."
        raise BuildError([Problem("paper", 0, message, f"Name one of them by its slug or id:\n{shown}")])
    titles = {title_key(paper.raw_title): paper.title.plain for paper in papers}
    near = did_you_mean(key, titles)
    for known, title in titles.items():
        near = near.replace(known, title)
    hint = near or "A paper is named by its title, arXiv:2410.14649, doi:10.... or the slug in its address."
    raise BuildError([Problem("paper", 0, f"no source has the paper “{written}”.", hint)])


def root_and_names(arguments: Sequence[str]) -> tuple[Path, list[str]]:
    """Return the project, which is the first argument that is a folder, and the papers named."""
    folder = next((name for name in arguments if Path(name).is_dir()), None)
    return Path(folder or ""), [name for name in arguments if name != folder]


def keys_of(paper: Paper) -> tuple[str, ...]:
    """Return every key by which a paper can be named."""
    ids = (
        f"arxiv:{paper.arxiv_id.lower()}" if paper.arxiv_id else "",
        f"doi:{paper.doi}" if paper.doi else "",
    )
    return (paper.key, *(key for key in ids if key), title_key(paper.raw_title))
