"""Builds the same papers with Hugo and with us, in turn, and prints what both cost.

    .venv/bin/python benchmarks/peers.py [N] [--runs 5] [--rig ../shared/peers] [--work DIR]

The rig makes N papers in the form of each program and times whole processes (`gen.py` and `bench.py` of
that folder; its `setup.sh` installs Hugo). Ours are captures; the templates of `benchmarks/peers/`
make the rig's own pages, with teasers of 280 characters, and `site.toml` switches off what it does not make.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
SITE = """\
title = "Reading Digest"
description = "A digest."
base_url = "https://digest.example/"
id_authority = "digest.example,2025"
page_size = 30
feed_size = 30
search = false
related = false
twins = false
"""


def main() -> None:
    """Make the papers, build them with both, and print the rig's table and our memory."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="?", type=int, default=10_000, metavar="N")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rig", type=Path, default=HERE.parent.parent / "shared" / "peers")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "sitegen-peers")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    root = work / str(arguments.papers) / "sitegen"
    run_rig(
        arguments.rig, work, "gen.py", str(arguments.papers), "--only", "hugo,sitegen", "--out", str(work)
    )
    make_project(root)
    command = f"{sys.executable} -m sitegen build . -o out -q"
    run_rig(
        arguments.rig, work, "bench.py", str(arguments.papers), "--runs", str(arguments.runs),
        "--tools", "hugo", "--cmd", f"sitegen=sitegen::{command}", "--out", str(work / "results"),
    )  # fmt: skip
    print(f"sitegen, all processes of a cold build together: {peak_memory(root, command):.0f} MiB")
    shutil.rmtree(work)


def run_rig(rig: Path, work: Path, program: str, *arguments: str) -> None:
    """Run a program of the rig; its outputs go below `work`."""
    environment = {**os.environ, "PEERS_WORK": str(work)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles the program for each call
    subprocess.run([sys.executable, rig / program, *arguments], env=environment, check=True)


def make_project(root: Path) -> None:
    """Complete what the rig made for us: configuration, theme files, tags, templates."""
    content = root / "content"
    (content / "site.toml").write_text(SITE, "utf-8")
    (content / "themes").mkdir(exist_ok=True)
    for place, (slug, title) in enumerate(take_terms(content / "themes.json"), start=1):
        head = f"---\ntitle: {title}\norder: {place}\nsummary: Papers on {title}.\n---\n"
        (content / "themes" / f"{slug}.md").write_text(head, "utf-8")
    tags = [f'[{slug}]\ntitle = "{title}"\n' for slug, title in take_terms(content / "tags.json")]
    (content / "tags.toml").write_text("\n".join(tags), "utf-8")
    shutil.copytree(HERE / "peers" / "templates", root / "templates", dirs_exist_ok=True)


def take_terms(path: Path) -> list[tuple[str, str]]:
    """Return slug and title of each term that the rig lists, and remove its list."""
    terms = json.loads(path.read_text("utf-8"))
    path.unlink()
    return [(term["slug"], term["title"]) for term in terms]


def peak_memory(root: Path, command: str) -> float:
    """Return the most MiB that a cold build and its workers hold together, pages that they share once."""
    for name in ("out", ".sitegen-cache"):
        shutil.rmtree(root / name, ignore_errors=True)
    process = subprocess.Popen(["sh", "-c", f"exec {command}"], cwd=root, start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(map(proportional_set, session_of(process.pid))))
        time.sleep(0.05)
    return peak


def session_of(leader: int) -> Iterable[int]:
    """Yield the processes of a session."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[3]) == leader:
            yield int(folder.name)


def proportional_set(process: int) -> float:
    """Return the MiB of a process, a page that several share counted in parts."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
