"""What functions returned in the build before is given again for equal arguments, and for no others."""

from __future__ import annotations

from sitegen.memory import Recent


def test_a_function_is_asked_again_only_for_other_arguments() -> None:
    recent, asked = Recent(), []

    def ask(*arguments: object) -> int:
        return recent.of("sum", arguments, lambda: asked.append(arguments) or len(asked))

    assert [ask(1, 2), ask(1, 2), ask(1, 3), ask(1, 2)] == [1, 1, 2, 3]


def test_what_a_build_does_not_ask_for_is_forgotten_with_the_next() -> None:
    recent = Recent()
    recent.of("a", (1,), lambda: "first")
    recent.turn()
    assert recent.of("a", (1,), lambda: "second") == "first"
    recent.turn()
    recent.turn()
    assert recent.of("a", (1,), lambda: "third") == "third"


def test_for_one_build_nothing_is_held() -> None:
    recent = Recent(holds=False)
    assert recent.of("a", (1,), lambda: "first") == "first"
    assert recent.of("a", (1,), lambda: "second") == "second"
