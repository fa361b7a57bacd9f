"""The hallway: calls the stages in order; when nothing changed since the last build, none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.errors import BuildError
from sitegen.lock import locked
from sitegen.manifest import read_manifest
from sitegen.model import Artifact, Feed, Kept, Manifest, Page, Report
from sitegen.recall import Inputs, Last, look_back, recall, remember, take_inputs
from sitegen.sources import read_sources, require_content, template_folders

if TYPE_CHECKING:
    from sitegen.config import Surroundings
    from sitegen.model import Parsed, Site

Track = Callable[[Iterator[Artifact | Kept], int], Iterator[Artifact | Kept]]
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
) -> Report:
    """Build the site of the project at `root` into `out` and return what was done.

    `notify` is told when another build has to be waited for; the artifacts pass through `track`, which
    may show how many of them are done; `jobs` is the most processes that may work. Raises `BuildError`
    with every mistake of the stage that could not go on; with `strict`, also for warnings that nobody
    accepted. The last good site then stays.
    """
    require_content(root)
    folders = template_folders(root)
    with locked(out, notify):
        known = read_manifest(out)
        last = look_back(out, known)
        inputs = take_inputs(root, folders, surroundings, strict)
        if recalled := recall(out, inputs, last):
            return recalled
        report = _stages(root, folders, out, surroundings, strict, track, jobs, known, inputs, last)
        with suppress(OSError):  # without a memory the next build only takes longer
            if take_inputs(root, folders, surroundings, strict) == inputs:
                remember(out, inputs, report)
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
    inputs: Inputs,
    last: Last,
) -> Report:
    """Take the content through the house, one line a stage; they are imported here for their weight."""
    from sitegen.acceptance import sift, unaccepted
    from sitegen.assemble import assemble
    from sitegen.config import load_config
    from sitegen.fingerprints import Fingerprinter
    from sitegen.parsers import parse
    from sitegen.plan import make_facts, plan
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
    facts = make_facts(site, config)
    fingerprinter = Fingerprinter(facts, inputs.programs, inputs.templates)
    artifacts = render(targets, facts, folders, jobs, fingerprinter.fingerprint, last.vouchers)
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
    )


def read_site(root: Path, surroundings: Surroundings) -> Site:
    """Return all that is known of the site of the project at `root`, without making a page."""
    return read_content(root, surroundings)[1]


def read_content(root: Path, surroundings: Surroundings) -> tuple[Parsed, Site]:
    """Return what the sources of the project at `root` say, and all that is known of its site."""
    from sitegen.assemble import assemble
    from sitegen.config import load_config
    from sitegen.parsers import parse

    require_content(root)
    config = load_config(root, surroundings)
    sources, assets, _ = read_sources(root, ())
    parsed = parse(sources)
    return parsed, assemble(parsed, assets, config)
