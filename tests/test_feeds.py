"""Feeds: what an entry says, that every feed is valid whatever a paper holds, that bytes are stable."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import unicodedata
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from factories import CODE_LINK, PAPER_LINK, SEARCH_LINK, THEME, make_facts, make_feed, make_paper, make_prose
from feedrules import ATOM, CONTENT, DC, HISTORY, check_feed
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace

from sitegen.feeds import FEED_FORMATS, feed_renderer, render_feed
from sitegen.feeds.clean import as_html
from sitegen.model import Feed, FeedFormat, Link, Organization, Paper, PaperLink
from sitegen.plan.feeds import FORMATS as PLANNED_FORMATS

FORMATS: tuple[FeedFormat, ...] = ("atom", "rss", "json")
XML_FORMATS: tuple[FeedFormat, ...] = ("atom", "rss")
URLS = {format: f"/{form.file}" for format, form in PLANNED_FORMATS.items()}
SUB_PATH = make_facts(base_url="https://user.example/digest/", base_path="/digest/")
HOSTILE = (
    "Say <SEG> to me",
    "]]> <![CDATA[ x",
    "</title><script>alert(1)</script>",
    "</entry></feed></item></channel>",
    "  <entry>\n    <item>\n",
    "A NUL\x00, a bell\x07, a lone \ud800 surrogate, a C1\x85 control, a \ufffe",
    "\"double\" and 'single' quotes",
    "R&D, AT&amp;T, &#60;b&#62; and &lt;b&gt;",
    "I <3 graphs & a<b, b>a",
    "<!-- no comment --> <?php ?>",
    "&copy 2025 &notit; &alpha &#ç &²",
)


def feed_of(*papers: Paper, format: FeedFormat = "atom", **over: object) -> Feed:
    return make_feed(*papers, format=format, **{"url": URLS[format]} | over)


def atom(*papers: Paper, **over: object) -> ElementTree.Element:
    return ElementTree.fromstring(render_feed(feed_of(*papers, **over), make_facts()))


def rss(*papers: Paper, **over: object) -> ElementTree.Element:
    channel = ElementTree.fromstring(render_feed(feed_of(*papers, format="rss", **over), make_facts()))[0]
    assert channel.tag == "channel"
    return channel


def json_feed(*papers: Paper, **over: object) -> dict[str, Any]:
    return json.loads(render_feed(feed_of(*papers, format="json", **over), make_facts()))


def atom_content(paper: Paper, facts: object = None) -> str:
    data = render_feed(feed_of(paper), facts or make_facts())
    return ElementTree.fromstring(data).findtext(f"{ATOM}entry/{ATOM}content")


def messages(data: bytes, format: FeedFormat, base: str = "https://digest.example") -> list[str]:
    return check_feed(data, base + URLS[format])


def read_title(data: bytes) -> str:
    """Return the first entry's title as a reader shows it: in Atom by its type, in RSS as HTML."""
    if data.startswith(b"{"):
        return json.loads(data)["items"][0]["title"]
    root = ElementTree.fromstring(data)
    atom_title, rss_title = root.find(f"{ATOM}entry/{ATOM}title"), root.find("channel/item/title")
    if rss_title is not None:
        return html.unescape(rss_title.text)
    return html.unescape(atom_title.text) if atom_title.get("type") == "html" else atom_title.text


