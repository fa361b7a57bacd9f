"""A file whose target is as it was is neither made nor read again; anything else about it is noticed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import BuiltSite
from factories import make_facts, make_feed, make_issue, make_letter, make_paper
from markupsafe import Markup
from msgspec.structs import replace
from running import built, files_of, lay, run

import sitegen.makers
import sitegen.recall
import sitegen.render
import sitegen.write
from sitegen.build import Track, build
from sitegen.config import Surroundings
from sitegen.errors import BuildError
from sitegen.fingerprints import Fingerprinter
from sitegen.lock import locked
from sitegen.manifest import read_manifest
from sitegen.memory import Memory
from sitegen.model import Artifact, Facts, Group, Kept, Listing, Page, Paper, PaperBody, Target
from sitegen.recall import look_back
from sitegen.write import write

ABOUT = "about/index.html"


@pytest.fixture
def project(tmp_path: Path, small: BuiltSite) -> Path:
    """Return the small project with its site built."""
    return Path(shutil.copytree(small.root, tmp_path / "project"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the paths of all targets that are rendered from now on."""
    paths: list[str] = []
    maker = sitegen.render.artifact_maker

    def spy(facts: Facts, root: Path, folders: tuple[Path, ...]) -> Callable[[Target], Any]:
        make = maker(facts, root, folders)

        def remember(target: Target) -> Any:
            artifact = make(target)
            paths.append(artifact.path)
            return artifact

        return remember

    monkeypatch.setattr(sitegen.render, "artifact_maker", spy)
    return paths


def edit(project: Path, name: str, old: str, new: str) -> None:
    """Replace one text in a file of the content."""
    path = project / "content" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_only_what_an_edit_touches_is_rendered(project: Path, made: list[str]) -> None:
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    built(project)
    assert made == [ABOUT]


