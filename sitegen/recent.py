"""What pure functions returned in the build before, for the next build of the same process.

What is given again is the very same, so that whoever gets it finds out at once that nothing changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import compress
from operator import is_not
from typing import Any, TypeVar

Result = TypeVar("Result")
Item = TypeVar("Item")
Row = TypeVar("Row", bound=tuple[Any, ...])


def _first_itself(row: tuple[Any, ...]) -> Hashable:
    return id(row[0])


class Recent:
    """What functions returned in the build before, given again for equal arguments; only within a process.

    It serves what is sooner compared than made: values of the build before are mostly the very same ones.
    """

    def __init__(self, *, holds: bool = True) -> None:
        """Begin with nothing; without `holds` it stays so, and every function is asked."""
        self.holds = holds
        self._old: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._new: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def of(self, name: Hashable, arguments: tuple[object, ...], make: Callable[[], Result]) -> Result:
        """Return what `make` returns, which depends on the arguments alone; `name` says what it makes."""
        if not self.holds:
            return make()
        last = self._new.get(name) or self._old.get(name)
        if last is None or last[0] != arguments:
            last = arguments, make()
        self._new[name] = last
        result: Result = last[1]
        return result

    def call(self, function: Callable[..., Result], name: Hashable, *arguments: object) -> Result:
        """Return what a function makes of these arguments; `name` says of whose."""
        return self.of((function, name), arguments, lambda: function(*arguments))

    def ordered(self, name: Hashable, items: Sequence[Item], key: Callable[[Item], Any]) -> list[Item]:
        """Return items sorted by a key, which is asked for of new ones only."""
        places = self.over(
            name, items, key, lambda: sorted(range(len(items)), key=lambda place: key(items[place]))
        )
        return [items[place] for place in places]

    def each(
        self, name: Hashable, items: Iterable[Row], make: Callable[[Row], Result], *shared: object
    ) -> list[Result]:
        """Return what `make` returns for each item, which depends on the item and on what is shared alone.

        An item is a tuple, and is found again by its first member: the very one of the build before.
        """
        return self.together(name, items, lambda new: map(make, new), *shared)

    def together(
        self,
        name: Hashable,
        items: Iterable[Row],
        make: Callable[[Sequence[Row]], Iterable[Result]],
        *shared: object,
        known_by: Callable[[Row], Hashable] = _first_itself,
    ) -> list[Result]:
        """Return the same as `each`, where `make` gets all items that are new at once, in order.

        An item may be found again by something else: by what `known_by` says.
        """
        last: tuple[tuple[object, ...], dict[Hashable, tuple[Row, Result]]] | None
        last = self._new.get(name) or self._old.get(name)
        before = last[1] if last and last[0] == shared else {}
        rows: list[tuple[Row, Result] | None] = []
        new: list[Row] = []
        names = []
        for item in items:
            names.append(known_by(item))
            known = before.get(names[-1])
            if known is None or known[0] != item:
                known = None
                new.append(item)
            rows.append(known)
        made = zip(new, make(new) if new else (), strict=True)
        found = [next(made) if row is None else row for row in rows]
        if self.holds:
            self._new[name] = shared, dict(zip(names, found, strict=True))
        return [result for _, result in found]

    def over(
        self,
        name: Hashable,
        items: Sequence[Item],
        face: Callable[[Item], object],
        make: Callable[[], Result],
        *shared: object,
    ) -> Result:
        """Return what `make` returns, which depends on the faces of items and on what is shared alone.

        No face is taken of an item that is the very one which the build before had in its place.
        """
        last = self._new.get(name) or self._old.get(name)
        if last is None or last[0] != shared or not _have_same_faces(last[1][0], items, face):
            result = make()
        else:
            result = last[1][1]
        if self.holds:
            self._new[name] = shared, (items, result)
        return result

    def turn(self) -> None:
        """End a build: only what it asked for is known to the next."""
        self._old, self._new = self._new, {}


def _have_same_faces(before: Sequence[Item], after: Sequence[Item], face: Callable[[Item], object]) -> bool:
    if len(before) != len(after):
        return False
    others = compress(zip(before, after, strict=True), map(is_not, before, after))
    return all(face(one) == face(other) for one, other in others)
