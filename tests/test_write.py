"""What `write` does to an output folder: the changes, the modes, whose files it touches, what it refuses."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.disk import is_safe
from sitegen.errors import BuildError
from sitegen.lock import locked
from sitegen.manifest import content_hash, read_manifest, write_manifest
from sitegen.model import Artifact, Manifest, Written
from sitegen.write import write

Files = dict[str, bytes]
SITE: Files = {
    "index.html": b"home",
    "papers/evopress/index.html": b"EvoPress",
    "papers/evopress/paper.bib": b"@misc{evopress}",
    "assets/style.css": b"body {}",
    "feed.xml": b"<feed/>",
}


def fail(message: str) -> None:
    raise AssertionError(message)


def run(out: Path, artifacts: Iterable[Artifact]) -> Written:
    with locked(out, fail):
        return write(artifacts, out, read_manifest(out))


def build(out: Path, files: Files) -> Written:
    return run(out, [Artifact(path, data, 1) for path, data in files.items()])


def live(out: Path) -> Files:
    """The site as a visitor has it; a link counts as what it says."""
    return {
        path.relative_to(out).as_posix(): os.fsencode(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in out.rglob("*")
        if (path.is_symlink() or path.is_file()) and path.relative_to(out).parts[0] != ".sitegen"
    }


def at_rest(out: Path) -> bool:
    """Nothing temporary is left, in the site or beside it, and no folder is empty."""
    state = {path.name for path in (out / ".sitegen").iterdir()}
    folders = [path for path in out.rglob("*") if path.is_dir() and not path.is_symlink()]
    return state == {"lock", "manifest", "marker"} and all(any(folder.iterdir()) for folder in folders)


def kinds(written: Written) -> dict[str, str]:
    return {change.path: change.kind for change in written.changes}


def refused(out: Path, files: Files) -> str:
    with pytest.raises(BuildError) as caught:
        build(out, files)
    return str(caught.value).replace(str(out), "public")


# --------------------------------------------------------------------------- changes


def test_first_build_creates_every_file(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "public"
    assert set(kinds(build(out, SITE)).values()) == {"create"}
    assert live(out) == SITE
    assert at_rest(out)


def test_second_build_changes_nothing_on_disk(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert set(kinds(build(tmp_path, SITE)).values()) == {"identical"}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before
    assert at_rest(tmp_path)


def test_changes_are_told_per_file_and_sorted(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    edited = SITE | {"index.html": b"HOME", "about/index.html": b"about"}
    del edited["papers/evopress/paper.bib"]
    written = build(tmp_path, edited)
    assert kinds(written) == {
        "about/index.html": "create",
        "assets/style.css": "identical",
        "feed.xml": "identical",
        "index.html": "update",
        "papers/evopress/index.html": "identical",
        "papers/evopress/paper.bib": "delete",
    }
    assert [change.path for change in written.changes] == sorted(kinds(written))
    assert live(tmp_path) == edited


def test_removed_paper_takes_its_empty_folders_along(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    build(tmp_path, {"index.html": b"home"})
    assert sorted(os.listdir(tmp_path)) == [".sitegen", "index.html"]


def test_a_site_may_become_empty(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    assert set(kinds(build(tmp_path, {})).values()) == {"delete"}
    assert live(tmp_path) == {}
    assert read_manifest(tmp_path) == Manifest((), usable=True)


def test_a_file_edited_by_hand_is_written_again(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "feed.xml").write_bytes(b"<FEED/>")  # as long as ours
    assert kinds(build(tmp_path, SITE))["feed.xml"] == "update"
    assert live(tmp_path) == SITE


def test_a_file_deleted_by_hand_comes_back(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "feed.xml").unlink()
    assert kinds(build(tmp_path, SITE))["feed.xml"] == "create"


def test_a_file_deleted_by_hand_and_no_longer_wanted_is_no_change(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "feed.xml").unlink()
    written = build(tmp_path, {path: data for path, data in SITE.items() if path != "feed.xml"})
    assert "feed.xml" not in kinds(written)
    assert "feed.xml" not in dict(read_manifest(tmp_path).files)


def test_a_file_becomes_a_folder_and_a_file_again(tmp_path: Path) -> None:
    file, folder = {"about": b"file"}, {"about/index.html": b"page", "about/a/b/c.html": b"deep"}
    build(tmp_path, file)
    assert kinds(build(tmp_path, folder))["about"] == "delete"
    assert live(tmp_path) == folder
    assert kinds(build(tmp_path, file))["about"] == "create"
    assert live(tmp_path) == file
    assert at_rest(tmp_path)


def test_files_switch_in_by_rank_and_removals_come_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path, {"old.html": b"old"})
    steps: list[str] = []
    replace, unlink = os.replace, os.unlink

    def note_replace(source: str, target: str) -> None:
        steps.append(Path(target).name)
        replace(source, target)

    def note_unlink(path: str) -> None:
        steps.append(f"-{Path(path).name}")
        unlink(path)

    monkeypatch.setattr(os, "replace", note_replace)
    monkeypatch.setattr(os, "unlink", note_unlink)
    names = ("sitemap.xml", 4), ("feed.xml", 3), ("page.html", 1), ("list.html", 2), ("style.css", 0)
    run(tmp_path, [Artifact(name, b"new", rank) for name, rank in names])
    moved = ["style.css", "page.html", "list.html", "feed.xml", "sitemap.xml"]
    told = [step for step in steps if not step.endswith(".new")]
    assert told == ["manifest", "journal", *moved, "-old.html", "manifest", "-journal"]


def test_artifacts_are_taken_one_at_a_time(tmp_path: Path) -> None:
    def lazy() -> Iterator[Artifact]:
        for number in range(5):
            yield Artifact(f"{number}.html", b"page", 1)
            staged = list((tmp_path / ".sitegen" / "staging").iterdir())
            assert len(staged) == number + 1, "staged before the next one is asked for"
            assert live(tmp_path) == {}

    assert len(run(tmp_path, lazy()).changes) == 5


# --------------------------------------------------------------------------- failure changes nothing


def test_a_page_that_fails_leaves_the_last_good_site(tmp_path: Path) -> None:
    build(tmp_path, SITE)

    def broken() -> Iterator[Artifact]:
        yield Artifact("index.html", b"new", 1)
        raise BuildError(())

    with pytest.raises(BuildError):
        run(tmp_path, broken())
    assert live(tmp_path) == SITE
    assert at_rest(tmp_path)


@pytest.mark.parametrize("error", [OSError(5, "a template vanished"), KeyboardInterrupt(), MemoryError()])
def test_what_a_renderer_raises_passes_through(tmp_path: Path, error: BaseException) -> None:
    def broken() -> Iterator[Artifact]:
        yield Artifact("index.html", b"new", 1)
        raise error

    with pytest.raises(type(error)) as caught:
        run(tmp_path, broken())
    assert caught.value is error
    assert live(tmp_path) == {}


# --------------------------------------------------------------------------- only ours


def test_a_foreign_folder_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    (tmp_path / "a.txt").write_text("mine")
    expected = (
        'public: this folder holds files that sitegen did not write, such as "a.txt".\n'
        "  Choose another folder with -o, or empty this one."
    )
    assert refused(tmp_path, SITE) == expected
    with pytest.raises(BuildError):
        read_manifest(tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "thesis.tex"]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("mine")
    assert "this is a file, not a folder." in refused(tmp_path / "public", SITE)


def test_a_missing_or_empty_folder_has_an_empty_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "missing") == Manifest((), usable=True)
    assert read_manifest(tmp_path) == Manifest((), usable=True)
    assert os.listdir(tmp_path) == []


def test_the_manifest_holds_the_hash_of_each_file(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    build(tmp_path, SITE | {"index.html": b"HOME"})
    expected = {path: content_hash(data) for path, data in (SITE | {"index.html": b"HOME"}).items()}
    assert read_manifest(tmp_path).files == tuple(sorted(expected.items()))


def test_files_of_others_outlive_every_build(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    (tmp_path / "papers" / "evopress" / "mine.txt").write_bytes(b"mine")
    written = build(tmp_path, {})
    assert live(tmp_path) == {"papers/evopress/mine.txt": b"mine"}
    assert written.kept_foreign == ()


def test_a_foreign_file_in_a_place_of_ours_is_named_and_kept(tmp_path: Path) -> None:
    build(tmp_path, {"index.html": b"home"})
    (tmp_path / "feed.xml").write_bytes(b"mine")
    assert refused(tmp_path, SITE) == (
        "public/feed.xml: sitegen did not write this file, and one of the site goes here.\n"
        "  Move it into content/assets/ to make it part of the site, or remove it."
    )
    assert live(tmp_path) == {"index.html": b"home", "feed.xml": b"mine"}
    assert at_rest(tmp_path)


def test_a_foreign_file_with_the_right_bytes_is_adopted(tmp_path: Path) -> None:
    build(tmp_path, {"index.html": b"home"})
    (tmp_path / "feed.xml").write_bytes(SITE["feed.xml"])
    assert kinds(build(tmp_path, SITE))["feed.xml"] == "identical"
    assert kinds(build(tmp_path, {}))["feed.xml"] == "delete"


def test_a_folder_with_foreign_files_does_not_become_a_file(tmp_path: Path) -> None:
    build(tmp_path, {"about/index.html": b"page"})
    (tmp_path / "about" / "mine.txt").write_bytes(b"mine")
    assert "public/about: this folder holds files that" in refused(tmp_path, {"about": b"file"})
    assert live(tmp_path) == {"about/index.html": b"page", "about/mine.txt": b"mine"}


def test_an_empty_foreign_folder_makes_room_for_a_file(tmp_path: Path) -> None:
    build(tmp_path, {})
    (tmp_path / "about" / "empty").mkdir(parents=True)
    assert kinds(build(tmp_path, {"about": b"file"})) == {"about": "create"}


def test_a_foreign_file_where_a_folder_goes_is_named_and_kept(tmp_path: Path) -> None:
    build(tmp_path, {"index.html": b"home"})
    (tmp_path / "papers").write_bytes(b"mine")
    assert "public/papers: sitegen did not make this" in refused(tmp_path, SITE)
    assert live(tmp_path) == {"index.html": b"home", "papers": b"mine"}


def test_every_foreign_file_is_named_at_once(tmp_path: Path) -> None:
    build(tmp_path, {"index.html": b"home"})
    for name in ("feed.xml", "papers"):
        (tmp_path / name).write_bytes(b"mine")
    assert refused(tmp_path, SITE).count("sitegen did not") == 2


# --------------------------------------------------------------------------- a manifest that cannot be used


def _cut(manifest: Path) -> None:
    manifest.write_bytes(manifest.read_bytes()[:-3])


def _flip(manifest: Path) -> None:
    manifest.write_bytes(manifest.read_bytes().replace(b"feed.xml", b"seed.xml"))


def _garbage(manifest: Path) -> None:
    manifest.write_bytes(b"\x00\xff" * 50)


def _folder(manifest: Path) -> None:
    manifest.unlink()
    manifest.mkdir()


DAMAGES: list[Callable[[Path], None]] = [_cut, _flip, _garbage, _folder, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGES)
def test_without_a_manifest_nothing_is_deleted_and_the_rest_is_listed(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    build(tmp_path, SITE)
    damage(tmp_path / ".sitegen" / "manifest")
    assert not read_manifest(tmp_path).usable
    edited = {"index.html": b"HOME", "assets/style.css": SITE["assets/style.css"]}
    written = build(tmp_path, edited)
    assert kinds(written) == {"assets/style.css": "identical", "index.html": "update"}
    assert written.kept_foreign == ("feed.xml", "papers/evopress/index.html", "papers/evopress/paper.bib")
    assert live(tmp_path) == SITE | edited
    assert dict(read_manifest(tmp_path).files).keys() == edited.keys()
    assert build(tmp_path, edited).kept_foreign == ()


def test_a_manifest_that_leads_out_of_the_folder_is_not_believed(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "precious.txt"
    outside.write_text("mine")
    build(out, SITE)
    write_manifest(str(out), {"../precious.txt": content_hash(b"mine")})
    assert not read_manifest(out).usable
    build(out, SITE)
    assert outside.read_text() == "mine"


# --------------------------------------------------------------------------- links


def test_the_output_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to("real")
    build(tmp_path / "public", SITE)
    assert live(tmp_path / "real") == SITE


def test_nothing_is_written_through_a_linked_folder(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside"
    outside.mkdir()
    build(out, {"index.html": b"home"})
    (out / "papers").symlink_to(outside)
    assert "public/papers: sitegen did not make this" in refused(out, SITE)
    assert list(outside.iterdir()) == []


def test_nothing_is_removed_through_a_linked_folder(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside"
    build(out, SITE)
    (out / "papers").rename(outside)
    (out / "papers").symlink_to(outside)
    written = build(out, {"index.html": b"home"})
    assert (outside / "evopress" / "index.html").read_bytes() == b"EvoPress"
    assert "papers/evopress/index.html" not in kinds(written)


def test_a_link_in_place_of_our_file_is_replaced_and_its_end_left_alone(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside.html"
    outside.write_bytes(b"home")
    build(out, SITE)
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(outside)
    assert kinds(build(out, SITE))["index.html"] == "update"
    assert live(out) == SITE
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(outside)
    assert kinds(build(out, {}))["index.html"] == "delete"
    assert outside.read_bytes() == b"home"


def test_a_foreign_link_is_kept_even_without_a_manifest(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside.html"
    outside.write_bytes(b"home")
    build(out, {})
    (out / "index.html").symlink_to(outside)
    assert "public/index.html: sitegen did not write this" in refused(out, SITE)
    (out / ".sitegen" / "manifest").unlink()
    assert "public/index.html: sitegen did not write this" in refused(out, SITE)
    assert (out / "index.html").is_symlink()


def test_what_lies_behind_a_link_is_not_listed(tmp_path: Path) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_bytes(b"")
    build(out, SITE)
    (out / "link").symlink_to(outside)
    (out / ".sitegen" / "manifest").unlink()
    assert build(out, SITE).kept_foreign == ("link",)


@pytest.mark.parametrize("name", [".sitegen", ".sitegen/lock", ".sitegen/staging", ".sitegen/manifest.new"])
def test_a_link_among_our_own_records_is_not_followed(tmp_path: Path, name: str) -> None:
    out, outside = tmp_path / "public", tmp_path / "outside"
    outside.mkdir()
    build(out, {})
    (out / "x").write_bytes(b"")
    if (out / name).is_dir():
        (out / name).rename(tmp_path / "moved")
    (out / name).unlink(missing_ok=True)
    (out / name).symlink_to(outside / "made" if name.endswith("lock") else outside)
    try:
        build(out, SITE)
    except BuildError:
        assert live(out).keys() <= {"x", name}
    else:
        assert live(out) == SITE | {"x": b""}
    assert list(outside.iterdir()) == []


# --------------------------------------------------------------------------- names and modes


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "a/./b", "a//b", "a/", "..", "a\\..\\b"),
        *(".sitegen/manifest", ".sitegen", ".SiteGen/lock", "a\nb", "a\0b", "a\x7f", "caf\udce9"),
    ],
)
def test_a_path_that_could_do_harm_is_refused(tmp_path: Path, path: str) -> None:
    build(tmp_path / "public", SITE)
    message = refused(tmp_path / "public", SITE | {path: b"x"})
    assert "cannot be the name of a file of the site." in message
    assert message.isprintable() or "\n" in message
    assert message.encode()
    assert live(tmp_path / "public") == SITE
    assert sorted(os.listdir(tmp_path)) == ["public"]


@pytest.mark.parametrize(
    "path", ["a..b", "...", ".well-known/x", "a b", "é/ü", "x.sitegen", ".sitegen2/x", "a/.sitegen"]
)
def test_an_unusual_path_is_written(tmp_path: Path, path: str) -> None:
    build(tmp_path, {path: b"x"})
    assert live(tmp_path) == {path: b"x"}


@given(st.text(alphabet="ab./\\\n\0 .é", max_size=12))
def test_a_safe_path_stays_inside(path: str) -> None:
    inside = (
        os.path.normpath(path) == path and not path.startswith("/") and path.split("/")[0] not in ("..", ".")
    )
    assert not is_safe(path) or inside


def test_a_name_too_long_for_the_disk_is_a_problem(tmp_path: Path) -> None:
    build(tmp_path, SITE)
    assert "Give it a shorter name." in refused(tmp_path, SITE | {"x" * 300: b"x"})
    assert live(tmp_path) == SITE


def test_two_artifacts_of_one_path_are_a_problem(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="two parts of the site want to be this file"):
        run(tmp_path, [Artifact("a", b"1", 0), Artifact("a", b"2", 0)])
    assert live(tmp_path) == {}


def test_a_file_and_a_folder_of_one_name_are_a_problem(tmp_path: Path) -> None:
    assert "a file of the site and a folder too" in refused(
        tmp_path, {"a/b/index.html": b"page", "a/b": b"asset"}
    )
    assert live(tmp_path) == {}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o177])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        build(tmp_path / "public", SITE)
        build(tmp_path / "public", SITE | {"index.html": b"HOME"})
    finally:
        os.umask(before)
    public = [tmp_path / "public", *(tmp_path / "public").rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in public if path.name != "lock"}
    assert modes == {(True, 0o755), (False, 0o644)}


def test_every_byte_is_kept(tmp_path: Path) -> None:
    files = {
        "all.bin": bytes(range(256)),
        "lines.txt": b"a\r\nb\n\r",
        "empty": b"",
        "big": b"0123456789" * 300_000,
    }
    build(tmp_path, files)
    assert live(tmp_path) == files


# --------------------------------------------------------------------------- any chain of builds

PATHS = st.sampled_from(["a", "a/b", "a/b/c", "d/e", "d/f", "g", "g/a/a/a"])
CONTENTS = st.sampled_from([b"", b"1", b"2", b"longer"])


def without_clashes(files: Files) -> Files:
    return {
        path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)
    }


@settings(max_examples=60, deadline=None)
@given(chain=st.lists(st.dictionaries(PATHS, CONTENTS).map(without_clashes), min_size=2, max_size=5))
def test_any_chain_of_builds_ends_in_the_last_one(
    tmp_path_factory: pytest.TempPathFactory, chain: list[Files]
) -> None:
    out = tmp_path_factory.mktemp("chain")
    before: Files = {}
    for files in chain:
        changes = kinds(build(out, files))
        assert live(out) == files
        assert at_rest(out)
        told = {path: kind for path, kind in changes.items() if kind != "identical"}
        assert told.keys() == {p for p in before.keys() | files.keys() if before.get(p) != files.get(p)}
        before = files
