"""What several commands take: the project, and what decides a build of it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from sitegen.arguments.values import address, day

ANYWHERE = {"base_url": "https://digest.example/", "as_of": None, "drafts": True}
"""For commands that need the papers, drafts too, and to which the address of the site is all the same."""


def add_root(parser: ArgumentParser) -> None:
    """Add the folder of the project."""
    parser.add_argument(
        "root", nargs="?", type=Path, default=Path(), metavar="ROOT", help="the project (this folder)"
    )


def add_project(parser: ArgumentParser) -> None:
    """Add the folder of the project, and what decides a build of it."""
    add_root(parser)
    add_surroundings(parser)


def add_surroundings(parser: ArgumentParser) -> None:
    """Add what decides a build beside the content."""
    parser.add_argument(
        "--base-url", type=address, metavar="URL", help="the address of the site, instead of site.toml's"
    )
    parser.add_argument(
        "--as-of",
        type=day,
        metavar="DATE",
        help="build as on this day, YYYY-MM-DD (that of the newest source)",
    )
    parser.add_argument("--drafts", action="store_true", help="show drafts as well")