def without_controls(text: str) -> str:
    """Return what XML can hold of a text, by the categories of Unicode."""
    kept = (c for c in text if unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\n\r")
    return "".join(c for c in kept if c not in "\ufffe\uffff").strip()


# What an entry says.


def test_entry_has_the_whole_abstract_the_note_and_the_links() -> None:
    paper = make_paper(
        abstract=make_prose("O(n²) and more.", marked_for_feeds=Markup("O(n<sup>2</sup>) and more.")),
        note=Markup("<p>Worth it.</p>\n"),
    )
    assert atom_content(paper) == (
        "<p>O(n<sup>2</sup>) and more.</p>\n"
        "<h2>Curator's note</h2>\n<p>Worth it.</p>\n"
        '<p><a href="https://arxiv.org/abs/2410.14649">Paper</a>'
        ' · <a href="https://github.com/IST-DASLab/EvoPress">Code</a></p>'
    )


def test_rss_has_the_same_content_as_atom() -> None:
    paper = make_paper(note=Markup("<p>a &lt; b</p>"))
    assert rss(paper).findtext(f"item/{CONTENT}encoded") == atom_content(paper)


def test_summary_is_one_sentence() -> None:
    paper = make_paper(summary="Fast & small.")
    assert atom(paper).findtext(f"{ATOM}entry/{ATOM}summary") == "Fast & small."
    assert rss(paper).findtext("item/description") == "Fast &amp; small."


def test_paper_without_abstract_says_so_and_has_no_summary() -> None:
    paper = make_paper(abstract=None, summary="")
    assert atom_content(paper).startswith("<p>The sources give no abstract.</p>")
    assert atom(paper).find(f"{ATOM}entry/{ATOM}summary") is None
    assert rss(paper).findtext("item/description") == atom_content(paper)


def test_search_looks_like_a_search_and_is_no_via_link() -> None:
    paper = make_paper(links=(SEARCH_LINK,))
    assert "Find it by a search for its title: <a href=" in atom_content(paper)
    relations = [link.get("rel") for link in atom(paper).findall(f"{ATOM}entry/{ATOM}link")]
    assert relations == ["alternate"]


def test_links_of_an_entry_keep_relation_and_type() -> None:
    links = atom(make_paper()).findall(f"{ATOM}entry/{ATOM}link")
    assert [link.attrib for link in links] == [
        {"rel": "alternate", "type": "text/html", "href": "https://digest.example/papers/evopress/"},
        {"rel": "via", "type": "text/html", "href": "https://arxiv.org/abs/2410.14649"},
    ]


def test_addresses_in_a_note_become_absolute() -> None:
    note = (
        '<p id="x" title="a > b" href="/x"><a class="y" href="/digest/papers/x/">x</a> <a href="#fn1">1</a>'
        ' <a href="//cdn.example/a">c</a> <img alt="" src="/digest/assets/f.png"> <a href="">here</a>'
        ' <a href="mailto:a@b.example">m</a> <code>&lt;a href="/no/"&gt; href="/no/"</code></p>'
    )
    content = atom_content(make_paper(note=Markup(note)), SUB_PATH)
    assert '<a class="y" href="https://user.example/digest/papers/x/">x</a>' in content
    assert '<a href="https://user.example/digest/papers/evopress/#fn1">1</a>' in content
    assert '<a href="https://cdn.example/a">c</a>' in content
    assert '<img alt="" src="https://user.example/digest/assets/f.png">' in content
    assert '<a href="https://user.example/digest/papers/evopress/">here</a>' in content
    assert '<a href="mailto:a@b.example">m</a>' in content
    assert '<code>&lt;a href="/no/"&gt; href="/no/"</code>' in content


def test_mathematics_stays_as_it_is() -> None:
    math = Markup('<math alttext="x"><msup><mi>x</mi><mn>2</mn></msup></math>')
    paper = make_paper(abstract=make_prose("x²", marked_for_feeds=math))
    assert f"<p>{math}</p>" in atom_content(paper)
    for format in FORMATS:
        assert messages(render_feed(feed_of(paper, format=format), make_facts()), format) == []


def test_categories_name_list_slug_and_title() -> None:
    more = replace(THEME, slug="theory", title="Theory & Proof", url="/themes/theory/")
    paper = make_paper(more_themes=(more,))
    assert [category.attrib for category in atom(paper).findall(f"{ATOM}entry/{ATOM}category")] == [
        {
            "term": "model-compression",
            "scheme": "https://digest.example/themes/",
            "label": "Model Compression",
        },
        {"term": "theory", "scheme": "https://digest.example/themes/", "label": "Theory & Proof"},
        {"term": "pruning", "scheme": "https://digest.example/tags/", "label": "Pruning"},
    ]
    assert [(category.get("domain"), category.text) for category in rss(paper).findall("item/category")] == [
        ("https://digest.example/themes/", "Model Compression"),
        ("https://digest.example/themes/", "Theory & Proof"),
        ("https://digest.example/tags/", "Pruning"),
    ]


@pytest.mark.parametrize(
    ("over", "names"),
    [
        ({}, ["Ada Lovelace", "Týr Ångström"]),
        ({"authors": ()}, ["Institute of Science and Technology Austria"]),
        ({"authors": (), "organization": None}, []),
    ],
)
def test_author_is_known_or_the_organization_or_nobody(over: dict[str, object], names: list[str]) -> None:
    paper = make_paper(**over)
    entry = atom(paper).find(f"{ATOM}entry")
    assert [name.text for name in entry.findall(f"{ATOM}author/{ATOM}name")] == names
    assert [name.text for name in rss(paper).findall(f"item/{DC}creator")] == names
    assert atom(paper).findtext(f"{ATOM}author/{ATOM}name") == "Efficient Reading"


def test_dates_are_the_first_day_and_the_last_change() -> None:
    paper = make_paper(first_day=date(2025, 10, 29), updated=date(2025, 12, 11))
    entry = atom(paper).find(f"{ATOM}entry")
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == datetime(2025, 10, 29, tzinfo=UTC)
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == datetime(2025, 12, 11, tzinfo=UTC)
    item_day = parsedate_to_datetime(rss(paper).findtext("item/pubDate"))
    assert item_day == datetime(2025, 10, 29, tzinfo=UTC)


def test_ids_are_those_given_out() -> None:
    paper = make_paper(feed_id="tag:old.example,2020:a/b")
    assert atom(paper).findtext(f"{ATOM}entry/{ATOM}id") == "tag:old.example,2020:a/b"
    guid = rss(paper).find("item/guid")
    assert (guid.text, guid.get("isPermaLink")) == ("tag:old.example,2020:a/b", "false")


def test_json_feed_says_the_same_as_atom() -> None:
    paper = make_paper(
        note=Markup("<p>a &lt; b</p>"), first_day=date(2025, 10, 29), updated=date(2025, 12, 9)
    )
    assert json_feed(paper)["items"] == [
        {
            "id": paper.feed_id,
            "url": "https://digest.example/papers/evopress/",
            "external_url": "https://arxiv.org/abs/2410.14649",
            "title": paper.title.plain,
            "content_html": atom_content(paper),
            "summary": "We prune models.",
            "date_published": "2025-10-29T00:00:00Z",
            "date_modified": "2025-12-09T00:00:00Z",
            "authors": [{"name": "Ada Lovelace"}, {"name": "Týr Ångström"}],
            "tags": ["Model Compression", "Pruning"],
        }
    ]


def test_json_feed_leaves_out_what_is_not_known() -> None:
    paper = make_paper(abstract=None, summary="", authors=(), organization=None, links=(SEARCH_LINK,))
    item = json_feed(paper)["items"][0]
    assert {"summary", "authors", "external_url"}.isdisjoint(item)


# The head of a feed.


def test_feed_names_its_page_and_itself() -> None:
    paper = make_paper()
    links = atom(paper, url="/themes/x/feed.xml", page_url="/themes/x/").findall(f"{ATOM}link")
    assert [(link.get("rel"), link.get("href")) for link in links] == [
        ("alternate", "https://digest.example/themes/x/"),
        ("self", "https://digest.example/themes/x/feed.xml"),
    ]
    channel = rss(paper, url="/themes/x/rss.xml", page_url="/themes/x/")
    assert channel.findtext("link") == "https://digest.example/themes/x/"
    assert channel.find(f"{ATOM}link").get("href") == "https://digest.example/themes/x/rss.xml"


def test_json_feed_names_its_page_and_itself() -> None:
    feed = json_feed(make_paper(), url="/themes/x/feed.json", page_url="/themes/x/")
    del feed["items"]
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Efficient Reading",
        "home_page_url": "https://digest.example/themes/x/",
        "feed_url": "https://digest.example/themes/x/feed.json",
        "description": "Papers on efficient models, read for you.",
        "language": "en",
        "authors": [{"name": "Efficient Reading", "url": "https://digest.example/"}],
    }


