"""What a project says, without a page being made: for the commands that ask."""

from __future__ import annotations

from pathlib import Path

from sitegen.assemble import assemble
from sitegen.config import Surroundings, load_config
from sitegen.model import Parsed, Site, Source
from sitegen.parsers import parse
from sitegen.sources import read_sources, require_content


def read_site(root: Path, surroundings: Surroundings) -> Site:
    """Return all that is known of the site of the project at `root`, without making a page."""
    return read_content(root, surroundings)[1]


def read_content(
    root: Path, surroundings: Surroundings, added: tuple[Source, ...] = ()
) -> tuple[Parsed, Site]:
    """Return what the sources of the project at `root` say, and all that is known of its site.

    `added` are sources that are not in its folder.
    """
    require_content(root)
    config = load_config(root, surroundings)
    sources, assets, _ = read_sources(root, ())
    parsed = parse((*sources, *added))
    return parsed, assemble(parsed, assets, config)


def rehearse(root: Path, surroundings: Surroundings, added: Source) -> None:
    """Raise `BuildError` where the site of the project at `root` cannot be made with one more source."""
    from sitegen.plan import plan

    plan(read_content(root, surroundings, (added,))[1], load_config(root, surroundings))
