"""Work grows with its input and no faster: twice the text takes about twice the time, in every room."""

from __future__ import annotations

import pytest
from patience import ends_soon

from campaigns.hostile import PUMPED
from campaigns.rooms import ROOMS


@pytest.mark.parametrize(("room", "before", "pump", "after"), PUMPED)
def test_a_million_letters_of_one_kind_end_soon(room: str, before: str, pump: str, after: str) -> None:
    ends_soon(lambda: ROOMS[room](before + pump * (10**6 // len(pump)) + after))