def test_feed_names_its_hub_but_an_archive_document_does_not() -> None:
    facts = make_facts(hub="https://hub.example/?a&b")
    link = {"rel": "hub", "href": "https://hub.example/?a&b"}
    archive = {"current_url": "/feed.xml", "next_archive_url": "/feeds/archive-2.xml"}
    for format in FORMATS:
        data = render_feed(feed_of(make_paper(), format=format), facts)
        assert messages(data, format) == []
        if format == "json":
            assert json.loads(data)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/?a&b"}]
        else:
            assert [found.attrib for found in ElementTree.fromstring(data).iter(f"{ATOM}link")].count(
                link
            ) == 1
    root = ElementTree.fromstring(render_feed(feed_of(make_paper(), **archive), facts))
    assert link not in [found.attrib for found in root.iter(f"{ATOM}link")]


def test_feed_is_dated_by_its_content() -> None:
    paper = make_paper()
    assert atom(paper, updated=date(2025, 12, 9)).findtext(f"{ATOM}updated") == "2025-12-09T00:00:00+00:00"
    built = rss(paper, updated=date(2025, 12, 9)).findtext("lastBuildDate")
    assert built == "Tue, 09 Dec 2025 00:00:00 +0000"


def test_generator_tells_no_version() -> None:
    generator = atom(make_paper()).find(f"{ATOM}generator")
    assert (generator.text, generator.attrib) == ("sitegen", {})
    assert rss(make_paper()).findtext("generator") == "sitegen"


