"""The doors hold: data flows one way, and only the rooms named here touch the outside world."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "sitegen"

LEAVES = {"model", "errors", "routes", "text", "dates", "paperid"}
DOORS: dict[str, set[str]] = {
    # the leaves among themselves
    "errors": set(),
    "model": {"errors"},
    "routes": set(),
    "dates": {"model"},
    "paperid": set(),
    "text": {"model", "errors"},
    # the stages, each with its helpers
    "toml": set(),
    "config": {"toml"},
    "extensions": set(),
    "sources": {"extensions"},
    "recent": set(),
    "memory": {"recent"},
    "cache": {"memory"},
    "remembered": {"cache"},
    "processes": set(),
    "apart": {"memory", "processes"},
    "parsers": {"apart", "extensions", "identity", "memory", "toml"},
    "words": set(),
    "phrases": {"words"},
    "evidence": {"phrases", "words"},
    "themes": {"evidence", "words"},
    "quality": {"evidence", "themes"},
    "survey": {"evidence", "phrases", "quality", "themes"},
    "tag_survey": {"evidence", "identity", "tagging", "words"},
    "placement": {"evidence", "memory", "merged", "phrases", "themes"},
    "tagging": {"words"},
    "identity": set(),
    "likeness": set(),
    "disagreement": {"identity"},
    "merged": {"disagreement", "identity"},
    "merge": {"disagreement", "identity", "likeness", "memory", "merged"},
    "given": {"identity", "merged"},
    "featured": {"identity", "merged"},
    "schedule": {"config", "identity"},
    "paperlinks": {"merged"},
    "papermaking": {
        "apart", "config", "given", "memory", "merged", "paperlinks", "placement", "provenance", "tagging",
        "themes",
    },
    "papers": {"config", "featured", "given", "memory", "merge", "papermaking"},
    "provenance": {"identity", "merged"},
    "related": {"evidence", "memory", "processes", "words"},
    "authors": set(),
    "taxonomies": {"authors", "recent"},
    "assemble": {"config", "identity", "memory", "papers", "placement", "recent", "schedule", "taxonomies"},
    "charts": set(),
    "plan": {"charts", "config", "memory", "recent", "related"},
    "feeds": set(),
    "citation": set(),
    "twins": {"citation"},
    "metadata": {"citation"},
    "templating": set(),
    "compiled": {"templating"},
    "pages": {"compiled", "metadata", "templating"},
    "cards": {"remembered"},
    "fingerprints": {"memory"},
    "executors": set(),
    "makers": {"cards", "feeds", "pages", "twins"},
    "elsewhere": {"executors", "makers", "pages"},
    "workers": {"disk", "makers", "manifest", "processes"},
    "render": {"elsewhere", "fingerprints", "makers", "memory", "workers"},
    "disk": set(),
    "lock": {"disk", "manifest", "switch"},
    "manifest": {"disk"},
    "switch": {"disk", "manifest"},
    "write": {"disk", "manifest", "switch"},
    "acceptance": {"checking", "config"},
    "checking": {"identity"},
    "readback": {"checking"},
    "outside": set(),
    "importing": {"identity", "merge", "merged", "parsers", "sources"},
    # the hallway and what calls it
    "recall": {"config", "manifest", "sources", "switch"},
    "indexing": {"disk"},
    "ahead": {"indexing", "switch"},
    "search": {"disk", "indexing", "manifest", "switch", "write"},
    "asking": {"assemble", "config", "parsers", "plan", "sources"},
    "build": {
        "acceptance", "ahead", "assemble", "cache", "config", "fingerprints", "identity", "lock", "makers",
        "manifest", "memory", "parsers", "plan", "recall", "render", "search", "sources", "switch", "write",
    },
    "serve": {
        "build", "cache", "config", "disk", "indexing", "makers", "manifest", "recall", "search", "sources",
        "toml",
    },
    "mail": {"asking", "config", "feeds", "plan", "sources"},
    "network": set(),
    "lookup": {"disagreement", "identity", "parsers"},
    "commands": {
        "acceptance", "asking", "build", "checking", "config", "executors", "identity", "importing", "lookup",
        "mail", "manifest", "merged", "network", "outside", "parsers", "quality", "readback", "serve",
        "sources", "survey", "tag_survey", "themes",
    },
    "arguments": {"config"},
    "cli": {"arguments", "commands", "config"},
    "__main__": {"cli"},
    "__init__": set(),
}  # fmt: skip
OUTSIDE = {
    "os",
    "subprocess",
    "socket",
    "time",
    "random",
    "datetime.now",
    "urllib.request",
    "tempfile",
    "shutil",
}
TOUCHES_THE_DISK = {
    "arguments", "cache", "remembered", "recall", "sources", "disk", "lock", "manifest", "switch", "write",
    "cli", "commands", "serve", "network", "lookup", "search", "ahead", "indexing", "readback", "outside",
    "compiled", "elsewhere", "workers",
}  # fmt: skip


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Return the full names of all modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by a relative name"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_room_has_its_doors_listed() -> None:
    assert {room_of(path) for path in FILES} == set(DOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_uses_only_its_doors(path: Path) -> None:
    room = room_of(path)
    rooms = {
        parts[1]
        for name in imports_of(path)
        if (parts := name.split("."))[0] == "sitegen" and len(parts) > 1 and parts[1] in DOORS
    }
    allowed = DOORS[room] | (LEAVES if room not in LEAVES else set()) | {room}
    assert rooms <= allowed, f"{room} must not use {sorted(rooms - allowed)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_outside_world_stays_outside(path: Path) -> None:
    if room_of(path) in TOUCHES_THE_DISK:
        return
    touched = imports_of(path) & OUTSIDE
    assert not touched, f"{room_of(path)} must not use {sorted(touched)}"


def test_no_room_asks_the_clock() -> None:
    for path in FILES:
        if path.name == "check.py" and room_of(path) == "commands":
            continue  # how old is what another host said?
        text = path.read_text(encoding="utf-8")
        for call in ("date.today(", "datetime.now(", "utcnow(", "time.time("):
            assert call not in text, f"{path.name} asks the clock"


def test_architecture_names_every_room() -> None:
    tour = (PACKAGE.parent / "ARCHITECTURE.md").read_text("utf-8")
    rooms = DOORS.keys() - {"__init__", "__main__"}
    assert sorted(room for room in rooms if f"`{room}`" not in tour and f"`{room}/`" not in tour) == []
