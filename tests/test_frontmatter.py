"""Front matter: each field typed, each mistake at its own line, and no text that breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from running import problems_of

from sitegen.errors import BuildError
from sitegen.model import Kind, Note, Source
from sitegen.parsers import note
from sitegen.parsers.frontmatter import read_front_matter, text


def read(front_matter: str, body: str = "") -> Note:
    [value], problems = note.parse(Source("n.md", Kind.NOTE, f"---\n{front_matter}\n---\n{body}"))
    assert not problems
    return value


def mistakes(front_matter: str) -> list[str]:
    with pytest.raises(BuildError) as caught:
        read(front_matter)
    return [f"{problem.line} {problem.message}" for problem in caught.value.problems]


def test_a_note_says_what_it_says() -> None:
    value = read(
        "paper: arXiv:2410.14649\ndate: 2024-10-18\ntags: [a, b]\nthemes: c, d\npick: yes\n"
        "links:\n  - Code: https://x.example/\n  - label: Data\n    url: https://y.example/",
        "Body",
    )
    assert (value.paper, value.published, value.line) == ("arXiv:2410.14649", date(2024, 10, 18), 2)
    assert (value.tags, value.themes, value.pick) == (("a", "b"), ("c", "d"), True)
    assert value.links == (("Code", "https://x.example/"), ("Data", "https://y.example/"))
    assert (value.body, value.body_line) == ("Body", 12)


@pytest.mark.parametrize("title", ["2410.14649", "1e5", "0x10", "true", "2025-12-09", "~x", "12:30:00"])
def test_a_text_never_turns_into_something_else(title: str) -> None:
    assert read(f"paper: X\ntitle: {title}").title == title


@pytest.mark.parametrize("nothing", ["", "null", "~", '""', "[]"])
def test_an_empty_field_is_as_good_as_none(nothing: str) -> None:
    assert read(f"paper: X\ntags: {nothing}").tags == ()


def test_the_body_may_hold_lines_of_hyphens() -> None:
    assert read("paper: X", "a\n\n---\n\nb").body == "a\n\n---\n\nb"


def test_every_mistake_is_named_at_its_own_line() -> None:
    assert mistakes(
        "paper: X\ndate: soon\ntags:\n  - a\n  - [b]\nlinks:\n  A: https://a.example/\n  B: ftp://b/"
    ) == [
        "3 “date” is “soon”, which is not a day.",
        "6 “tags” is not text.",
        "9 “links” holds “ftp://b/”, which is not a link.",
    ]


def test_a_field_that_is_wrong_is_not_called_missing_too() -> None:
    assert mistakes("paper: [X]") == ["2 “paper” is not text."]


def test_a_link_without_a_label_is_a_mistake() -> None:
    assert mistakes('paper: X\nlinks: {"": https://a.example/}') == [
        "3 “links” says nothing of “https://a.example/”."
    ]


@pytest.mark.parametrize(
    "day", ["2025-02-30", "2025-2-3", "٢٠٢٥-٠١-٠١", "2025-W01-1", "20250101", "0999-01-01"]
)
def test_a_day_is_written_in_one_way(day: str) -> None:
    assert mistakes(f"paper: X\nupdated: {day}") == [f"3 “updated” is “{day}”, which is not a day."]


@pytest.mark.parametrize("slug", ["page", "A", "a b", "a--b", "-a", "ä", "a/b", "..", "a" * 81])
def test_what_cannot_be_an_address_cannot_be_a_slug(slug: str) -> None:
    assert mistakes(f'paper: X\nslug: "{slug}"') == [f"3 “{slug}” cannot be a slug."]


@pytest.mark.parametrize("alias", ["papers/x/", "/", "/a/../b/", "/A/", "https://x.example/", "/a b/"])
def test_what_is_no_address_of_this_site_cannot_be_an_alias(alias: str) -> None:
    assert mistakes(f'paper: X\naliases: ["{alias}"]') == [f"3 “{alias}” cannot be an alias."]


@given(st.text())
@example("---\n? [a, b]\n: c\n---\n")
@example("---\n!!python/object:os.system x: y\n---\n")
@example("---\n&a a: *a\n---\n")
@example("---\n- - - -\n---\n")
@example("---\n\x00\n---\n")
@example("---\n" + "[" * 5000 + "\n---\n")
@example("---\n" + "{a: " * 3000 + "\n---\n")
@example("---\n<<: {a: b}\n---\n")
@example("---\n%YAML 9.9\n---\n")
@example("---\na: |\n\tb\n---\n")
def test_any_text_is_read_or_explained(content: str) -> None:
    source = Source("n.md", Kind.NOTE, content)
    problems = problems_of(lambda: read_front_matter(source, {"title": text}))
    assert all(1 <= problem.line <= content.count("\n") + 2 and problem.message for problem in problems)


@given(st.text(alphabet=st.sampled_from("ab:-#[]{}\"'&*!|>%@` \t\n?,\x85\u2028")))
def test_any_front_matter_is_read_or_explained(block: str) -> None:
    problems = problems_of(lambda: read(f"paper: X\n{block}"))
    assert all(problem.line >= 1 and problem.message for problem in problems)