def test_archive_document_links_its_neighbours() -> None:
    archive = atom(
        make_paper(), url="/feeds/archive-2.xml", current_url="/feed.xml",
        prev_archive_url="/feeds/archive-1.xml", next_archive_url="/feeds/archive-3.xml",
    )  # fmt: skip
    assert archive.find(f"{HISTORY}archive") is not None
    links = {link.get("rel"): link.get("href") for link in archive.findall(f"{ATOM}link")}
    assert links["current"] == "https://digest.example/feed.xml"
    assert links["prev-archive"] == "https://digest.example/feeds/archive-1.xml"
    assert links["next-archive"] == "https://digest.example/feeds/archive-3.xml"


def test_subscribed_feed_links_only_the_newest_archive() -> None:
    feed = atom(make_paper(), prev_archive_url="/feeds/archive-3.xml")
    assert feed.find(f"{HISTORY}archive") is None
    relations = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert relations == ["alternate", "self", "prev-archive"]


def test_papers_keep_their_order() -> None:
    papers = [make_paper(slug) for slug in ("c", "a", "b")]
    titles = [element.text for element in rss(*papers).findall("item/title")]
    assert titles == [f"The paper called {slug}" for slug in ("c", "a", "b")]


@pytest.mark.parametrize("format", FORMATS)
def test_feed_without_papers_is_valid(format: FeedFormat) -> None:
    assert messages(render_feed(feed_of(format=format, subtitle=""), make_facts()), format) == []


def test_every_format_that_is_planned_can_be_written() -> None:
    assert tuple(PLANNED_FORMATS) == tuple(FEED_FORMATS) == FORMATS


# Hostile input.


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(format: FeedFormat, text: str) -> None:
    paper = make_paper(
        title=text, abstract=text, summary=text, authors=(), organization=Organization("x", text),
        tags=(Link(text, "/tags/x/"),), links=(PaperLink("code", text, CODE_LINK.url), PAPER_LINK),
    )  # fmt: skip
    feed = feed_of(paper, format=format, title=text, subtitle=text)
    data = render_feed(feed, make_facts(title=text))
    assert messages(data, format) == []
    assert read_title(data) == without_controls(text)
    assert format == "json" or not feedparser.parse(data).bozo


def test_seg_is_seen_in_every_title() -> None:
    paper = make_paper(title="Say <SEG> to me")
    title = atom(paper).find(f"{ATOM}entry/{ATOM}title")
    assert (title.text, title.get("type")) == ("Say &lt;SEG&gt; to me", "html")
    assert rss(paper).findtext("item/title") == "Say &lt;SEG&gt; to me"
    for format in XML_FORMATS:
        read = feedparser.parse(render_feed(feed_of(paper, format=format), make_facts()))
        assert read.entries[0].title == "Say &lt;SEG&gt; to me"


@pytest.mark.parametrize("text", ["R&D", "I <3 graphs", "a < b && b > c", "Fish & chips", "Q&A;"])
def test_harmless_title_is_not_escaped_twice(text: str) -> None:
    assert as_html(text) == text
    assert atom(make_paper(title=text)).find(f"{ATOM}entry/{ATOM}title").attrib == {}


def test_rss_writes_hexadecimal_references() -> None:
    data = render_feed(feed_of(make_paper(title="R&D <SEG>"), format="rss"), make_facts())
    assert b"<title>R&#x26;amp;D &#x26;lt;SEG&#x26;gt;</title>" in data
    assert b"&amp;" not in data


def test_hostile_tag_is_dead_in_rss() -> None:
    channel = rss(make_paper(tags=(Link("<script>alert(1)</script>", "/tags/x/"),)))
    assert channel.findall("item/category")[1].text == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_title_is_never_empty() -> None:
    assert atom(make_paper(title="\x00 ")).findtext(f"{ATOM}entry/{ATOM}title") == "evopress"


