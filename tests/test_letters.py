"""Letters: what a whole issue says as one text, that it always fits, and which letters there are."""

from __future__ import annotations

import re
from pathlib import Path

import feedparser
import pytest
from factories import THEME, make_facts, make_feed, make_issue, make_letter, make_paper
from feedrules import check_feed
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace
from running import built, lay

from sitegen.feeds import letter_html, letter_text, render_feed
from sitegen.feeds.content import LETTER_SIZE
from sitegen.feeds.letter import shortened_to
from sitegen.model import Group, Letter

FACTS = make_facts(base_url="https://user.example/digest/", base_path="/digest/")
FORMULA = '<math alttext="x² &lt; y"><msup><mi>x</mi><mn>2</mn></msup></math>'


def slugs(letter: Letter) -> list[str]:
    return [paper.slug for group in letter.groups for paper in group.papers]


# What a letter says.


def test_letter_begins_with_the_curators_words_whose_links_are_whole() -> None:
    words = Markup('<p>Read <a href="/digest/papers/evopress/">this</a>.</p>')
    html = letter_html(make_letter(make_paper(), issues=(make_issue(introduction=words),)), FACTS)
    assert html.startswith(
        '<p>Read <a href="https://user.example/digest/papers/evopress/">this</a>.</p>\n<h2'
    )


def test_letter_says_of_a_paper_who_when_where_and_what() -> None:
    paper = make_paper(title="R&D <b>", note=Markup("<p>Worth <em>it</em>.</p>"))
    assert letter_html(make_letter(paper), FACTS) == (
        '<h2 class="hue-3">Model Compression</h2>\n'
        '<h3><a href="https://user.example/digest/papers/evopress/">R&amp;D &lt;b&gt;</a></h3>\n'
        '<p class="facts">Ada Lovelace, Týr Ångström · Institute of Science and Technology Austria'
        ' · 18 Oct 2024 · <a href="https://arxiv.org/abs/2410.14649">Paper</a>'
        ' · <a href="https://github.com/IST-DASLab/EvoPress">Code</a></p>\n'
        "<p>We prune models.</p>\n"
        '<blockquote class="note"><p>Worth it.</p></blockquote>\n'
        '<p><a href="https://user.example/digest/2025/12/09/">Read it on the site</a></p>'
    )


def test_letter_as_text_says_the_same() -> None:
    paper = make_paper(title="R&D <b>", note=Markup("<p>Worth <em>it</em>.</p>"))
    words = Markup('<p>A &amp; B<sup class="footnote-ref">1</sup>.</p><ul>\n<li>c</li></ul><pre>code</pre>')
    letter = make_letter(paper, issues=(make_issue(introduction=words),))
    assert letter_text(letter, FACTS) == (
        "A & B.\n\nc\n\n"
        "Model Compression\n=================\n\n"
        "R&D <b>\n"
        "Ada Lovelace, Týr Ångström · Institute of Science and Technology Austria\n· 18 Oct 2024\n"
        "  We prune models.\n"
        "  > Worth it.\n"
        "https://user.example/digest/papers/evopress/\n"
        "Paper: https://arxiv.org/abs/2410.14649\n"
        "Code: https://github.com/IST-DASLab/EvoPress\n\n"
        "Read it on the site:\nhttps://user.example/digest/2025/12/09/\n"
    )


def test_what_is_not_known_is_not_said() -> None:
    paper = make_paper(authors=(), author_count=None, organization=None, published=None, summary="", links=())
    assert letter_html(make_letter(paper), FACTS).count("<p") == 1
    assert "author" not in letter_text(make_letter(paper), FACTS)


def test_number_of_authors_stands_for_their_names() -> None:
    assert "1 author ·" in letter_html(make_letter(make_paper(authors=(), author_count=1)), FACTS)
    names = tuple(f"Author {number}" for number in range(5))
    assert "Author 0, Author 1, Author 2 and 2 more" in letter_html(
        make_letter(make_paper(authors=names)), FACTS
    )


def test_pick_names_its_theme() -> None:
    paper = make_paper()
    picks = Group("The curator’s picks", "picks", "", 0, False, (paper,))
    assert " · Model Compression · " in letter_html(make_letter(paper, groups=(picks,)), FACTS)
    assert " · Model Compression · " not in letter_html(make_letter(paper), FACTS)


def test_formula_is_spelled_in_a_line() -> None:
    words = Markup(f"<p>As {FORMULA} says.</p>")
    paper = make_paper(note=Markup(f'<div class="maths" tabindex="0">{FORMULA}</div>'))
    letter = make_letter(paper, issues=(make_issue(introduction=words),))
    assert "<p>As x² &lt; y says.</p>" in letter_html(letter, FACTS)
    assert '<blockquote class="note"><p>x² &lt; y</p>' in letter_html(letter, FACTS)
    assert "As x² < y says." in letter_text(letter, FACTS)


