"""`sitegen check`: looks for what is wrong with the built site and its content, and names the sources."""

from __future__ import annotations

import argparse
import gc
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from sitegen.acceptance import sift, unaccepted
from sitegen.asking import read_content
from sitegen.checking.checks import check
from sitegen.checking.kinds import KINDS
from sitegen.checking.leaks import draft_needles, path_needles
from sitegen.checking.links import hosts
from sitegen.checking.placing import origins, settle
from sitegen.checking.tree import Content, Finding, Tree
from sitegen.commands.terminal import complain, plural, say, with_bar
from sitegen.config import Config, Surroundings, load_config
from sitegen.errors import BuildError, Problem
from sitegen.model import Source
from sitegen.outside import MEMORY, ask, recall, remember
from sitegen.readback import base_url_of, read_back
from sitegen.sources import CONTENT, read_sources, require_content, template_folders


class _Project(Struct, frozen=True):
    """What the folder of a project says; all of it empty where there is a built site alone."""

    config: Config | None = None
    content: Content | None = None
    sources: tuple[Source, ...] = ()
    templates: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    """What a build would say of the content."""


def run(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Check, and print what was found; return the exit status."""
    gc.disable()  # the process ends with the check, and what it reads lives as long
    root: Path = arguments.root
    is_project = (root / CONTENT).is_dir() or not (root / "index.html").is_file()
    out: Path = arguments.output or (root / "public" if is_project else root)
    if is_project:
        require_content(root)
    project = _read(root, surroundings) if is_project else _Project()
    built_for = base_url_of(out) or (project.config.base_url if project.config else "/")
    base_url = arguments.base_url or built_for
    needles = path_needles((root.resolve(), Path.home()))
    if project.content:
        needles += draft_needles(project.content)
    tree = read_back(out, base_url.rstrip("/") + "/", needles, arguments.jobs)
    findings = list(check(tree, project.content))
    if arguments.external:
        findings += _outside(tree, root / MEMORY if is_project else None)
    problems = settle(
        findings,
        tree,
        origins(project.sources, dict(project.templates), project.content),
        lambda name: (out / name).read_bytes().decode("utf-8", "replace") if name in tree.files else "",
        lambda name: _shown(root, out / name),
    )
    accepted = project.config.accepted if project.config else ()
    left, count = sift((*project.problems, *problems), accepted, _skipped(project, arguments.external))
    _print(arguments, tree, left, count)
    worst = any(problem.severity == "error" or arguments.strict for problem in left)
    return 1 if worst else 0


def _read(root: Path, surroundings: Surroundings) -> _Project:
    """Return what the project says; mistakes in its content are problems among others."""
    folders = template_folders(root)
    config = load_config(root, surroundings)
    templates = tuple(_templates(root, folders))
    try:
        sources, _, unread = read_sources(root, folders)
        parsed, site = read_content(root, surroundings)
    except BuildError as error:
        return _Project(
            config, templates=templates, problems=tuple(unaccepted(error.problems, config.accepted))
        )
    content = Content(parsed, site, config.language, config.drafts)
    return _Project(config, content, sources, templates, (*unread, *site.warnings))


def _templates(root: Path, folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Yield path and text of the project's own templates."""
    for folder in folders:
        if folder.resolve() == (root / "templates").resolve():
            for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.css"))):
                yield f"templates/{path.relative_to(folder).as_posix()}", path.read_text("utf-8", "replace")


def _skipped(project: _Project, external: bool) -> set[str]:
    """Return the kinds that nobody looked for."""
    skipped = set() if external else {"dead-link"}
    if not project.content and project.config:
        skipped |= {*KINDS, *(rule.warning for rule in project.config.accepted)}
    return skipped


def _outside(tree: Tree, memory: Path | None) -> Iterator[Finding]:
    """Ask for the links to other hosts and yield those that are not there; an interrupt ends only this."""
    today = datetime.now(UTC).date()
    known = recall(memory, today) if memory else {}
    found = hosts(tree)
    wanted = {host: [url for url in links if url not in known] for host, links in found.items()}
    wanted = {host: links for host, links in wanted.items() if links}
    replies = dict(known)
    try:
        count = sum(map(len, wanted.values()))
        for url, reply in with_bar(ask(wanted, today), count, "Asking"):
            replies[url] = reply
    except KeyboardInterrupt:
        complain([Problem("sitegen", 0, "interrupted. What was asked until then is kept.")])
    finally:
        if memory:
            remember(memory, replies)
    for links in found.values():
        for url, page in links.items():
            if url in replies and replies[url].verdict in ("gone", "unreachable"):
                message = f"“{url}” {replies[url].said}."
                yield Finding("dead-link", page, message, "Look for its new address.", url)


def _shown(root: Path, path: Path) -> str:
    """Return a path of the site as the user names it: below the project, if it is there."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


# ------------------------------------------------------------------------ what is said


def _print(arguments: argparse.Namespace, tree: Tree, problems: Sequence[Problem], accepted: int) -> None:
    if arguments.json:
        said = {
            "pages": len(tree.pages),
            "feeds": len(tree.feeds),
            "accepted": accepted,
            "problems": [_as_object(problem) for problem in problems],
        }
        print(json.dumps(said, indent=2))
    elif arguments.github:
        for problem in problems:
            say(_annotation(problem, arguments.root))
    else:
        complain(problems)
        say(_summary(tree, problems, accepted))


def _as_object(problem: Problem) -> dict[str, str | int]:
    fields = asdict(problem)
    return {"kind": fields.pop("code"), **fields}


def _annotation(problem: Problem, root: Path) -> str:
    """Return a problem as GitHub Actions reads it; paths are those of the repository."""
    place = {"file": (root / problem.path).as_posix(), "line": str(problem.line or 1), "title": problem.code}
    fields = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in place.items() if value)
    words = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    return f"::{problem.severity} {fields}::{_escaped(words)}"


def _escaped(text: str, further: str = "") -> str:
    for char in "%\r\n" + further:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _summary(tree: Tree, problems: Sequence[Problem], accepted: int) -> str:
    parts = []
    for severity in ("error", "warning"):
        kinds = Counter(problem.code or "content" for problem in problems if problem.severity == severity)
        if kinds:
            names = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
            parts.append(f"{plural(kinds.total(), severity)} ({names})")
    checked = f"Checked {plural(len(tree.pages), 'page')} and {plural(len(tree.feeds), 'feed')}"
    also = f" {accepted} accepted in content/site.toml." if accepted else ""
    return f"{checked}: {' and '.join(parts) or 'nothing to mend'}.{also}"
