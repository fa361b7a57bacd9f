"""RIS: a paper comes in, its record goes out. Plain UTF-8 text, a line for each value."""

from __future__ import annotations

from sitegen.citation import address, citation_key, date_parts, has_more_authors, names
from sitegen.model import Paper


def write_record(paper: Paper) -> bytes:
    """Return the record of a paper, its lines ended as the format wants it. What is not known is left out."""
    date = [f"{part:02}" for part in date_parts(paper)]
    fields = [
        ("TY", "GEN"),  # the one type that claims nothing
        ("ID", citation_key(paper)),
        ("TI", paper.title.plain),
        *(("AU", f"{name.family}, {name.given}" if name.given else name.family) for name in names(paper)),
        ("AU", "et al." if has_more_authors(paper) else ""),
        ("PY", "".join(date[:1])),
        ("DA", "/".join(date) if len(date) == 3 else ""),
        ("AB", paper.abstract.plain if paper.abstract else ""),
        ("DO", paper.doi),
        ("DB", "arXiv" if paper.arxiv_id else ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("UR", address(paper)),
        *(("KW", tag.title) for tag in paper.tags),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value]
    return "".join([*lines, "ER  - \r\n"]).encode()
