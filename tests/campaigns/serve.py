"""The campaign of the preview: edits, renames, removals, mistakes and repairs in bursts, under requests.

After each burst the preview must be byte for byte what a clean build makes (without its script), or say what
a build would say; no request may fail or see half a page; nothing may leak.
`python tests/campaign.py serve --size 500 --seed 6`.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from running import PROJECT, files_of, small_project
from serving import Preview, news, previewed, put, resources, soon

from campaigns.ground import Lost
from sitegen.build import build
from sitegen.config import Surroundings
from sitegen.errors import BuildError

WORDS = "lamp river candle turnip compiler letter silence shadow window winter".split()
FAULTLESS = {200, 301, 302, 404}

MORE_MEMORY = 40_000
"""So many KiB more than after the first burst are no leak."""

Edit = Callable[[Path, random.Random], None]


@dataclass
class Counts:
    """What a campaign did."""

    tried: Counter[str] = field(default_factory=Counter)
    """Edits by name."""
    bursts: int = 0
    mended: int = 0
    """Bursts after which there was a problem."""
    requests: int = 0
    """Those that were made all the time, beside those that compare."""
    resources: list[dict[str, int]] = field(default_factory=list)
    """Of the server, after each burst."""
    seconds: float = 0.0
    broken: str = ""
    """The promise that was broken."""


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
def hammered(preview: Preview, paths: list[str], counts: Counts) -> Iterator[list[str]]:
    """Ask for pages without a pause until the block ends; yield what went wrong."""
    wrong: list[str] = []
    is_over = threading.Event()

    def ask(seed: int) -> None:
        dice = random.Random(seed)
        while not is_over.is_set():
            path = dice.choice(paths)
            answer = preview.get(path)
            counts.requests += 1
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


def run(size: int, seed: int) -> int:
    """Do `size` edits in bursts; print the counts, and return 1 if a promise was broken."""
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder:
        try:
            torture(Path(folder), size, seed, counts)
        except Lost as lost:
            counts.broken = str(lost)
    print(report(counts))
    return int(bool(counts.broken))


def torture(folder: Path, size: int, seed: int, counts: Counts) -> None:
    """Do so in a folder; raise `Lost` for a broken promise."""
    root = small_project(folder / "project")
    dice = random.Random(seed)
    out = folder / "clean"
    started = time.monotonic()
    with previewed(root) as preview:
        wanted = clean_build(root, out, preview.port)
        ever = set(wanted)
        with hammered(preview, sorted(wanted), counts) as wrong:
            for burst in bursts(dice, size):
                make_edits(root, dice, burst, counts)
                wanted = mended_build(root, out, preview, counts)
                ever |= wanted.keys()
                if not soon(partial(is_as_built, preview, wanted, ever)):
                    raise Lost(
                        f"after {counts.tried.total()} edits, other than a clean build: "
                        f"{difference(preview, wanted, ever)}"
                    )
                if wrong:
                    raise Lost(f"after {counts.tried.total()} edits: {wrong[0]}")
                counts.bursts += 1
                counts.resources.append(dict(resources(preview)))
        at_rest(preview, counts.resources[0])
        counts.resources.append(dict(resources(preview)))
    counts.seconds = time.monotonic() - started


def make_edits(root: Path, dice: random.Random, burst: int, counts: Counts) -> None:
    """Make the edits of a burst, some at once and some a moment later."""
    for _ in range(burst):
        (edit,) = dice.choices(list(EDITS_BY_WEIGHT), list(EDITS_BY_WEIGHT.values()))
        edit(root, dice)
        counts.tried[edit.__name__] += 1
        time.sleep(dice.choice([0, 0, 0.01, 0.06, 0.2]))


def mended_build(root: Path, out: Path, preview: Preview, counts: Counts) -> dict[str, bytes]:
    """Return a clean build; where there is a problem, after the preview has said it and it was mended."""
    try:
        return clean_build(root, out, preview.port)
    except BuildError as error:
        counts.mended += 1
        messages = sorted({problem.message for problem in error.problems if problem.severity == "error"})
        if not soon(partial(says, preview, messages)):
            raise Lost(f"it says {shown(preview)} and not {messages}") from None
        repair(root)
        return clean_build(root, out, preview.port)


def at_rest(preview: Preview, before: dict[str, int]) -> None:
    """Raise `Lost` if a problem is still shown, or a thread, a descriptor or much memory was lost."""
    if shown(preview):
        raise Lost(f"still shown: {shown(preview)}")
    names = ("threads", "descriptors")
    if not soon(lambda: all(resources(preview)[name] <= before[name] + 2 for name in names)):
        raise Lost(f"leaked: {before} became {resources(preview)}")
    if resources(preview)["memory"] > before["memory"] + MORE_MEMORY:
        raise Lost(f"memory grew: {before} became {resources(preview)}")


def report(counts: Counts) -> str:
    """Return the counts in lines."""
    lines = [f"{number:5} {name}" for name, number in sorted(counts.tried.items())]
    lines.append(
        f"{counts.tried.total()} edits in {counts.bursts} bursts, {counts.mended} of them with problems; "
        f"{counts.requests} requests beside them; {counts.seconds:.0f} s"
    )
    fifth = max(1, len(counts.resources) // 5)
    for seen in counts.resources[::fifth]:
        lines.append(
            f"      {seen['threads']} threads, {seen['descriptors']} descriptors, {seen['memory']} KiB"
        )
    return "\n".join([*lines, counts.broken or "no promise broken"])


def bursts(dice: random.Random, size: int) -> Iterator[int]:
    """Yield how many edits come at once, until there were enough."""
    left = size
    while left > 0:
        burst = min(dice.choice([1, 1, 2, 3, 5, 12]), left)
        left -= burst
        yield burst


def shown(preview: Preview) -> list[str]:
    """Return the messages that stand over the pages now."""
    return sorted({problem["message"] for problem in news(preview, "/lamp/")["problems"]})


def says(preview: Preview, messages: list[str]) -> bool:
    return shown(preview) == messages


def difference(preview: Preview, wanted: dict[str, bytes], ever: set[str]) -> str:
    now = served(preview, sorted(ever))
    return ", ".join(path for path in sorted(ever) if now.get(path) != wanted.get(path))
