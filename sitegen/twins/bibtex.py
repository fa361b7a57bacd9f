"""BibTeX: a paper comes in, its entry goes out. UTF-8, one field a line."""

from __future__ import annotations

import re

from sitegen.citation import Name, address, citation_key, date_parts, has_more_authors, names
from sitegen.model import Paper
from sitegen.twins.tex import escape_name, tex, title_tex

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_UNSAFE = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
"""What BibTeX cannot hold in an address; it stands there as it is, without TeX."""


def write_entry(paper: Paper) -> bytes:
    """Return the entry of a paper. It is a @misc: where else it was published, no source says."""
    date = date_parts(paper)
    fields = {
        "title": title_tex(paper.title),
        "author": _authors(paper),
        "year": "".join(map(str, date[:1])),
        "month": "".join(_MONTHS[month - 1] for month in date[1:2]),
        "day": "".join(map(str, date[2:])),
        "eprint": paper.arxiv_id,
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "doi": paper.doi if paper.doi == paper.doi.translate(_UNSAFE) else "",
        "url": address(paper).translate(_UNSAFE),
        "keywords": ", ".join(escape_name(tag.title) for tag in paper.tags),
        "abstract": tex(paper.abstract) if paper.abstract else "",
    }
    lines = [
        f"  {name:13} = {value}" if name == "month" else f"  {name:13} = {{{value}}}"
        for name, value in fields.items()
        if value
    ]
    body = ",\n".join(lines)
    return f"@misc{{{citation_key(paper)},\n{body}\n}}\n".encode()


def _authors(paper: Paper) -> str:
    others = ["others"] if has_more_authors(paper) else []
    return " and ".join([*map(_author, names(paper)), *others])


def _author(name: Name) -> str:
    """Return a name as "Family, Given"; one in braces where BibTeX would take it apart."""
    given, family = escape_name(name.given), escape_name(name.family)
    if not given or re.search(r"\b(?:and|AND|And|others)\b", f"{given} {family}"):
        return f"{{{given} {family}}}".replace("{ ", "{")
    return f"{family}, {given}"
