"""`sitegen ping`: after a deploy, tells the WebSub hub which feeds have changed since the last ping."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sitegen.commands.terminal import called, complain, plural, say
from sitegen.config import PATH, Surroundings, load_config
from sitegen.errors import BuildError, Problem
from sitegen.manifest import read_manifest
from sitegen.network import publish
from sitegen.sources import require_content

MEMORY = ".sitegen-cache/pinged.json"
"""The hash of each feed as the hub was last told; without it all feeds count as changed."""
FEED_FILES = ("feed.xml", "rss.xml", "feed.json")


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Tell the hub, and remember what was told; return the exit status."""
    root: Path = arguments.root
    out: Path = arguments.output or root / "public"
    try:
        require_content(root)
        config = load_config(root, surroundings)
        feeds = _feeds(out)
    except BuildError as error:
        complain(error.problems)
        return 1
    if not config.websub.hub:
        hint = 'Below [websub], write hub = "https://…"; then build and publish the site once more.'
        complain([Problem(PATH, 0, "no hub is configured.", hint)])
        return 1
    told = _recall(root / MEMORY, config.websub.hub)
    changed = [name for name in feeds if told.get(config.base_url + name) != feeds[name]]
    if not changed:
        say("No feed has changed since the last ping.")
        return 0
    problems = publish(config.websub.hub, [config.base_url + name for name in changed])
    if problems:
        hint = "Nothing is lost: readers look by themselves, and the next ping tells the same."
        complain(Problem("sitegen ping", 0, problem, hint) for problem in problems)
        return 1
    _remember(root / MEMORY, config.websub.hub, {config.base_url + name: feeds[name] for name in feeds})
    say(f"Told {config.websub.hub} of {plural(len(changed), 'feed')}.")
    return 0


def _feeds(out: Path) -> dict[str, str]:
    """Return the hash of each feed of the built site by its path."""
    manifest = read_manifest(out)
    if not manifest.files:
        raise BuildError(
            [Problem(str(out), 0, "there is no site here.", f"Build it first: {called()} build")]
        )
    return {
        path: digest
        for path, digest in manifest.files
        if path.rpartition("/")[2] in FEED_FILES and not path.startswith("assets/")
    }


def _recall(path: Path, hub: str) -> dict[str, str]:
    """Return what a hub was told; nothing where that is not known."""
    try:
        known = json.loads(path.read_bytes())
        return dict(known["feeds"]) if known["hub"] == hub else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _remember(path: Path, hub: str, feeds: dict[str, str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"hub": hub, "feeds": feeds}), encoding="utf-8")
