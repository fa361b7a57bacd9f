"""What functions returned in the build before is given again for equal arguments, and for no others."""

from __future__ import annotations

from sitegen.recent import Recent


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


Row = tuple[list[int], int]


def test_an_item_is_found_again_by_its_first_member_wherever_it_stands() -> None:
    recent, asked = Recent(), list[Row]()
    one, two = [1], [2]

    def ask(*rows: Row, shared: int = 0) -> list[int]:
        return recent.each("sums", rows, lambda row: asked.append(row) or row[0][0] + row[1], shared)

    assert ask((one, 1), (two, 2)) == [2, 4]
    recent.turn()
    assert ask((two, 2), ([3], 0), (one, 1)) == [4, 3, 2]
    assert asked == [(one, 1), (two, 2), ([3], 0)]
    assert ask((one, 5), (two, 2)) == [6, 4]
    assert asked[3:] == [(one, 5)]
    assert ask((two, 2), shared=1) == [4]
    assert asked[4:] == [(two, 2)]


def test_a_function_of_many_items_is_asked_again_only_for_other_faces() -> None:
    recent, asked = Recent(), list[str]()

    def longest(*words: str, shared: int = 0) -> int:
        def make() -> int:
            asked.append(" ".join(words))
            return max(map(len, words))

        return recent.over("longest", words, len, make, shared)

    assert longest("one", "three") == 5
    assert longest("two", "seven") == 5  # of the same lengths
    assert asked == ["one three"]
    assert [longest("two", "four"), longest("two"), longest("one"), longest("one", shared=1)] == [4, 3, 3, 3]
    assert asked == ["one three", "two four", "two", "one"]


def test_items_are_sorted_again_when_a_key_changed() -> None:
    recent = Recent()
    assert recent.ordered("words", ["pear", "fig", "apple"], len) == ["fig", "pear", "apple"]
    assert recent.ordered("words", ["lime", "nut", "grape"], len) == ["nut", "lime", "grape"]
    assert recent.ordered("words", ["tangerine", "nut", "grape"], len) == ["nut", "grape", "tangerine"]
    assert recent.ordered("words", ["nut"], len) == ["nut"]


def test_without_a_memory_many_items_are_asked_each_time() -> None:
    recent, asked = Recent(holds=False), list[int]()
    rows = [([1],)]
    for _ in range(2):
        recent.each("some", rows, lambda row: asked.append(row[0][0]))
        recent.over("all", rows, len, lambda: asked.append(0))
    assert asked == [1, 0, 1, 0]
