"""Builds sites of made-up papers and prints what they cost: cold, unchanged, one paper edited, one template.

    .venv/bin/python benchmarks/run.py [N ...] [--runs 3] [--work DIR] [--jobs J] [--executor E]

N papers (default: 181, the real captures, and 3000) are resampled from the sentences of the shipped
captures with a fixed seed and written as captures of 60. Each figure is that of a whole process: the
median of the runs, its start included; memory is that of the largest process. Output goes below DIR;
memory-backed storage gives steadier figures than a disk.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parent.parent
SEED = 20261121
PER_DAY = 60
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}"
HEADING = " papers build        wall s    CPU s    MiB    files      MB x limit"
META = re.compile(r"\n·\n")


class Cost(NamedTuple):
    """What one process cost: seconds, seconds, MiB."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="*", type=int, default=[181, 3000], metavar="N")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "sitegen-benchmarks")
    parser.add_argument("--jobs", help="as for sitegen build")
    parser.add_argument("--executor", help="likewise; the CPU of its workers is not counted")
    arguments = parser.parse_args()
    chosen = {"--jobs": arguments.jobs, "--executor": arguments.executor}
    options = [word for name, value in chosen.items() if value for word in (name, value)]
    print(HEADING)
    for number in arguments.papers:
        root = arguments.work / str(number)
        shutil.rmtree(root, ignore_errors=True)
        make_project(root, number)
        measure(root, number, arguments.runs, options)
        shutil.rmtree(root)


def measure(root: Path, number: int, runs: int, options: list[str]) -> None:
    """Build in each manner, in turn, and print a row for each."""
    costs: dict[str, list[Cost]] = {}
    for turn in range(runs):
        if (root / "public").exists():
            (root / "public").rename(root / f"old-{turn}")
        for manner in ("cold", "unchanged", "edited", "template"):
            if manner == "edited":
                edit_paper(root, turn)
            elif manner == "template":
                edit_template(root, turn)
            costs.setdefault(manner, []).append(build(root, options))
    files = [path for path in (root / "public").rglob("*") if path.is_file() and ".sitegen" not in path.parts]
    size = sum(path.stat().st_size for path in files) / 1e6
    limit = physical_limit(root, files)
    for manner, found in costs.items():
        middle = Cost(*(statistics.median(values) for values in zip(*found, strict=True)))
        print(
            f"{number:>7} {manner:<10} {middle.wall:>8.2f} {middle.cpu:>8.2f} {middle.peak:>6.0f}   "
            f"{len(files):>6} {size:>7.1f} {middle.wall / limit:>7.1f}"
        )


def build(root: Path, options: list[str]) -> Cost:
    """Return what one build costs."""
    command = [sys.executable, "-m", "sitegen", "build", str(root), "-q", *options]
    start = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, "the build failed"
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def physical_limit(root: Path, files: list[Path]) -> float:
    """Return how long a tight loop takes to write the same files."""
    data = [(root / "limit" / path.relative_to(root / "public"), path.read_bytes()) for path in files]
    start = time.perf_counter()
    for path, content in data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return time.perf_counter() - start


# ------------------------------------------------------------------------ made-up papers


def make_project(root: Path, number: int) -> None:
    """Write a project of `number` papers; 181 is the shipped content itself."""
    shutil.copytree(PROJECT / "content", root / "content")
    (root / "templates").mkdir()
    shutil.copy(PROJECT / "templates" / "base.html", root / "templates")
    if number == 181:
        return
    for folder in ("captures", "notes", "digests"):
        shutil.rmtree(root / "content" / folder)
    for name in ("ids.csv", "labels.csv"):
        (root / "content" / name).unlink()
    captures = root / "content" / "captures"
    captures.mkdir()
    blocks: list[str] = []
    for place, paper in enumerate(made_up_papers(number)):
        day = date(2020, 1, 1) + timedelta(place // PER_DAY)
        blocks.append(f"{paper}\n\n  • {place % 14 + 1} authors\n·\nDec 1, 2019")
        if len(blocks) == PER_DAY or place == number - 1:
            text = "\n\n".join([HEAD.format(day=f"{day:%b} {day.day}"), *blocks])
            (captures / f"{day}.txt").write_text(text, encoding="utf-8")
            blocks = []


def made_up_papers(number: int) -> Iterator[str]:
    """Yield title and abstract of papers whose sentences are those of the real ones, mixed."""
    chance = random.Random(SEED)
    titles, sentences = real_words()
    heads = sorted({title.partition(": ")[0] for title in titles})
    tails = sorted({title.rpartition(": ")[2] for title in titles})
    known: set[str] = set()
    while len(known) < number:
        title = f"{chance.choice(heads)} {len(known)}: {chance.choice(tails)}"
        known.add(title)
        yield f"{title}\n\n{' '.join(chance.choices(sentences, k=8))}"


def real_words() -> tuple[list[str], list[str]]:
    """Return the titles and the sentences of the shipped captures, sorted."""
    titles, sentences = set(), set()
    for path in sorted((PROJECT / "content" / "captures").glob("*.txt")):
        blocks = path.read_text(encoding="utf-8").split("\n\n")[6:]
        for block, following in pairwise(blocks):
            if not META.search(block) and len(following) > 400:
                titles.add(block)
                sentences |= {
                    part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])", following) if len(part) > 40
                }
    return sorted(titles), sorted(sentences)


def edit_paper(root: Path, turn: int) -> None:
    """Put a new word before the first abstract of the middle capture."""
    captures = sorted((root / "content" / "captures").glob("*.txt"))
    path = captures[len(captures) // 2]
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    place = next(index for index, block in enumerate(blocks) if len(block) > 400)
    blocks[place] = f"Edited{turn} {re.sub(r'^Edited[0-9]+ ', '', blocks[place])}"
    path.write_text("\n\n".join(blocks), encoding="utf-8")


def edit_template(root: Path, turn: int) -> None:
    """Change the template that every page is made from."""
    path = root / "templates" / "base.html"
    path.write_text(f"{path.read_text(encoding='utf-8')}<!-- {turn} -->\n", encoding="utf-8")


if __name__ == "__main__":
    main()
