"""Names of people, as far as their spelling goes: nobody's name tells who bears it."""

from __future__ import annotations

import unicodedata


def name_key(name: str) -> str:
    """Return what the spellings of one name share: its letters, without case and further white space.

    Nothing else is left out: "J. Smith" is neither "J Smith" nor "John Smith".
    """
    if not name.isascii():
        name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return " ".join(name.lower().split())
