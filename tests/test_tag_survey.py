"""How right the tags by phrase are against the curator's, and what may be a tag too."""

from __future__ import annotations

import json

import pytest
from factories import make_paper, make_prose
from running import PROJECT, run

from sitegen.asking import read_content
from sitegen.config import Surroundings
from sitegen.model import Entry, Link, Paper, Tag
from sitegen.survey import survey
from sitegen.tag_survey import TagScore, survey_tags

PRUNING = Tag("pruning", "Pruning", "", ("pruning", "pruned"), 1)
SPEED = Tag("speed", "Speed", "", ("speed",), 5)


def paper(title: str, *tags: Tag, chosen: bool = True) -> Paper:
    links = tuple(Link(tag.title, f"/tags/{tag.slug}/") for tag in tags)
    return make_paper(title=make_prose(title), abstract=None, tags=links, tags_chosen=chosen)


def entry(title: str, *keywords: str) -> Entry:
    return Entry(source="content/library/x.bib", line=1, day=None, title=title, keywords=keywords)


def test_tags_by_phrase_are_counted_against_the_curators() -> None:
    papers = [
        paper("Pruning", PRUNING),
        paper("Pruned for speed", PRUNING),
        paper("Fast", SPEED),
        paper("Speed of light", SPEED, chosen=False),
    ]
    found = survey_tags([PRUNING, SPEED], papers, [])
    assert (found.papers, found.precision, found.recall) == (3, 2 / 3, 2 / 3)
    assert found.worst == (TagScore("speed", right=0, wrong=1, missed=1),)


def test_without_curated_tags_nothing_is_claimed() -> None:
    found = survey_tags([PRUNING], [paper("Pruning", PRUNING, chosen=False)], [])
    assert (found.papers, found.precision, found.recall, found.worst) == (0, 0.0, 0.0, ())


def test_what_three_papers_have_and_no_tag_knows_is_proposed() -> None:
    entries = [
        entry("Loom weaving at dawn", "State Space Models"),
        entry("Loom Weaving at dusk", "state-space model"),
        entry("Weaving by night", "state space model", "Pruning"),
        entry("Weaving by night", "state space model", "Pruning"),
        entry("Pruning by day", "pruning"),
    ]
    assert survey_tags([PRUNING], [], entries).proposals == (("state space model", 3),)


def test_the_command_says_the_same_in_words_and_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    content = read_content(PROJECT, Surroundings())
    themes = survey(content[0].themes, content[1].papers)
    monkeypatch.setattr("sitegen.commands.themes.read_content", lambda *_: content)
    monkeypatch.setattr("sitegen.commands.themes.survey", lambda *_: themes)  # what takes long, once
    words, facts = run("themes", PROJECT).out, json.loads(run("themes", PROJECT, "--json").out)["tags"]
    assert f"{facts['precision']:.1%} are right, {facts['recall']:.1%} are found" in words
    assert facts["precision"] >= 0.85
    assert facts["recall"] >= 0.6
    assert len(facts["worst"]) == 10
