"""A target to its artifact: which room makes which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, assert_never

from sitegen.cards import card_renderer
from sitegen.errors import BuildError, Problem
from sitegen.feeds import feed_renderer
from sitegen.model import (
    Artifact,
    Asset,
    Document,
    Facts,
    Feed,
    Listing,
    Page,
    SocialCard,
    Staged,
    Target,
    Twin,
)
from sitegen.pages import page_renderer
from sitegen.routes import output_path
from sitegen.twins import twin_renderer

ASSETS, PAGES, LISTS, FEEDS, DOCUMENTS = range(5)
"""The ranks in which artifacts are switched in."""


class Failed(NamedTuple):
    """A page that its template could not make, and why."""

    url: str
    problems: tuple[Problem, ...]


Made = Artifact | Staged | Failed
Maker = Callable[[Target], Artifact | Failed]


def path_of(target: Target) -> str:
    """Return where the file of a target goes, relative to the output folder."""
    return target.path if isinstance(target, Document) else output_path(target.url)


def artifact_maker(facts: Facts, root: Path, folders: tuple[Path, ...]) -> Maker:
    """Return the function from a target to its artifact, or to why there is none.

    `root` is the project, whose cache remembers what is costly; `folders` are those of the templates.
    """
    render_page = page_renderer(facts, folders)
    render_feed = feed_renderer(facts)
    render_card = card_renderer(root)
    render_twin = twin_renderer(facts)

    def make(target: Target) -> Artifact | Failed:
        path = path_of(target)
        match target:
            case Page():
                rank = LISTS if isinstance(target.body, Listing) else PAGES
                try:
                    return Artifact(path, render_page(target), rank)
                except BuildError as error:
                    return Failed(target.url, error.problems)
            case Feed():
                return Artifact(path, render_feed(target), FEEDS)
            case Twin():
                return Artifact(path, render_twin(target), LISTS)
            case Document():
                return Artifact(path, target.text.encode(), DOCUMENTS)
            case Asset():
                return Artifact(path, target.data, ASSETS)
            case SocialCard():
                return Artifact(path, render_card(target), ASSETS)
            case _:
                assert_never(target)

    return make