TEXT = st.text(st.characters(exclude_characters="\ufffd"), max_size=60)
NAMES = st.lists(TEXT, max_size=3).map(tuple)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    note = Markup("<p>{}</p>").format(draw(TEXT)) if draw(st.booleans()) else Markup("")
    organization = st.none() | TEXT.map(lambda name: Organization("x", name))
    return make_paper(
        title=draw(TEXT), abstract=draw(st.none() | TEXT), summary=draw(TEXT), authors=draw(NAMES),
        organization=draw(organization), note=note,
        tags=tuple(Link(label, f"/tags/t{i}/") for i, label in enumerate(draw(NAMES))),
        links=draw(st.sampled_from([(), (PAPER_LINK, CODE_LINK), (SEARCH_LINK,)])),
        first_day=draw(st.none() | st.dates(date(1990, 1, 1))),
        updated=draw(st.dates(date(1990, 1, 1))),
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(papers(), st.sampled_from(FORMATS), st.sampled_from(["", "/digest"]))
def test_any_paper_makes_a_valid_feed_and_keeps_its_title(
    paper: Paper, format: FeedFormat, path: str
) -> None:
    facts = make_facts(base_url=f"https://digest.example{path}/", base_path=f"{path}/")
    data = render_feed(feed_of(paper, format=format), facts)
    assert messages(data, format, f"https://digest.example{path}") == []
    if format != "json":
        read = feedparser.parse(data)
        assert not read.bozo
        assert read.entries[0].id == paper.feed_id
    assert read_title(data) == (without_controls(paper.title.plain) or paper.slug)


# A reader's view.


@pytest.mark.parametrize("format", XML_FORMATS)
def test_feedparser_reads_what_we_say(format: FeedFormat) -> None:
    feed = feed_of(make_paper(title="Pruning & more"), make_paper("two", authors=()), format=format)
    data = render_feed(feed, make_facts())
    read = feedparser.parse(data)
    assert not read.bozo
    assert read.feed.title == feed.title
    assert read.feed.link == "https://digest.example/"
    for entry, paper in zip(read.entries, feed.items, strict=True):
        assert entry.id == paper.feed_id
        assert html.unescape(entry.title) == paper.title.plain
        assert entry.link == f"https://digest.example{paper.url}"
        assert entry.published_parsed[:3] == (2025, 10, 29)
        assert entry.summary == paper.summary
        assert "We prune models. It works." in entry.content[0].value
        assert [tag.label or tag.term for tag in entry.tags] == ["Model Compression", "Pruning"]
    assert [[author.name for author in entry.authors] for entry in read.entries] == [
        ["Ada Lovelace", "Týr Ångström"],
        ["Institute of Science and Technology Austria"],
    ]


# Stable, shared, fast.


@pytest.mark.parametrize("format", FORMATS)
def test_shared_entries_give_the_same_bytes(format: FeedFormat) -> None:
    a, b, c = (make_paper(slug, note=Markup("<p>x</p>")) for slug in "abc")
    feeds = [
        feed_of(*papers, format=format, title=f"Feed {i}")
        for i, papers in enumerate([(a, b), (c, a, b), (b,), ()])
    ]
    write_feed = feed_renderer(make_facts())
    assert [write_feed(feed) for feed in feeds] == [render_feed(feed, make_facts()) for feed in feeds]


def test_entry_of_a_changed_paper_is_written_again() -> None:
    write_feed = feed_renderer(make_facts())
    assert b"Old title" in write_feed(feed_of(make_paper(title="Old title")))
    assert b"New title" in write_feed(feed_of(make_paper(title="New title")))


def test_forgotten_entries_are_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.feeds._OF_AUTHORS", 2)
    feed = feed_of(*(make_paper(slug) for slug in "abcd"))
    write_feed = feed_renderer(make_facts())
    assert write_feed(feed) == write_feed(feed) == render_feed(feed, make_facts())


def test_bytes_do_not_depend_on_clock_zone_locale_or_hash_seed() -> None:
    script = (
        "import sys; from factories import *; from sitegen.feeds import render_feed\n"
        "feed = make_feed(make_paper(), make_paper('b'), format=sys.argv[1])\n"
        "sys.stdout.buffer.write(render_feed(feed, make_facts()))"
    )
    tests = Path(__file__).parent
    path = os.pathsep.join((str(tests), str(tests.parent)))
    outputs = set()
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": path}
        for format in FORMATS:
            run = [sys.executable, "-c", script, format]
            outputs.add(
                (format, subprocess.run(run, env=environment, capture_output=True, check=True).stdout)
            )
    assert len(outputs) == len(FORMATS)


def test_importing_feeds_leaves_feedgen_alone() -> None:
    script = "import sys, sitegen.feeds; sys.exit('feedgen' in sys.modules or 'lxml' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parent.parent, check=False)
    assert run.returncode == 0
