"""The hallway: calls the stages in order; when nothing changed since the last build, none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import BuildError
from sitegen.lock import locked
from sitegen.manifest import read_manifest
from sitegen.model import Artifact, Feed, Manifest, Page, Report, Searched
from sitegen.recall import fingerprint, recall, remember
from sitegen.sources import read_sources, require_content, template_folders

if TYPE_CHECKING:
    from sitegen.config import Surroundings
    from sitegen.model import Parsed, Site, Source

Track = Callable[[Iterator[Artifact], int], Iterator[Artifact]]
"""Passes artifacts on; the number is how many there will be."""


def build(
    root: Path,
    out: Path,
    surroundings: Surroundings,
    *,
    strict: bool,
    notify: Callable[[str], None],
    track: Track,
    jobs: int = 1,
    index: bool = True,
) -> Report:
    """Build the site of the project at `root` into `out` and return what was done.

    `notify` is told when another build has to be waited for; the artifacts pass through `track`, which
    may show how many of them are done; `jobs` is the most processes that may work; without `index` the
    search is left as it is. Raises `BuildError` with every mistake of the stage that could not go on; with
    `strict`, also for warnings that nobody accepted. The last good site then stays.
    """
    require_content(root)
    folders = template_folders(root)
    with locked(out, notify):
        known = read_manifest(out)
        inputs = ""
        with suppress(OSError):  # what cannot be read, the stages report
            inputs = fingerprint(root, folders, surroundings, strict)
            if recalled := recall(out, inputs, known):
                return recalled
        report = _stages(root, folders, out, surroundings, strict, track, jobs, known)
        if index:
            report = _searchable(report, known)
        if report.search.state == "failed":  # the next build tries again
            return report
        with suppress(OSError):  # without a memory the next build only takes longer
            if fingerprint(root, folders, surroundings, strict) == inputs:
                remember(out, inputs, report, read_manifest(out))
        return report


def _stages(
    root: Path,
    folders: tuple[Path, ...],
    out: Path,
    surroundings: Surroundings,
    strict: bool,
    track: Track,
    jobs: int,
    known: Manifest,
) -> Report:
    """Take the content through the house, one line a stage; they are imported here for their weight."""
    from sitegen.acceptance import sift, unaccepted
    from sitegen.assemble import assemble
    from sitegen.config import load_config
    from sitegen.parsers import parse
    from sitegen.plan import is_searched, make_facts, plan
    from sitegen.render import render
    from sitegen.write import write

    config = load_config(root, surroundings)
    sources, assets, unread = read_sources(root, folders)
    try:
        parsed = parse(sources)
        site = assemble(parsed, assets, config)
    except BuildError as error:
        raise BuildError(unaccepted(error.problems, config.accepted)) from None
    warnings, accepted = sift((*unread, *site.warnings), config.accepted)
    if strict and warnings:
        raise BuildError(warnings)
    targets = plan(site, config)
    artifacts = render(targets, make_facts(site, config), root, folders, jobs)
    written = write(track(artifacts, len(targets)), out, known)
    return Report(
        out=out,
        base_url=config.base_url,
        sources=parsed.sources,
        entries=len(parsed.entries),
        papers=len(site.papers) + len(site.withdrawn),
        merged=sum(len(paper.seen) - 1 for paper in (*site.papers, *site.withdrawn) if paper.seen),
        issues=len(site.issues),
        pages=sum(isinstance(target, Page) for target in targets),
        feeds=sum(isinstance(target, Feed) for target in targets),
        written=written,
        warnings=warnings,
        accepted=accepted,
        waiting=site.waiting,
        unrecorded=len(site.unrecorded),
        search=Searched("off", sum(is_searched(target) for target in targets) if config.search else 0),
    )


def _searchable(report: Report, known: Manifest) -> Report:
    """Return the report of a build whose search is up to date too; nothing that goes wrong there ends it."""
    from sitegen.search import refresh

    search = refresh(report.out, report.search.papers, is_lost=not known.usable)
    return replace(report, search=search, warnings=(*report.warnings, *search.problems))


def read_site(root: Path, surroundings: Surroundings) -> Site:
    """Return all that is known of the site of the project at `root`, without making a page."""
    return read_content(root, surroundings)[1]


def read_content(
    root: Path, surroundings: Surroundings, added: tuple[Source, ...] = ()
) -> tuple[Parsed, Site]:
    """Return what the sources of the project at `root` say, and all that is known of its site.

    `added` are sources that are not in its folder.
    """
    from sitegen.assemble import assemble
    from sitegen.config import load_config
    from sitegen.parsers import parse

    require_content(root)
    config = load_config(root, surroundings)
    sources, assets, _ = read_sources(root, ())
    parsed = parse((*sources, *added))
    return parsed, assemble(parsed, assets, config)


def rehearse(root: Path, surroundings: Surroundings, added: Source) -> None:
    """Raise `BuildError` where the site of the project at `root` cannot be made with one more source."""
    from sitegen.config import load_config
    from sitegen.plan import plan

    plan(read_content(root, surroundings, (added,))[1], load_config(root, surroundings))
