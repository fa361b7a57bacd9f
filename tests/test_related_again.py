"""Related papers found from those of the build before: always what a start from nothing finds."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from factories import make_paper, make_prose
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

import sitegen.related.finder
import sitegen.related.nearness
from sitegen.cache import CACHE, open_memory, save_memory
from sitegen.memory import Memory
from sitegen.model import Link, Paper, ThemeLink
from sitegen.related import related
from sitegen.related.nearness import Index
from sitegen.related.neighbours import NOTHING, Neighbours

WORDS = [
    f"{first}{middle}{last}"
    for first in ("pru", "spa", "den", "qua", "lay", "hea")
    for middle in ("x", "nk", "lt", "wo")
    for last in ("", "er", "um")
]
THEMES = [
    ThemeLink(name, name.title(), f"/themes/{name}/", place, place) for place, name in enumerate("abc", 1)
]
TAGS = [Link(name.title(), f"/tags/{name}/") for name in ("kites", "owls")]

numbers = st.integers(0, 10_000)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
facts = st.tuples(
    texts, texts, st.sampled_from(THEMES), st.lists(st.sampled_from(TAGS), unique=True, max_size=1)
)


def paper(slug: str, title: str, abstract: str, theme: ThemeLink, tags: list[Link]) -> Paper:
    return make_paper(
        slug, title=make_prose(title), abstract=make_prose(abstract), theme=theme, tags=tuple(tags)
    )


class Site(RuleBasedStateMachine):
    """Papers come, change and leave; builds remember in memory and on disk."""

    def __init__(self) -> None:
        super().__init__()
        self.papers: dict[str, Paper] = {}
        self.memory = Memory()
        self.root = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(sitegen.related.nearness, "KEPT", 6)  # so that lists run short
        self.patch.setattr(sitegen.related.finder, "_WORTH_KEEPING", 1)

    def teardown(self) -> None:
        self.patch.undo()
        shutil.rmtree(self.root)

    @initialize(some=st.lists(facts, min_size=40, max_size=70))
    def begin(self, some: list[tuple[str, str, ThemeLink, list[Link]]]) -> None:
        for place, said in enumerate(some):
            self.papers[f"p{place:05}"] = paper(f"p{place:05}", *said)

    @rule(number=numbers, said=facts)
    def add(self, number: int, said: tuple[str, str, ThemeLink, list[Link]]) -> None:
        self.papers[f"p{number:05}"] = paper(f"p{number:05}", *said)

    @precondition(lambda self: self.papers)
    @rule(number=numbers)
    def remove(self, number: int) -> None:
        del self.papers[self.chosen(number)]

    @precondition(lambda self: self.papers)
    @rule(number=numbers, title=texts)
    def rename(self, number: int, title: str) -> None:
        slug = self.chosen(number)
        self.papers[slug] = replace(self.papers[slug], title=make_prose(title))

    @precondition(lambda self: self.papers)
    @rule(number=numbers, theme=st.sampled_from(THEMES), tag=st.sampled_from(TAGS))
    def label(self, number: int, theme: ThemeLink, tag: Link) -> None:
        slug = self.chosen(number)
        self.papers[slug] = replace(self.papers[slug], theme=theme, tags=(tag,))

    @precondition(lambda self: self.papers)
    @rule(number=numbers)
    def move(self, number: int) -> None:
        slug = self.chosen(number)
        self.papers[slug] = replace(self.papers[slug], url=f"/papers/{slug}/new/")

    @rule(place=st.integers(0, 2_000))
    def damage(self, place: int) -> None:
        path = self.root / CACHE / "related"
        if path.exists():
            data = bytearray(path.read_bytes())
            data[place % len(data)] ^= 1
            path.write_bytes(data)

    def chosen(self, number: int) -> str:
        return sorted(self.papers)[number % len(self.papers)]

    @invariant()
    def every_memory_gives_what_a_start_from_nothing_gives(self) -> None:
        papers = list(self.papers.values())
        clean = related(papers)
        assert related(papers, self.memory) == clean
        self.memory.turn()
        stored = open_memory(self.root, "", holds=False)
        assert related(papers, stored) == clean
        save_memory(self.root, stored)


TestSite = Site.TestCase
TestSite.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)


def some_papers(number: int) -> list[Paper]:
    """Return papers of many subjects, three of each."""
    return [
        paper(
            f"p{place:03}",
            f"About {place // 3}th",
            f"Of q{place // 3} z{place // 3}r and w{place // 3}",
            THEMES[0],
            [],
        )
        for place in range(number)
    ]


def test_one_paper_more_has_few_lists_found_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []
    lists = Index.lists
    monkeypatch.setattr(
        Index, "lists", lambda self, places: found.extend(places.tolist()) or lists(self, places)
    )
    papers, memory = some_papers(90), Memory()
    related(papers[1:], memory)
    assert len(found) == 89
    memory.turn()
    found.clear()
    again = related(papers, memory)
    assert found == [0]
    assert again == related(papers)


def test_a_site_that_lost_all_its_papers_has_no_lists() -> None:
    papers, memory = some_papers(9), Memory()
    assert any(related(papers, memory).values())
    memory.turn()
    assert related([], memory) == {}
    memory.turn()
    assert related(papers, memory) == related(papers)


def test_what_other_programs_remember_is_not_believed() -> None:
    papers, memory = some_papers(30), Memory()
    related(papers, memory)
    memory.turn()
    wrong = tuple(tuple(("wrong",) for _ in shared) for shared in memory.related.last(Neighbours).words)
    for programs, is_believed in ((memory.key("related"), True), (b"others", False)):
        last = memory.related.last(Neighbours)._replace(programs=programs, words=wrong)
        again = Memory()
        again.related.keep(b"key", last)
        again.turn()
        assert (related(papers, again) != related(papers)) is is_believed


@pytest.mark.parametrize(
    "damage",
    [
        {"marks": b""},
        {"others": b"\xff\xff\xff\xff"},
        {"others": b""},
        {"lengths": b"\x09\0\0\0"},
        {"floors": b"1"},
        {"words": ()},
    ],
    ids=str,
)
def test_what_is_not_whole_is_as_if_not_there(damage: dict[str, bytes]) -> None:
    papers, memory = some_papers(30), Memory()
    related(papers[1:], memory)
    memory.turn()
    last = memory.related.last(Neighbours)
    memory.related.keep(b"key", last._replace(**damage))
    memory.turn()
    assert not memory.related.last(Neighbours).is_whole
    assert related(papers, memory) == related(papers)


def test_nothing_is_whole() -> None:
    assert NOTHING.is_whole