def test_what_an_edit_spares_is_not_opened(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    read: list[str] = []
    has_content = sitegen.write.has_content
    monkeypatch.setattr(
        sitegen.write, "has_content", lambda path, data: read.append(path) or has_content(path, data)
    )
    built(project)
    assert all(path.endswith(ABOUT) for path in read)


def test_an_edit_that_changes_no_page_renders_none(project: Path, made: list[str]) -> None:
    lay(project, {"content/captures/.later": "left behind"})
    edit(project, "site.toml", "title", "# a word for myself\ntitle")
    built(project)
    assert made == []


def test_another_template_renders_every_page_and_no_feed(project: Path, made: list[str]) -> None:
    lay(project, {"templates/components/more.html": "nothing"})
    built(project)
    assert {path.rpartition(".")[2] for path in made} == {"html"}
    assert len(made) == len(set(made))
    made.clear()
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    built(project)
    assert made == [ABOUT]


def test_another_version_of_sitegen_renders_everything(
    project: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(project / "public")
    monkeypatch.setattr(sitegen.recall, "programs", lambda: "of sitegen 9")
    report = built(project).out
    assert "Nothing changed: " in report
    assert {path.rpartition(".")[2] for path in made} >= {"html", "xml", "json"}
    assert files_of(project / "public") == before


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


def cut(path: Path) -> None:
    status = path.stat()
    path.write_bytes(path.read_bytes()[:-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("harm", [damage, cut, Path.unlink], ids=lambda harm: harm.__name__)
def test_a_strangers_change_is_noticed_beside_an_edit(
    project: Path, made: list[str], harm: Callable[[Path], None]
) -> None:
    page = project / "public" / "themes" / "index.html"
    before = page.read_bytes()
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    harm(page)
    built(project)
    assert sorted(made) == [ABOUT, "themes/index.html"]
    assert page.read_bytes() == before


def test_a_kept_file_that_became_a_link_is_made_again(project: Path, made: list[str]) -> None:
    page = project / "public" / "themes" / "index.html"
    before = page.read_bytes()
    link(page)
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    assert built(project).status == 0
    assert not page.is_symlink()
    assert page.read_bytes() == before
    assert "themes/index.html" in made


def test_a_kept_folder_that_became_a_link_is_refused(project: Path) -> None:
    folder = project / "public" / "themes"
    folder.rename(project / "elsewhere")
    folder.symlink_to(project / "elsewhere")
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    outcome = run("build", project)
    assert outcome.status == 1
    assert "public/themes: sitegen did not make this" in outcome.err


def test_a_file_in_the_place_of_a_kept_folder_is_refused(project: Path) -> None:
    lay(project, {"content/assets/oven/door.svg": "a door"})
    built(project)
    before = files_of(project / "public")
    write_assets = [Artifact("assets/oven", b"an oven", 0), *kept(project)]
    with (
        locked(project / "public", pytest.fail),
        pytest.raises(BuildError, match="a file of the site and a folder"),
    ):
        write(write_assets, project / "public", read_manifest(project / "public"))
    assert files_of(project / "public") == before


def kept(project: Path) -> list[Kept]:
    """Return all files of a built site, as kept."""
    manifest = read_manifest(project / "public")
    return [Kept(path, voucher) for path, voucher in look_back(project / "public", manifest).vouchers.items()]


# ------------------------------------------------------------------------ fingerprints


def page_of(body: Any, **over: Any) -> Page:
    names: dict[str, Any] = {
        "url": "/x/", "template": "x.html", "title": "X", "description": "", "body": body, "crumbs": (),
        "feeds": (), "updated": None,
    }  # fmt: skip
    return Page(**names | over)


def listing_of(*papers: Paper) -> Listing:
    group = Group("", "g", "", 0, False, papers)
    return Listing(
        "papers", "", "H", Markup(""), (), (), (), (group,), None, None, None, ()
    )  # fmt: skip


TARGETS: dict[str, Callable[[Paper], Target]] = {
    "its page": lambda paper: page_of(PaperBody(paper, None, None, None)),
    "a list": lambda paper: page_of(listing_of(make_paper("other"), paper)),
    "a feed": lambda paper: make_feed(paper, updated=date(2025, 1, 1)),
    "a letter": lambda paper: make_feed(
        replace(make_letter(), issues=(make_issue(paper),)), updated=date(2025, 1, 1)
    ),
}


def taken(target: Target, *, programs: str = "p", templates: str = "t", **facts: Any) -> str:
    return Fingerprinter(make_facts(**facts), programs, templates).fingerprint(target)


def other(value: Any) -> Any:
    """Return a value that differs in the smallest way."""
    match value:
        case Markup():
            return str(value)
        case str():
            return f"{value}."
        case bool():
            return not value
        case int():
            return value + 1
        case date():
            return value + timedelta(1)
        case tuple():
            return (*value[:-1], other(value[-1])) if value else ("new",)
        case None:
            return "something"
    return replace(value, **{name: other(getattr(value, name)) for name in value.__struct_fields__[:1]})


@pytest.mark.parametrize("kind", TARGETS)
def test_every_field_of_a_paper_is_in_the_fingerprint_of_what_shows_it(kind: str) -> None:
    paper = make_paper()
    first = taken(TARGETS[kind](paper))
    assert taken(TARGETS[kind](make_paper())) == first
    for name in Paper.__struct_fields__:
        changed = replace(paper, **{name: other(getattr(paper, name))})
        assert taken(TARGETS[kind](changed)) != first, name


@pytest.mark.parametrize(
    "target",
    [
        page_of(listing_of(make_paper())),
        make_feed(make_paper()),
        page_of(PaperBody(make_paper(), None, None, None)),
    ],
    ids=["listing", "feed", "paper"],
)
def test_every_field_of_a_target_and_its_body_is_in_its_fingerprint(target: Any) -> None:
    first = taken(target)
    for name in target.__struct_fields__:
        changed = replace(target, **{name: other(getattr(target, name))})
        assert taken(changed) != first, name
    if isinstance(target, Page):
        for name in target.body.__struct_fields__:
            body = replace(target.body, **{name: other(getattr(target.body, name))})
            assert taken(replace(target, body=body)) != first, name


def test_facts_programs_and_templates_are_in_a_fingerprint() -> None:
    page = page_of(PaperBody(make_paper(), None, None, None))
    first = taken(page)
    for name in Facts.__struct_fields__:
        changed = {name: other(getattr(make_facts(), name))}
        assert taken(page, **changed) != first, name
        assert taken(make_feed(make_paper()), **changed) != taken(make_feed(make_paper())), name
    assert taken(page, programs="q") != first
    assert taken(page, templates="u") != first
    assert taken(make_feed(), templates="u") == taken(make_feed())


def test_a_papers_place_in_a_list_is_in_the_fingerprint() -> None:
    one, two = make_paper("one"), make_paper("two")
    assert taken(page_of(listing_of(one, two))) != taken(page_of(listing_of(two, one)))


def test_a_preview_reads_a_template_once(
    project: Path, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    makers: list[object] = []
    page_renderer = sitegen.makers.page_renderer
    monkeypatch.setattr(
        sitegen.makers, "page_renderer", lambda *given: makers.append(given) or page_renderer(*given)
    )
    memory = Memory()
    for word in ("night", "noon", "dawn"):
        edit(project, "pages/about.md", "It is ", f"It is {word}, ")
        rebuild(project, memory)
    assert made == [ABOUT] * 3
    assert len(makers) == 1
    lay(project, {"templates/404.html": '{% extends "text.html" %}'})
    rebuild(project, memory)
    assert len(makers) == 2


def test_a_preview_believes_no_template_that_changed_under_its_build(project: Path) -> None:
    """The second build looks at one template and reads another; the third looks at the first again."""
    memory = Memory()

    def replaced(artifacts: Any, _: int) -> Any:
        lay(project, {"templates/text.html": "new {{ page.title }}"})
        yield from artifacts

    lay(project, {"templates/text.html": "old {{ page.title }}"})
    rebuild(project, memory, replaced)
    lay(project, {"templates/text.html": "old {{ page.title }}"})
    rebuild(project, memory)
    assert (project / "public" / ABOUT).read_text(encoding="utf-8").startswith("old ")


def rebuild(project: Path, memory: Memory, track: Track = lambda artifacts, _: artifacts) -> None:
    """Build as a preview does."""
    build(
        project,
        project / "public",
        Surroundings(),
        strict=False,
        notify=pytest.fail,
        track=track,
        memory=memory,
    )
