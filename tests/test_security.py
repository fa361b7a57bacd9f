"""SECURITY.md: each of its promises is kept by a test that is named here, some of them below."""

from __future__ import annotations

import ast
import re
import socket
import tomllib
from pathlib import Path
from typing import NoReturn

import pytest
from conftest import BuiltSite
from running import PROJECT, built, problems_of, small_project

from sitegen.model import Kind, Source
from sitegen.parsers import PARSERS

PROVED_BY = {
    "Text from sources is hostile until escaped": (
        ("browser/test_hostile.py", "test_nothing_runs_on_any_page"),
        ("browser/test_hostile.py", "test_nothing_runs_in_a_mail"),
        ("browser/test_hostile.py", "test_feeds_and_links_of_the_hostile_site_are_sound"),
    ),
    "Nothing leaves its folder": (
        ("test_sources.py", "test_a_link_that_leads_out_of_the_project_is_not_read"),
        ("test_write.py", "test_nothing_is_written_through_a_linked_folder"),
        ("test_security.py", "test_no_slug_and_no_alias_leads_up"),
    ),
    "No network in a build": (("test_security.py", "test_a_build_opens_no_connection"),),
    "No code from data": (
        ("test_security.py", "test_nothing_that_reads_data_can_run_it"),
        ("test_hostile_files.py", "test_xml_with_entities_of_its_own_is_refused"),
    ),
    "Limits with words": (
        ("test_hostile_files.py", "test_ten_megabytes_of_one_letter_are_refused"),
        ("test_hostile_found.py", "test_much_of_one_kind_ends_soon"),
    ),
    "The site needs no trust in others": (
        ("test_security.py", "test_no_page_loads_anything_from_another_host"),
        ("browser/test_netlify.py", "test_the_policy_allows_no_inline_script_or_style_and_no_other_host"),
    ),
    "The preview is yours": (("test_serve_parts.py", "test_only_names_of_this_machine_are_answered"),),
}


def test_every_promise_names_a_test_that_is_there() -> None:
    written = (PROJECT / "SECURITY.md").read_text("utf-8")
    assert re.findall(r"(?m)^- \*\*(.+?)\.\*\*", written) == list(PROVED_BY)
    for file, name in (test for tests in PROVED_BY.values() for test in tests):
        assert f"def {name}(" in (PROJECT / "tests" / file).read_text("utf-8"), f"{file}: {name}"


def test_a_build_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a build asks the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    built(small_project(tmp_path), "--jobs", "1")


RUNS_CODE = {"eval", "exec", "compile", "__import__"}
READS_CODE = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "code", "runpy"}
YAML_READERS = {"parse", "compose"}
MAY_READ_CODE = {"elsewhere.py": {"pickle"}, "compiled.py": {"marshal"}}
"""SECURITY.md says so: build and workers of a cluster send each other pickles, as dask itself does; and the
code of our own templates lies beside them."""


def test_nothing_that_reads_data_can_run_it() -> None:
    for file in sorted((PROJECT / "sitegen").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in RUNS_CODE, f"{file}:{node.lineno}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
                readers = {name.partition(".")[0] for name in names} & READS_CODE
                assert readers <= MAY_READ_CODE.get(file.name, set()), f"{file}:{node.lineno}"
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("yaml."):
                assert node.func.attr in YAML_READERS, f"{file}:{node.lineno}"  # type: ignore[attr-defined]


def test_a_python_object_in_front_matter_is_text(tmp_path: Path) -> None:
    matter = f"---\npaper: x\ntitle: !!python/object/apply:os.mkdir ['{tmp_path}/made']\n---\n"
    source = Source("content/notes/x.md", Kind.NOTE, matter)
    assert problems_of(lambda: PARSERS[Kind.NOTE](source))
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "field", ["slug: ../../x", "slug: /etc", "aliases: [/../x/]", "aliases: [//evil.example/]"]
)
def test_no_slug_and_no_alias_leads_up(field: str) -> None:
    source = Source("content/notes/x.md", Kind.NOTE, f"---\npaper: x\n{field}\n---\n")
    assert problems_of(lambda: PARSERS[Kind.NOTE](source))


def test_no_page_loads_anything_from_another_host(small: BuiltSite) -> None:
    loading = re.compile(
        rb"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:src|data)=\"?(?:https?:)?//"
        rb"|<link\b[^>]*rel=\"?(?:stylesheet|preload|icon|modulepreload|preconnect)[^>]*href=\"?(?:https?:)?//"
        rb"|@import|url\(\"?(?:https?:)?//"
    )
    for path, data in small.tree.files.items():
        if path.endswith((".html", ".css")):
            assert not loading.search(data), path
    policy = tomllib.loads((PROJECT / "netlify.toml").read_text("utf-8"))["headers"][0]["values"]
    assert "unsafe-inline" not in policy["Content-Security-Policy"]
