"""After each of many random edits the site is that of a clean build, byte for byte.

`SITEGEN_EDITS=200` makes two hundred in each chain; `SITEGEN_SEED` makes others.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from running import files_of, small_project

import sitegen.render
from sitegen.build import build
from sitegen.cache import CACHE, open_memory
from sitegen.config import Surroundings
from sitegen.errors import BuildError
from sitegen.memory import Memory
from sitegen.recall import programs
from sitegen.sources import BUILT_IN

EDITS = int(os.environ.get("SITEGEN_EDITS", "6"))
SEED = int(os.environ.get("SITEGEN_SEED", "20251209"))
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
    found = [path for folder in folders for path in (project / "content" / folder).glob("*")]
    return sorted(found) or sorted((project / "content" / "themes").glob("*"))


def made(project: Path, jobs: int, memory: Memory | None) -> bool:
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
            memory=memory,
        )
    except BuildError:
        return False
    return True


@pytest.mark.parametrize("warm", [False, True], ids=["processes", "preview"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_incremental_builds_equal_clean_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, warm: bool
) -> None:
    monkeypatch.setattr(sitegen.render, "WORTH_WORKERS", 5)
    chance = random.Random(f"{SEED} {jobs} {warm}")
    project, clean = small_project(tmp_path / "project"), tmp_path / "clean"
    memory = open_memory(project, programs()) if warm else None
    assert made(project, jobs, memory)
    for turn in range(EDITS):
        before = shutil.copytree(project / "content", tmp_path / "before" / f"{turn}")
        done = [chance.choice(EDIT) for _ in range(chance.choice([1, 1, 2]))]
        for edit in done:
            edit(project, chance)
        if not made(project, jobs, memory):  # a mistake of the author, who takes it back
            shutil.rmtree(project / "content")
            shutil.copytree(before, project / "content")
            shutil.rmtree(project / "templates", ignore_errors=True)
            assert made(project, jobs, memory)
        shutil.copytree(project, clean, ignore=shutil.ignore_patterns("public", CACHE))
        assert made(clean, 1, None)
        names = [edit.__name__ for edit in done]
        assert files_of(project / "public") == files_of(clean / "public"), (turn, names)
        shutil.rmtree(clean)
        shutil.rmtree(tmp_path / "before")
