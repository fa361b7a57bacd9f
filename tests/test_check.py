"""`sitegen check`: finds each planted defect and names its source, and nothing in a site that is right.

Each file of `tests/checked/` plants one defect in a copy of the small site: a line with a path, then "- "
and a piece of text that becomes what stands after "+ ". What is planted in `public/` is planted after the
build. A path with "rm" before it is removed; "+ " alone adds a line, or a file. The expected text is the exit
status and standard error.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
from casefile import read_cases, write_cases
from conftest import BuiltSite
from hypothesis import given, settings
from hypothesis import strategies as st
from running import PROJECT, built, lay, run, small_project

from sitegen.checking.checks import CHECKS
from sitegen.checking.colours import contrast, schemes
from sitegen.checking.kinds import KINDS
from sitegen.checking.tree import Tree

CHECKED = Path(__file__).parent / "checked"
DEFECTS = {path.stem: read_cases(path)[0] for path in sorted(CHECKED.iterdir())}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built project in which nothing is wrong."""
    root = small_project(tmp_path_factory.mktemp("sound"))
    tags = root / "content/tags.toml"
    tags.write_text(tags.read_text("utf-8").partition("[unused]")[0], "utf-8")
    built(root)
    return root


@pytest.fixture
def project(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of it, to break, and go there."""
    root = tmp_path / "project"
    shutil.copytree(sound, root)
    monkeypatch.chdir(root)
    return root


def plant(defect: str, root: Path) -> None:
    """Plant a defect; what is planted in the content is built."""
    edits = [edit.split("\n") for edit in defect.split("\n\n")]
    before = [edit for edit in edits if not edit[0].removeprefix("rm ").startswith("public/")]
    for edit in before:
        _edit(edit, root)
    if before:
        run("build")
    for edit in edits:
        if edit not in before:
            _edit(edit, root)


def _edit(lines: list[str], root: Path) -> None:
    if lines[0].startswith("rm "):
        (root / lines[0][3:]).unlink()
        return
    path = root / lines[0]
    if all(line.startswith("+ ") for line in lines[1:]):
        old = path.read_text("utf-8") if path.exists() else ""
        lay(root, {lines[0]: old + "".join(_filled(line[2:], root) + "\n" for line in lines[1:])})
        return
    text = path.read_text("utf-8")
    for old, new in zip(lines[1::2], lines[2::2], strict=True):
        assert old[2:] in text, f"{lines[0]} does not have {old[2:]}"
        text = text.replace(old[2:], _filled(new[2:], root), 1)
    path.write_text(text, "utf-8")


def _filled(text: str, root: Path) -> str:
    """Return a text with what stands in braces made: noise is 600 kB that nothing compresses well."""
    noise = random.Random(1).randbytes(300_000).hex() if "{noise}" in text else ""
    return text.replace("{noise}", noise).replace("{root}", f"{root}").replace("{n}", "\n")


def as_message(status: int, err: str, root: Path) -> str:
    """Return what was said; lines of made files move with the templates."""
    err = re.sub(r"(public/\S+\.html):\d+:", r"\1:", err.replace(f"{root}", "{root}"))
    err = re.sub(r"line \d+, column \d+", "line ..., column ...", err)
    return f"exit {status}\n{err}".rstrip("\n")


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str, project: Path, update_golden: bool) -> None:
    title, defect, expected = DEFECTS[name]
    plant(defect, project)
    outcome = run("check")
    message = as_message(outcome.status, outcome.err, project)
    if update_golden:
        write_cases(CHECKED / f"{name}.txt", [(title, defect, message)])
    else:
        assert message == expected


def test_every_kind_has_a_defect_that_shows_it() -> None:
    shown = {title.partition(":")[0] for title, _, _ in DEFECTS.values()}
    assert len(DEFECTS) >= 60
    assert KINDS.keys() - {"dead-link"} <= shown


def test_the_readme_names_every_kind() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in readme] == []


def test_nothing_is_wrong_with_a_sound_site(project: Path) -> None:
    outcome = run("check")
    assert (outcome.status, outcome.err) == (0, "")
    assert re.fullmatch(
        r"Checked \d+ pages and \d+ feeds: nothing to mend. 4 accepted in content/site.toml.\n", outcome.out
    )


def test_nothing_is_wrong_with_the_shipped_site_and_its_content(shipped: BuiltSite) -> None:
    outcome = run("check", shipped.root, "-o", shipped.out, "--strict")
    assert (outcome.status, outcome.err) == (0, "")
    assert "nothing to mend" in outcome.out


def test_under_another_address_nothing_is_wrong_either(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    built(root, "--base-url", "https://other.example/")
    assert run("check", root).status == 0


# ------------------------------------------------------------------------ what is printed


def test_json_names_each_problem_for_programs(project: Path) -> None:
    plant("public/about/index.html\n- <h2>Why</h2>\n+ <h2>Why</h2><a href='/lamp/x/'>x</a>", project)
    outcome = run("check", "--json")
    said = json.loads(outcome.out)
    [problem] = said["problems"]
    line = problem.pop("line")
    assert (
        (project / "public/about/index.html").read_text("utf-8").splitlines()[line - 1].startswith("  <div")
    )
    assert problem == {
        "kind": "broken-link",
        "severity": "error",
        "path": "public/about/index.html",
        "message": "“/lamp/x/” leads nowhere.",
        "hint": "",
    }
    assert (said["accepted"], said["pages"] > 70, said["feeds"] > 30) == (4, True, True)
    assert (outcome.status, outcome.err) == (1, "")


def test_annotations_stand_at_the_line_of_the_source(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant("content/notes/candles.md\n- /papers/a-map-of-small-rivers/\n+ /papers/100%/", project)
    monkeypatch.chdir(project.parent)
    outcome = run("check", "project", "--github")
    assert outcome.out == (
        "::error file=project/content/notes/candles.md,line=29,title=broken-link::"
        "“/lamp/papers/100%2525/” leads nowhere. (on /lamp/papers/training-candles/)\n"
    )


def test_nothing_that_a_page_says_ends_an_annotation(project: Path) -> None:
    plant("public/about/index.html\n- About this lamp ·\n+ {n}::error::no%0A ·", project)
    plant("public/themes/index.html\n- <title>Themes ·\n+ <title>::error::no%0A ·", project)
    [line] = run("check", "--github").out.splitlines()
    assert "title=same-title::the title “::error::no%250A · Lamplight”" in line


def test_the_same_on_many_pages_is_told_once(project: Path) -> None:
    for name in ("about", "feeds", "themes"):
        plant(f"public/{name}/index.html\n- </h1>\n+ </h1><a href='/lamp/x/'>x</a>", project)
    err = run("check").err
    assert err.count("leads nowhere") == 1
    assert "“/lamp/x/” leads nowhere. (on 3 pages, such as /lamp/about/)" in err


def test_strict_lets_a_warning_fail(project: Path) -> None:
    plant('public/about/index.html\n- lang="en"\n+ lang="cy"', project)
    assert run("check").status == 0
    assert run("check", "--strict").status == 1


def test_a_finding_can_be_accepted_and_the_build_does_not_miss_it(project: Path) -> None:
    accept = '\n[[accept]]\nwarning = "other-language"\nwhy = "For now."\n'
    lay(project, {"content/site.toml": (project / "content/site.toml").read_text("utf-8") + accept})
    assert built().err == ""
    plant('public/about/index.html\n- lang="en"\n+ lang="cy"', project)
    outcome = run("check", "--strict")
    assert (outcome.status, outcome.err) == (0, "")
    assert "nothing to mend. 5 accepted" in outcome.out


# ------------------------------------------------------------------------ what is checked


def test_a_built_site_can_be_checked_without_its_content(project: Path) -> None:
    site = project.parent / "elsewhere"
    (project / "public").rename(site)
    shutil.rmtree(site / ".sitegen")
    assert run("check", site).status == 0
    (site / "about/index.html").unlink()
    outcome = run("check", site)
    assert outcome.status == 1
    assert "“/lamp/about/” leads nowhere. (on " in outcome.err


def test_without_a_site_there_is_nothing_to_check(tmp_path: Path) -> None:
    outcome = run("check", small_project(tmp_path))
    assert (outcome.status, outcome.err) == (
        1, f"{tmp_path}/public: there is no site here.\n  Build it first: sitegen build\n"
    )  # fmt: skip


def test_drafts_that_are_to_be_seen_are_no_leaks(project: Path) -> None:
    built("--drafts", "--as-of", "2025-07-01")
    assert run("check", "--drafts", "--as-of", "2025-07-01").status == 0
    outcome = run("check")
    assert outcome.status == 1
    for leaked in (
        "content/pages/plans.md:1: ",
        "content/notes/unfinished.md:7: ",
        "content/notes/later.md:2: ",
    ):
        assert leaked in outcome.err


RUBBISH = {
    "nothing": b"",
    "blank": b" \n",
    "binary": b"\0\1\2",
    "utf-16": b"\xff\xfe<\0h\0",
    "brackets": b"<" * 9_999,
    "nested": b"<b>" * 50_000,
    "no address": b"<a href='http://['><a href='//[x'><img src='http://]'>",
    "surrogate": "<a href='/\ud800'>".encode("utf-8", "surrogatepass"),
}


@pytest.mark.parametrize("data", RUBBISH.values(), ids=RUBBISH)
def test_a_page_of_rubbish_is_a_page_without_a_title(data: bytes, project: Path) -> None:
    (project / "public/about/index.html").write_bytes(data)
    outcome = run("check")
    assert outcome.status == 1
    assert "public/about/index.html: the page has no title." in outcome.err


def test_every_rule_is_listed_once_and_says_what_it_yields() -> None:
    assert len(set(CHECKS)) == len(CHECKS)
    assert all((rule.__doc__ or "").startswith("Yield ") for rule in CHECKS)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    "sheet",
    [
        ":root{--page:#fff}@media (prefers-color-scheme:dark){:root{--page:#000}}",
        ":root { --page: light-dark(#fff, #000) }",
        ':root{--page:#ffffff}[data-scheme="dark"]{--page:rgb(0, 0, 0)}',
        "/* dark { */ :root { --page: #FFF; } @media screen { .dark { --page: #000000; } }",
    ],
)
def test_the_colours_of_both_schemes_are_read(sheet: str) -> None:
    assert schemes(sheet) == ({"page": (255, 255, 255)}, {"page": (0, 0, 0)})


ADDRESSES = st.lists(
    st.sampled_from("/ . .. a é % %2e # ? ; : \\ @ http: https: // x.example [ ] = 1".split())
)


@given(pieces=ADDRESSES, start=st.sampled_from(("", "/", "/a/", "https://x.example", "http://x.example/a")))
@settings(max_examples=300, deadline=None)
def test_the_short_way_to_an_address_leads_where_the_long_one_does(pieces: list[str], start: str) -> None:
    base = "https://x.example/a/b/"
    tree = Tree("https://x.example/a/", {}, {}, (), {}, ())
    address = start + "".join(pieces)
    try:
        joined = urljoin(base, address)
    except ValueError:
        joined = base + address
    assert tree.absolute(base, address) == joined
