"""Tags by phrase: whole words, in any case, singular and plural, with hyphen or space."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.model import Tag
from sitegen.tagging import phrase_table, tags_in
from sitegen.words import words

TABLE = phrase_table(
    [
        Tag("early-exit", "Early exit", "", ("early exit",), 1),
        Tag("pruning", "Pruning", "", ("pruning", "pruned head"), 5),
        Tag("bus", "Bus", "", ("bus",), 9),
        Tag("nothing", "Nothing", "", ("", "?!"), 12),
        Tag("moe", "Experts", "", ("mixture of experts",), 14),
    ]
)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Early-exits in networks", {"early-exit"}),
        ("EARLY EXIT", {"early-exit"}),
        ("early and late exit", set()),
        ("unpruning the prunings", {"pruning"}),
        ("two pruned heads", {"pruning"}),
        ("see https://pruning.example/pruning", set()),
        ("a bus, buses and busses", {"bus"}),
        ("a mixture of expert", {"moe"}),
        ("a mixture of", set()),
        ("", set()),
    ],
)
def test_a_phrase_stands_as_whole_words(text: str, tags: set[str]) -> None:
    assert tags_in(text, "", TABLE) == tags


@given(st.text())
def test_the_same_rule_serves_both_sides(text: str) -> None:
    if words(text):
        assert tags_in(f"x {text} y", "", phrase_table([Tag("t", "T", "", (text,), 1)])) == {"t"}


FILLER = "one two three four five six seven eight nine ten " * 4


@pytest.mark.parametrize(
    ("abstract", "tags"),
    [
        ("pruning " + FILLER, set()),
        (FILLER + "pruning", set()),
        (FILLER + "pruning " + FILLER, {"pruning"}),
        ("Pruning matters. " + FILLER + "We prune a pruned head.", {"pruning"}),
        ("pruning", {"pruning"}),
        ("", set()),
    ],
)
def test_once_in_an_abstract_counts_only_where_the_paper_speaks_of_itself(
    abstract: str, tags: set[str]
) -> None:
    assert tags_in("A title", abstract, TABLE) == tags
