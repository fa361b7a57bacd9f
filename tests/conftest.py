"""What all tests share: an environment without a host's variables, templates compiled once, two sites."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pytest
from running import PROJECT, built, small_project
from sitecheck import Tree, read_tree

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30
HOST_VARIABLES = ("CONTEXT", "DEPLOY_PRIME_URL", "URL", "NO_COLOR")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite what tests compare with")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let tests write to memory where it is plenty: on a disk they make files for a third of their time."""
    is_free = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    if is_free and not config.option.basetemp:
        config.option.basetemp = tempfile.mkdtemp(prefix="sitegen-tests-", dir=MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether to rewrite expectations; read that diff as code."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def _no_host() -> Iterator[None]:
    """Take away what a host says of itself, so that tests pass on Netlify too."""
    with pytest.MonkeyPatch.context() as patch:
        for name in HOST_VARIABLES:
            patch.delenv(name, raising=False)
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # no program of a test compiles all modules
        yield


class _Compiled(jinja2.BytecodeCache):
    """Templates as Jinja compiled them, by their source."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Any) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Any) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _compile_once() -> Iterator[None]:
    """Compile each template once: it takes longer than all else that a build of a small site does."""
    make = jinja2.Environment.__init__
    compiled: defaultdict[type, _Compiled] = defaultdict(_Compiled)

    def make_with_memory(environment: jinja2.Environment, *given: Any, **options: Any) -> None:
        make(environment, *given, **(options | {"bytecode_cache": compiled[type(environment)]}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "__init__", make_with_memory)
        yield


@dataclass(frozen=True)
class BuiltSite:
    """A site that was built once; tests read it and change nothing."""

    root: Path
    out: Path
    tree: Tree
    report: str
    """What the build printed."""


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Return the site of the repository's own content."""
    out = tmp_path_factory.mktemp("shipped") / "public"
    report = built(PROJECT, "-o", out).out
    return BuiltSite(PROJECT, out, read_tree(out, "https://digest.example/"), report)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Return the small site, which uses every feature once, under a base URL with a path."""
    root = small_project(tmp_path_factory.mktemp("small"))
    report = built(root).out
    return BuiltSite(
        root, root / "public", read_tree(root / "public", "https://reader.example/lamp/"), report
    )
