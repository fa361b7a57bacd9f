"""Related papers: near ones first, for a reason that is shown, and steady when papers come and go."""

from __future__ import annotations

import random

import pytest
from factories import make_paper, make_prose
from markupsafe import Markup
from msgspec.structs import replace
from running import PROJECT

import sitegen.related.finder
from sitegen.asking import read_site
from sitegen.config import Config, Surroundings, load_config
from sitegen.memory import Memory
from sitegen.model import Link, Page, Paper, PaperBody, Site
from sitegen.plan import plan
from sitegen.related import related
from sitegen.related.neighbours import NEIGHBOURS
from sitegen.related.sharing import SHOWN

SURROUNDINGS = Surroundings(base_url="https://digest.example/")
FILLER = (
    "Gardens grow roses beside rivers where herons fish at dawn",
    "Trains cross bridges over valleys while passengers read newspapers",
    "Bakers knead dough before sunrise and sell bread at markets",
    "Sailors mend nets on harbour walls and watch the weather",
    "Violins and cellos rehearse quartets inside wooden concert halls",
    "Mountains collect snow that melts into lakes and waterfalls",
    "Weavers dye wool with indigo for carpets sold abroad",
    "Astronomers polish mirrors for telescopes on volcanic islands",
)


def paper(slug: str, title: str, abstract: str, *tags: str) -> Paper:
    links = tuple(Link(tag, f"/tags/{tag}/") for tag in tags)
    return make_paper(slug, title=make_prose(title), abstract=make_prose(abstract), tags=links)


def filled(*papers: Paper) -> list[Paper]:
    """Return papers among others of quite different subjects, in twos so that their words are known."""
    others = [
        paper(f"other-{place}-{copy}", text, f"{text}. Page {copy}.")
        for place, text in enumerate(FILLER)
        for copy in range(2)
    ]
    return [*papers, *others]


PRUNING = paper(
    "prune", "Structured pruning of attention heads", "We remove attention heads by saliency scores."
)
PRUNED = paper(
    "pruned", "Pruning heads again", "Structured pruning with a saliency criterion for attention heads."
)
SPEECH = paper("speech", "Speech recognition for birds", "We transcribe birdsong with microphones.")


def test_papers_of_one_subject_find_each_other() -> None:
    found = related(filled(PRUNING, PRUNED, SPEECH))
    assert found["prune"][0].url == PRUNED.url
    assert found["pruned"][0].url == PRUNING.url


def test_a_paper_that_shares_nothing_has_no_related_papers() -> None:
    assert related(filled(PRUNING, PRUNED, SPEECH))["speech"] == ()


def test_shared_words_are_said_as_the_paper_writes_them_and_none_twice() -> None:
    words = related(filled(PRUNING, PRUNED, SPEECH))["prune"][0].words
    assert 1 <= len(words) <= SHOWN
    assert "attention heads" in words
    assert "heads" not in words
    assert "attention head" not in words


def test_a_shared_tag_is_named_by_its_title() -> None:
    one = paper("one", "Kestrels over fields", "Their wings are long.", "Birds of prey")
    two = paper("two", "Buzzards above woods", "Their calls are loud.", "Birds of prey")
    assert related(filled(one, two))["one"][0].words == ("Birds of prey",)


def test_a_paper_under_two_names_is_not_its_own_neighbour() -> None:
    text = "saliency criterion layers sparsity calibration hessian masks retraining perplexity budget ratio"
    whole = paper("prune", "Structured pruning of attention heads", text)
    twin = replace(whole, slug="twin", url="/papers/twin/")
    near = replace(PRUNED, abstract=make_prose(text[:48]))
    found = related(filled(whole, twin, near))
    assert [other.url for other in found["prune"]] == [PRUNED.url]
    assert all(other.url != "/papers/prune/" for other in found["twin"])


def test_lists_are_bounded_and_every_paper_has_one() -> None:
    many = [
        paper(f"p{place}", f"Pruning heads part {place}", f"Structured pruning, chapter{place} of saliency.")
        for place in range(7)
    ]
    found = related(filled(*many))
    assert len(found) == len(filled(*many))
    assert all(len(others) <= NEIGHBOURS for others in found.values())
    assert len(found["p0"]) == NEIGHBOURS


@pytest.mark.parametrize("papers", [[], [PRUNING], [paper("empty", "?", "")]])
def test_few_or_empty_papers_have_none(papers: list[Paper]) -> None:
    assert related(papers) == {paper.slug: () for paper in papers}


@pytest.fixture(scope="module")
def site() -> Site:
    return read_site(PROJECT, SURROUNDINGS)


@pytest.fixture(scope="module")
def shipped(site: Site) -> tuple[Paper, ...]:
    return site.papers


def test_order_of_papers_changes_nothing(shipped: tuple[Paper, ...]) -> None:
    mixed = list(shipped)
    random.Random(3).shuffle(mixed)
    assert related(mixed) == related(shipped)


def test_neighbours_of_the_shipped_papers_share_their_theme_or_a_tag(shipped: tuple[Paper, ...]) -> None:
    by_url = {paper.url: paper for paper in shipped}
    found = related(shipped)
    near = [
        paper.theme == other.theme or bool(set(paper.tags) & set(other.tags))
        for paper in shipped
        for neighbour in found[paper.slug]
        for other in (by_url[neighbour.url],)
    ]
    assert len(near) > 4 * len(shipped)
    assert sum(near) / len(near) > 0.8


def test_one_paper_more_changes_only_lists_that_it_enters_or_whose_terms_it_made_common(
    shipped: tuple[Paper, ...],
) -> None:
    fewer = [paper for paper in shipped if paper.slug != shipped[40].slug]
    before, after = related(fewer), related(shipped)
    changed = [slug for slug, others in before.items() if after[slug] != others]
    entered = [slug for slug in changed if any(other.url == shipped[40].url for other in after[slug])]
    assert len(changed) - len(entered) < len(before) // 4


def test_pages_name_related_papers_unless_the_curator_does_not_want_them(site: Site) -> None:
    config = load_config(PROJECT, SURROUNDINGS)
    assert any(body.related for body in shown(site, config))
    assert not any(body.related for body in shown(site, replace(config, related=False)))


def shown(site: Site, config: Config) -> list[PaperBody]:
    pages = [target for target in plan(site, config) if isinstance(target, Page)]
    return [page.body for page in pages if isinstance(page.body, PaperBody)]


def test_what_is_near_is_remembered_while_no_text_tag_or_theme_changed(
    shipped: tuple[Paper, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    find = sitegen.related.finder.find_neighbours
    monkeypatch.setattr(
        sitegen.related.finder,
        "find_neighbours",
        lambda papers, *rest: asked.append(len(papers)) or find(papers, *rest),
    )
    memory = Memory()
    clean = related(shipped)
    assert related(shipped, memory) == clean
    memory.turn()
    with_note = (replace(shipped[0], note=Markup("<p>New.</p>")), *shipped[1:])
    assert related(with_note, memory) == clean
    assert len(asked) == 2
    memory.turn()
    for changed in (
        replace(shipped[0], abstract=make_prose("Other words.")),
        replace(shipped[0], title=make_prose("Another title")),
        replace(shipped[0], tags=()),
        replace(shipped[0], theme=shipped[9].theme),
    ):
        papers = (changed, *shipped[1:])
        assert related(papers, memory) == related(papers)
    assert len(asked) == 10


def test_any_number_of_processes_finds_the_same(
    shipped: tuple[Paper, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = related(shipped)
    monkeypatch.setattr(sitegen.related.finder, "WORTH_WORKERS", 1)
    assert related(shipped, jobs=3) == clean
