"""After each of many edits, in any order, the site is that of a clean build, byte for byte.

A state machine of hypothesis makes chains of edits, and shortens one that fails. `SITEGEN_EDITS=200` tries
two hundred, `SITEGEN_JOBS=2` all of them with two processes, `SITEGEN_SEED` others; with `-rP` pytest shows
how many of each kind.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from running import files_of, lay, small_project

import sitegen.render
from sitegen.build import build
from sitegen.cache import CACHE, open_memory
from sitegen.config import Surroundings
from sitegen.errors import BuildError
from sitegen.memory import Memory
from sitegen.recall import programs
from sitegen.sources import BUILT_IN

EDITS = int(os.environ.get("SITEGEN_EDITS", "20"))
SEED = int(os.environ.get("SITEGEN_SEED", "20251209"))
JOBS = [int(jobs) for jobs in os.environ.get("SITEGEN_JOBS", "1 2 4").split()]
CHAIN = min(EDITS, 25)
DONE: Counter[str] = Counter()
"""How often each edit was tried."""
WORDS = "Lamp Moth Candle Oven Gradient Turnip River Night pruning by-hand $x^2$ <b> & “light” sparse".split()
THEMES = ("light", "maps", "silence")

Edit = Callable[[Path, random.Random], None]


def a_word(project: Path, chance: random.Random) -> None:
    """Change a word of some text file."""
    path = chance.choice(_files(project, "captures", "notes", "digests", "pages", "themes"))
    words = path.read_text(encoding="utf-8").split(" ")
    words[chance.randrange(len(words))] = chance.choice(WORDS)
    path.write_text(" ".join(words), encoding="utf-8")


def a_paper(project: Path, chance: random.Random) -> None:
    """Add a paper to a capture."""
    path = chance.choice(_files(project, "captures"))
    title = " ".join(chance.choices(WORDS[:8], k=4)) + f" {chance.randrange(1000)}"
    abstract = " ".join(chance.choices(WORDS, k=30)) + "."
    block = (
        f"\n\n{title}\n\n{abstract}\n\n  • {chance.randrange(1, 9)} authors\n·\nSep {chance.randrange(1, 28)}"
    )
    path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")


def a_line(project: Path, chance: random.Random) -> None:
    """Remove the last paper of a capture, or what is left of it."""
    path = chance.choice(_files(project, "captures"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rpartition("\n\n")[0] or text, encoding="utf-8")


def a_name(project: Path, chance: random.Random) -> None:
    """Give a file another name."""
    path = chance.choice(_files(project, "captures", "notes", "pages"))
    new = f"2025-0{chance.randrange(1, 6)}-1{chance.randrange(10)}"
    name = f"{new}.txt" if path.suffix == ".txt" else f"renamed-{chance.randrange(99)}.md"
    path.rename(path.with_name(name))


def a_copy(project: Path, chance: random.Random) -> None:
    """Let another day see the same papers."""
    path = chance.choice(_files(project, "captures"))
    shutil.copy(path, path.with_name(f"2025-0{chance.randrange(1, 6)}-2{chance.randrange(8)}.txt"))


def a_file(project: Path, chance: random.Random) -> None:
    """Remove a file."""
    if len(files := _files(project, "captures", "notes", "digests", "pages", "assets")) > 4:
        chance.choice(files).unlink()


def a_label(project: Path, chance: random.Random) -> None:
    """Add or remove a label."""
    path = project / "content" / "labels.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    if rows and chance.random() < 0.4:
        rows.pop(chance.randrange(len(rows)))
    title = chance.choice(
        ["A Map of Small Rivers", "Counting Bees with the α-Divergence", f"x {len(rows)} y z"]
    )
    if not any(title in row for row in rows):
        rows.insert(0, f"{title},,{chance.choice(THEMES)},,by-hand")
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def a_tag(project: Path, chance: random.Random) -> None:
    """Change what a tag means."""
    path = project / "content" / "tags.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("phrases = [", f'phrases = ["{chance.choice(WORDS[:8])}", ', 1), encoding="utf-8"
    )


def a_setting(project: Path, chance: random.Random) -> None:
    """Change a setting of the site."""
    path = project / "content" / "site.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    new = chance.choice([f'title = "Lamps {chance.randrange(9)}"', f"page_size = {chance.randrange(2, 9)}"])
    name = new.partition(" ")[0]
    rest = [line for line in lines if line.partition(" ")[0] != name]
    path.write_text("\n".join([new, *rest]) + "\n", encoding="utf-8")


def a_template(project: Path, chance: random.Random) -> None:
    """Change or remove a template of the project's own."""
    name = chance.choice(["base.html", "paper.html", "components/entry.html", "listing.html"])
    path = project / "templates" / name
    if path.exists() and chance.random() < 0.4:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (BUILT_IN / name).read_text(encoding="utf-8")
    path.write_text(
        f"{text}<!-- {chance.randrange(3)} -->" if name != "paper.html" else text, encoding="utf-8"
    )


def a_style(project: Path, chance: random.Random) -> None:
    """Bring a style sheet of the project's own."""
    path = project / "templates" / "assets" / "style.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"p {{ margin: {chance.randrange(3)}px }}\n", encoding="ascii")