def test_letter_of_a_week_names_the_issues_with_words() -> None:
    issues = (
        make_issue(introduction=Markup("<p>One.</p>"), title="First & last"),
        make_issue(title="Without words"),
    )
    html = letter_html(make_letter(issues=issues), FACTS)
    assert (
        '<h2><a href="https://user.example/digest/2025/12/09/">First &amp; last</a></h2>\n<p>One.</p>' in html
    )
    assert "Without words" not in html


@pytest.mark.parametrize(
    ("words", "end"), [("word " * 200, " word…"), ("One word. And " * 50, " One word. …")]
)
def test_long_note_is_cut_after_a_sentence_or_a_word(words: str, end: str) -> None:
    html = letter_html(make_letter(make_paper(note=Markup(f"<p>{words}</p>"))), FACTS)
    found = re.search(r'<blockquote class="note"><p>(.*)</p>', html)
    assert found
    assert len(found[1]) <= 323
    assert found[1].endswith(end)


@pytest.mark.parametrize("format", ["atom", "rss", "json"])
def test_feed_of_letters_is_valid(format: str) -> None:
    hostile = "</p><script>alert(1)</script> ]]> \x00 & <SEG>"
    letter = make_letter(make_paper(title=hostile, summary=hostile, authors=(hostile,)), title=hostile)
    feed = make_feed(items=(letter,), format=format, updated=letter.updated)
    url = f"https://digest.example{feed.url}"
    assert check_feed(render_feed(feed, make_facts()), url) == []


# That it fits.


@given(st.lists(st.integers(0, 4), max_size=5), st.integers(0, 25))
def test_letter_keeps_as_many_of_its_first_papers_as_fit(sizes: list[int], room: int) -> None:
    names = iter(range(100))
    groups = tuple(
        Group(f"g{place}", "", "", 0, False, tuple(make_paper(f"p{next(names)}") for _ in range(size)))
        for place, size in enumerate(sizes)
        if size
    )
    letter = make_letter(groups=groups, issues=())
    shortened = shortened_to(letter, lambda part: len(slugs(part)) <= room)
    assert slugs(shortened) == slugs(letter)[:room]
    assert shortened.omitted == max(0, sum(sizes) - room)
    assert all(group.papers for group in shortened.groups)


def test_entry_of_a_huge_issue_is_small_and_links_the_rest() -> None:
    papers = [make_paper(f"p{number}", summary="Sätze. " * 40) for number in range(600)]
    letter = make_letter(*papers)
    data = render_feed(make_feed(items=(letter,), updated=letter.updated), FACTS)
    content = feedparser.parse(data).entries[0].content[0].value
    assert LETTER_SIZE * 0.95 < len(content.encode()) <= LETTER_SIZE
    shown = content.count("<h3>")
    assert 0 < shown < 600
    assert f"<p>And {600 - shown} more papers. <a href=" in content


def test_words_that_would_not_fit_are_left_to_the_page() -> None:
    letter = make_letter(make_paper(), issues=(make_issue(introduction=Markup(f"<p>{'x' * 90_000}</p>")),))
    data = render_feed(make_feed(items=(letter,), updated=letter.updated), FACTS)
    content = feedparser.parse(data).entries[0].content[0].value
    assert content.startswith("<p>And 1 more paper. <a href=")


# Which letters there are.

SITE = """
title = "Lamplight"
base_url = "https://reader.example/"
id_authority = "reader.example,2025-01-01"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
PAPER = "{title}\n\nWe read {title} by lamp and say so.\n\n  • 4 authors\n·\nSep 20"


def capture(day: str, *titles: str) -> str:
    return HEAD.format(day=day) + "\n\n".join(PAPER.format(title=title) for title in titles)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with two issues in week 49 of 2025 and one in week 50."""
    return lay(
        tmp_path,
        {
            "content/site.toml": SITE,
            "content/captures/2025-12-01.txt": capture("Dec 1", "A Paper on Lamps", "A Paper on Oil"),
            "content/captures/2025-12-04.txt": capture("Dec 4", "A Paper on Lamps", "A Paper on Wicks"),
            "content/captures/2025-12-09.txt": capture("Dec 9", "A Paper on Candles"),
            "content/digests/2025-12-04.md": "---\ntitle: Wicks\npicks: [A Paper on Wicks]\n---\nOn wicks.\n",
        },
    )


def entries(project: Path, path: str, *arguments: str) -> list[feedparser.FeedParserDict]:
    built(project, *arguments)
    return list(feedparser.parse((project / "public" / path).read_bytes()).entries)


