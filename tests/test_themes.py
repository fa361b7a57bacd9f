"""Themes: what decides, how sure it is, what it says of itself, and what a new paper may change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen import quality, text
from sitegen.errors import BuildError
from sitegen.evidence import Evidence, phrase_book, read_evidence
from sitegen.merge import merge
from sitegen.model import Kind, Parsed, Source, Theme
from sitegen.parsers import parse
from sitegen.parsers.curator import parse_theme
from sitegen.phrases import PhraseBook
from sitegen.placement import Placement
from sitegen.sources import read_sources
from sitegen.themes import Judgement, judge, learn

PROJECT = Path(__file__).parent.parent

PRUNING = Theme(
    "content/themes/pruning.md", "pruning", "Pruning", 1, "Networks made smaller.", phrases=(("prun*", 4),)
)
SPEED = Theme(
    "content/themes/speed.md",
    "speed",
    "Speed",
    2,
    "Networks run faster.",
    phrases=(("token pruning", 5), ("key-value cache", 4), ("speed*", 3)),
)
SAFETY = Theme(
    "content/themes/safety.md",
    "safety",
    "Safety",
    3,
    "Attacks on models.",
    phrases=(("attack*", 4), ("attack surface of a wing", -9)),
)
THEMES = (PRUNING, SPEED, SAFETY)


def judged(title: str, abstract: str = "", themes: Sequence[Theme] = THEMES) -> Judgement:
    return judge(read_evidence(title, abstract, phrase_book(themes)), learn(themes, ()))


def found(book: PhraseBook, words: str) -> list[tuple[int, int, dict[int, int]]]:
    return book.find(words.split())


@pytest.fixture(scope="module")
def shipped() -> Parsed:
    return parse(read_sources(PROJECT, ())[0])


@pytest.fixture(scope="module")
def labelled(shipped: Parsed) -> list[tuple[str, Evidence]]:
    book = phrase_book(shipped.themes)
    return [
        (facts.label.theme, read_evidence(text.plain(facts.title), text.plain(facts.abstract), book))
        for facts in merge(shipped)[0]
        if facts.label and facts.label.theme
    ]


# ------------------------------------------------------------------------ phrases


def test_a_longer_phrase_hides_the_shorter_ones_inside_it() -> None:
    book = PhraseBook([("pruning", 0, 4), ("token pruning", 1, 5)])
    assert found(book, "token pruning and pruning") == [(0, 2, {1: 5}), (3, 4, {0: 4})]


@pytest.mark.parametrize("written", ["pre training", "pretraining"])
def test_a_hyphen_stands_for_a_space_or_nothing(written: str) -> None:
    assert found(PhraseBook([("pre-training", 0, 2)]), written) == [(0, len(written.split()), {0: 2})]


def test_an_asterisk_stands_for_any_ending_of_its_word() -> None:
    book = PhraseBook([("quantiz*", 0, 3)])
    assert [len(found(book, word)) for word in ("quantization", "quantized", "quantum")] == [1, 1, 0]


def test_of_phrases_of_one_length_the_heavier_counts_for_each_theme() -> None:
    book = PhraseBook([("prun*", 0, 2), ("pruning", 0, 4), ("pruning", 1, 1)])
    assert found(book, "pruning") == [(0, 1, {0: 4, 1: 1})]


def test_a_phrase_of_many_hyphens_is_read_at_once() -> None:
    assert found(PhraseBook([("-".join("abcdefghijklmnopqrstuvwxyz" * 4), 0, 1)]), "a b") == []


@given(
    st.lists(st.sampled_from(["a", "b", "c"])), st.lists(st.sampled_from(["a", "b*", "a b", "a b c", "b-c"]))
)
def test_phrases_never_overlap_and_lie_within_the_text(words: list[str], phrases: list[str]) -> None:
    spans = PhraseBook((phrase, 0, 1) for phrase in phrases).find(words)
    assert all(start < end <= len(words) for start, end, _ in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


# ------------------------------------------------------------------------ judgements


def test_phrases_decide_without_any_label() -> None:
    assert judged("Structured pruning of networks").ranking[0] == "pruning"
    assert judged("Token pruning for generation").ranking[0] == "speed"


def test_a_weight_below_zero_speaks_against_a_theme() -> None:
    for_it = judged("Attack at speed", "An attack.")
    against_it = judged("Attack at speed", "The attack surface of a wing.")
    assert (for_it.ranking[0], against_it.ranking[0]) == ("safety", "speed")


def test_a_theme_goes_before_another_where_a_paper_fits_both() -> None:
    one = Theme("content/themes/one.md", "one", "First", 1, "", phrases=(("pruning", 4),))
    two = Theme("content/themes/two.md", "two", "Second", 2, "", phrases=(("attack", 4),))
    two_before = Theme(two.source, "two", "Second", 2, "", phrases=two.phrases, before=("one",))
    assert judged("Attack by pruning", "", (one, two)).ranking[0] == "one"
    assert judged("Attack by pruning", "", (one, two_before)).ranking[0] == "two"


def test_a_paper_that_fits_nowhere_has_no_theme() -> None:
    lost = judged("A history of bread", "How flour, water and salt became bread in the villages of France.")
    assert (lost.ranking, lost.reasons, lost.confidence) == ((), (), "doubtful")


def test_no_text_and_no_theme_are_no_mistake() -> None:
    assert judged("").ranking == ()
    assert judged("Pruning", "", ()).ranking == ()


def test_one_theme_alone_has_no_runner_up() -> None:
    assert judged("Pruning", "We prune.", (PRUNING,)).ranking == ("pruning",)


def test_themes_without_phrases_are_told_by_their_own_words() -> None:
    graphs = Theme("content/themes/graphs.md", "graphs", "Graphs", 1, "Nodes and edges.")
    speech = Theme("content/themes/speech.md", "speech", "Speech", 2, "Voices and sounds.")
    found_theme = judged("Nodes of large graphs", "", (graphs, speech))
    assert (found_theme.ranking[0], found_theme.confidence) == ("graphs", "likely")


def test_a_doubtful_paper_is_in_its_second_theme_as_well() -> None:
    torn = judged("Attack and speed", "A speedy paper.")
    assert torn.confidence == "doubtful"
    assert torn.further == torn.ranking[1:2] != ()


def test_a_label_teaches_words_that_no_theme_file_has() -> None:
    book = phrase_book(THEMES)
    zebra = read_evidence("Zebra stripes", "Stripes of zebra", book)
    assert judge(zebra, learn(THEMES, [])).ranking == ()
    assert judge(zebra, learn(THEMES, [("safety", zebra)])).ranking[0] == "safety"


def test_reasons_stand_in_the_paper_as_it_writes_them() -> None:
    assert judged("Key-Value Caches", "Token pruning is late.").reasons == (
        "Key-Value Caches",
        "Token pruning",
    )
    assert judged("Speeds", "Of the KEY–VALUE\u00a0CACHE.").reasons == ("Speeds", "KEY–VALUE CACHE")
    assert judged("İstanbul speeds", "").reasons == ("speeds",)


def test_every_reason_of_a_shipped_paper_occurs_in_it(
    shipped: Parsed, labelled: list[tuple[str, Evidence]]
) -> None:
    model = learn(shipped.themes, labelled)
    for _, evidence in labelled:
        reasons = judge(evidence, model).reasons
        assert reasons
        assert all(reason in evidence.text for reason in reasons)


# ------------------------------------------------------------------------ quality


def test_shipped_themes_are_right_often_enough(
    shipped: Parsed, labelled: list[tuple[str, Evidence]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "ROUNDS", 1)
    measured = quality.measure(shipped.themes, labelled)
    assert measured
    assert measured.right >= 0.82
    assert measured.first_two >= 0.92
    assert measured.untaught >= 0.76
    assert measured.sure_right >= 0.95
    assert measured.low < measured.right < measured.high


def test_the_order_of_labels_changes_no_figure(
    shipped: Parsed, labelled: list[tuple[str, Evidence]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "ROUNDS", 1)
    themes = shipped.themes
    assert quality.measure(themes, labelled[:60]) == quality.measure(themes, labelled[:60][::-1])


def test_few_labels_are_not_measured(shipped: Parsed, labelled: list[tuple[str, Evidence]]) -> None:
    assert quality.measure(shipped.themes, labelled[:5]) is None


def test_a_new_paper_without_a_label_moves_no_other(shipped: Parsed) -> None:
    papers = merge(shipped)[0]
    unlabelled = [facts for facts in papers[::2] if facts.label]
    texts = [(text.plain(facts.title), text.plain(facts.abstract)) for facts in unlabelled]
    placed = papers[1::2]
    before = Placement(shipped.themes, placed)
    after = Placement(shipped.themes, [*placed, *merge(_without_labels(shipped))[0][:40]])
    assert [before.judge(*paper) for paper in texts] == [after.judge(*paper) for paper in texts]


def test_a_new_label_moves_few_others(shipped: Parsed, labelled: list[tuple[str, Evidence]]) -> None:
    themes, taught, others = shipped.themes, labelled[:90], labelled[91:]
    models = [learn(themes, taught), learn(themes, [*taught, labelled[90]])]
    before, after = ([judge(evidence, model).ranking[0] for _, evidence in others] for model in models)
    assert sum(mine != theirs for mine, theirs in zip(before, after, strict=True)) <= 1


def _without_labels(parsed: Parsed) -> Parsed:
    return Parsed(parsed.entries, (), (), parsed.themes, parsed.tags, (), (), (), (), parsed.sources)


# ------------------------------------------------------------------------ the theme file


def theme_file(fields: str) -> Source:
    return Source("content/themes/a.md", Kind.THEME, f"---\ntitle: A\norder: 1\nsummary: B.\n{fields}---\n")


def test_phrases_are_grouped_by_weight() -> None:
    source = theme_file("before: b, c\nphrases:\n  4: pruning, N:M sparsity\n  -2: [early exit]\n")
    theme = parse_theme(source)[0][0]
    assert theme.phrases == (("pruning", 4), ("N:M sparsity", 4), ("early exit", -2))
    assert theme.before == ("b", "c")


def test_phrases_without_weights_weigh_two() -> None:
    theme = parse_theme(theme_file("phrases: pruning, sparsity\n"))[0][0]
    assert theme.phrases == (("pruning", 2), ("sparsity", 2))


@pytest.mark.parametrize("weight", ["0", "10", "much", "1.5", "-", "²"])
def test_a_weight_that_is_no_number_is_named_with_its_line(weight: str) -> None:
    with pytest.raises(BuildError) as caught:
        parse_theme(theme_file(f"phrases:\n  4: pruning\n  {weight}: sparsity\n"))
    assert str(caught.value).startswith(f"content/themes/a.md:7: “phrases” has the weight “{weight}”.")
