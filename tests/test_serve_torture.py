"""Edits, renames, removals, mistakes and repairs in bursts, under requests: the preview is right after each.

SITEGEN_TORTURE=500 makes 500 edits; a few are enough to see that nothing is broken at its root.
"""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from running import PROJECT, files_of, small_project
from serving import Preview, news, previewed, put, resources, soon

from sitegen.build import build
from sitegen.config import Surroundings
from sitegen.errors import BuildError

EDITS = int(os.environ.get("SITEGEN_TORTURE", "10"))
WORDS = "lamp river candle turnip compiler letter silence shadow window winter".split()
FAULTLESS = {200, 301, 302, 404}

Edit = Callable[[Path, random.Random], None]


def some(root: Path, dice: random.Random, pattern: str) -> Path | None:
    found = sorted(path for path in root.glob(pattern) if path.is_file())
    return dice.choice(found) if found else None


def edit_note(root: Path, dice: random.Random) -> None:
    if path := some(root, dice, "content/notes/*.md"):
        save(path, f"{path.read_text()}\nA {dice.choice(WORDS)}.\n", dice)


def new_page(root: Path, dice: random.Random) -> None:
    name = f"{dice.choice(WORDS)}-{dice.randrange(9)}"
    save(root / f"content/pages/{name}.md", f"---\ntitle: The {name}\n---\nOf {dice.choice(WORDS)}.\n", dice)


def rename_page(root: Path, dice: random.Random) -> None:
    if path := some(root, dice, "content/pages/*-*.md"):
        path.rename(path.with_name(f"{dice.choice(WORDS)}-{dice.randrange(9)}.md"))


def remove_page(root: Path, dice: random.Random) -> None:
    if path := some(root, dice, "content/pages/*-*.md"):
        path.unlink()


def edit_theme(root: Path, dice: random.Random) -> None:
    if path := some(root, dice, "content/themes/*.md"):
        save(path, f"{path.read_text()}\nAlso {dice.choice(WORDS)}.\n", dice)


def edit_title(root: Path, dice: random.Random) -> None:
    path = root / "content/site.toml"
    lines = path.read_text().splitlines()
    save(path, "\n".join([f'title = "{dice.choice(WORDS).title()}"', *lines[1:]]) + "\n", dice)


def edit_asset(root: Path, dice: random.Random) -> None:
    save(
        root / f"content/assets/{dice.choice(WORDS)}.txt", dice.choice(WORDS) * dice.randrange(1, 9999), dice
    )


def edit_template(root: Path, dice: random.Random) -> None:
    name = dice.choice(["thanks.html", "404.html", "assets/style.css", "components/entry.html"])
    text = (PROJECT / "templates" / name).read_text()
    comment = "/* {} */\n" if name.endswith("css") else "<!-- {} -->\n"
    save(root / "templates" / name, text + comment.format(dice.choice(WORDS)), dice)


def remove_templates(root: Path, dice: random.Random) -> None:
    shutil.rmtree(root / "templates", ignore_errors=True)


def hide_notes(root: Path, dice: random.Random) -> None:
    """Take a folder away, or bring it back, as a checkout of another branch does."""
    here, away = root / "content/notes", root / "away"
    here.rename(away) if here.exists() else away.rename(here)


def break_page(root: Path, dice: random.Random) -> None:
    if path := some(root, dice, "content/pages/*-*.md"):
        save(path, dice.choice(["", "---\ntitle: [\n---\n", "no front matter", "---\nnone: 1\n---\n"]), dice)


def break_template(root: Path, dice: random.Random) -> None:
    save(
        root / "templates/thanks.html", dice.choice(["{% if %}", "{{ nothing }}", "{% include 'no' %}"]), dice
    )


def leave_behind(root: Path, dice: random.Random) -> None:
    """Leave what editors leave: swap files, locks, backups."""
    name = dice.choice([".about.md.swp", "about.md~", "#about.md#", "4913", "about.md.tmp"])
    path = root / "content/pages" / name
    path.unlink() if path.exists() else path.write_text(dice.choice(WORDS))


def save(path: Path, text: str, dice: random.Random) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if dice.random() < 0.5:
        path.write_text(text, encoding="utf-8")
    else:
        put(path, text)


EDITS_BY_WEIGHT: dict[Edit, int] = {
    edit_note: 6, new_page: 5, rename_page: 3, remove_page: 3, edit_theme: 2, edit_title: 1, edit_asset: 2,
    edit_template: 3, remove_templates: 1, hide_notes: 1, break_page: 2, break_template: 1, leave_behind: 2,
}  # fmt: skip


