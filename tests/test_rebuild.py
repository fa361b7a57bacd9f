"""Build, edit, build: exactly what an edit touches is written, and the result is that of a clean build."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from conftest import BuiltSite
from running import built, files_of, lay

OVEN = "papers/sparse-ovens-baking-with-half-the-heat/index.html"


@pytest.fixture
def project(tmp_path: Path, small: BuiltSite) -> Path:
    """Return the small project with its site built."""
    return Path(shutil.copytree(small.root, tmp_path / "project"))


def edit(project: Path, name: str, old: str, new: str) -> None:
    """Replace one text in a file of the content."""
    path = project / "content" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def rebuild(project: Path) -> dict[str, str]:
    """Build again and return what the report says of each changed file.

    Checks that the site is that of a clean build, and that the report is true.
    """
    before = files_of(project / "public")
    report = built(project, "--verbose").out
    after = files_of(project / "public")
    clean = project.parent / "clean"
    built(project, "-o", clean)
    assert after == files_of(clean)
    shutil.rmtree(clean)
    changes = {path: kind for kind, path in re.findall(r"(?m)^(create|update|delete) +(\S+)$", report)}
    assert changes == {
        path: "create" if path not in before else "delete" if path not in after else "update"
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }
    return changes


TWINS = ("paper.bib", "paper.ris", "index.json", "index.md")


def files_of_paper(slug: str) -> set[str]:
    """Return the files that a paper has of its own."""
    return {f"papers/{slug}/{name}" for name in ("index.html", *TWINS)}


def test_nothing_edited_changes_nothing(project: Path) -> None:
    assert rebuild(project) == {}


def test_a_touched_file_changes_nothing(project: Path) -> None:
    for path in (project / "content").rglob("*.*"):
        path.touch()
    assert rebuild(project) == {}


def test_an_edited_note_changes_its_paper_and_the_feeds_that_hold_it(project: Path) -> None:
    edit(project, "notes/turnips.md", "no more", "no less")
    changes = rebuild(project)
    assert set(changes.values()) == {"update"}
    assert [path for path in changes if path.endswith(".html")] == ["papers/on-turnips/index.html"]
    assert {"feeds/archive-1.xml", "tags/by-hand/feed.xml", "themes/unsorted/rss.xml"} < set(changes)
    for path in changes:
        assert b"no less" in (project / "public" / path).read_bytes(), path


def test_an_edited_free_page_changes_itself_alone(project: Path) -> None:
    edit(project, "pages/about.md", "It is dark.", "It is night.")
    assert rebuild(project) == {"about/index.html": "update"}


def test_removed_paper_leaves_its_tag_page(project: Path) -> None:
    capture = project / "content" / "captures" / "2025-03-02-evening.txt"
    text = capture.read_text(encoding="utf-8")
    start, end = text.index("Sparse Ovens"), text.index("Training Candles")
    capture.write_text(text[:start] + text[end:], encoding="utf-8")
    changes = rebuild(project)
    assert changes[OVEN] == "delete"
    assert changes["tags/pruning/index.html"] == changes["tags/pruning/feed.xml"] == "update"
    assert changes["organizations/openlantern/index.html"] == "delete"
    assert not (project / "public" / "organizations" / "openlantern").exists()
    assert not any(b"sparse-ovens" in data for data in files_of(project / "public").values())


def test_the_last_paper_takes_its_tag_with_it(project: Path) -> None:
    edit(project, "tags.toml", '"pruning", "sparse oven"', '"pruning after midnight"')
    changes = rebuild(project)
    gone = {path for path, kind in changes.items() if kind == "delete"}
    assert {"tags/pruning/index.html", "tags/pruning/feed.xml", "tags/pruning/rss.xml"} <= gone
    assert all(path.startswith("tags/pruning/") for path in gone)
    assert not (project / "public" / "tags" / "pruning").exists()
    assert changes["tags/index.html"] == changes["sitemap.xml"] == "update"


def test_a_new_slug_makes_a_page_and_turns_the_old_one_into_a_redirect(project: Path) -> None:
    lay(project, {"content/notes/rivers.md": "---\npaper: A Map of Small Rivers\nslug: small-rivers\n---\n"})
    changes = rebuild(project)
    assert {path for path, kind in changes.items() if kind == "create"} == files_of_paper("small-rivers")
    assert changes["papers/a-map-of-small-rivers/paper.bib"] == "delete"
    assert changes["papers/a-map-of-small-rivers/index.html"] == "update"
    redirects = (project / "public" / "_redirects").read_text()
    assert "/lamp/papers/a-map-of-small-rivers/ /lamp/papers/small-rivers/ 301!\n" in redirects


def test_a_removed_note_takes_its_slug_with_it_but_not_the_address_given_before(project: Path) -> None:
    (project / "content" / "notes" / "candles.md").unlink()
    changes = rebuild(project)
    assert changes["papers/training-candles/index.html"] == "delete"
    assert changes["papers/training-candles-gradients-that-fit-into-a-pocket/index.html"] == "update"


def test_an_added_capture_makes_an_issue_and_leaves_older_papers_alone(project: Path) -> None:
    text = (project / "content" / "captures" / "2025-01-05.txt").read_text(encoding="utf-8")
    head, _, _ = text.partition("Counting Bees")
    listing = "Moths at the Window\n\nMoths come to the training lamp.\n\n  • 2 authors\n·\nApr 1"
    lay(project, {"content/captures/2025-04-02.txt": head.replace("Jan 5", "Apr 2") + listing})
    changes = rebuild(project)
    created = {path for path, kind in changes.items() if kind == "create"}
    assert {"2025/04/02/index.html", "papers/moths-at-the-window/index.html"} <= created
    touched = {path for path in changes if path.startswith("papers/") and "/page/" not in path}
    lists = {"papers/index.html", "papers/papers.bib", "papers/papers.json"}
    assert touched == lists | files_of_paper("moths-at-the-window")
    assert "delete" not in changes.values()


def test_another_title_of_the_site_changes_every_page_and_no_asset_and_no_citation(project: Path) -> None:
    edit(project, "site.toml", '"Lamplight"', '"Lantern"')
    changes = rebuild(project)
    assert set(changes.values()) == {"update"}
    same = files_of(project / "public").keys() - changes.keys()
    assert same - {"sitemap.xml", "robots.txt", "_redirects", "favicon.ico"} == {
        path
        for path in same
        if path.startswith(("static/", "assets/"))
        or path.rpartition("/")[2] in (*TWINS, "papers.bib")
        or path.endswith("/papers.json")
    }


def test_a_removed_asset_is_removed_from_the_site(project: Path) -> None:
    (project / "content" / "assets" / "lamp.svg").unlink()
    assert rebuild(project) == {"assets/lamp.svg": "delete"}


def test_a_template_of_the_project_changes_only_what_it_makes(project: Path) -> None:
    lay(
        project,
        {"templates/404.html": '{% extends "text.html" %}\n{% block main %}<h1>Lost</h1>{% endblock %}\n'},
    )
    assert rebuild(project) == {"404.html": "update"}
    shutil.rmtree(project / "templates")
    assert rebuild(project) == {"404.html": "update"}


def test_a_damaged_output_file_is_mended(project: Path) -> None:
    page = project / "public" / "about" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"dark", b"DARK"))
    (project / "public" / "feed.xml").unlink()
    assert rebuild(project) == {"about/index.html": "update", "feed.xml": "create"}


def test_a_later_day_shows_what_waited_for_it(project: Path) -> None:
    assert "waits" not in built(project, "--as-of", "2025-06-02").out.lower().replace("waits for 1 july", "")
    page = project / "public" / "papers" / "the-quiet-compiler" / "index.html"
    assert page.exists()
    assert (project / "public" / "2025" / "06" / "01" / "index.html").exists()
    built(project)
    assert not page.exists()


def test_an_earlier_day_hides_captures_and_what_is_said_of_their_papers(project: Path) -> None:
    outcome = built(project, "--as-of", "2024-12-31")
    assert "Waits for 5 January 2025: an issue." in outcome.out
    assert "Waits for 2 March 2025: an issue." in outcome.out
    names = files_of(project / "public")
    assert "papers/a-map-of-small-rivers/index.html" in names
    assert not any("counting-bees" in name or "sorting-letters" in name for name in names)


def test_drafts_are_shown_on_demand_and_marked(project: Path) -> None:
    built(project, "--drafts")
    page = (project / "public" / "plans" / "index.html").read_text()
    assert "Draft" in page
    assert 'content="noindex"' in page
    assert "/plans/" not in (project / "public" / "sitemap.xml").read_text()
