"""The curator's tables, as written by hand and as a spreadsheet saves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import problems_of

from sitegen.errors import BuildError
from sitegen.model import Kind, Label, Source
from sitegen.parsers.tables import parse_ids, parse_labels, parse_tags


def labels(text: str) -> list[Label]:
    return parse_labels(Source("labels.csv", Kind.LABELS, text))[0]


def mistakes(parse: Callable[[Source], Any], text: str) -> list[str]:
    with pytest.raises(BuildError) as caught:
        parse(Source("t", Kind.LABELS, text))
    return [f"{problem.line} {problem.message}" for problem in caught.value.problems]


HEAD = "paper,id,theme,more_themes,tags\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_part_cells_in_its_own_way(delimiter: str) -> None:
    text = (HEAD + '"On Bees, Wasps; Ants",arXiv:2410.14649,light,maps,"a b"\n').split("\n")
    rows = [text[0].replace(",", delimiter), '"On Bees, Wasps; Ants"' + text[1][22:].replace(",", delimiter)]
    [label] = labels("\n".join(rows))
    assert (label.paper, label.id, label.theme) == ("On Bees, Wasps; Ants", "arXiv:2410.14649", "light")
    assert (label.more_themes, label.tags, label.line) == (("maps",), ("a", "b"), 2)


def test_a_cell_may_run_over_two_lines_without_gluing_words() -> None:
    [label, other] = labels(HEAD + '"On\nBees",,,,\nOn Wasps,,,,\n')
    assert label.paper == "On Bees"
    assert (label.line, other.line) == (2, 4)


def test_columns_may_stand_in_any_order_and_be_left_out() -> None:
    [label] = labels("Theme,PAPER\nlight,On Bees\n")
    assert (label.paper, label.theme, label.tags) == ("On Bees", "light", ())


def test_empty_rows_say_nothing() -> None:
    assert labels(HEAD + ",,,,\n\n   ,,,,\n") == []
    assert labels(HEAD) == []


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "1 the column “paper” is missing."),
        ("paper,paper\n", "1 the column “paper” stands here more than once."),
        ("paper,colour\n", "1 there is no column “colour”."),
        (HEAD + ",arXiv:2410.14649,,,\n", "2 this row names no paper."),
        (HEAD + "X,2410.14649v2v,,,\n", "2 “2410.14649v2v” is not an id."),
        (HEAD + "X,,,,,,\n", "2 this row has 7 cells; the table has 5 columns."),
        (
            HEAD + 'X,,,,\n"Y,,,,\nZ,,,,\n',
            "3 this row cannot be read: a quote opens here and closes nowhere.",
        ),
    ],
)
def test_a_mistake_in_the_labels_is_named_at_its_line(text: str, mistake: str) -> None:
    assert mistakes(parse_labels, text) == [mistake]


@given(st.text(alphabet=st.sampled_from("paper,id;\t\"'\n\r xé\x00\u2028")))
def test_any_table_is_read_or_explained(text: str) -> None:
    problems = problems_of(lambda: labels(HEAD + text))
    assert all(1 <= problem.line <= len(text) + 2 and problem.message for problem in problems)


IDS = "key,feed_id,slug,first_day\n"


def test_the_ledger_keeps_what_was_given() -> None:
    [row], _ = parse_ids(Source("ids.csv", Kind.IDS, IDS + "arxiv:2410.14649,tag:x,evopress,2025-10-29\n"))
    assert (row.key, row.feed_id, row.slug, row.first_day) == (
        "arxiv:2410.14649", "tag:x", "evopress", date(2025, 10, 29),
    )  # fmt: skip


@pytest.mark.parametrize(
    "row", ["k,,s,2025-10-29", "k,tag:x,,2025-10-29", "k,tag:x,A b,", "k,tag:x,s,29.10.2025", ",tag:x,s,"]
)
def test_a_damaged_row_of_the_ledger_is_an_error(row: str) -> None:
    assert mistakes(parse_ids, IDS + row + "\n") == ["2 this row is damaged."]


def test_two_papers_cannot_have_been_given_one_slug() -> None:
    [mistake] = mistakes(parse_ids, IDS + "a,tag:a,s,\nb,tag:b,s,\n")
    assert mistake.startswith("3 the slug “s” was given to another paper")


def test_tags_say_their_line_and_every_mistake_at_once() -> None:
    [first, second], _ = parse_tags(
        Source("tags.toml", Kind.TAGS, '[a]\ntitle = "A"\n\n[b-c]\ntitle = "B"\n')
    )
    assert (first.slug, first.line, second.slug, second.line) == ("a", 1, "b-c", 4)
    assert mistakes(parse_tags, '[a]\n[b]\ntitle = 3\n[c]\ntitle = "C"\nphrase = []\n') == [
        "1 “title” is missing.",
        "3 “b.title” has a wrong value: it is a whole number; it should be text in quotes.",
        "6 there is no setting “phrase”.",
    ]
