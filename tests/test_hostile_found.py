"""What the hostile campaign and the fuzzers found, each a case; and the rooms under a sample of both."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from campaigns.hostile import fault_of, hostile_texts
from campaigns.rooms import ROOMS
from campaigns.seeds import FRAGMENTS
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import ends_soon

from sitegen.errors import Problem

LONG = 200_000

FOUND = {
    "an item inside a link": ("xml", "<rss><channel><item><title>x</title><link><item></item></link></item></channel></rss>"),
    "an author cut off": ("xml", "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title><author></name></author></entry></feed>"),
    "fractions that nobody closes": ("small", "\\frac{" * 40 + "x"),
    "options that nobody closes": ("small", "\\sqrt[" * 40 + "x"),
    "control characters in a capture": ("capture", "Daily Papers\n\nA \x12title\ufeff\n\nWords.\n\n• 4 authors\n·\nSep 2\n"),
    "an arXiv id of the 21st month": (
        "capture",
        "Daily Papers\n\n### [A title](https://huggingface.co/papers/2421.00001)\n\n• 4 authors\n·\nSep 2\n",
    ),
    "braces around space": ("bibtex", "@a{b, title={{ A title}}}"),
    "a full stop behind space": ("nbib", "PMID- 1\nTI  - Another title. AB .\n"),
    "a link of an unknown kind": ("markdown", "[a](htt+s://a.org) [b](tel:1) ![c](x:y)"),
    "braces deeper than BibTeX reads": ("twins", "\\text{" * 200 + "x" + "}" * 200),
    "braces in braces": ("twins", "{" * 200 + "x" + "}" * 200),
    "a very long alias": ("note", "---\npaper: x\naliases: [/" + "É" * 9000 + "]\n---\n"),
    "a mail address beside a name": ("feeds", "Ada Lee <ada@lamps.example>"),
    "a very long id": ("labels", "paper,id\nx," + "a" * 9000 + "\n"),
}  # fmt: skip
PUMPED = [
    ("digest", "# ", "\x0b", ""),
    ("digest", "# ", "\u2028", ""),
    ("note", "---\npaper: x\nlinks: ", "[", "\n---\n"),
    ("note", "---\npaper: x\nlinks: ", "{", "\n---\n"),
    ("digest", "---\n", "[{", "\n---\n# [x](https://arxiv.org/abs/2401.00001)"),
    ("xml", "<rss><channel><item><title>x</title><author>", "a", "</author></item></channel></rss>"),
    ("nbib", "PMID- 1\nTI  - x\nAID - ", "a", ""),
    ("markdown", "", "^[", ""),
    ("markdown", "```python\n", "\n ", "\n```"),
]
"""Room, head, what is repeated to `LONG` characters, and end: each once took the square of it."""
ALIKE = ("prose", "title", "markdown", "importing", "twins", "feeds", "small", "routes")


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(name: str) -> None:
    assert not fault_of(*FOUND[name])


@pytest.mark.parametrize(("room", "head", "pump", "end"), PUMPED)
def test_much_of_one_kind_ends_soon(room: str, head: str, pump: str, end: str) -> None:
    ends_soon(lambda: ROOMS[room](head + pump * (LONG // len(pump)) + end))


@pytest.mark.parametrize("room", ["prose", "title", "routes"])
@pytest.mark.parametrize("letter", ["a", "$", "{", "\\", "^", "http://"])
def test_a_megabyte_in_a_field_ends_soon(room: str, letter: str) -> None:
    ends_soon(lambda: ROOMS[room](letter * (10**6 // len(letter))))


@pytest.mark.parametrize("room", ROOMS)
def test_a_sample_of_hostile_texts_breaks_no_promise(room: str) -> None:
    for text in islice(hostile_texts(room, random.Random(f"sample {room}")), 40):
        assert not (fault := fault_of(room, text)), f"{fault}: {text!r}"


@pytest.mark.parametrize("room", ALIKE)
@given(parts=st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=25))
@settings(max_examples=25, deadline=None)
def test_any_heap_of_hostile_fragments_breaks_no_promise(room: str, parts: list[str]) -> None:
    assert not fault_of(room, "".join(parts))


def test_a_problem_cannot_act_on_the_terminal_and_is_short() -> None:
    shown = str(Problem("content/\x1b]0;x\x07.md", 1, "“\x1b[31m\u202e” " + "a" * 10**6, "\x9b"))
    assert not set(shown) & set("\x1b\x07\x9b\u202e")
    assert len(shown) < 1100