def repair(root: Path) -> None:
    """Mend what was broken."""
    (root / "templates/thanks.html").unlink(missing_ok=True)
    for path in root.glob("content/pages/*-*.md"):
        if "title: The" not in path.read_text():
            path.unlink()


def clean_build(root: Path, out: Path, port: int) -> dict[str, bytes]:
    """Return the files of a build from nothing, as a host would serve them."""
    shutil.rmtree(out, ignore_errors=True)
    surroundings = Surroundings(base_url=f"http://localhost:{port}/lamp/")
    build(root, out, surroundings, strict=False, notify=print, track=lambda artifacts, _: artifacts)
    files = files_of(out)
    moved = {line.split()[0] for line in files.pop("_redirects", b"").decode().splitlines()}
    return {path: data for name, data in files.items() if (path := path_of(name)) not in moved}


def path_of(name: str) -> str:
    folder, slash, file = f"/lamp/{name}".rpartition("/")
    return folder + slash + ("" if file == "index.html" else file)


def served(preview: Preview, paths: Iterator[str] | list[str]) -> dict[str, bytes]:
    answers = {path: preview.get(path) for path in paths}
    return {path: answer.built for path, answer in answers.items() if answer.status == 200}


def is_as_built(preview: Preview, wanted: dict[str, bytes], gone: set[str]) -> bool:
    return served(preview, [*wanted, *(gone - wanted.keys())]) == wanted


@contextmanager
def hammered(preview: Preview, paths: list[str]) -> Iterator[list[str]]:
    """Ask for pages without a pause until the block ends; yield what went wrong."""
    wrong: list[str] = []
    is_over = threading.Event()

    def ask(seed: int) -> None:
        dice = random.Random(seed)
        while not is_over.is_set():
            path = dice.choice(paths)
            answer = preview.get(path)
            if answer.status not in FAULTLESS:
                wrong.append(f"{path}: {answer.status}")
            elif (
                answer.status in (200, 404)
                and b"<!DOCTYPE html" in answer.body[:200]
                and not whole(answer.body)
            ):
                wrong.append(f"{path}: half a page")

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def whole(body: bytes) -> bool:
    return b"</html>" in body[-400:] and body.endswith(b"</script>\n")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors by /proc")
def test_after_each_quiet_the_preview_equals_a_clean_build(tmp_path: Path) -> None:
    root = small_project(tmp_path / "project")
    dice = random.Random(6)
    out = tmp_path / "clean"
    with previewed(root) as preview:
        wanted = clean_build(root, out, preview.port)
        ever = set(wanted)
        before: dict[str, int] = {}
        with hammered(preview, sorted(wanted)) as wrong:
            for done in bursts(dice):
                for _ in range(done):
                    (edit,) = dice.choices(list(EDITS_BY_WEIGHT), list(EDITS_BY_WEIGHT.values()))
                    edit(root, dice)
                    threading.Event().wait(dice.choice([0, 0, 0.01, 0.06, 0.2]))
                try:
                    wanted = clean_build(root, out, preview.port)
                except BuildError as error:
                    messages = sorted({p.message for p in error.problems if p.severity == "error"})
                    assert soon(partial(says, preview, messages)), (messages, shown(preview))
                    repair(root)
                    wanted = clean_build(root, out, preview.port)
                ever |= wanted.keys()
                is_right = soon(partial(is_as_built, preview, wanted, ever))
                assert is_right, difference(preview, wanted, ever)
                assert not wrong
                before = before or dict(resources(preview))
        assert shown(preview) == []
        names = ("threads", "descriptors")
        assert soon(lambda: all(resources(preview)[name] <= before[name] + 2 for name in names))
        assert resources(preview)["memory"] < before["memory"] + 40_000


def bursts(dice: random.Random) -> Iterator[int]:
    """Yield how many edits come at once, until there were enough."""
    left = EDITS
    while left > 0:
        size = min(dice.choice([1, 1, 2, 3, 5, 12]), left)
        left -= size
        yield size


def shown(preview: Preview) -> list[str]:
    """Return the messages that stand over the pages now."""
    return sorted({problem["message"] for problem in news(preview, "/lamp/")["problems"]})


def says(preview: Preview, messages: list[str]) -> bool:
    return shown(preview) == messages


def difference(preview: Preview, wanted: dict[str, bytes], ever: set[str]) -> str:
    now = served(preview, sorted(ever))
    return ", ".join(path for path in sorted(ever) if now.get(path) != wanted.get(path))
