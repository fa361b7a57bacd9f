"""The hostile campaign: damaged and pumped texts against every room, from one seed; defects counted.

A text is made of a room's seeds and of fragments that mean something to some reader, then cut, flipped,
doubled and nested. The same seed gives the same texts, and a campaign is a number of them, not a time: what
one machine tries, every machine tries.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from campaigns.rooms import ROOMS, SLOW_ROOMS
from campaigns.seeds import FRAGMENTS, SEEDS

SLOW = 5.0
"""Seconds of this process for one small text, beyond which it is a defect."""


@dataclass
class Count:
    """What was tried, and what was found."""

    inputs: int = 0
    seconds: float = 0.0
    defects: list[str] = field(default_factory=list)


def run(size: int, seed: int) -> int:
    """Try `size` texts in each room, print the counts, and return the number of defects."""
    began = time.monotonic()
    counts = campaign(size, seed)
    for name, count in counts.items():
        print(f"{name:<10} {count.inputs:>7} inputs  {count.seconds:6.1f} s  {len(count.defects)} defects")
        for defect in count.defects[:5]:
            print(f"  {defect}")
    defects = sum(len(count.defects) for count in counts.values())
    inputs = sum(count.inputs for count in counts.values())
    print(f"hostile: {inputs} inputs, {time.monotonic() - began:.0f} s, seed {seed}, {defects} defects")
    return defects


def campaign(size: int, seed: int) -> dict[str, Count]:
    """Try `size` texts in each room, a few in a slow one, and return what came of it by room."""
    counts = {}
    for name in ROOMS:
        count = counts[name] = Count()
        began = time.monotonic()
        texts = hostile_texts(name, random.Random(f"{seed} {name}"))
        for text in islice(texts, size // SLOW_ROOMS.get(name, 1)):
            count.inputs += 1
            if fault := fault_of(name, text):
                count.defects.append(f"{fault}: {text[:300]!r}")
        count.seconds = time.monotonic() - began
    return counts


def fault_of(room: str, text: str) -> str:
    """Return what is wrong with a room's answer to a text; "" if nothing is."""
    began = time.process_time()
    try:
        ROOMS[room](text)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    taken = time.process_time() - began
    return f"{taken:.1f} s for {len(text)} characters" if taken > SLOW else ""


def hostile_texts(room: str, chance: random.Random) -> Iterator[str]:
    """Yield texts without end."""
    seeds = SEEDS.get(room, ("",))
    while True:
        text = chance.choice(seeds)
        for _ in range(chance.randint(1, 6)):
            text = chance.choice(_CHANGES)(text, chance)[:20_000]
        yield text


def _insert(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(FRAGMENTS) + text[at:]


def _repeat(text: str, chance: random.Random) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(FRAGMENTS) * chance.choice((2, 3, 17, 200)) + text[at:]


def _nest(text: str, chance: random.Random) -> str:
    opening, closing = chance.choice(("{}", "[]", "()", "<>", ("<b>", "</b>"), ("\\text{", "}"), ("$", "$")))
    times = chance.choice((1, 5, 100, 1000))
    at = chance.randint(0, len(text))
    return text[:at] + opening * times + chance.choice(FRAGMENTS) + closing * times + text[at:]


def _cut(text: str, chance: random.Random) -> str:
    start, end = sorted(chance.randint(0, len(text)) for _ in range(2))
    return text[:start] + text[end:]


def _double(text: str, chance: random.Random) -> str:
    start, end = sorted(chance.randint(0, len(text)) for _ in range(2))
    return text[:end] + text[start:]


def _flip(text: str, chance: random.Random) -> str:
    if not text:
        return chance.choice(FRAGMENTS)
    at = chance.randrange(len(text))
    other = chr(chance.choice((chance.randrange(128), chance.randrange(0x300), chance.randrange(0x110000))))
    return text[:at] + other + text[at + 1 :]


_CHANGES = (_insert, _insert, _repeat, _nest, _cut, _double, _flip, _flip)
