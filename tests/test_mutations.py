"""The list of mutations fits the code, and tests/README.md fits the list; `mutations.py` tries them."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutations import MUTATIONS, PROJECT, Mutation, table


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.broken)
def test_a_mutation_finds_its_place_and_its_test(mutation: Mutation) -> None:
    text = (PROJECT / mutation.file).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    assert mutation.new != mutation.old
    place, _, name = mutation.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (PROJECT / place).read_text(encoding="utf-8")


def test_the_readme_holds_the_table() -> None:
    readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert "\n".join(table()) in readme, "python tests/mutations.py --list prints it"


def test_every_promise_is_broken_at_least_once() -> None:
    assert [int(mutation.promise[0]) for mutation in MUTATIONS] == sorted(
        int(mutation.promise[0]) for mutation in MUTATIONS
    )
    assert {mutation.promise[0] for mutation in MUTATIONS} == set("1234567")