def test_each_issue_is_an_entry(project: Path) -> None:
    found = entries(project, "digest/feed.xml")
    assert [(entry.id, entry.title, entry.published[:10], entry.link) for entry in found] == [
        ("tag:reader.example,2025-01-01:digest/2025-12-09", "Issue of 9 December 2025", "2025-12-09",
         "https://reader.example/2025/12/09/"),
        ("tag:reader.example,2025-01-01:digest/2025-12-04", "Wicks (4 Dec 2025)", "2025-12-04",
         "https://reader.example/2025/12/04/"),
        ("tag:reader.example,2025-01-01:digest/2025-12-01", "Issue of 1 December 2025", "2025-12-01",
         "https://reader.example/2025/12/01/"),
    ]  # fmt: skip


def test_week_is_an_entry_once_it_is_over_and_has_each_paper_once(project: Path) -> None:
    found = entries(project, "digest/weekly/feed.xml")
    assert [(entry.id, entry.title, entry.published[:10], entry.link) for entry in found] == [
        ("tag:reader.example,2025-01-01:digest/2025-w49", "Week 49 of 2025", "2025-12-07",
         "https://reader.example/2025/w49/"),
    ]  # fmt: skip
    content = found[0].content[0].value
    assert re.findall(r"A Paper on (\w+)</a></h3>", content) == ["Wicks", "Lamps", "Oil"]
    assert content.index("<p>On wicks.</p>") < content.index("The curator’s picks")


@pytest.mark.parametrize(
    ("day", "weeks"), [("2025-12-14", ["2025-w49"]), ("2025-12-15", ["2025-w50", "2025-w49"])]
)
def test_week_is_over_on_the_monday_after(project: Path, day: str, weeks: list[str]) -> None:
    found = entries(project, "digest/weekly/feed.xml", "--as-of", day)
    assert [entry.id.rpartition("/")[2] for entry in found] == weeks


def test_no_week_over_means_no_weekly_feed_and_no_page_for_it(project: Path) -> None:
    built(project, "--as-of", "2025-12-05")
    assert not (project / "public/digest/weekly").exists()
    assert b"weekly" not in (project / "public/feeds/index.html").read_bytes()


def test_digest_pages_announce_their_feed_and_list_what_it_holds(project: Path) -> None:
    built(project)
    daily = (project / "public/digest/index.html").read_text()
    assert (
        'type="application/atom+xml" title="Lamplight: Issue by issue (Atom)" href="/digest/feed.xml"'
        in daily
    )
    assert re.findall(r'<a href="(/2025/\d\d/\d\d/)"', daily) == [
        "/2025/12/09/",
        "/2025/12/04/",
        "/2025/12/01/",
    ]
    assert 'Follow this list: <a href="/digest/feed.xml"' in daily
    weekly = (project / "public/digest/weekly/index.html").read_text()
    assert 'href="/digest/weekly/feed.xml"' in weekly
    assert 'href="/2025/w49/"' in weekly
    assert 'href="/digest/weekly/feed.xml"' in (project / "public/2025/w49/index.html").read_text()
    assert 'href="/digest/feed.xml"' in (project / "public/2025/12/04/index.html").read_text()


def test_edited_note_moves_the_letters_that_quote_it(project: Path) -> None:
    note = "---\npaper: A Paper on Oil\nupdated: 2025-12-08\n---\nIt burns.\n"
    lay(project, {"content/notes/oil.md": note})
    updated = {
        entry.id.rpartition("/")[2]: entry.updated[:10] for entry in entries(project, "digest/feed.xml")
    }
    assert updated == {"2025-12-09": "2025-12-09", "2025-12-04": "2025-12-04", "2025-12-01": "2025-12-08"}
    weekly = entries(project, "digest/weekly/feed.xml")[0]
    assert weekly.updated.startswith("2025-12-08")
    assert "It burns." in weekly.content[0].value


def test_letter_does_not_change_when_its_paper_is_seen_again(project: Path) -> None:
    before = entries(project, "digest/feed.xml")[2]
    again = capture("Dec 9", "A Paper on Candles", "A Paper on Oil")
    lay(project, {"content/captures/2025-12-09.txt": again})
    after = entries(project, "digest/feed.xml")[2]
    assert after == before


def test_theme_of_a_letter_is_that_of_the_page() -> None:
    other = replace(THEME, slug="theory", title="Theory", hue=5, order=9)
    html = letter_html(
        make_letter(groups=(Group("Theory", "", "", 5, False, (make_paper(theme=other),)),)), FACTS
    )
    assert '<h2 class="hue-5">Theory</h2>' in html