def a_stranger(project: Path, chance: random.Random) -> None:
    """Change, cut or remove output files."""
    files = [
        path for path in (project / "public").rglob("*.*") if path.is_file() and ".sitegen" not in path.parts
    ]
    for path in chance.sample(files, min(3, len(files))):
        chance.choice([lambda it: it.unlink(), lambda it: it.write_bytes(b"strange")])(path)


def a_memory(project: Path, chance: random.Random) -> None:
    """Lose or damage what is remembered."""
    state = [project / CACHE, project / "public" / ".sitegen" / "built"]
    for path in chance.sample(state, 1):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.write_bytes(path.read_bytes()[:-9])


EDIT: tuple[Edit, ...] = (
    a_word, a_word, a_word, a_paper, a_paper, a_line, a_name, a_copy, a_file, a_label, a_tag, a_setting,
    a_template, a_style, a_stranger, a_memory,
)  # fmt: skip


def _files(project: Path, *folders: str) -> list[Path]:
    found = [
        path for folder in folders for path in (project / "content" / folder).rglob("*") if path.is_file()
    ]
    return sorted(found) or sorted((project / "content" / "themes").glob("*"))


# ------------------------------------------------------------------------ the machine


Lap = Callable[[str], None]
STAGES = ("look", "read", "parse", "plan", "search")


@seed(SEED)
class Editing(RuleBasedStateMachine):
    """A project whose author edits, builds, changes the machine, loses files, and edits while it is built."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="edits-"))
        self.project = small_project(self.folder / "project")
        config = self.project / "content" / "site.toml"
        config.write_text("search = false\n" + config.read_text(encoding="utf-8"), encoding="utf-8")
        self.jobs = JOBS[0]
        self.memory: Memory | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        assert self.is_built()

    @rule()
    def rest(self) -> None:
        """Build once more. The first chain of hypothesis is this alone, for the rule is the simplest."""
        before = files_of(self.project / "public")
        assert self.is_built()
        assert files_of(self.project / "public") == before

    @rule(
        edits=st.lists(st.sampled_from(EDIT), min_size=1, max_size=2),
        chance=st.randoms(use_true_random=False),
        jobs=st.sampled_from(JOBS),
        is_preview=st.booleans(),
    )
    def edit(self, edits: list[Edit], chance: random.Random, jobs: int, is_preview: bool) -> None:
        """Edit, and build with some number of processes, in a preview that stays or a process of its own."""
        self.jobs = jobs
        if is_preview != (self.memory is not None):
            self.memory = open_memory(self.project, programs()) if is_preview else None
        before = self.inputs()
        for one in edits:
            DONE[one.__name__] += 1
            one(self.project, chance)
        self.build_again(before)

    @rule(
        edit=st.sampled_from(EDIT),
        chance=st.randoms(use_true_random=False),
        stage=st.sampled_from(STAGES),
        is_taken_back=st.booleans(),
    )
    def edit_meanwhile(self, edit: Edit, chance: random.Random, stage: str, is_taken_back: bool) -> None:
        """Edit while the site is built, and perhaps take it back before the build ends."""
        DONE[f"{edit.__name__} meanwhile{', and back' if is_taken_back else ''}"] += 1
        before = self.inputs()
        a_word(self.project, chance)
        between = self.inputs()

        def lap(done: str) -> None:
            if done == stage:
                edit(self.project, chance)
            if done == "render and write" and is_taken_back:
                self.take_back(between)

        self.is_built(lap)
        self.build_again(before)

    def build_again(self, before: dict[str, bytes]) -> None:
        """Build, and compare with a clean build; where there is a mistake, the author takes it back first."""
        if not self.is_built():
            self.take_back(before)
            assert self.is_built()
        clean = self.folder / "clean"
        shutil.copytree(self.project, clean, ignore=shutil.ignore_patterns("public", CACHE))
        assert is_built(clean)
        assert files_of(self.project / "public") == files_of(clean / "public")
        shutil.rmtree(clean)

    def is_built(self, lap: Lap = lambda _: None) -> bool:
        return is_built(self.project, self.jobs, self.memory, lap)

    def inputs(self) -> dict[str, bytes]:
        """Return every file that the author may edit."""
        found = files_of(self.project)
        return {name: data for name, data in found.items() if not name.startswith(("public/", CACHE))}

    def take_back(self, before: dict[str, bytes]) -> None:
        """Make the author's files again what they were."""
        for name in self.inputs().keys() - before.keys():
            (self.project / name).unlink()
        lay(self.project, dict(before.items() - self.inputs().items()))


def is_built(project: Path, jobs: int = 1, memory: Memory | None = None, lap: Lap = lambda _: None) -> bool:
    """Build and return whether it could be."""
    try:
        build(
            project,
            project / "public",
            Surroundings(),
            strict=False,
            notify=pytest.fail,
            track=lambda artifacts, _: artifacts,
            jobs=jobs,
            lap=lap,
            memory=memory,
        )
    except BuildError:
        return False
    return True


def test_incremental_builds_equal_clean_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitegen.render, "WORTH_WORKERS", 5)
    chains = settings(
        max_examples=2 + EDITS * 3 // 2 // CHAIN,  # every third step is a rest
        stateful_step_count=CHAIN,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Editing, settings=chains)
    print(DONE.total(), "edits:", *(f"{name} {number}," for name, number in DONE.most_common()))
