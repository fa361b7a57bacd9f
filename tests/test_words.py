"""The words of a text: found fast, and the same as by the plain rule."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from sitegen.words import singular, surface_words, words

ADDRESS = re.compile(r"https?://\S+|\b[\w.-]+\.(?:com|org|io|net|edu)/\S*", re.IGNORECASE)
PIECES = (
    "a B 9 _ / : . ? - \n \x1c \x85 é İ ſ ² Å Σ 中 ß ’ “ – × http:// HTTPS:// .com/ .Io/ .EDU/ x.org/".split(
        " "
    )
)
texts = st.lists(st.sampled_from([*PIECES, " "]) | st.text(max_size=2), max_size=12).map("".join)


@given(texts)
@example("see https://pruning.example/pruning and a.ıo/b")
@example("“Sparse” – it’s ×2")
def test_words_are_letters_and_digits_outside_addresses(text: str) -> None:
    plain = re.findall(r"[^\W_]+", ADDRESS.sub(" ", text).lower())
    assert list(surface_words(text)) == plain
    assert list(words(text)) == [singular(word) for word in plain]
