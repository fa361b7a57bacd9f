"""Fuzz one room by coverage: python tests/fuzz/fuzz.py bibtex -max_total_time=60 (needs the extra `fuzz`).

The rooms and their promises are those of the hostile campaign. What it finds becomes a case in
tests/test_hostile_found.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path[:0] = [str(Path(__file__).parents[1])]

with atheris.instrument_imports(
    include=["sitegen", "bibtexparser", "feedparser", "latex2mathml", "markdown_it"]
):
    from campaigns.rooms import ROOMS
    from campaigns.seeds import FRAGMENTS, SEEDS

    import sitegen.commands.build  # noqa: F401  # all rooms, so that they are instrumented


def lay_seeds(room: str, folder: Path) -> Path:
    """Write the seeds of a room and a dictionary of fragments for libFuzzer; return the folder of seeds."""
    seeds = folder / room
    seeds.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(SEEDS.get(room, ("",))):
        (seeds / f"seed-{number}").write_text(text, "utf-8")
    words = (fragment.encode("utf-8", "surrogatepass") for fragment in FRAGMENTS)
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"' for word in words)
    (folder / "fragments").write_text("\n".join(lines) + "\n", "ascii")
    return seeds


def main() -> None:
    """Fuzz the room that is named first; the other arguments are libFuzzer's."""
    room, *options = sys.argv[1:]
    seeds = lay_seeds(room, Path(".sitegen-cache/fuzz"))
    work = ROOMS[room]

    def try_one(data: bytes) -> None:
        work(data.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode())

    arguments = [
        sys.argv[0],
        *options,
        f"-dict={seeds.parent / 'fragments'}",
        "-timeout=20",
        f"-artifact_prefix={seeds.parent}/",
        "-max_len=4096",
        "-print_final_stats=1",
        str(seeds),
    ]
    atheris.Setup(arguments, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
