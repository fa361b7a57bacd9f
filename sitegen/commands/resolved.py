"""The library file `content/library/resolved.json`: what was looked up, as CSL-JSON, with who said it.

A paper of it merges with the listing of the same title, which then has an address and its authors.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sitegen.commands.writing import read_text, replace_text
from sitegen.errors import BuildError, Problem
from sitegen.lookup import written_id
from sitegen.model import Entry
from sitegen.routes import arxiv_url, doi_url

PATH = "content/library/resolved.json"


def add_resolved(root: Path, found: Sequence[Entry]) -> None:
    """Write what was found behind what the file holds; raise `BuildError` where that cannot be done."""
    items = [*read_resolved(root), *(_item(entry) for entry in found)]
    replace_text(root, PATH, json.dumps(items, ensure_ascii=False, indent=1) + "\n")


def read_resolved(root: Path) -> list[Any]:
    """Return the items of the file, none where it is not there; raise `BuildError` for a damaged one."""
    text = read_text(root, PATH)
    try:
        items = json.loads(text or "[]")
    except (ValueError, RecursionError):
        items = None
    if not isinstance(items, list):
        hint = "It is written by sitegen resolve; mend it, or give it another name."
        raise BuildError([Problem(PATH, 0, "this file is no list of CSL-JSON.", hint)])
    return items


def _item(entry: Entry) -> dict[str, Any]:
    """Return an entry as an item of CSL-JSON; `source` is its field for where an item is from."""
    day = entry.published
    item = {
        "id": written_id(entry),
        "type": "article",
        "title": entry.title,
        "author": [{"literal": name} for name in _names(entry)],
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "DOI": entry.doi,
        "URL": arxiv_url(entry.arxiv_id) if entry.arxiv_id else doi_url(entry.doi),
        "source": entry.source,
    }
    return {name: value for name, value in item.items() if value}


def _names(entry: Entry) -> list[str]:
    """Return the authors, the last of them "others" where the answer does not name all."""
    cut = ["others"] if entry.authors and entry.author_count is None else []
    return [*entry.authors, *cut]
