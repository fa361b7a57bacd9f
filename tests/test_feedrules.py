"""The table of the validator's rules sees what it should: one planted defect each."""

from __future__ import annotations

from datetime import date

import pytest
from factories import CODE_LINK, PAPER_LINK, make_facts, make_feed, make_paper
from feedrules import check_feed
from markupsafe import Markup

from sitegen.feeds import render_feed

NOTE = Markup('<p>Read <a href="/papers/other/">another</a>.</p>')
URL = "https://digest.example/feed.xml"
JSON_URL = "https://digest.example/feed.json"


def feed_bytes(format: str, url: str = "/feed.xml", **over: object) -> bytes:
    papers = (make_paper("one", note=NOTE, links=(PAPER_LINK, CODE_LINK)), make_paper("two"))
    return render_feed(make_feed(*papers, format=format, url=url, **over), make_facts())


# What is written in a valid feed, what stands there instead, and the rule that must see it.
ATOM_DEFECTS = [
    (b"</feed>", b"", "SAXError"),
    (b"Ada", b"\xc3\x28", "UnicodeError"),
    (b"<?xml version='1.0' encoding='UTF-8'?>\n", b"", "MissingEncoding"),
    (b"encoding='UTF-8'", b"encoding='ISO-8859-1'", "NotUTF8"),
    (b"?>\n<feed", b"?>\n<!DOCTYPE feed>\n<feed", "DeprecatedDTD"),
    (b"?>\n<feed", b'?>\n<?xml-stylesheet href="x.xsl"?>\n<feed', "ProcessingInstruction"),
    (b"Ada", b"\xc2\x85Ada", "BadCharacters"),
    (b"Ada", b"\x00Ada", "SAXError"),
    (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#", "UndefinedElement"),
    (b"<subtitle>", b'<x:y xmlns:x="https://x.example/"/>\n  <subtitle>', "UnknownNamespace"),
    (b"<subtitle>", b'<subtitle xmlns:dc="https://x.example/">', "ReservedPrefix"),
    (b"<feed ", b'<feed xmlns:a="http://purl.org/dc/elements/1.1/" ', "AvoidNamespacePrefix"),
    (b' xml:lang="en"', b"", "MissingDCLanguage"),
    (b'xml:lang="en"', b'xml:lang="English"', "InvalidLanguage"),
    (b"  <title>Efficient Reading</title>\n", b"", "MissingElement"),
    (b"<title>Efficient Reading</title>", b"<title>A</title><title>B</title>", "DuplicateElement"),
    (b"<title>Efficient Reading</title>", b"<title/>", "NotBlank"),
    (b"<title>Efficient", b'<title type="text/html">Efficient', "InvalidTextType"),
    (b"<title>Efficient", b"<title>Efficient&lt;/b&gt;", "ContainsUndeclaredHTML"),
    (b"<title>Efficient", b"<title>Efficient &amp;amp;", "ContainsUndeclaredHTML"),
    (b"<subtitle>", b"<tagline/>\n  <subtitle>", "UndefinedElement"),
    (b"<subtitle>", b"text<subtitle>", "UnexpectedText"),
    (b"</entry>\n</feed>", b"</entry>\n<rights>R</rights></feed>", "MisplacedMetadata"),
    (b"/feed.xml", b"/other.xml", "SelfDoesntMatchLocation"),
    (b'rel="self"', b'rel="related"', "MissingSelf"),
    (b'href="https://digest.example/feed.xml"', b'href="/feed.xml"', "RelativeSelf"),
    (b'rel="self" type="application/atom+xml"', b'rel="self" type="text/html"', "SelfNotAtom"),
    (b'href="https://digest.example/" ', b"", "MissingHref"),
    (b'href="https://digest.example/papers/one/"', b'href="/papers/one/"', "InvalidIRI"),
    (b'rel="via"', b'rel="origin"', "UnregisteredAtomLinkRel"),
    (b'rel="via"', b'rel="current"', "FeedHistoryRelInEntry"),
    (b'rel="via"', b'rel="alternate"', "DuplicateAtomLink"),
    (b'rel="via" type="text/html"', b'rel="via" type="html"', "InvalidMIMEType"),
    (b'rel="via"', b'rel="via" title=" "', "AttrNotBlank"),
    (b'rel="via"', b'rel="via" target="_top"', "UnexpectedAttribute"),
    (b'type="application/atom+xml"/>', b'type="application/atom+xml">x</link>', "AtomLinkNotEmpty"),
    (b"paper/two</id>", b"paper/one</id>", "DuplicateEntries"),
    (b"<id>tag:digest.example,2025-10-29:site", b"<id>tag:digest.example:site", "InvalidTAG"),
    (b"<id>tag:digest.example,2025-10-29:site", b"<id>site", "InvalidFullLink"),
    (b"<id>tag:", b"<id> tag:", "UnexpectedWhitespace"),
    (b"<updated>2025-12-09T00:00:00+00:00", b"<updated>2025-12-09", "InvalidRFC3339Date"),
    (b"<updated>2025-12-09T", b"<updated>2025-02-30T", "InvalidRFC3339Date"),
    (b"<updated>2025-12-09T", b"<updated>1025-12-09T", "ImplausibleDate"),
    (b"<name>Ada Lovelace</name>", b"", "MissingElement"),
    (b"<name>Ada Lovelace", b"<name>Ada &lt;ada@example.org>", "ContainsEmail"),
    (b"</name>", b"</name><email>nobody</email>", "InvalidAddrSpec"),
    (b'term="pruning"', b"", "MissingAttribute"),
    (b'scheme="https://digest.example/tags/"', b'scheme="/tags/"', "InvalidFullLink"),
    (b'label="Pruning"', b'label=""', "AttrNotBlank"),
    (b'<content type="html">', b'<content type="text">', "InvalidMIMEType"),
    (b"&lt;p&gt;Read", b"&lt;p&gt;&lt;p&gt;Read", "NotHtml"),
    (b"&lt;p&gt;Read", b"&lt;/div&gt;&lt;p&gt;Read", "NotHtml"),
    (b"&lt;p&gt;Read", b"&lt;!-- x --&gt;&lt;p&gt;Read", "NotHtml"),
    (b"&lt;p&gt;Read", b'&lt;p id="a" id="b"&gt;Read', "NotHtml"),
    (b"Read ", b"&lt;script&gt;alert(1)&lt;/script&gt;", "SecurityRisk"),
    (b"&lt;p&gt;Read", b'&lt;p onclick="x()"&gt;Read', "SecurityRiskAttr"),
    (b"&lt;p&gt;Read", b'&lt;p style="position: fixed"&gt;Read', "DangerousStyleAttr"),
    (b"https://digest.example/papers/other/", b"/papers/other/", "ContainsRelRef"),
    (b"https://digest.example/papers/other/", b"javascript:alert(1)", "SecurityRiskAttr"),
    (b"https://digest.example/papers/other/", b"https://digest.example/a b", "InvalidUriChar"),
    (b"<subtitle>", b'<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/><subtitle>',
     "MissingCurrentInArchive"),
    (b"<subtitle>", b'<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/><subtitle>',
     "ArchiveIncomplete"),
    (b"<subtitle>", b'<link href="https://digest.example/9.xml" rel="next-archive"/><subtitle>',
     "MissingArchive"),
]  # fmt: skip
RSS_DEFECTS = [
    (b'version="2.0"', b'version="3.0"', "InvalidRSSVersion"),
    (b'version="2.0"', b"", "MissingAttribute"),
    (b"channel>", b"canal>", "MissingElement"),
    (b"<title>Efficient Reading</title>", b"", "MissingElement"),
    (b"<link>https://digest.example/</link>", b"", "MissingElement"),
    (b"<link>https://digest.example/</link>", b"<link>/</link>", "InvalidFullLink"),
    (b"<link>https://digest.example/papers/one/", b"<link>/papers/one/", "InvalidFullLink"),
    (b"<language>en</language>", b"", "MissingDCLanguage"),
    (b"<language>en<", b"<language>English<", "InvalidLanguage"),
    (b"atom:link ", b"x ", "MissingAtomSelfLink"),
    (b"</item>\n  </channel>", b"</item><ttl>9</ttl></channel>", "MisplacedItem"),
    (b"<guid ", b"<guid>a-long-guid</guid><guid ", "DuplicateElement"),
    (b'isPermaLink="false"', b"", "InvalidHttpGUID"),
    (b'isPermaLink="false"', b'isPermaLink="no"', "InvalidBooleanAttribute"),
    (b"tag:digest.example,2025-10-29:paper/two", b"2", "NotSufficientlyUnique"),
    (b"paper/two</guid>", b"paper/one</guid>", "DuplicateValue"),
    (b"tag:digest.example,2025-10-29:paper/two", b"tag:two", "InvalidTAG"),
    (b"Wed, 29 Oct", b"Thu, 29 Oct", "IncorrectDOW"),
    (b"Wed, 29 Oct 2025 00:00:00 +0000", b"2025-10-29", "InvalidRFC2822Date"),
    (b"Wed, 29 Oct", b"Mi, 29 Okt", "InvalidRFC2822Date"),
    (b"29 Oct 2025", b"29 Oct 1025", "ImplausibleDate"),
    (b"<title>The", b"<title>&lt;b>The&lt;/b>", "ContainsHTML"),
    (b"<title>The", b"<title>&lt;SEG>The", "CharacterData"),
    (b"<title>The paper called one</title>", b"<title/>", "NotBlank"),
    (b">Pruning</category>", b"></category>", "NotBlank"),
    (b'domain="https://digest.example/tags/"', b'domain="tags"', "InvalidFullLink"),
    (b"<description>We prune models.</description>", b"", "NeedDescriptionBeforeContent"),
    (b"<description>We", b"<description>&lt;b>We", "NotHtml"),
    (b"https://digest.example/papers/other/", b"../other/", "ContainsRelRef"),
    (b"<guid ", b"<author>Ada</author><guid ", "InvalidContact"),
    (b"<guid ", b"<author>a@b.example (Ada)</author><guid ", "DuplicateItemSemantics"),
    (b'rel="self" type="application/rss+xml"', b'rel="self" type="text/html"', "SelfNotAtom"),
]
JSON_DEFECTS = [
    (b'{"version"', b'{{"version"', "NotJson"),
    (b'"title":"Efficient', b'"title":"A","title":"Efficient', "NotJson"),
    (b"version/1.1", b"version/1", "Version"),
    (b'"title":"Efficient Reading",', b"", "Missing"),
    (b'"title":"Efficient Reading"', b'"title":7', "NotAText"),
    (b'"language":"en"', b'"language":"English"', "Language"),
    (b'"home_page_url":"https://digest.example/"', b'"home_page_url":"/"', "NotAAddress"),
    (b"/feed.json", b"/other.json", "FeedUrl"),
    (b'"items":[', b'"entries":[', "Unknown"),
    (b'"items":[', b'"items":["one",', "NotAList"),
    (b"paper/two", b"paper/one", "DuplicateId"),
    (b'"id":"tag:digest.example,2025-10-29:paper/two"', b'"id":2', "NotAText"),
    (b'"id":"tag:digest.example,2025-10-29:paper/two"', b'"id":"tag:two"', "InvalidTAG"),
    (b'"content_html":', b'"content":', "NoContent"),
    (b"<p>Read", b"<p><b>Read", "NotHtml"),
    (b"https://digest.example/papers/other/", b"/papers/other/", "ContainsRelRef"),
    (b'"date_published":"2025-10-29T00:00:00Z"', b'"date_published":"2025-10-29"', "NotADay"),
    (b'"date_modified":"2025-12-09T00:00:00Z"', b'"date_modified":"2025-02-30T00:00:00Z"', "NotADay"),
    (b'{"name":"Ada Lovelace"}', b"{}", "EmptyAuthor"),
    (b'{"name":"Ada Lovelace"}', b'{"email":"ada@example.org"}', "Unknown"),
    (b'"tags":["Model', b'"tags":["","Model', "NotAWords"),
]


@pytest.mark.parametrize("format", ["atom", "rss"])
def test_feed_without_defect_is_valid(format: str) -> None:
    assert check_feed(feed_bytes(format), URL) == []


def test_json_feed_without_defect_is_valid() -> None:
    assert check_feed(feed_bytes("json", "/feed.json"), JSON_URL) == []


@pytest.mark.parametrize(
    ("format", "old", "new", "rule"),
    [("atom", *defect) for defect in ATOM_DEFECTS]
    + [("rss", *defect) for defect in RSS_DEFECTS]
    + [("json", *defect) for defect in JSON_DEFECTS],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_planted_defect_is_seen(format: str, old: bytes, new: bytes, rule: str) -> None:
    url = "/feed.json" if format == "json" else "/feed.xml"
    valid = feed_bytes(format, url)
    assert old in valid
    messages = check_feed(valid.replace(old, new), f"https://digest.example{url}")
    assert rule in {message.partition(":")[0] for message in messages}


def test_archive_document_is_valid() -> None:
    archive = feed_bytes(
        "atom", "/feeds/archive-2.xml", current_url="/feed.xml", prev_archive_url="/feeds/archive-1.xml",
        next_archive_url="/feeds/archive-3.xml",
    )  # fmt: skip
    assert check_feed(archive, "https://digest.example/feeds/archive-2.xml") == []


def test_what_is_no_feed_is_not_valid() -> None:
    page = b"<?xml version='1.0' encoding='UTF-8'?><html/>"
    assert check_feed(page, URL) == ["UndefinedElement: the root is html"]


def test_feed_of_one_day_is_valid_although_its_entries_share_their_date() -> None:
    papers = [make_paper(slug, updated=date(2025, 12, 9)) for slug in "abc"]
    assert check_feed(render_feed(make_feed(*papers), make_facts()), URL) == []
