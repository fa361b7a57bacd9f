"""Says what a cluster can gain: what each kind of target costs to make, and what to send to another machine.

    .venv/bin/python benchmarks/sending.py [N] [--work DIR]

N papers (3000) are those of run.py. One process makes every target; then it pickles and unpickles all of them
in pieces of 50, of which each holds once what its targets share, as a worker would have to get them. Seconds
are those of CPU.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from run import make_project

from sitegen.assemble import assemble
from sitegen.config import Surroundings, load_config
from sitegen.makers import artifact_maker
from sitegen.memory import Memory
from sitegen.model import Page, Target
from sitegen.parsers import parse
from sitegen.plan import make_facts, plan
from sitegen.sources import read_sources, template_folders

PIECE = 50
FEW = 50
"""Fewer targets of a kind are not shown."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="?", type=int, default=3000, metavar="N")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sitegen-sending-", dir=arguments.work) as folder:
        root = Path(folder)
        make_project(root, arguments.papers)
        measure(root)


def measure(root: Path) -> None:
    """Print a row for each kind of target."""
    config, folders, memory = load_config(root, Surroundings()), template_folders(root), Memory()
    sources, assets, _ = read_sources(root, folders)
    site = assemble(parse(sources, memory), assets, config, memory)
    facts = make_facts(site, config)
    kinds: dict[str, list[Target]] = {}
    for target in plan(site, config):
        name = f"Page of {type(target.body).__name__}" if isinstance(target, Page) else type(target).__name__
        kinds.setdefault(name, []).append(target)
    print("| targets | number | to make s | MB made | to send s | MB sent |\n|---|---|---|---|---|---|")
    for name, targets in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        if len(targets) < FEW:
            continue
        start = time.process_time()
        make = artifact_maker(facts, root, folders)
        size = sum(len(make(target).data) for target in targets)
        made = time.process_time()
        sent = sum(travel(targets[start : start + PIECE]) for start in range(0, len(targets), PIECE))
        took = time.process_time() - made
        row = name, f"{len(targets):,}", f"{made - start:.2f}", f"{size / 1e6:.1f}", f"{took:.2f}"
        print(f"| {' | '.join(row)} | {sent / 1e6:.1f} |")


def travel(piece: Sequence[Target]) -> int:
    """Return the size of a piece on its way, after it has arrived."""
    data = pickle.dumps(piece)
    pickle.loads(data)
    return len(data)


if __name__ == "__main__":
    main()
