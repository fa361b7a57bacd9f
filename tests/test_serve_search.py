"""The search of a preview: it follows the pages, no page waits for it, and it ends with the preview."""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from running import lay, small_project
from serving import Preview, previewed, put, soon

PAGE = "/lamp/papers/training-candles/"
NOTE = "content/notes/candles.md"
ENTRY = "/lamp/pagefind/pagefind-entry.json"
posix = pytest.mark.skipif(sys.platform == "win32", reason="makes a program of a script")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return small_project(tmp_path / "project")


def fragments(preview: Preview, root: Path) -> dict[str, Any]:
    """Return what the preview serves of the index, by the address of the paper."""
    folder = next((root / ".sitegen-cache").glob("serve-*")) / "search/pagefind/fragment"
    answers = [preview.get(f"/lamp/pagefind/fragment/{path.name}") for path in sorted(folder.glob("*"))]
    said = [
        json.loads(gzip.decompress(answer.body).removeprefix(b"pagefind_dcd"))
        for answer in answers
        if answer.status == 200
    ]
    return {paper["url"]: paper for paper in said}


def test_the_index_comes_after_the_pages_and_is_whole(project: Path) -> None:
    with previewed(project) as preview:
        assert preview.get("/lamp/search/").status == 200
        assert soon(lambda: preview.get(ENTRY).status == 200)
        entry = json.loads(preview.get(ENTRY).body)["languages"]["en"]
        assert preview.get(f"/lamp/pagefind/pagefind.{entry['hash']}.pf_meta").status == 200
        assert preview.get("/lamp/pagefind/pagefind.js").headers["Content-Type"].startswith("text/javascript")
        assert preview.get("/lamp/pagefind/wasm.en.pagefind").status == 200
        assert len(fragments(preview, project)) == entry["page_count"]


def test_the_index_follows_an_edit_and_several_saves_are_one(project: Path) -> None:
    text = (project / NOTE).read_text(encoding="utf-8")
    with previewed(project) as preview:
        assert soon(lambda: preview.get(ENTRY).status == 200)
        for number in range(5):
            put(project / NOTE, f"{text}\nWax number {number} drips.\n")
            assert soon(lambda wax=b"Wax number %d" % number: wax in preview.get(PAGE).body)
            assert preview.get(ENTRY).status == 200
        assert soon(
            lambda: "Wax number 4" in str(fragments(preview, project).get("/papers/training-candles/"))
        )


def test_a_search_page_that_is_open_keeps_the_index_that_it_reads(project: Path) -> None:
    with previewed(project) as preview:
        assert soon(lambda: preview.get(ENTRY).status == 200)
        before = json.loads(preview.get(ENTRY).body)["languages"]["en"]["hash"]
        put(project / NOTE, (project / NOTE).read_text(encoding="utf-8") + "\nMore wax.\n")
        assert soon(lambda: json.loads(preview.get(ENTRY).body)["languages"]["en"]["hash"] != before)
        assert preview.get(f"/lamp/pagefind/pagefind.{before}.pf_meta").status == 200


def test_lost_contents_are_made_again(project: Path) -> None:
    with previewed(project) as preview:
        assert soon(lambda: preview.get(ENTRY).status == 200)
        shutil.rmtree(project / ".sitegen-cache")
        statuses = set()

        def is_back() -> bool:
            statuses.add(preview.get(ENTRY).status)
            return preview.get(ENTRY).status == 200

        assert soon(is_back)
        assert statuses <= {200, 404}


def test_search_switched_off_while_it_is_previewed_is_gone(project: Path) -> None:
    site = project / "content/site.toml"
    with previewed(project) as preview:
        assert soon(lambda: preview.get(ENTRY).status == 200)
        put(site, "search = false\n" + site.read_text(encoding="utf-8"))
        assert soon(lambda: preview.get("/lamp/search/").status == 404)
        assert soon(lambda: preview.get(ENTRY).status == 404)


@posix
@pytest.mark.parametrize(("text", "says"), [("exit 3", "failed (status 3)."), ("exec sleep 100", "")])
def test_a_pagefind_that_fails_or_hangs_is_in_nobodys_way(
    project: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    shadow = (
        'from pathlib import Path\ndef get_executable():\n    return Path(__file__).parent / "pagefind"\n'
    )
    folder = lay(project.parent, {"shadow/pagefind_bin/__init__.py": shadow})
    program = (
        lay(folder, {"shadow/pagefind_bin/pagefind": f"#!/bin/sh\n{text}\n"}) / "shadow/pagefind_bin/pagefind"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(folder / "shadow"))
    with previewed(project) as preview:
        if says:
            preview.says(says)
        else:
            time.sleep(0.6)  # it is at work
        put(project / NOTE, (project / NOTE).read_text(encoding="utf-8") + "\nMore wax.\n")
        assert soon(lambda: b"More wax." in preview.get(PAGE).body)
        assert preview.get(ENTRY).status == 404
        started = time.monotonic()
        assert preview.stop() == 0
        assert time.monotonic() - started < 3
        assert "Traceback" not in "\n".join(preview.lines)
