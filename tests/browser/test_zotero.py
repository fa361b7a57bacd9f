"""Zotero's own translator saves our papers. Needs its translation-server, whose address is in SITEGEN_ZOTERO.

What it must save is what tests/zotero.py says by its rules, so that test_metadata.py holds without it.
"""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.request import Request, urlopen

import lxml.html
import pytest
from zotero import saved

from browser.served import Served

SERVER = os.environ.get("SITEGEN_ZOTERO", "")

pytestmark = pytest.mark.skipif(not SERVER, reason="no translation-server: see the file's first line")


def asked(address: str) -> dict[str, Any]:
    """Return the one item that the server saves from a page."""
    request = Request(f"{SERVER}/web", data=address.encode(), headers={"Content-Type": "text/plain"})
    with urlopen(request, timeout=60) as answer:
        [item] = json.load(answer)
    return dict(item)


def test_zotero_saves_what_its_rules_say(digest: Served, wide: Served) -> None:
    for served in (digest, wide):
        pages = sorted(served.folder.glob("papers/*/index.json"))
        for page in pages[:: max(1, len(pages) // 20)]:
            root = lxml.html.fromstring((page.parent / "index.html").read_bytes())
            item, wanted = asked(served.at(f"/papers/{page.parent.name}/")), saved(root)
            assert {name: item.get(name, "") for name in wanted if name != "creators"} == {
                name: value for name, value in wanted.items() if name != "creators"
            }
            names = [", ".join(filter(None, _parts(creator))) for creator in item["creators"]]
            assert names == wanted["creators"]


def _parts(creator: dict[str, str]) -> tuple[str, ...]:
    return creator.get("lastName", "") or creator.get("name", ""), creator.get("firstName", "")
