"""A project whose every field is hostile: payloads that would show themselves if anything ran."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

PWN = "window.__pwned=1"
PAYLOADS = (
    f"<script>{PWN}</script>",
    f'"><img src=x onerror="{PWN}">',
    f"'><svg onload={PWN}>",
    f"</title></textarea></script><script>{PWN}</script>",
    f"]]><script>{PWN}</script>",
    f"<iframe srcdoc='<script>parent.{PWN}</script>'></iframe>",
    f'<a href="javascript:{PWN}" autofocus onfocus={PWN}>x</a>',
    f"$\\text{{<script>{PWN}</script>}}$ $\\href{{javascript:{PWN}}}{{x}}$",
    f"\\href{{javascript:{PWN}}}{{here}} \\url{{data:text/html,<script>{PWN}</script>}}",
    f"&lt;script&gt;{PWN}&lt;/script&gt; &#60;img src=x onerror={PWN}&#62;",
    f"\u202egnp.exe\u2066 <!-- --!> <style>*{{background:url('javascript:{PWN}')}}</style>",
    f"{{{{7*7}}}} <details open ontoggle={PWN}><base href=//evil.example/>",
)
DAYS = ("2025-12-08", "2025-12-09")


def lay_hostile(root: Path) -> Path:
    """Write the project and return it."""
    content = root / "content"
    texts = {
        "site.toml": _site(),
        "captures/2025-12-08.json": json.dumps([_listing(n) for n in range(len(PAYLOADS))]),
        "captures/2025-12-09.txt": _capture(),
        "library/2025-12-09-more.bib": _bib(),
        "library/2025-12-09-feed.xml": _feed(),
        "tags.toml": "".join(_tag(n) for n in range(3)),
        "pages/about.md": _file({"title": PAYLOADS[3], "description": PAYLOADS[1]}, _words()),
        "digests/2025-12-09.md": _file({"title": PAYLOADS[0]}, _words()),
        "notes/withdrawn.md": _file({"paper": "arXiv:2401.00003", "withdrawn": PAYLOADS[1]}, _words()),
        "notes/moved.md": _file(
            {"paper": "arXiv:2401.00004", "slug": "moved", "aliases": ["/papers/old-place/"], "pick": "true",
             "tags": ["tag-0"], "links": [{PAYLOADS[4]: "https://a.example/'onclick=x"}]},
            _words(),
        ),
    }  # fmt: skip
    for n in range(2):
        about = {"title": PAYLOADS[n], "order": n + 1, "summary": PAYLOADS[n + 2], "phrases": {4: ["prune"]},
                 "includes": PAYLOADS[n + 3], "excludes": PAYLOADS[n + 4]}  # fmt: skip
        texts[f"themes/theme-{n}.md"] = _file(about, _words())
    for name, text in texts.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_text(text, "utf-8")
    (content / "assets").mkdir()
    (content / "assets" / "'\"><img src=x onerror=alert(1)>.txt").write_text("x", "utf-8")
    return root


def _site() -> str:
    quoted = (json.dumps(text).replace("\\u202e", "").replace("\\u2066", "") for text in PAYLOADS)
    title, description, *_ = quoted
    return (
        f'title = {title}\ndescription = {description}\nbase_url = "https://hostile.example/"\n'
        'id_authority = "hostile.example,2025-01-01"\npage_size = 4\n[subscribe]\nform = "netlify"\n'
        '[mail]\nsender = "H <h@hostile.example>"\n'
    )


def _listing(n: int) -> dict[str, object]:
    text = PAYLOADS[n]
    number = f"2401.{n:05}"
    return {
        "paper": {
            "id": number, "title": f"Prune {n} {text}", "summary": f"We prune. {text} " + text,
            "authors": [{"name": f"Ada {text}"}, {"name": "Same Name"}], "publishedAt": "2024-01-02T00:00:00Z",
            "upvotes": n, "ai_summary": text, "ai_keywords": [text, "prune"],
            "githubRepo": f"javascript:{PWN}", "projectPage": f"data:text/html,<script>{PWN}</script>",
            "organization": {"name": "evil", "fullname": text},
            "submittedOnDailyAt": "2025-12-08T00:00:00Z",
        },
        "title": f"Prune {n} {text}", "numComments": n, "publishedAt": "2025-12-08T00:00:00Z",
        "thumbnail": f"javascript:{PWN}",
    }  # fmt: skip


def _capture() -> str:
    parts = ["Daily Papers\n\nbyAK and the research community\n\nDec 9\n"]
    for n, text in enumerate(PAYLOADS):
        line = " ".join(text.split())
        parts.append(
            f"Captured {n} {line}\n\nWe prune by {line} and say so at length.\n\nevil{n} {line}\n·\nSep 20 {n}\n"
        )
    return "\n".join(parts)


def _bib() -> str:
    return "".join(
        f"@misc{{k{n}, title={{Cited {n} {text}}}, author={{Lee, {text}}}, abstract={{{text}}}, "
        f"url={{javascript:{PWN}}}, keywords={{{text}}}, year={{2024}}}}\n"
        for n, text in enumerate(PAYLOADS)
        if text.count("{") == text.count("}")
    )


def _feed() -> str:
    from html import escape

    items = "".join(
        f"<item><title>Fed {n} {escape(text)}</title><link>javascript:{PWN}</link>"
        f"<description>{escape(text)}</description><category>{escape(text)}</category></item>"
        for n, text in enumerate(PAYLOADS)
        if "\u202e" not in text
    )
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"


def _tag(n: int) -> str:
    text = json.dumps(PAYLOADS[n])
    return f'[tag-{n}]\ntitle = {text}\nsummary = {text}\nphrases = ["prune", "captured"]\n'


def _words() -> str:
    code = f"```'\"><script>\n</code><script>{PWN}</script>\n```"
    return "\n\n".join(
        [*PAYLOADS, code, f"| {PAYLOADS[0]} |\n|--|\n| {PAYLOADS[1]} |", f"x[^1]\n\n[^1]: {PAYLOADS[1]}"]
    )


def _file(about: dict[str, object], body: str) -> str:
    return f"---\n{yaml.safe_dump(about, allow_unicode=True)}---\n{body}\n"
