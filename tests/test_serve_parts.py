"""The parts of the preview, each on its own: answers, rules, looks, ranges, hosts, sights, excerpts."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from types import MappingProxyType

import pytest
from running import PROJECT, lay, small_project

from sitegen.errors import BuildError, Problem
from sitegen.serve.answers import Found, Missing, Moved, answer
from sitegen.serve.excerpts import show
from sitegen.serve.handler import content_type
from sitegen.serve.hosts import is_own_host
from sitegen.serve.looks import look_of
from sitegen.serve.preview import Preview
from sitegen.serve.ranges import byte_range
from sitegen.serve.rules import Rules, read_redirects, read_rules
from sitegen.serve.sight import changed, look

NOTE = "content/notes/candles.md"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path)


# ------------------------------------------------------------------------ answers, as values

SITE = Preview(
    "/lamp/",
    MappingProxyType({"index.html": "1", "papers/x/index.html": "2", "404.html": "3", "assets/a.pdf": "4"}),
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/lamp/", Found("index.html", "1")),
        ("/lamp/papers/x/", Found("papers/x/index.html", "2")),
        ("/lamp/papers/x/index.html", Found("papers/x/index.html", "2")),
        ("/lamp/papers%2Fx/", Found("papers/x/index.html", "2")),
        ("/lamp/assets/a.pdf", Found("assets/a.pdf", "4")),
        ("/lamp/papers/x", Moved("/lamp/papers/x/", 301)),
        ("/", Moved("/lamp/", 302)),
        ("/lamp", Moved("/lamp/", 302)),
        ("/lamp/papers/", Found("404.html", "3", 404)),
        ("/lamp/papers/x//", Found("404.html", "3", 404)),
        ("/lamp//papers/x/", Found("404.html", "3", 404)),
        ("/lamp/../lamp/", Found("404.html", "3", 404)),
        ("/lamp/%2e%2e/%2e%2e/etc/passwd", Found("404.html", "3", 404)),
        ("/lamp/%00", Found("404.html", "3", 404)),
        ("/papers/x/", Found("404.html", "3", 404)),
    ],
)
def test_a_path_means_what_the_map_says(path: str, expected: object) -> None:
    assert answer(SITE, path) == expected


def test_nothing_is_found_before_the_first_build() -> None:
    assert answer(Preview(), "/") == Missing()


def netlify(root: Path, text: str) -> Preview:
    lay(root, {"netlify.toml": text})
    return Preview("/lamp/", SITE.files, read_rules(root))


def test_redirects_of_netlify_are_followed_in_their_order(tmp_path: Path) -> None:
    site = netlify(
        tmp_path,
        """
        [[redirects]]
        from = "/old/*"
        to = "/papers/:splat"
        [[redirects]]
        from = "/by/:name/"
        to = "/papers/:name/"
        status = 302
        [[redirects]]
        from = "/papers/x/"
        to = "/taken/"
        [[redirects]]
        from = "/gone"
        to = "/404.html"
        status = 404
        force = true
        [[redirects]]
        from = "/same"
        to = "/papers/x/"
        status = 200
        [[redirects]]
        from = "/there"
        to = "https://other.example/a?b=c"
        [[redirects]]
        from = "/secret"
        to = "/"
        conditions = {Role = ["admin"]}
        """,
    )
    assert answer(site, "/lamp/old/x/") == Moved("/lamp/papers/x/", 301)
    assert answer(site, "/lamp/by/x") == Moved("/lamp/papers/x/", 302)
    assert answer(site, "/lamp/papers/x/") == Found("papers/x/index.html", "2")
    assert answer(site, "/lamp/gone") == Found("404.html", "3", 404)
    assert answer(site, "/lamp/same") == Found("papers/x/index.html", "2")
    assert answer(site, "/lamp/there") == Moved("https://other.example/a?b=c", 301)
    assert answer(site, "/lamp/secret") == Found("404.html", "3", 404)


def test_a_redirect_of_the_build_yields_to_no_file() -> None:
    redirects = read_redirects("/lamp/papers/x/ /lamp/ 301!\n", "/lamp/")
    rules = Rules(redirects=redirects)
    assert answer(Preview("/lamp/", SITE.files, rules), "/lamp/papers/x/") == Moved("/lamp/", 301)


def test_the_later_rule_for_a_header_wins_and_what_is_unfit_for_a_preview_is_left_out(tmp_path: Path) -> None:
    rules = read_rules(PROJECT)
    headers = rules.headers_for("/feed.xml")
    assert headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Cache-Control" not in headers
    assert "Strict-Transport-Security" not in headers
    assert "upgrade-insecure-requests" not in headers["Content-Security-Policy"]
    assert "script-src 'self'" in headers["Content-Security-Policy"]


def test_a_header_of_several_lines_is_one_line(tmp_path: Path) -> None:
    site = netlify(tmp_path, '[[headers]]\nfor = "/*"\nvalues = {x-a = """one\n  two\n""", "b c" = "no"}\n')
    assert site.rules.headers_for("/") == {"X-A": "one, two"}


@pytest.mark.parametrize(
    ("text", "line"), [("[[headers]]\nfor = 3\n", 2), ("\n= 3\n", 2), ("[[redirects]]\nstatus = 'x'\n", 2)]
)
def test_a_mistake_in_netlify_toml_is_named_by_its_line(tmp_path: Path, text: str, line: int) -> None:
    lay(tmp_path, {"netlify.toml": text})
    with pytest.raises(BuildError) as caught:
        read_rules(tmp_path)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [("netlify.toml", line)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("bytes=0-", (0, 10)),
        ("bytes=2-3", (2, 4)),
        ("bytes=8-99", (8, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=-", None),
        ("bytes=3-2", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_a_range_is_a_part_of_the_file(header: str, expected: object) -> None:
    assert byte_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        byte_range(header, 10)


OWN = ["localhost:8000", "LOCALHOST", "digest.localhost:8000", "127.0.0.1:80", "[::1]:8000", "192.168.1.5"]
ANOTHER = ["evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1", "a:b:c"]


@pytest.mark.parametrize(
    ("host", "is_own"), [*((host, True) for host in OWN), *((host, False) for host in ANOTHER)]
)
def test_only_names_of_this_machine_are_answered(host: str, is_own: bool) -> None:
    assert is_own_host(host, is_open=False) is is_own


def test_the_name_of_the_machine_is_answered_when_the_preview_is_open() -> None:
    assert not is_own_host(socket.gethostname(), is_open=False)
    assert is_own_host(socket.gethostname(), is_open=True)
    assert not is_own_host("evil.example", is_open=True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.pdf", "application/pdf"),
        ("a.woff2", "font/woff2"),
        ("a.wasm", "application/wasm"),
        ("a.tar.gz", "application/octet-stream"),
        ("a.PNG", "image/png"),
        ("a.mp4", "video/mp4"),
        ("a.bib", "application/x-bibtex"),
        ("a", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_ending_on_every_system(path: str, kind: str) -> None:
    assert content_type(path) == kind


# ------------------------------------------------------------------------ what a page looks like

CSS = '<link rel="stylesheet" href="/lamp/static/style.%s.css">'


def page(html: str, **more: str) -> tuple[Preview, dict[str, bytes]]:
    files = {"index.html": f"html of {html}", **more}
    return Preview("/lamp/", MappingProxyType(files)), {files["index.html"]: html.encode()}


def look_at(html: str, **more: str) -> tuple[str, tuple[str, ...]]:
    value, contents = page(html, **more)
    seen = look_of(value, "/lamp/", contents.__getitem__)
    return seen.shape, seen.styles


def test_another_style_sheet_is_no_other_shape() -> None:
    before, after = look_at("<p>" + CSS % "0123abcd"), look_at("<p>" + CSS % "4567abcd")
    assert before[0] == after[0]
    assert before[1] == ("/lamp/static/style.0123abcd.css",)
    assert after[1] == ("/lamp/static/style.4567abcd.css",)


def test_another_word_is_another_shape() -> None:
    assert look_at("<p>one" + CSS % "0123abcd")[0] != look_at("<p>two" + CSS % "0123abcd")[0]


def test_a_style_sheet_without_hash_gets_that_of_its_content() -> None:
    html = '<link href=\'x\'><link href="/lamp/assets/own.css" rel="stylesheet">'
    before, after = (look_at(html, **{"assets/own.css": digest}) for digest in ("1" * 32, "2" * 32))
    assert before[0] == after[0]
    assert before[1] == ("/lamp/assets/own.css?11111111",)
    assert after[1] == ("/lamp/assets/own.css?22222222",)


def test_another_picture_is_another_shape() -> None:
    html = '<img src="/lamp/assets/lamp.svg">'
    assert look_at(html, **{"assets/lamp.svg": "1"}) != look_at(html, **{"assets/lamp.svg": "2"})


def test_a_page_that_is_gone_is_another_shape() -> None:
    value = Preview("/lamp/", MappingProxyType({"404.html": "1"}))
    assert look_of(value, "/lamp/", lambda _: b"").shape != look_at("")[0]


# ------------------------------------------------------------------------ what is seen and shown


def test_only_content_counts_as_a_change(project: Path) -> None:
    before = look(project, {})
    os.utime(project / NOTE)
    lay(project, {".git/x": "", "public/index.html": "", "content/.a.md.swp": "", "content/a~": ""})
    assert changed(before, look(project, before)) == []
    lay(project, {NOTE: "other"})
    assert changed(before, look(project, before)) == [NOTE]


def test_a_change_that_leaves_size_and_time_is_seen(project: Path) -> None:
    file = project / NOTE
    before = look(project, {})
    status = file.stat()
    file.write_bytes(file.read_bytes().replace(b"candle", b"handle"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert changed(before, look(project, before)) == [NOTE]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_any_more_is_a_change(project: Path) -> None:
    before = look(project, {})
    (project / NOTE).chmod(0)
    assert changed(before, look(project, before)) == [NOTE]


def test_folders_that_come_and_go_are_changes(project: Path) -> None:
    before = look(project, {})
    lay(project, {"templates/thanks.html": "x", "netlify.toml": ""})
    shutil.rmtree(project / "content" / "pages")
    after = look(project, before)
    assert set(changed(before, after)) >= {"templates/thanks.html", "netlify.toml", "content/pages/about.md"}
    shutil.rmtree(project / "content")
    assert "content/" in look(project, after)


def test_a_problem_is_shown_with_the_lines_around_it(tmp_path: Path) -> None:
    lay(tmp_path, {"content/a.md": "one\r\ntwo\nthree\nfour\nfive\n", "secret": "x"})
    (shown,) = show([Problem("content/a.md", 4, "wrong")], tmp_path)
    assert shown.place == "content/a.md:4"
    assert shown.excerpt == ((2, "two"), (3, "three"), (4, "four"), (5, "five"), (6, ""))


@pytest.mark.parametrize(
    ("path", "line"), [("../secret", 1), ("content/none.md", 1), ("content/a.md", 0), ("content", 1)]
)
def test_a_problem_without_lines_in_the_project_has_no_excerpt(tmp_path: Path, path: str, line: int) -> None:
    root = lay(tmp_path / "project", {"content/a.md": "one"})
    lay(tmp_path, {"secret": "x"})
    assert show([Problem(path, line, "wrong")], root)[0].excerpt == ()
