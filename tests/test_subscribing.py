"""What tells of all feeds: the page /feeds/ for people, its twin as OPML for their readers."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import pytest
from conftest import BuiltSite
from lxml import etree
from running import built, lay

SITE = """
title = 'R&D "weekly"'
base_url = "https://reader.example/d/"
id_authority = "reader.example,2025-01-01"
"""


def test_opml_names_every_feed_that_people_can_choose(small: BuiltSite) -> None:
    outlines = etree.fromstring(small.tree.files["feeds.opml"]).findall("body/outline/outline")
    listed = {outline.get("xmlUrl") for outline in outlines}
    rows = small.tree.pages["/feeds/"].xpath("//ul[@class='feed-rows']/li")
    base = "https://reader.example/lamp/feeds/"
    assert listed == {urljoin(base, row.xpath("./span/a")[0].get("href")) for row in rows}
    assert len(listed) == len(outlines) > 5
    for outline in outlines:
        assert outline.get("type") == "rss"
        assert outline.get("text") == outline.get("title") != ""
        assert small.tree.file_at(outline.get("xmlUrl"))
        assert small.tree.file_at(outline.get("htmlUrl"))


def test_every_list_with_a_feed_has_it_in_three_formats(small: BuiltSite) -> None:
    rows = small.tree.pages["/feeds/"].xpath("//ul[@class='feed-rows']/li")
    formats = {row.findtext("a"): [link.text for link in row.xpath("./span/a")] for row in rows}
    digest = {title for title, names in formats.items() if names == ["Atom"]}
    assert digest == {"Issue by issue", "Week by week"}
    assert {tuple(names) for names in formats.values()} == {("Atom",), ("Atom", "RSS", "JSON")}


def test_feeds_page_offers_the_opml_and_the_script_that_copies(small: BuiltSite) -> None:
    page = small.tree.pages["/feeds/"]
    assert page.xpath("//main//a[@type='text/x-opml']/@href") == ["/lamp/feeds.opml"]
    scripts = page.xpath("//script/@src")
    assert any(re.fullmatch(r"/lamp/static/copy\.[0-9a-f]{8}\.js", script) for script in scripts)


def test_site_without_an_issue_has_no_feed_and_no_opml(tmp_path: Path) -> None:
    lay(tmp_path, {"content/site.toml": SITE})
    built(tmp_path)
    assert not (tmp_path / "public/feeds.opml").exists()
    page = (tmp_path / "public/feeds/index.html").read_text()
    assert "feeds.opml" not in page
    assert 'rel="alternate"' not in page


def test_title_is_escaped_in_the_opml(tmp_path: Path) -> None:
    capture = (
        "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nDec 1\n\n"
        "A Paper on Lamps\n\nWe read by lamp.\n\n  • 4 authors\n·\nSep 20"
    )
    lay(tmp_path, {"content/site.toml": SITE, "content/captures/2025-12-01.txt": capture})
    built(tmp_path)
    root = etree.parse(tmp_path / "public/feeds.opml").getroot()
    assert root.findtext("head/title") == 'R&D "weekly"'
    assert root.find("body/outline/outline").get("text") == 'R&D "weekly"'
    assert root.find("body/outline/outline").get("xmlUrl") == "https://reader.example/d/feed.xml"


FORMS = {
    '[subscribe]\nform = "netlify"\n': {"action": "/d/thanks/", "data-netlify": "true"},
    '[subscribe]\nform = "https://mail.example/join"\nfield = "member[email]"\n': {
        "action": "https://mail.example/join"
    },
    "": None,
}


@pytest.mark.parametrize("setting", FORMS, ids=["netlify", "elsewhere", "unset"])
@pytest.mark.parametrize("page", ["index.html", "feeds/index.html"])
def test_subscribe_form_goes_where_it_is_configured(tmp_path: Path, setting: str, page: str) -> None:
    lay(tmp_path, {"content/site.toml": SITE + setting})
    built(tmp_path)
    forms = lxml.html.document_fromstring((tmp_path / "public" / page).read_text()).forms
    wanted = FORMS[setting]
    assert [dict(wanted.items() & form.attrib.items()) for form in forms] == ([wanted] if wanted else [])
    is_netlify = "netlify" in setting
    assert (tmp_path / "public/thanks/index.html").exists() == is_netlify
    for form in forms:
        names = {field.get("name") for field in form.xpath(".//input")}
        trap = form.get("data-netlify-honeypot")
        assert names == ({"form-name", trap, "email"} if is_netlify else {"member[email]"})
