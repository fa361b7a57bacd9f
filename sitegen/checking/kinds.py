"""The names of all that `sitegen check` may find, by which `site.toml` can accept it.

An error breaks something for a reader or a subscriber; a warning is a doubt.
"""

from __future__ import annotations

from sitegen.errors import Severity

KINDS: dict[str, Severity] = {
    # links
    "broken-link": "error",
    "broken-fragment": "error",
    "missing-file": "error",
    "outside-path": "error",
    "unsafe-link": "error",
    "foreign-file": "warning",
    "orphan-page": "warning",
    "orphan-feed": "warning",
    "missing-folder": "error",
    "dead-link": "warning",
    # heads of pages
    "no-language": "error",
    "other-language": "warning",
    "no-title": "error",
    "same-title": "warning",
    "no-description": "warning",
    "wrong-canonical": "error",
    # bodies of pages
    "no-single-h1": "error",
    "skipped-heading": "error",
    "empty-heading": "error",
    "repeated-id": "error",
    "no-alternative": "error",
    "inline-code": "error",
    "heavy-page": "warning",
    "heavy-file": "warning",
    "low-contrast": "warning",
    # feeds
    "damaged-feed": "error",
    "empty-feed": "error",
    "repeated-feed-id": "error",
    "changed-feed-id": "error",
    "bad-feed-date": "error",
    "future-feed-date": "error",
    "changed-feed-date": "error",
    "relative-feed-link": "error",
    "no-self-link": "error",
    # documents
    "sitemap": "error",
    "dead-redirect": "error",
    "redirect-loop": "error",
    "redirect-chain": "warning",
    # leaks
    "leaked-draft": "error",
    "leaked-path": "error",
    # content
    "empty-theme": "warning",
    "unused-tag": "warning",
    "unused-label": "warning",
    "doubtful-year": "warning",
}
