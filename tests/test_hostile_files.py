"""Files made to hurt: they end soon, crash nothing, and what comes out of them is text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from papers import read
from patience import ends_soon

from sitegen.parsers import markup, tex

LONG = 10**7
ITEM = "<rss><channel><item><title>&b;</title></item></channel></rss>"

ENDLESS = {
    "laughs.xml": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + ITEM,
    "outside.xml": '<!DOCTYPE r [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + ITEM,
    "deep.json": "[" * 10**6,
    "deep-objects.json": '{"type":' * 10**5,
    "number.json": '[{"type": "x", "title": "y", "volume": ' + "9" * 10**5 + "}]",
    "deep.xml": "<feed>" + "<a>" * 30_000 + "</feed>",
    "deep.bib": "@a{b, title={" + "{" * 10**5 + "}}",
    "deep-balanced.bib": "@a{b, title={\\'" + "{" * 10**4 + "x" + "}" * 10**4 + "}}",
    "macros.bib": "@a{b, title={" + "\\a{" * 20_000 + "}" * 20_000 + "}}",
    "ats.bib": "@" * 10**6 + "\n@a{",
    "names.bib": "@a{b, title={x}, author={" + "a and " * 10**5 + "b}}",
    "starts.ris": "TY  - X\n" * 10**5,
    "brackets.md": "# " + "[" * 10**5 + "](https://arxiv.org/abs/2401.00001)",
    "stars.md": "- " + "*" * 10**5 + "[x](https://arxiv.org/abs/2401.00001)",
    "tags.json": '[{"type": "x", "title": "' + "<!--" * 10**5 + "<script>" * 10**5 + "<p " * 10**5 + '"}]',
    "tags.xml": "<rss><channel><item><title>" + "&lt;p " * 10**5 + "</title></item></channel></rss>",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_file_without_measure_ends_soon(name: str) -> None:
    entries, problems = ends_soon(lambda: read(ENDLESS[name], name))
    assert entries or any(problem.severity == "error" for problem in problems)


@pytest.mark.parametrize("ending", ["bib", "ris", "nbib", "json", "xml", "md"])
def test_ten_megabytes_of_one_letter_are_refused(ending: str) -> None:
    entries, problems = ends_soon(lambda: read("a" * LONG, f"long.{ending}"))
    assert not entries
    assert [problem.severity for problem in problems] == ["error"]
    assert all(len(problem.message) < 200 for problem in problems)


@pytest.mark.parametrize("name", ["laughs.xml", "outside.xml"])
def test_xml_with_entities_of_its_own_is_refused(name: str) -> None:
    _, [problem] = read(ENDLESS[name], name)
    assert problem.message == "this XML defines entities of its own, which sitegen does not read."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "https://a b",
        "https://[::1",
        "https://x",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    entries, _ = read(f"@misc{{a, title={{X}}, url={{{url}}}}}")
    assert [entry.links for entry in entries] == [()]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a<b and c>d", "a<b and c>d"),
        ("x &lt;script&gt; y", "x <script> y"),
        ("H<sub>2</sub>O is 10<sup>-3</sup>", "H_{2}O is 10^{-3}"),
        ("<!-- no --><b>yes", "yes"),
        ("1 < 2 & 3", "1 < 2 & 3"),
        ("\u202e\x00right", "right"),
    ],
)
def test_markup_becomes_text(written: str, text: str) -> None:
    assert markup.plain(written) == text


@given(st.text(st.sampled_from("\\{}$%&#_^~'\"`abc é\n")))
@settings(max_examples=300, deadline=None)
def test_tex_never_raises_and_loses_no_letter(field: str) -> None:
    decoded = tex.decode(field)
    assert "\n" not in decoded
    if "\\" not in field:
        assert [char for char in decoded if char.isalpha()] == [char for char in field if char.isalpha()]


@given(st.text(), st.sampled_from(["x.bib", "x.ris", "x.nbib", "x.json", "x.xml", "x.md"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    entries, problems = read(text, name)
    assert entries or any(problem.severity == "error" for problem in problems)


FRAGMENTS = {
    "x.bib": ["@a{", "@string{", "title=", "{", "}", '"', "#", ",", "\n@", "x", "\\", " and "],
    "x.ris": ["TY  - J\n", "ER  - \n", "TI  - x\n", "AU  - a, b\n", "\n", "x", "- "],
    "x.nbib": ["PMID- 1\n", "TI  - x\n", "      y\n", "\n", "FAU - a\n"],
    "x.json": ["[", "]", "{", "}", '"title"', '"type"', ":", ",", '"x"', "1", "null"],
    "x.xml": [
        "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "x", "&amp;", "&",
        "<![CDATA[", "]]>",
    ],
    "x.md": [
        "---\n", "# ", "- ", "[x](https://arxiv.org/abs/2401.00001)", "\n", "title: x\n", "|", "**",
        "Authors: a, b\n", "```",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", FRAGMENTS)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_heap_of_fragments_is_read_or_refused(name: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from(FRAGMENTS[name]), max_size=40)))
    entries, problems = read(text, name)
    assert entries or any(problem.severity == "error" for problem in problems)
    assert all(entry.title == " ".join(entry.title.split()) != "" for entry in entries)
