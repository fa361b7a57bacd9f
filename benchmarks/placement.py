"""Times what places papers beside others: their themes and tags, and which are related.

    .venv/bin/python benchmarks/placement.py [N ...] [--jobs J] [--work DIR]

N papers (default: 181 and 10,000) are made up as for `run.py`, without labels. The project is read first;
then each row is measured in a process forked from there: seconds of wall time and of processor time, and by
how much the memory of that process grew at most. "Added" is one paper more than those remembered, in the
process that remembers them and in a new one, which has them from the cache.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from run import make_project

from sitegen.build import read_content
from sitegen.cache import open_memory, save_memory
from sitegen.config import Surroundings
from sitegen.evidence import phrase_book, read_evidence
from sitegen.memory import Memory
from sitegen.model import Paper, Parsed
from sitegen.related import related
from sitegen.tagging import phrase_table, tags_in
from sitegen.themes import judge, learn

Work = Callable[[], object]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="*", type=int, default=[181, 10000], metavar="N")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "sitegen-placement")
    arguments = parser.parse_args()
    print(" papers what                          wall s    CPU s   MiB more")
    for number in arguments.papers:
        shutil.rmtree(arguments.work, ignore_errors=True)
        make_project(arguments.work, number)
        parsed, site = read_content(arguments.work, Surroundings(base_url="https://digest.example/"))
        for what, prepare, work in stages(parsed, site.papers, arguments.work, arguments.jobs):
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork"), _take, (prepare, work)) as pool:
                wall, cpu, more = pool.submit(_measure).result()
            print(f"{number:>7} {what:<26} {wall:>9.2f} {cpu:>8.2f} {more:>10.0f}", flush=True)
        shutil.rmtree(arguments.work)


def stages(parsed: Parsed, papers: tuple[Paper, ...], root: Path, jobs: int) -> list[tuple[str, Work, Work]]:
    """Return what is measured: its name, what must be done first, and the work."""
    memory = Memory()

    def place() -> None:
        book, table = phrase_book(parsed.themes), phrase_table(parsed.tags)
        model = learn(parsed.themes, [])
        for paper in papers:
            text = paper.title.plain, paper.abstract.plain if paper.abstract else ""
            judge(read_evidence(*text, book), model)
            tags_in(*text, table)

    def remember() -> None:
        related(papers[1:], memory)
        memory.turn()

    def store() -> None:
        new = open_memory(root, "", holds=False)
        related(papers[1:], new)
        save_memory(root, new)

    return [
        ("themes and tags", lambda: None, place),
        ("related, one process", lambda: None, lambda: related(papers)),
        (f"related, {jobs} processes", lambda: None, lambda: related(papers, jobs=jobs)),
        ("added, same process", remember, lambda: related(papers, memory)),
        ("added, from the cache", store, lambda: related(papers, open_memory(root, "", holds=False))),
    ]


# ------------------------------------------------------------------------ in a process of its own

_tasks: list[Work] = []


def _take(prepare: Work, work: Work) -> None:
    _tasks[:] = [prepare, work]


def _measure() -> tuple[float, float, float]:
    """Do the work and return wall and CPU seconds, those of its processes included, and MiB."""
    gc.disable()  # as a build does
    prepare, work = _tasks
    prepare()
    start, before, size = time.perf_counter(), _cpu(), _memory("VmRSS")
    work()
    return time.perf_counter() - start, _cpu() - before, _memory("VmHWM") - size


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _memory(name: str) -> float:
    """Return a figure of this process's memory in MiB; its peak is that since it was forked."""
    lines = Path(f"/proc/{os.getpid()}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    main()
