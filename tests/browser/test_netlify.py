"""Netlify's own reader takes netlify.toml and `_redirects` without a complaint, and as they are meant."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from browser.served import NETLIFY_TOML, Served, read_rules
from browser.tools import netlify

PAGE = {"Cache-Control": "public, max-age=0, must-revalidate", "X-Content-Type-Options": "nosniff"}
SENT = {
    "/": PAGE,
    "/papers/a-paper/": PAGE,
    "/static/style.0123abcd.css": {"Cache-Control": "public, max-age=31536000, immutable"},
    "/feed.xml": PAGE | {"Content-Type": "application/atom+xml; charset=utf-8"},
    "/themes/a-theme/feed.xml": PAGE | {"Content-Type": "application/atom+xml; charset=utf-8"},
    "/rss.xml": PAGE | {"Content-Type": "application/rss+xml; charset=utf-8"},
    "/tags/a-tag/rss.xml": PAGE | {"Content-Type": "application/rss+xml; charset=utf-8"},
    "/papers/a-paper/paper.bib": PAGE | {"Content-Type": "application/x-bibtex; charset=utf-8"},
    "/papers/a-paper/paper.ris": PAGE
    | {"Content-Type": "application/x-research-info-systems; charset=utf-8"},
    "/papers/a-paper/index.json": PAGE
    | {"Content-Type": "application/vnd.citationstyles.csl+json; charset=utf-8"},
    "/papers/a-paper/index.md": PAGE | {"Content-Type": "text/markdown; charset=utf-8"},
    "/2025/12/09/papers.bib": PAGE | {"Content-Type": "application/x-bibtex; charset=utf-8"},
    "/papers/papers.json": PAGE | {"Content-Type": "application/vnd.citationstyles.csl+json; charset=utf-8"},
    "/papers.json": PAGE | {"Content-Type": "application/json; charset=utf-8"},
    "/papers-12.json": PAGE | {"Content-Type": "application/json; charset=utf-8"},
    "/llms.txt": PAGE | {"Content-Type": "text/plain; charset=utf-8"},
}
"""Some paths, and headers that each must be sent with."""

CONTEXTS = ("production", "deploy-preview", "branch-deploy")


def project(folder: Path, site: Path) -> Path:
    """Make a folder as Netlify has it after the build: netlify.toml, and the site as public/."""
    folder.mkdir()
    shutil.copyfile(NETLIFY_TOML, folder / "netlify.toml")
    shutil.copytree(site, folder / "public")
    return folder


def read(folder: Path, context: str = "production", paths: Sequence[str] = ()) -> Any:
    """Return what Netlify makes of a project."""
    ran = netlify(folder, context, *paths)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("context", CONTEXTS)
def test_netlify_builds_and_publishes_as_meant(tmp_path: Path, digest: Served, context: str) -> None:
    folder = project(tmp_path / "project", digest.folder)
    told = read(folder, context)["build"]
    assert told["publish"] == str(folder / "public")
    assert told["command"].endswith("sitegen build --as-of $(date -u +%F)")
    assert told["environment"]["PYTHON_VERSION"] == "3.11"


def test_netlify_sends_the_headers_that_the_test_server_sends(digest: Served) -> None:
    sent = read(NETLIFY_TOML.parent, paths=tuple(SENT))["headers"]
    rules = read_rules(digest.folder)
    assert {path: rules.headers_for(path) for path in SENT} == sent
    for path, headers in SENT.items():
        assert headers.items() <= sent[path].items(), path


def test_the_policy_allows_no_inline_script_or_style_and_no_other_host(digest: Served) -> None:
    policy = read(NETLIFY_TOML.parent, paths=["/"])["headers"]["/"]["Content-Security-Policy"]
    words = set(policy.replace(";", " ").split())
    assert policy.startswith("default-src 'none';")
    assert not words & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}
    assert not any("." in word for word in words)


def test_netlify_reads_every_redirect(tmp_path: Path, digest: Served) -> None:
    redirects = read(project(tmp_path / "project", digest.folder))["redirects"]
    told = [(rule.to, rule.status, rule.force) for rule in read_rules(digest.folder).redirects]
    assert [(rule["to"], rule["status"], rule["force"]) for rule in redirects] == told
    assert ("/404.html", 404, True) in told


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[[headers]]\nfor = "/*"\n[headers.values\n', "Could not parse configuration file"),
        ('[[headers]]\n[headers.values]\nX-Frame-Options = "DENY"\n', 'Missing "for" field'),
        ('[[redirects]]\nfrom = "/old/"\nto = "/new/"\nstatus = "moved"\n', "Invalid status code: moved"),
    ],
)
def test_netlify_complains_about_a_planted_mistake(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "netlify.toml").write_text(text, "utf-8")
    ran = netlify(tmp_path, "production")
    assert ran.returncode != 0
    assert complaint in ran.stderr
