"""Input formats of other packages: the example of README.md works, and a broken one is named."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import PROJECT, built, lay, run

from sitegen import extensions
from sitegen.asking import read_site
from sitegen.config import Surroundings
from sitegen.recall import programs

SITE = """
title = "Lamplight"
base_url = "https://reader.example/d/"
id_authority = "reader.example,2025-01-01"
"""
README = (PROJECT / "README.md").read_text("utf-8")
MODULE = next(block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "ENDINGS" in block)
POINT = next(
    block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "entry-points" in block
)

Install = Callable[..., None]


@pytest.fixture(autouse=True)
def fresh_programs() -> Iterator[None]:
    """Let no test see the packages of another: a process looks at them once."""
    programs.cache_clear()
    yield
    programs.cache_clear()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return what lays a package as an installer does: its module, and its facts beside it."""
    place = tmp_path / "packages"
    monkeypatch.syspath_prepend(str(place))

    def lay_package(module: str = MODULE, version: str = "1.0", package: str = "sitegen-org") -> None:
        group, name, value = re.findall(r'"([\w.]+)"\]\n(\w+) = "(\w+)"', POINT)[0]
        for old in place.glob("*.dist-info"):
            for path in [*old.iterdir(), old]:
                path.unlink() if path.is_file() else path.rmdir()
        facts = f"{package.replace('-', '_')}-{version}.dist-info"
        lay(
            place,
            {
                f"{value}.py": module,
                f"{facts}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
                f"{facts}/entry_points.txt": f"[{group}]\n{name} = {value}\n",
            },
        )
        sys.modules.pop(value, None)
        importlib.invalidate_caches()
        extensions.installed.cache_clear()

    extensions.installed.cache_clear()
    yield lay_package
    sys.modules.pop("sitegen_org", None)
    extensions.installed.cache_clear()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    org = "* On Bread and Lamps\nsome words\n* Sparse Ovens, Revisited\n"
    return lay(
        tmp_path / "project",
        {"content/site.toml": SITE, "content/library/2025-12-09-mine.org": org},
    )


def titles(project: Path) -> list[str]:
    return sorted(paper.title.plain for paper in read_site(project, Surroundings()).papers)


def test_the_example_of_the_readme_adds_a_format(project: Path, install: Install) -> None:
    assert "nothing reads this file." in run("build", project).err
    install()
    assert "2 papers, 1 issue" in built(project, "--strict").out
    assert titles(project) == ["On Bread and Lamps", "Sparse Ovens, Revisited"]


def test_a_format_of_a_known_ending_is_asked_about_what_we_do_not_know(
    project: Path, install: Install
) -> None:
    (project / "content/library/2025-12-09-mine.org").rename(project / "content/library/mine.xml")
    assert "which no format does." in run("build", project).err
    install(MODULE.replace('(".org",)', "()"))
    assert len(titles(project)) == 2


def test_our_own_formats_are_not_taken_by_an_extension(project: Path, install: Install) -> None:
    install(MODULE.replace('text.startswith("* ")', "True"))
    lay(project, {"content/library/a.bib": "@misc{a, title = {Counting Sheep}, year = 2025}\n"})
    assert "Counting Sheep" in titles(project)


def test_nobody_looks_for_extensions_without_a_file_of_unknown_kind(
    project: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("this is no Python")
    path = project / "content/library/2025-12-09-mine.org"
    path.unlink()
    lay(project, {"content/library/a.bib": "@misc{a, title = {Counting Sheep}, year = 2025}\n"})
    assert titles(project) == ["Counting Sheep"]


def test_a_new_version_of_an_extension_builds_again(project: Path, install: Install) -> None:
    install()
    built(project)
    assert built(project).out.splitlines()[2].startswith("Nothing changed")
    install(MODULE.replace("line[2:]", 'line[2:] + "!"'), version="1.1")
    programs.cache_clear()  # a process that has loaded a package never sees its next version
    built(project)
    assert (project / "public/papers/on-bread-and-lamps/index.html").read_text().count("Lamps!") > 0


BLAME = "  This is a mistake in the package sitegen-org, not in the file.\n"
REMOVE = "  Mend this package, or remove it: pip uninstall sitegen-org\n"
PATH = "content/library/2025-12-09-mine.org"


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (
            "import no_such_module_at_all",
            "sitegen-org 1.0: the extension “org” cannot be loaded: ModuleNotFoundError: "
            "No module named 'no_such_module_at_all'.\n" + REMOVE,
        ),
        (
            MODULE.replace("def parse", "def parses"),
            "sitegen-org 1.0: the extension “org” has no “parse”.\n" + REMOVE,
        ),
        (
            MODULE.replace('(".org",)', '"org"'),
            "sitegen-org 1.0: the ENDINGS of the extension “org” are no tuple of endings such as (“.org”,).\n"
            + REMOVE,
        ),
        (
            MODULE.replace("line[2:]", "line[2:][99]"),
            f"{PATH}: the extension “org” (sitegen-org 1.0) failed: IndexError: string index out of range "
            "(sitegen_org.py, line 13).\n" + BLAME,
        ),
        (
            MODULE.replace("return text", "return 1 / 0 or text"),
            f"{PATH}: the extension “org” (sitegen-org 1.0) failed: ZeroDivisionError: division by zero "
            "(sitegen_org.py, line 8).\n" + BLAME,
        ),
        (
            MODULE.replace("Entry(source.path, n, day, line[2:])", "line"),
            f"{PATH}: the extension “org” (sitegen-org 1.0) returned “str” in place of Entry.\n" + BLAME,
        ),
        (
            MODULE.replace("line[2:]", "''"),
            f"{PATH}: the extension “org” (sitegen-org 1.0) returned a paper without a title.\n" + BLAME,
        ),
        (
            MODULE.replace('startswith("* ")], []', 'startswith("** ")], []'),
            f"{PATH}: no paper was found in this file; it looks like “org”.\n"
            "  If it breaks off in a paper, save it once more; else it has none, and can go.\n",
        ),
        (
            MODULE.replace('text.startswith("* ")', "False"),
            f"{PATH}:1: this begins with “* On Bread and Lamps some words * Sparse Ovens, Revisited”, "
            "which no format does.\n",
        ),
    ],
)
def test_a_broken_extension_is_named(project: Path, install: Install, module: str, message: str) -> None:
    install(module)
    outcome = run("build", project)
    assert outcome.status == 1
    assert outcome.err.startswith(message)
