"""Results of one costly pure function that may be remembered; the new ones are made by several processes.

From another process a result comes as the bytes that the memory keeps of it anyway: to read these takes a
tenth of the time that it takes to make a paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sitegen.memory import Record, Table, decode, record_of
from sitegen.processes import by_processes, can_fork

Result = TypeVar("Result")


def remembered(
    table: Table,
    keys: Sequence[bytes],
    make: Callable[[int], Result],
    kind_of: Callable[[int], Any],
    processes: Callable[[Sequence[int]], int],
) -> list[Result]:
    """Return the result for each key, from `table` or made by `make` of its place, and then kept there.

    `kind_of` says the type of the result at a place; `processes` how many should work on the places that are
    new. Raises what `make` does.
    """
    found = [table.get(key, kind_of(place)) for place, key in enumerate(keys)]
    new = [place for place, result in enumerate(found) if result is None]
    for place, (result, record) in zip(new, _made(new, make, kind_of, processes(new)), strict=True):
        table.keep(keys[place], result, record)
        found[place] = result
    return found


def _made(
    places: Sequence[int], make: Callable[[int], Result], kind_of: Callable[[int], Any], jobs: int
) -> Iterator[tuple[Result, Record]]:
    """Yield the result for each place and what the memory keeps of it."""

    def here(part: slice) -> Sequence[Result | Record]:
        return [make(place) for place in places[part]]

    def there(part: slice) -> Sequence[Result | Record]:
        return [record_of(make(place)) for place in places[part]]

    rest = iter(places)
    for made in by_processes(len(places), lambda: there, here, jobs if can_fork() else 1):
        for item in made:
            place = next(rest)
            if isinstance(item, Record):
                # Bytes that cannot be read stand for what cannot be remembered, such as half a letter.
                result: Result | None = decode(item.data, kind_of(place))
                yield make(place) if result is None else result, item
            else:
                yield item, record_of(item)
