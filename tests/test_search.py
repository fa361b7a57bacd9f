"""The search bundle: made of paper pages alone, kept while none changed, and never in the way of a build."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import Outcome, built, lay, run

import sitegen.ahead
import sitegen.indexing
import sitegen.render
import sitegen.search
from sitegen.indexing import Indexing
from sitegen.processes import can_fork
from sitegen.switch import SEARCHED

SITE = 'title = "Lamps"\nid_authority = "lamps.example,2025"\nbase_url = "https://lamps.example/digest/"\n'
THEME = "---\ntitle: Light & Shade\norder: 1\nsummary: What gives light.\n---\n"
LAMPS = """---
paper: A Paper on <b>Lamps</b> & Wicks
authors: [Ada Lovelace, Týr Ångström]
date: 2024-03-01
abstract: We study lamps at some length, and find that they give light.
links: [{label: Paper, url: "https://lamps.example/paper"}]
theme: light
tags: [wicks]
featured: 2025-01-05
---
Read it by day.
"""
TAGS = '[wicks]\ntitle = "Wicks, oils"\nphrases = ["wick"]\n'
FILES = {
    "site.toml": SITE,
    "themes/light.md": THEME,
    "tags.toml": TAGS,
    "notes/lamps.md": LAMPS,
    "notes/moths.md": LAMPS.replace("A Paper on <b>Lamps</b> & Wicks", "Moths").replace("2024", "2025"),
}
needs_fork = pytest.mark.skipif(not can_fork(), reason="makes pages by forked processes")
posix = pytest.mark.skipif(sys.platform == "win32", reason="makes programs of scripts")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of two papers that was built, to be copied."""
    root = tmp_path_factory.mktemp("search") / "project"
    lay(root / "content", FILES)
    built(root)
    return root


@pytest.fixture
def project(tmp_path: Path, first: Path) -> Path:
    """Return a project of two papers that was built."""
    return Path(shutil.copytree(first, tmp_path / "project"))


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that grows whenever Pagefind runs."""
    calls: list[Path] = []

    class Counted(Indexing):
        def __init__(self, site: Path, *given: Any) -> None:
            calls.append(site)
            super().__init__(site, *given)

    monkeypatch.setattr(sitegen.search, "Indexing", Counted)
    monkeypatch.setattr(sitegen.ahead, "Indexing", Counted)
    return calls


def bundle(project: Path) -> dict[str, bytes]:
    folder = project / "public/pagefind"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def papers(project: Path) -> dict[str, dict[str, Any]]:
    """Return what the index says of each paper, by its address."""
    chunks = [data for name, data in bundle(project).items() if name.startswith("fragment/")]
    said = [json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd")) for data in chunks]
    return {paper["url"]: paper for paper in said}


def edit(project: Path, old: str, new: str, name: str = "notes/lamps.md") -> None:
    path = project / "content" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def with_program(monkeypatch: pytest.MonkeyPatch, program: Path | None) -> None:
    for room in (sitegen.ahead, sitegen.search):
        monkeypatch.setattr(room, "find_pagefind", lambda: program)


def script(folder: Path, text: str) -> Path:
    """Return a program that does what a shell script says."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="ascii")
    path.chmod(0o755)
    return path


