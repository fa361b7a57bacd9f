"""Where hostile texts begin: a sound text for each room, and fragments that mean something to a reader."""

from __future__ import annotations

from datetime import date

from rendered import FORMATS, Drawn

_PAPERS = [
    Drawn("2401.00001", "A title", "An abstract of it.", (("Ada", "Lee"),), date(2024, 1, 2), ("pruning",)),
    Drawn("2401.00002", "Another title", "And more.", (("B", "C"), ("D", "E")), date(2024, 1, 3), ()),
]
_WRITTEN = {name: write(_PAPERS) for name, write in FORMATS.items()}
_CAPTURE = (
    "Daily Papers\n\nbyAK and the research community\n\nDec 9\n\nA title\n\nAn abstract of $x^2$ words.\n\n"
    "  • 4 authors\n·\nSep 20 2\n\nnvidia NVIDIA\n\n### [Linked](https://huggingface.co/papers/2401.00001)\n"
)
_TEXT = (
    "We prune $O(n^2)$ and \\emph{one} L^2M_i: https://github.com/a/b. ``Quotes'' -- T\\'yr 10^{-9}",
    "$\\frac{1}{2}$ \\(x\\) \\[y\\] {\\em z} \\href{https://a.org/b}{c} 50\\% ~ a_b 1.33times <SEG> &amp;",
)
_NOTE = (
    "---\npaper: arXiv:2401.00001\ntitle: T\ntags: [a, b]\nlinks:\n- label: Code\n  url: https://a.org/b\n"
    "slug: x-y\naliases: [/papers/old/]\ndate: 2024-01-02\npick: true\n---\nWords.\n"
)
SEEDS: dict[str, tuple[str, ...]] = {
    "capture": (_CAPTURE,),
    "daily_api": (_WRITTEN["day.json"],),
    "bibtex": (_WRITTEN["papers.bib"],),
    "ris": (_WRITTEN["papers.ris"],),
    "nbib": (_WRITTEN["papers.nbib"],),
    "json": (_WRITTEN["csl.json"], _WRITTEN["day.json"]),
    "xml": (_WRITTEN["arxiv.xml"], _WRITTEN["feed.xml"]),
    "digest": (_WRITTEN["digest.md"],),
    "note": (_NOTE,),
    "theme": ("---\ntitle: T\norder: 1\nsummary: s\nphrases:\n  4: a, b*\nbefore: [x]\n---\nWords.\n",),
    "day": ("---\ntitle: T\npicks: [a, b]\nupdated: 2025-12-09\ndraft: false\n---\nWords.\n",),
    "page": ("---\ntitle: T\ndescription: d\n---\n# Head\n\nWords.\n",),
    "tags": ('[a]\ntitle = "A"\nphrases = ["b c", "d*"]\n',),
    "labels": ("paper,id,theme,more_themes,tags\nA title,arXiv:2401.00001,light,maps,a b\n",),
    "ids": ('key,feed_id,slug,first_day\narxiv:2401.00001,"tag:a.org,2024:x",x-y,2024-01-02\n',),
    "toml": ('title = "T"\nid_authority = "a.org,2024"\n[subscribe]\nform = "netlify"\n',),
    "prose": _TEXT,
    "title": _TEXT,
    "markdown": (
        "# Head\n\nText [a](https://a.org) **b** `c` $x^2$ [^1] ![i](/i.png)\n\n[^1]: Note.\n\n| a | b |\n|--|:-:|\n"
        "| 1 | 2 |\n\n```python\nx = 1\n```\n\n$$\ny\n$$\n\n> q\n\n1. l\n",
    ),
    "importing": (_CAPTURE, *_WRITTEN.values()),
    "routes": ("A title, über Ωmega",),
    "twins": _TEXT,
    "feeds": _TEXT,
    "small": (*_TEXT, "2024-01", "10.1234/x", "arXiv:2401.00001v2", "Lee, Ada"),
}

FRAGMENTS = (
    "<script>window.__pwned=1</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "]]>", "<![CDATA[",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "</title>", "</textarea>", "<!--", "-->",
    "[x](javascript:alert(1))", "![x](data:text/html,y)", "\\href{javascript:alert(1)}{x}", "&#x3c;script&#x3e;",
    "$\\text{<script>alert(1)</script>}$", "$\\href{javascript:alert(1)}{x}$", "<svg onload=alert(1)>", "{{7*7}}",
    "\0", "\x1b[31m", "\x85", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff", "\uffff", "\u2028", "\u0301",
    "\r", "\n", "\n\n", "\t", " ", "---\n", "...\n", "../", "../../etc/passwd", "/etc/passwd", "%2e%2e%2f", "\\",
    "a", "é", "ﷺ", "ß", "İ", "0", "9" * 30, "null", "NaN", "Infinity", "1e999", "-1", "{", "}", "[", "]", "(", ")",
    "<", ">", "&", '"', "'", "`", "``", "''", "~", "^", "_", "$", "$$", "\\(", "\\)", "#", "%", "@", "*", "**", "|",
    ":", ": ", ",", ";", "=", "-", "--", "&a ", "*a", "!!python/object/apply:os.system [x]", "<<: *a", "? ", "- ",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<item>", "</item>", "<entry>", "<title>", "<link>", "<link/>",
    "<author>", "<content type='xhtml'>", "<?xml version='1.0'?>", "@article{", "@string{a=", "@comment", " and ",
    "# ", "TY  - ", "ER  - \n", "AU  - ", "PMID- ", "FAU - ", "https://a.org/", "http://[::1", "https://a b",
    "github.com/a/b", "arXiv:2401.00001", "10.48550/arXiv.2401.00001", "10.1/x", "• 4 authors\n", "·\n", "Dec 9\n",
    "Feb 30", "2024-02-30", "0000-00-00", "9999-12-31", '"title":', '"authors":', '"id":', '{"paper":', "\\u0000",
    "\\ud800", "\\frac{", "\\begin{array}", "\\\\", "\\text{", "\\emph{", "{\\em ", "\\'e", "[^1]", "[^1]: ", "^[",
    "```", "~~~", "$x", "x$", "|--|", "![", "](", "  \n", "```math\n",
)  # fmt: skip
