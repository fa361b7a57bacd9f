"""`sitegen new`: what it begins builds as it is, lies at its place, and replaces nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import SMALL, built, lay, run, small_project

from sitegen.commands import new
from sitegen.model import Kind, Source
from sitegen.parsers import frontmatter as fm

SLUG = "tyr-and-the-seg-token-segments-at-the-edge-of-a-page"
TURNIPS = "on-turnips-boiled"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path)


def read(project: Path, path: str) -> str:
    return (project / "content" / path).read_text("utf-8")


def test_a_note_begins_with_what_is_known_of_the_paper(project: Path) -> None:
    before = [built(project).err, built(project, "--drafts").err]
    outcome = run("new", "note", "seg token", project)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        f"Wrote content/notes/{SLUG}.md.\n"
        "It is a draft, which python -m sitegen serve --drafts shows. When it is ready, remove the line "
        "“draft: true”, and write the day into “updated:”.\n"
    )
    assert read(project, f"notes/{SLUG}.md") == (
        "---\n"
        "# Týr and the <SEG> Token: Segments at the Edge of a Page\n"
        'paper: "Týr and the <SEG> Token: Segments at the Edge of a Page"\n'
        f"slug: {SLUG}\n"
        "tags: []\n"
        "updated:\n"
        "draft: true\n"
        "---\n\n"
    )
    after = [built(project).err, built(project, "--drafts").err]
    assert after == before


def test_a_note_names_a_paper_by_its_id_where_that_is_known(project: Path) -> None:
    lay(project, {"content/library/a.bib": '@misc{a, title = {On Cork}, eprint = "2501.00001"}\n'})
    run("new", "note", "cork", project)
    assert read(project, "notes/on-cork.md").startswith("---\n# On Cork\npaper: arXiv:2501.00001\n")


def test_a_paper_with_a_note_gets_no_second_one(project: Path) -> None:
    run("new", "note", "seg token", project)
    outcome = run("new", "note", "seg token", project)
    assert outcome.status == 1
    assert outcome.err == f"content/notes/{SLUG}.md:3: this note is about the paper already.\n"


def test_of_several_papers_all_are_listed(project: Path) -> None:
    outcome = run("new", "note", "the", project)
    assert outcome.status == 1
    assert "papers fit “the”.\n  Name one of them by its slug or id:\n" in outcome.err
    assert f"\n  {SLUG}: Týr" in outcome.err


@pytest.mark.parametrize("day", sorted(path.name[:10] for path in SMALL.glob("content/captures/*.txt")))
def test_a_digest_lists_the_papers_of_its_day_to_pick_from(project: Path, day: str) -> None:
    (project / f"content/digests/{day}.md").unlink(missing_ok=True)
    outcome = run("new", "digest", day, project)
    assert outcome.out == (
        f"Wrote content/digests/{day}.md.\n"
        "Give it a title and an introduction; remove the # before the papers that come first.\n"
    )
    assert read(project, f"digests/{day}.md").startswith("---\ntitle:\npicks:\n#  - ")
    built(project)
    path = project / f"content/digests/{day}.md"
    path.write_text(path.read_text("utf-8").replace("#  - ", "  - "), "utf-8")
    built(project)


def test_a_digest_of_a_day_without_papers_is_a_warning(project: Path) -> None:
    outcome = run("new", "digest", "2020-02-29", project)
    assert (outcome.status, outcome.out.splitlines()[1]) == (0, "Give it a title and an introduction.")
    assert outcome.err.startswith(
        "content/digests/2020-02-29.md: warning: no paper was collected on 29 February 2020, "
        "so this digest is not shown yet.\n  The newest issues: "
    )
    assert run("new", "digest", "2020-02-30", project).status == 2


def test_a_theme_comes_behind_the_others(project: Path) -> None:
    outcome = run("new", "theme", "Bread: 'Crust' & \"Crumb\"", project)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        "Wrote content/themes/bread-crust-crumb.md.\n"
        "Its page is /themes/bread-crust-crumb/. Write its phrases, or give it papers: "
        "python -m sitegen label PAPER bread-crust-crumb\n"
    )
    assert read(project, "themes/bread-crust-crumb.md").splitlines()[1:4] == [
        'title: "Bread: \'Crust\' & \\"Crumb\\""',
        "order: 4",
        'summary: "Papers on Bread: \'Crust\' & \\"Crumb\\"."',
    ]
    built(project)
    assert (project / "public/themes/bread-crust-crumb/index.html").is_file()


def test_a_page_is_a_draft_at_its_address(project: Path) -> None:
    assert run("new", "page", "Who I Am", project).out == (
        "Wrote content/pages/who-i-am.md.\n"
        "It is a draft for /who-i-am/. When it is ready, remove the line “draft: true”.\n"
    )
    built(project)
    assert not (project / "public/who-i-am").exists()


@pytest.mark.parametrize(
    ("kind", "title", "message"),
    [
        ("theme", "Unsorted", "content/themes/unsorted.md: this name is taken.\n"),
        ("page", "Themes", "content/pages/themes.md: the page “Themes” has the address /themes/ already.\n"),
        ("page", "纸", "title: no address can be made of “纸”.\n"),
        ("page", "", "title: no address can be made of “”.\n"),
        ("theme", "lamp \udcff", "title: no address can be made of “lamp \\udcff”.\n"),
    ],
)
def test_what_cannot_be_built_is_not_written(project: Path, kind: str, title: str, message: str) -> None:
    before = sorted(project.rglob("*"))
    outcome = run("new", kind, title, project)
    assert outcome.status == 1
    assert outcome.err.startswith(message)
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(("kind", "name"), [("theme", "light"), ("page", "about"), ("digest", "2025-01-05")])
def test_a_file_that_is_there_is_never_touched(project: Path, kind: str, name: str) -> None:
    path = project / "content" / f"{kind}s" / f"{name}.md"
    kept = path.read_text("utf-8")
    outcome = run("new", kind, name, project)
    assert outcome.err == (
        f"content/{kind}s/{name}.md: this file is there already.\n"
        "  Nothing was written. Go on in that file, or rename it.\n"
    )
    assert path.read_text("utf-8") == kept


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]))
)  # reading drops what cannot be seen
def test_any_title_is_quoted_so_that_it_comes_back(title: str) -> None:
    text = f"---\n# {new._printable(title)}\ntitle: {new._quoted(title)}\n---\n"
    matter = fm.read_front_matter(Source("x.md", Kind.NOTE, text), {"title": fm.text})
    assert matter.values.get("title", "") == " ".join(title.split())
