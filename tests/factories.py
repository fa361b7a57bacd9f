"""Values built by hand for tests: a paper, a feed and the site's facts, each field open to change."""

from __future__ import annotations

from datetime import date
from typing import Any

from markupsafe import Markup

from sitegen.model import (
    Facts,
    Feed,
    Group,
    Issue,
    Letter,
    Link,
    Organization,
    Paper,
    PaperLink,
    Prose,
    Seen,
    ThemeLink,
)

THEME = ThemeLink("model-compression", "Model Compression", "/themes/model-compression/", hue=3, order=3)
TAG = Link("Pruning", "/tags/pruning/")
PAPER_LINK = PaperLink("paper", "Paper", "https://arxiv.org/abs/2410.14649")
CODE_LINK = PaperLink("code", "Code", "https://github.com/IST-DASLab/EvoPress")
SEARCH_LINK = PaperLink("search", "arXiv", "https://arxiv.org/search/?searchtype=title&query=EvoPress")


def make_prose(text: str, **over: Any) -> Prose:
    """Return plain text as a title or an abstract without mathematics and links."""
    return Prose(**{"plain": text} | over)


def make_paper(slug: str = "evopress", **over: Any) -> Paper:
    """Return a paper that lacks nothing; `title` and `abstract` may be given as plain text."""
    fields: dict[str, Any] = {
        "key": f"title:{slug}",
        "slug": slug,
        "url": f"/papers/{slug}/",
        "feed_id": f"tag:digest.example,2025-10-29:paper/{slug}",
        "title": f"The paper called {slug}",
        "abstract": "We prune models. It works.",
        "teaser": Markup("We prune models."),
        "summary": "We prune models.",
        "arxiv_id": "2410.14649",
        "doi": "",
        "authors": ("Ada Lovelace", "Týr Ångström"),
        "author_count": 2,
        "organization": Organization("ISTA", "Institute of Science and Technology Austria"),
        "organization_url": "/organizations/institute-of-science-and-technology-austria/",
        "published": date(2024, 10, 18),
        "published_url": "/published/2024/10/",
        "comments": 2,
        "upvotes": None,
        "theme": THEME,
        "theme_words": None,
        "more_themes": (),
        "tags": (TAG,),
        "tags_chosen": True,
        "links": (PAPER_LINK, CODE_LINK),
        "seen": (Seen(date(2025, 10, 29), "content/captures/2025-10-29.txt", 12),),
        "days": (date(2025, 10, 29),),
        "issues": (Link("Issue of 29 October 2025", "/2025/10/29/"),),
        "first_day": date(2025, 10, 29),
        "updated": date(2025, 12, 9),
        "edited": None,
        "note": Markup(""),
        "note_plain": "",
        "pick": False,
        "draft": False,
        "withdrawn": "",
        "aliases": (),
    }
    fields |= over
    fields.setdefault("raw_title", getattr(fields["title"], "plain", fields["title"]))
    for name in ("title", "abstract"):
        if isinstance(fields[name], str):
            fields[name] = make_prose(fields[name])
    return Paper(**fields)


def make_feed(*papers: Paper, **over: Any) -> Feed:
    """Return the site's Atom feed with papers, or with other `items`."""
    fields: dict[str, Any] = {
        "url": "/feed.xml",
        "format": "atom",
        "id": "tag:digest.example,2025-10-29:site",
        "title": "Efficient Reading",
        "subtitle": "Papers on efficient models, read for you.",
        "page_url": "/",
        "items": papers,
        "updated": max((paper.updated for paper in papers if paper.updated), default=date(2025, 12, 9)),
    }
    return Feed(**fields | over)


def make_issue(*papers: Paper, **over: Any) -> Issue:
    """Return the issue of 9 December 2025 with `papers`, and no words of the curator."""
    fields: dict[str, Any] = {
        "day": date(2025, 12, 9),
        "url": "/2025/12/09/",
        "title": "Issue of 9 December 2025",
        "introduction": Markup(""),
        "introduction_plain": "",
        "papers": papers,
        "picks": (),
        "updated": date(2025, 12, 9),
    }
    return Issue(**fields | over)


def make_letter(*papers: Paper, **over: Any) -> Letter:
    """Return a letter of one issue with `papers` under their theme."""
    fields: dict[str, Any] = {
        "name": "2025-12-09",
        "feed_id": "tag:digest.example,2025-10-29:digest/2025-12-09",
        "url": "/2025/12/09/",
        "title": "Issue of 9 December 2025",
        "summary": "Papers on efficient models.",
        "published": date(2025, 12, 9),
        "updated": date(2025, 12, 9),
        "issues": (make_issue(*papers),),
        "groups": (Group(THEME.title, "theme-x", THEME.url, THEME.hue, False, papers),) if papers else (),
    }
    return Letter(**fields | over)


def make_facts(**over: Any) -> Facts:
    """Return the facts of a small site at https://digest.example/."""
    fields: dict[str, Any] = {
        "title": "Efficient Reading",
        "description": "Papers on efficient models, read for you.",
        "language": "en",
        "base_url": "https://digest.example/",
        "base_path": "/",
        "preview": False,
        "navigation": (Link("Themes", "/themes/"), Link("Archive", "/archive/")),
        "pages": (Link("About", "/about/"),),
        "themes": (THEME,),
        "assets": (("style.css", "/static/style.1f3a5c7e.css"),),
        "feeds": (),
        "subscribe": None,
        "hub": "",
        "card": None,
        "authority": "digest.example,2025-10-29",
    }
    return Facts(**fields | over)
