"""The documents about the pages: sitemap, robots.txt, the redirects of the host, llms.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from sitegen import routes
from sitegen.config import Config
from sitegen.model import Document, Page, Redirect, Site
from sitegen.plan.wording import shorten

SITEMAP_SIZE = 50_000
"""The most addresses that one sitemap may hold (sitemaps.org)."""

_ISSUES_SHOWN = 12
_LLMS_TEXT = """\
Abstracts of research papers, collected by day and placed by theme. Beside the page of each paper lie
`index.md` (Markdown), `index.json` (CSL-JSON), `paper.bib` (BibTeX) and `paper.ris` (RIS); beside each
list of papers `papers.bib` and `papers.json`. What is not known of a paper is left out."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemap(pages: Sequence[Page], config: Config) -> Iterator[Document]:
    """Yield the sitemap of all pages that may be indexed; above 50,000 an index of several."""
    entries = [_entry(page, config) for page in sorted(pages, key=lambda page: page.url) if page.indexed]
    parts = [entries[start : start + SITEMAP_SIZE] for start in range(0, len(entries), SITEMAP_SIZE)]
    if len(parts) <= 1:
        yield Document("sitemap.xml", f"{_XML}<urlset {_NAMESPACE}>\n{''.join(entries)}</urlset>\n")
        return
    lines = []
    for number, part in enumerate(parts, start=1):
        yield Document(f"sitemap-{number}.xml", f"{_XML}<urlset {_NAMESPACE}>\n{''.join(part)}</urlset>\n")
        lines.append(f"<sitemap><loc>{escape(config.base_url)}sitemap-{number}.xml</loc></sitemap>\n")
    yield Document("sitemap.xml", f"{_XML}<sitemapindex {_NAMESPACE}>\n{''.join(lines)}</sitemapindex>\n")


def robots(config: Config) -> Iterator[Document]:
    """Yield robots.txt: everything is open, but nothing of a preview is."""
    if config.preview:
        yield Document("robots.txt", "User-agent: *\nDisallow: /\n")
    else:
        yield Document("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {config.base_url}sitemap.xml\n")


def redirects(pages: Sequence[Page], config: Config) -> Iterator[Document]:
    """Yield the redirects as Netlify reads them, one a line."""
    root = config.base_path.rstrip("/")
    moved = [page for page in pages if isinstance(page.body, Redirect)]
    lines = [
        f"{root}{page.url} {root}{page.body.to.url} 301!\n"
        for page in sorted(moved, key=lambda page: page.url)
        if isinstance(page.body, Redirect)
    ]
    if lines:
        yield Document("_redirects", "".join(lines))


def llms(site: Site, config: Config) -> Iterator[Document]:
    """Yield llms.txt: what the site is and where programs read it (llmstxt.org)."""
    base = config.base_url

    def link(title: str, url: str, text: str = "") -> str:
        name = title.replace("[", "(").replace("]", ")")
        return f"- [{name}]({base}{url[1:]})" + (f": {text}" if text else "")

    themes = [link(theme.link.title, theme.link.url, theme.summary) for theme in site.themes]
    issues = [link(issue.title, issue.url, shorten(issue.introduction_plain)) for issue in site.issues]
    sections = {
        "Papers": [
            link("All papers as JSON", routes.collection_url(0), "newest first, in parts; CSL-JSON items"),
            link("All papers", routes.PAPERS, "by title, for people"),
        ],
        "Themes": themes,
        "Issues": issues[:_ISSUES_SHOWN],
        "Optional": [
            link("Archive", routes.ARCHIVE, "every issue"),
            link("Tags", routes.TAGS),
            link("Feeds", routes.FEEDS),
            *(link(page.title, routes.text_url(page.slug), page.description) for page in site.pages),
        ],
    }
    parts = [f"# {config.title}", *([f"> {config.description}"] if config.description else []), _LLMS_TEXT]
    parts += [f"## {title}\n\n" + "\n".join(lines) for title, lines in sections.items() if lines]
    yield Document(routes.LLMS[1:], "\n\n".join(parts) + "\n")


def _entry(page: Page, config: Config) -> str:
    day = f"<lastmod>{page.updated}</lastmod>" if page.updated else ""
    return f"<url><loc>{escape(config.base_url + page.url[1:])}</loc>{day}</url>\n"
