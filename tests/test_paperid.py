"""Ids as people and programs write them have one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.identity import id_key
from sitegen.paperid import arxiv_id, doi, mentioned_arxiv_id


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2410.14649", "2410.14649"),
        ("2410.14649v12", "2410.14649"),
        (" arXiv:2410.14649v2 ", "2410.14649"),
        ("ARXIV: 0801.0001", "0801.0001"),
        ("astro-ph/0601001v1", "astro-ph/0601001"),
        ("math.GT/0309136", "math/0309136"),
        ("oai:arXiv.org:2401.00001v1", "2401.00001"),
        ("http://arxiv.org/abs/astro-ph/0601001v1", "astro-ph/0601001"),
        ("https://arxiv.org/pdf/2401.00001v3.pdf", "2401.00001"),
        ("https://export.arxiv.org/abs/2401.00001?context=cs.LG", "2401.00001"),
        ("https://ar5iv.labs.arxiv.org/html/2401.00001", "2401.00001"),
        ("https://huggingface.co/papers/2606.00683", "2606.00683"),
        ("10.48550/arXiv.2401.00001", "2401.00001"),
        ("https://doi.org/10.48550/ARXIV.2401.00001", "2401.00001"),
        ("2410.1", ""),
        ("2413.12345", ""),
        ("2410.14649x", ""),
        ("https://evil.example/abs/2401.00001", ""),
        ("https://arxiv.org.evil.example/abs/2401.00001", ""),
        ("٢٤١٠.١٤٦٤٩", ""),
        ("", ""),
    ],
)
def test_an_arxiv_id_is_read_wherever_it_stands(written: str, number: str) -> None:
    assert arxiv_id(written) == number


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("10.7554/eLife.32822", "10.7554/elife.32822"),
        ("https://doi.org/10.1000/a%2Fb", "10.1000/a/b"),
        ("http://dx.doi.org/10.1145/3394486.3403118.", "10.1145/3394486.3403118"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("10.48550/arXiv.2401.00001", ""),
        ("https://doi.org/ckcj", ""),
        ("10.1000/a b", ""),
        ("11.1000/a", ""),
    ],
)
def test_a_doi_is_read_wherever_it_stands(written: str, bare: str) -> None:
    assert doi(written) == bare


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("arXiv preprint arXiv:2305.19118", "2305.19118"),
        ("CoRR abs/2106.09685", "2106.09685"),
        ("arXiv:cs/0102003 [cs]", "cs/0102003"),
        ("arXiv.2404.11912v2", "2404.11912"),
        ("pages 2305.19118", ""),
        ("arXiv:2305.191189", ""),
    ],
)
def test_an_id_is_found_in_the_words_around_it(text: str, number: str) -> None:
    assert mentioned_arxiv_id(text) == number


def test_all_forms_of_an_id_are_one_key() -> None:
    forms = (
        "arXiv:2410.14649",
        "2410.14649v3",
        "https://arxiv.org/abs/2410.14649",
        "doi:10.48550/arXiv.2410.14649",
    )
    assert {id_key(form) for form in forms} == {"arxiv:2410.14649"}
    assert id_key("https://doi.org/10.1000/X") == id_key("DOI:10.1000/x") == "doi:10.1000/x"


@given(st.text())
def test_what_is_found_is_found_again(text: str) -> None:
    for found in (arxiv_id(text), mentioned_arxiv_id(text)):
        assert not found or arxiv_id(found) == found
    assert doi(doi(text)) == doi(text)
