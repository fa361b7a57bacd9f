"""CSL-JSON: a paper comes in, its item goes out, on one line. Our own facts stand under `custom`.

docs/paper.schema.json describes these and is held to them by a test.
"""

from __future__ import annotations

import json

from sitegen.citation import address, citation_key, date_parts, has_more_authors, names
from sitegen.model import Facts, Paper


def write_item(paper: Paper, facts: Facts) -> bytes:
    """Return the item of a paper. What is not known is left out."""
    fields: dict[str, object] = {
        "id": citation_key(paper),
        "citation-key": citation_key(paper),
        "type": "article" if paper.arxiv_id else "document",  # CSL's words for a preprint, and for anything
        "title": paper.title.plain,
        "author": _authors(paper),
        "issued": _date_parts(paper),
        "abstract": paper.abstract.plain if paper.abstract else "",
        "publisher": "arXiv" if paper.arxiv_id else "",
        "number": f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else "",
        "DOI": paper.doi,
        "URL": address(paper),
        "keyword": ", ".join(tag.title for tag in paper.tags),
        "custom": _known(_own_facts(paper, facts.base_url)),
    }
    return json.dumps(_known(fields), ensure_ascii=False, separators=(",", ":")).encode()


def _authors(paper: Paper) -> list[dict[str, str]]:
    written = [
        {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
        for name in names(paper)
    ]
    return [*written, *([{"literal": "others"}] if has_more_authors(paper) else [])]


def _date_parts(paper: Paper) -> dict[str, object]:
    parts = date_parts(paper)
    return {"date-parts": [parts]} if parts else {}


def _own_facts(paper: Paper, base_url: str) -> dict[str, object]:
    """Return what this digest says of the paper beyond a citation."""
    organization = paper.organization
    return {
        "page": _absolute(paper.url, base_url),
        "feed_id": paper.feed_id,
        "theme": _known(
            {
                "slug": paper.theme.slug,
                "title": paper.theme.title,
                "url": _absolute(paper.theme.url, base_url),
                "chosen_by": "curator" if paper.theme_words is None else "program",
                "words": list(paper.theme_words or ()),
                "confidence": paper.theme_confidence,
            }
        ),
        "themes": [theme.slug for theme in (paper.theme, *paper.more_themes)],
        "tags": [{"title": tag.title, "url": _absolute(tag.url, base_url)} for tag in paper.tags],
        "organization": {"handle": organization.handle, "name": organization.name} if organization else None,
        "author_count": paper.author_count,
        "comments": paper.comments,
        "upvotes": paper.upvotes,
        "links": [
            {"kind": link.kind, "label": link.label, "url": link.url}
            for link in paper.links
            if link.kind != "search"
        ],
        "issues": [
            {"day": day.isoformat(), "url": _absolute(issue.url, base_url)}
            for day, issue in zip(paper.days, paper.issues, strict=True)
        ],
        "first_day": paper.first_day.isoformat() if paper.first_day else None,
        "updated": paper.updated.isoformat() if paper.updated else None,
        "note": paper.note_plain,
        "provenance": [
            _known({"source": seen.source, "line": seen.line, "day": seen.day and seen.day.isoformat()})
            for seen in paper.seen
        ],
    }


def _known(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _absolute(url: str, base_url: str) -> str:
    return base_url + url[1:]