# ------------------------------------------------------------------------ begun while the site is made


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let several processes make even a small site."""
    monkeypatch.setattr(sitegen.render, "WORTH_WORKERS", 1)


@needs_fork
@pytest.mark.usefixtures("workers")
def test_the_index_is_begun_before_the_site_is_live(project: Path, indexed: list[Path]) -> None:
    shutil.rmtree(project / "public")
    built(project, "--jobs", "1")
    one = papers(project)
    shutil.rmtree(project / "public")
    built(project, "--jobs", "2")
    assert [site.name for site in indexed] == ["public", "pages"]
    assert papers(project) == one
    assert not [*(project / "public/.sitegen").glob("search-*")]


@needs_fork
@pytest.mark.usefixtures("workers")
def test_it_is_not_begun_for_a_few_new_pages(project: Path, indexed: list[Path]) -> None:
    lay(project, {f"content/notes/{name}.md": note(name) for name in ("one", "two", "three")})
    built(project, "--jobs", "2")
    edit(project, "about one", "about ones", "notes/one.md")
    built(project, "--jobs", "2")
    assert [site.name for site in indexed] == ["pages", "public"]


@needs_fork
@pytest.mark.usefixtures("workers")
def test_without_second_names_it_is_made_at_the_end(
    project: Path, indexed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    shutil.rmtree(project / "public")
    built(project, "--jobs", "2")
    assert [site.name for site in indexed] == ["public"]


@needs_fork
@pytest.mark.usefixtures("workers", "indexed")
def test_a_build_that_fails_ends_the_program(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bundle(project)
    ended: list[int] = []
    stop = Indexing.stop
    monkeypatch.setattr(Indexing, "stop", lambda indexing: (stop(indexing), ended.append(1)))
    with_program(monkeypatch, script(project, "exec sleep 60"))
    lay(project, {"templates/listing.html": "{{ page.nothing }}", "templates/paper.html": "new"})
    assert run("build", project, "--jobs", "2").status == 1
    assert ended == [1]
    assert bundle(project) == before
    assert not [*(project / "public/.sitegen").glob("search-*")]


def note(name: str) -> str:
    """Return a note that describes a paper."""
    link = f"links: {{Paper: https://example.org/{name}}}"
    return f"---\npaper: On {name}\ntitle: On {name}\n{link}\n---\nIt is about {name}.\n"


# ------------------------------------------------------------------------ what is in it


def test_the_bundle_holds_each_paper_with_all_that_the_search_shows_and_filters(project: Path) -> None:
    found = papers(project)
    assert sorted(found) == ["/papers/a-paper-on-b-lamps-b-wicks/", "/papers/moths/"]
    paper = found["/papers/a-paper-on-b-lamps-b-wicks/"]
    assert paper["content"].startswith("We study lamps at some length, and find that they give light.")
    assert paper["content"].endswith("Read it by day.")
    assert paper["filters"] == {"tag": ["Wicks, oils"], "theme": ["Light & Shade"], "year": ["2024"]}
    assert paper["meta"]["title"] == "A Paper on <b>Lamps</b> & Wicks"
    assert paper["meta"]["who"] == "Ada Lovelace, Týr Ångström"
    assert paper["meta"]["theme"] == "Light & Shade"
    assert paper["meta"]["published"] == "1 March 2024"


def test_a_paper_without_an_abstract_is_found_by_its_title(project: Path) -> None:
    abstract = "abstract: We study lamps at some length, and find that they give light.\n"
    edit(project, abstract, "")
    edit(project, "---\nRead it by day.\n", "---\n")
    built(project)
    assert papers(project)["/papers/a-paper-on-b-lamps-b-wicks/"]["content"].startswith("A Paper on <b>Lamps")


@pytest.mark.parametrize("field", ["draft: true", "withdrawn: It was a hoax."])
def test_a_hidden_paper_is_not_found(project: Path, field: str) -> None:
    edit(project, "theme: light\n", f"theme: light\n{field}\n", "notes/moths.md")
    built(project, "--drafts")
    assert sorted(papers(project)) == ["/papers/a-paper-on-b-lamps-b-wicks/"]


def test_a_site_whose_papers_are_all_hidden_has_no_bundle(project: Path) -> None:
    for note in ("lamps", "moths"):
        edit(project, "theme: light\n", "theme: light\nwithdrawn: It was a hoax.\n", f"notes/{note}.md")
    assert "Search:" not in built(project).out
    assert not (project / "public/pagefind").exists()


def test_a_folder_may_be_named_from_where_one_stands(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    edit(project, "by day", "by night")
    assert "index made in" in built("-o", "public").out
    assert "index made in" in built("-o", "other").out


def test_the_bundle_holds_no_box_of_pagefinds_own(project: Path) -> None:
    names = {name for name in bundle(project) if "/" not in name and ".pf_meta" not in name}
    assert names == {"pagefind.js", "pagefind-entry.json", "wasm.en.pagefind"}


def test_settings_of_pagefind_around_the_site_are_not_taken(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_EXCLUDE_SELECTORS", ".paper")
    lay(project / "public", {"pagefind.toml": 'exclude_selectors = [".paper"]\n'})
    edit(project, "by day", "by night")
    built(project)
    assert papers(project)["/papers/a-paper-on-b-lamps-b-wicks/"]["content"].endswith("Read it by night.")


# ------------------------------------------------------------------------ when it is made


def test_an_unchanged_build_keeps_the_bundle(project: Path, indexed: list[Path]) -> None:
    before = bundle(project)
    assert "Search: 2 papers, index kept as it is." in built(project).out
    assert bundle(project) == before
    assert not indexed


def test_an_edit_of_another_page_keeps_the_bundle(project: Path, indexed: list[Path]) -> None:
    lay(project, {"content/digests/2025-01-05.md": "---\ntitle: Five lamps\n---\nAn introduction.\n"})
    built(project)
    indexed.clear()
    edit(project, "An introduction", "A word before", "digests/2025-01-05.md")
    assert "index kept as it is" in built(project).out
    assert not indexed


def test_an_edited_paper_is_found_as_it_is_now(project: Path) -> None:
    edit(project, "by day", "by night")
    assert "Search: 2 papers, index made in" in built(project).out
    assert papers(project)["/papers/a-paper-on-b-lamps-b-wicks/"]["content"].endswith("Read it by night.")
    assert len(papers(project)) == 2, "the old fragment is left"


def test_a_removed_paper_leaves_the_bundle(project: Path) -> None:
    (project / "content/notes/moths.md").unlink()
    built(project)
    assert sorted(papers(project)) == ["/papers/a-paper-on-b-lamps-b-wicks/"]


@pytest.mark.parametrize("name", ["pagefind-entry.json", "pagefind.js", "fragment", "index"])
@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_a_harmed_bundle_is_healed(project: Path, indexed: list[Path], name: str, harm: str) -> None:
    before = papers(project)
    place = project / "public/pagefind" / name
    file = place if place.is_file() else _files(place)[0]
    if harm == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[::-1])
    built(project)
    assert indexed
    assert papers(project) == before
    assert "index kept as it is" in built(project).out


def test_a_lost_record_costs_one_more_run(project: Path, indexed: list[Path]) -> None:
    (project / "public" / SEARCHED).unlink()
    (project / "public/index.html").unlink()  # or nothing at all would be done
    built(project)
    assert len(indexed) == 1


def test_another_version_of_pagefind_makes_it_anew(
    project: Path, indexed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitegen.search, "_stamp", lambda program: "another")
    (project / "public/index.html").unlink()
    built(project)
    assert indexed


def test_without_its_manifest_the_bundle_is_taken_for_ours_and_the_rest_is_listed(project: Path) -> None:
    lay(project / "public/pagefind", {"fragment/en_0000000.pf_fragment": b"somebody's"})
    (project / "public/.sitegen/manifest").unlink()
    outcome = built(project)
    assert not outcome.err
    assert "wrote it: pagefind/fragment/en_0000000.pf_fragment" in outcome.out
    assert "wrote it: pagefind/pagefind.js" not in outcome.out
    assert len(bundle(project)) > 5
    (project / "content/notes/moths.md").unlink()
    built(project)
    assert (project / "public/pagefind/fragment/en_0000000.pf_fragment").read_bytes() == b"somebody's"


# ------------------------------------------------------------------------ when it cannot be made


def failing(project: Path) -> Outcome:
    """Build after an edit that calls for a new index; the site must be built, the bundle must stay."""
    before = bundle(project)
    edit(project, "by day", "by night")
    outcome = built(project)
    assert bundle(project) == before
    assert b"by night" in (project / "public/papers/a-paper-on-b-lamps-b-wicks/index.html").read_bytes()
    assert not (project / "public/.sitegen/search").exists()
    return outcome


def test_a_missing_program_is_a_warning_that_says_what_to_do(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_program(monkeypatch, None)
    outcome = failing(project)
    assert "warning: the program that indexes papers is missing." in outcome.err
    assert 'pip install "pagefind[bin]"' in outcome.err
    assert "search = false" in outcome.err


def test_a_missing_program_is_no_matter_while_no_paper_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_program(monkeypatch, None)
    (project / "public/index.html").unlink()
    assert not built(project).err


@posix
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo no space left >&2; exit 3", "failed (status 3)."),
        ("exit 0", "failed (status 0)."),
        ("kill -9 $$", "failed (status -9)."),
    ],
)
def test_a_program_that_fails_leaves_the_old_bundle(
    project: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    with_program(monkeypatch, script(project, text))
    assert said in failing(project).err


def test_a_program_that_cannot_be_run_leaves_the_old_bundle(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_program(monkeypatch, lay(project, {"program": "no program"}) / "program")
    assert "warning: the search index cannot be made: permission denied." in failing(project).err


@posix
def test_a_program_that_hangs_is_stopped(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (sitegen.indexing, sitegen.search):
        monkeypatch.setattr(room, "PATIENCE", 0.2)
    with_program(monkeypatch, script(project, "exec sleep 60"))
    assert "took more than 0.2 seconds" in failing(project).err


def test_the_next_build_tries_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        with_program(patch, None)
        failing(project)
        assert "is missing" in built(project).err, "a warning was forgotten"
    assert "index made in" in built(project).out


def test_with_strict_a_failed_search_is_an_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_program(monkeypatch, None)
    edit(project, "by day", "by night")
    assert run("build", project, "--strict").status == 1


def test_a_first_build_without_the_program_has_a_page_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_program(monkeypatch, None)
    lay(tmp_path / "content", FILES)
    assert "is missing" in built(tmp_path).err
    assert not (tmp_path / "public/pagefind").exists()
    page = (tmp_path / "public/search/index.html").read_text(encoding="utf-8")
    assert "Other ways to a paper" in page


def test_a_file_of_somebody_else_in_its_place_is_left_alone(tmp_path: Path) -> None:
    lay(tmp_path / "content", FILES | {"site.toml": f"search = false\n{SITE}"})
    built(tmp_path)
    lay(tmp_path, {"content/site.toml": SITE, "public/pagefind/pagefind.js": "mine"})
    outcome = built(tmp_path)
    assert "public/pagefind/pagefind.js: warning: sitegen did not write this file" in outcome.err
    assert bundle(tmp_path) == {"pagefind.js": b"mine"}
    (tmp_path / "public/pagefind/pagefind.js").unlink()
    assert not built(tmp_path).err


# ------------------------------------------------------------------------ killed on the way


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_build_killed_while_the_bundle_goes_live_is_healed_by_the_next(
    project: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    edit(project, "by day", "by night")
    moved: list[str] = []
    replace: Callable[..., None] = os.replace

    def dying(source: str, target: str) -> None:
        if "/pagefind/" in str(target):
            moved.append(str(target))
            if len(moved) == step:
                raise _Killed
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying)
        with pytest.raises(_Killed):
            built(project)
    assert moved
    built(project)
    assert papers(project)["/papers/a-paper-on-b-lamps-b-wicks/"]["content"].endswith("Read it by night.")
    assert len(papers(project)) == 2
    assert "index kept as it is" in built(project).out


def test_an_edit_undone_after_a_kill_is_indexed_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sitegen.search, "_digest", lambda pairs: "killed before this was written")
        edit(project, "by day", "by night")
        built(project)
    edit(project, "by night", "by day")
    built(project)
    assert papers(project)["/papers/a-paper-on-b-lamps-b-wicks/"]["content"].endswith("Read it by day.")


# ------------------------------------------------------------------------ switched off


def test_search_switched_off_leaves_no_trace(project: Path) -> None:
    lay(project / "public/pagefind", {"notes.txt": "mine"})
    edit(project, SITE, f"search = false\n{SITE}", "site.toml")
    outcome = built(project)
    assert "Search:" not in outcome.out
    assert bundle(project) == {"notes.txt": b"mine"}
    assert not (project / "public/search").exists()
    for page in (project / "public").rglob("*.html"):
        assert b"/search/" not in page.read_bytes(), page


def test_every_page_links_to_the_search_under_the_path_of_the_site(project: Path) -> None:
    for page in (project / "public").rglob("*.html"):
        assert b'href="/digest/search/"' in page.read_bytes(), page
    page_of_search = (project / "public/search/index.html").read_text(encoding="utf-8")
    assert 'data-bundle="/digest/pagefind/"' in page_of_search
