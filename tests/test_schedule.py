"""What the public may see on a day, and that what waits takes the curator's words on it along."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_given import FIRST, SECOND, entry, parsed
from test_identity import label
from test_merge import note

from sitegen.config import Config, MailSettings, SubscribeForm, WebSub
from sitegen.model import Digest, FreePage, Parsed
from sitegen.schedule import visible


def config(**over: Any) -> Config:
    fields: dict[str, Any] = {
        "title": "Lamp", "description": "", "base_url": "https://lamp.example/", "language": "en",
        "id_authority": "lamp.example,2025-01-01", "page_size": 40, "feed_size": 50,
        "search": True, "related": True, "twins": True,
        "subscribe": SubscribeForm(), "mail": MailSettings(), "websub": WebSub(),
        "accepted": (), "preview": False, "cards": False, "cards_line": 0,
        "as_of": None, "drafts": False,
    }  # fmt: skip
    return Config(**fields | over)


def shown(content: Parsed, **over: Any) -> Parsed:
    return visible(content, config(**over))[0]


def test_today_is_the_day_of_the_newest_source() -> None:
    content = parsed(entry("A"), entry("B", SECOND))
    assert visible(content, config())[1:] == (SECOND, ())
    assert visible(content, config(as_of=FIRST))[1] == FIRST


def test_a_capture_waits_for_its_day_and_is_announced_once() -> None:
    content = parsed(entry("A"), entry("B", SECOND), entry("C", SECOND, line=5))
    public, _, waiting = visible(content, config(as_of=FIRST))
    assert [item.title for item in public.entries] == ["A"]
    assert [(item.day, item.what) for item in waiting] == [(SECOND, "an issue")]


def test_words_on_a_paper_that_waits_wait_with_it() -> None:
    content = parsed(entry("A"), entry("B", SECOND), note("b"), label("B", "arXiv:2501.00001"), label("A"))
    content = replace(
        content, digests=(Digest("d.md", FIRST, picks=(("A", 3), ("B", 4), ("2501.00001", 5))),)
    )
    public = shown(content, as_of=FIRST)
    assert public.notes == ()
    assert [row.paper for row in public.labels] == ["A"]
    assert public.digests[0].picks == (("A", 3),)
    assert shown(content) == content


def test_words_on_a_paper_that_an_older_source_has_do_not_wait() -> None:
    content = parsed(entry("A"), entry("a", SECOND), note("A"), label("A"))
    public = shown(content, as_of=FIRST)
    assert (len(public.entries), public.notes, public.labels) == (1, content.notes, content.labels)


def test_a_featured_paper_waits_for_its_day() -> None:
    own = note("On Wasps", links=(("Paper", "https://w.example/"),), featured=date(2025, 6, 1))
    public, _, waiting = visible(parsed(entry("A"), own), config())
    assert public.notes == ()
    assert [(item.day, item.what) for item in waiting] == [(date(2025, 6, 1), "content/notes/n.md")]
    assert shown(parsed(entry("A"), own), as_of=date(2025, 6, 1)).notes == (own,)


def test_drafts_are_shown_on_demand_alone() -> None:
    page = FreePage("p.md", "p", "P", "", "", 1, draft=True)
    digest = Digest("d.md", FIRST, draft=True)
    content = replace(parsed(entry("A"), note("A", draft=True)), pages=(page,), digests=(digest,))
    public = shown(content)
    assert (public.notes, public.pages, public.digests) == ((), (), ())
    assert shown(content, drafts=True) == content


@given(st.dates(date(2024, 12, 1), date(2025, 4, 1)))
def test_nothing_of_a_later_day_is_ever_shown(today: date) -> None:
    content = parsed(entry("A"), entry("B", SECOND), note("B", featured=date(2025, 3, 9)))
    public = shown(content, as_of=today)
    assert all(item.day is None or item.day <= today for item in public.entries)
    assert all(item.featured is None or item.featured <= today for item in public.notes)
