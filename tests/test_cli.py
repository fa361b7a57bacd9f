"""Arguments, exit status and words of the program."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BuiltSite
from running import PROJECT, SMALL, built, files_of, run
from sitecheck import feeds_of

from sitegen import __version__, cli
from sitegen.arguments import COMMANDS
from sitegen.commands.terminal import called
from sitegen.errors import BuildError, Problem
from sitegen.parsers.tables import ID_COLUMNS


@pytest.fixture
def project(tmp_path: Path, small: BuiltSite) -> Path:
    return Path(shutil.copytree(small.root, tmp_path / "project"))


def test_the_report_counts_what_was_read_and_made(small: BuiltSite) -> None:
    first, second, third, *_ = small.report.splitlines()
    assert first == "Read 19 sources: 10 entries, 8 papers (3 merged), 4 issues."
    assert second.startswith(f"Made {len(small.tree.pages)} pages and {len(feeds_of(small.tree))} feeds in ")
    assert third == f"Files: {len(small.tree.files)} created."


def test_quiet_says_nothing_when_all_is_well(project: Path) -> None:
    outcome = run("build", project, "--quiet")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")


def test_verbose_names_each_file_that_changed(project: Path) -> None:
    out = built(project, "--verbose", "-o", project / "new").out
    assert sum(line.startswith("create ") for line in out.splitlines()) == len(files_of(project / "new"))


def test_the_report_says_how_to_look_at_the_site(project: Path) -> None:
    spaced = project.rename(project.with_name("a b"))
    assert f"Look at it: python -m sitegen serve '{spaced}'" in built(spaced).out
    spaced.rename(project)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("sitegen", "sitegen"),
        (".venv/bin/sitegen", ".venv/bin/sitegen"),
        ("x/__main__.py", "python -m sitegen"),
    ],
)
def test_commands_to_copy_begin_as_the_program_was_called(
    monkeypatch: pytest.MonkeyPatch, program: str, shown: str
) -> None:
    monkeypatch.setattr(sys, "argv", [program])
    assert called() == shown


def test_strict_counts_a_warning_as_an_error_and_leaves_the_site(project: Path) -> None:
    (project / "content" / "unread.txt").write_text("x")
    before = files_of(project / "public")
    assert run("build", project, "--strict").status == 1
    assert files_of(project / "public") == before
    assert run("build", project).status == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["bake"], ["build", "a", "b"], ["build", "-q", "-v"], ["build", "--as-of", "2025-02-30"],
     ["ids", "--strict"],     ["build", "--base-url", ""], ["build", "--verb"]],
)  # fmt: skip
def test_a_wrong_call_ends_with_status_2_and_shows_the_usage(arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err.startswith("usage: sitegen")


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").out == f"sitegen {__version__}\n"


def test_an_interrupted_build_ends_with_status_130(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    before = files_of(project / "public")
    monkeypatch.setattr(cli, "_run", interrupt)
    outcome = run("build", project)
    assert outcome.status == 130
    assert "Traceback" not in outcome.err
    assert files_of(project / "public") == before


def test_a_build_interrupted_while_pages_are_made_leaves_the_last_good_site(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import jinja2

    render = jinja2.Template.render

    def interrupt(template: jinja2.Template, *args: object, **names: object) -> str:
        if template.name == "feeds.html":
            raise KeyboardInterrupt
        return render(template, *args, **names)

    before = files_of(project / "public")
    (project / "content" / "site.toml").write_text(
        (SMALL / "content" / "site.toml").read_text("utf-8").replace("Lamplight", "Lantern"), "utf-8"
    )
    with monkeypatch.context() as patch:
        patch.setattr(jinja2.Template, "render", interrupt)
        assert run("build", project).status == 130
    assert files_of(project / "public") == before
    assert run("build", project).status == 0


def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "sitegen", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    outcome = call("--version")
    assert (outcome.returncode, outcome.stdout.decode().strip()) == (0, f"sitegen {__version__}")
    assert call("build", tmp_path).returncode == 1


def test_a_terminal_that_knows_ascii_alone_is_enough(project: Path) -> None:
    (project / "content" / "notes" / "über.md").write_text("---\npaper: Ünbekannt\n---\n", "utf-8")
    shutil.copytree(project, project.parent / "ü")
    broken = call("build", project, PYTHONIOENCODING="ascii")
    assert broken.returncode == 1
    assert b"\\xdcnbekannt" in broken.stderr
    (project.parent / "ü" / "content" / "notes" / "über.md").unlink()
    outcome = call("build", project.parent / "ü", PYTHONIOENCODING="ascii")
    assert outcome.returncode == 0
    assert b"\\xfc/public" in outcome.stdout


def test_a_reader_that_stops_reading_gets_no_traceback(project: Path) -> None:
    command = f'"{sys.executable}" -m sitegen build "{project}" -v -o "{project}/new" | head -n 0'
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    outcome = subprocess.run(
        command, shell=True, env=environment, capture_output=True, timeout=60, check=False
    )
    assert outcome.stderr == b""
    assert (project / "new" / "index.html").exists()


# ------------------------------------------------------------------------ sitegen ids


def rows(project: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with (project / "content" / "ids.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_ids_shows_what_is_missing_and_writes_nothing(project: Path) -> None:
    before = files_of(project)
    outcome = run("ids", project)
    assert outcome.status == 0
    assert "doi:10.5555/bees.7," in outcome.out
    assert files_of(project) == before


def test_ids_writes_at_the_end_and_changes_no_row(project: Path) -> None:
    before = (project / "content" / "ids.csv").read_text("utf-8")
    missing = run("ids", project).out.splitlines()[:-1]
    assert run("ids", project, "--write").status == 0
    assert (project / "content" / "ids.csv").read_text("utf-8") == before + "\n".join(missing) + "\n"
    assert run("ids", project).out == "content/ids.csv holds every paper.\n"
    assert sorted(path.name for path in (project / "content").iterdir() if "ids" in path.name) == ["ids.csv"]
    assert "ids.csv" not in built(project).out


def test_ids_makes_the_file_where_there_is_none(project: Path) -> None:
    (project / "content" / "ids.csv").unlink()
    run("ids", project, "--write")
    assert len(rows(project)) == 8
    assert tuple(rows(project)[0]) == ID_COLUMNS


def test_ids_writes_as_a_spreadsheet_has_saved_the_file(project: Path) -> None:
    path = project / "content" / "ids.csv"
    kept = rows(project)
    with path.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        writer = csv.DictWriter(file, ID_COLUMNS[::-1], delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    run("ids", project, "--write")
    assert rows(project, ";")[: len(kept)] == kept
    assert run("ids", project).out == "content/ids.csv holds every paper.\n"


def test_ids_that_cannot_be_written_are_a_problem_and_no_traceback(project: Path) -> None:
    (project / "content" / ".ids.csv.new").mkdir()
    outcome = run("ids", project, "--write")
    assert outcome.status == 1
    assert outcome.err.startswith("content/ids.csv: this file cannot be written: ")


def test_ids_names_the_program_as_it_was_called(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "content" / "ids.csv").unlink()
    monkeypatch.setattr(sys, "argv", [".venv/bin/sitegen"])
    assert run("ids", project).out.endswith("To record: .venv/bin/sitegen ids --write\n")


def test_mistakes_of_several_files_are_told_at_once(project: Path) -> None:
    for name in ("one", "two"):
        (project / f"content/pages/{name}.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    outcome = run("build", project)
    assert outcome.status == 1
    assert outcome.err.index("content/pages/one.md:") < outcome.err.index("content/pages/two.md:")


def test_the_same_mistake_is_told_once() -> None:
    problem = Problem("content/a.md", 1, "this is wrong.")
    assert BuildError([problem, problem]).problems == (problem,)


def test_a_pipe_gets_no_progress_bar(project: Path) -> None:
    command = [sys.executable, "-m", "sitegen", "build", str(project), "--drafts"]
    environment = {
        **os.environ,
        "FORCE_COLOR": "1",
    }  # as on some hosts: then rich takes a pipe for a terminal
    ran = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert "Building" not in ran.stderr
    assert "\x1b" not in ran.stderr


@pytest.mark.parametrize("command", [name for name, *_ in COMMANDS])
def test_help_says_what_a_command_does_before_its_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    usage, about, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith(f"usage: sitegen {command} ")
    assert not about.startswith(("positional arguments", "options"))


@pytest.mark.parametrize(
    "command", ["build", "check", "serve", "mail", "ping", "themes", "ids", "label x y", "new page x"]
)
def test_a_folder_that_is_no_project_is_named_with_what_to_do(tmp_path: Path, command: str) -> None:
    outcome = run(*command.split(), tmp_path)
    assert outcome.status == 1
    assert outcome.err.startswith(
        f"{tmp_path.as_posix()}/content/: there is no such folder.\n  Call sitegen in "
    )
    assert "sitegen init my-digest\n" in outcome.err
    assert list(tmp_path.iterdir()) == []
