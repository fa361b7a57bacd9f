"""Plays a feed reader through ten edits of the content: no id ever changes, and only what must change does.

The reader follows every feed. Of each entry it remembers the id, by the paper it is about, and the dates;
an entry with an id that it does not know would show up as new, one whose `updated` moved as unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import feedparser
import pytest
from running import built, files_of, lay, run

SITE = """
title = "Lamplight"
base_url = "{url}"
id_authority = "reader.example,2025-01-01"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
PAPER = "{title}\n\nWe read {title} by lamp and say so.\n\nacme Acme Labs\n·\nSep 20"
THEME = "---\ntitle: {title}\norder: {order}\nsummary: On {title}.\n---\n"
LABELS = "paper,id,theme,more_themes,tags\n"
TITLES = ("A Paper on Lamps", "A Paper on Oil", "A Paper on Wicks", "A Paper on Glass")


def capture(day: str, *titles: str) -> str:
    return HEAD.format(day=day) + "\n\n".join(PAPER.format(title=title) for title in titles)


@dataclass(frozen=True)
class Item:
    """An entry as a reader sees it."""

    id: str
    title: str
    published: str
    updated: str
    body: str


Feeds = dict[str, dict[str, Item]]
"""The items of each feed by id, by the feed's path."""


def read_feeds(out: Path) -> Feeds:
    return {name: dict(_items(name, data)) for name, data in files_of(out).items() if _is_feed(name)}


def _is_feed(name: str) -> bool:
    return name.endswith(("feed.xml", "rss.xml", "feed.json"))


def _items(name: str, data: bytes) -> Iterator[tuple[str, Item]]:
    if name.endswith(".json"):
        for item in json.loads(data)["items"]:
            days = item["date_published"][:10], item["date_modified"][:10]
            yield item["id"], Item(item["id"], item["title"], *days, item["content_html"])
        return
    for entry in feedparser.parse(data).entries:
        published = "{:04}-{:02}-{:02}".format(*entry.published_parsed[:3])
        updated = "" if name.endswith("rss.xml") else entry.updated[:10]  # RSS has no such date
        yield entry.id, Item(entry.id, entry.title, published, updated, entry.content[0].value)


@dataclass
class Reader:
    """A project, and what a reader of all its feeds knows."""

    project: Path
    url: str = "https://reader.example/"
    feeds: Feeds = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def look(self, files: dict[str, str | bytes] | None = None, *arguments: str) -> Change:
        """Change the content, build, and read all feeds again; return what is different."""
        lay(self.project, files or {})
        built(self.project, "--base-url", self.url, *arguments)
        out = self.project / "public"
        before, self.feeds = self.feeds, read_feeds(out)
        old, self.files = self.files, {name: data for name, data in files_of(out).items() if _is_feed(name)}
        changed = {name for name in old.keys() | self.files.keys() if old.get(name) != self.files.get(name)}
        return Change(before, self.feeds, changed)


@dataclass(frozen=True)
class Change:
    """What a reader notices."""

    before: Feeds
    after: Feeds
    feeds: set[str]
    """Those whose bytes are different."""

    @property
    def new(self) -> set[str]:
        """The ids that no feed had before: entries that look new to their readers."""
        return ids(self.after) - ids(self.before)

    @property
    def unread(self) -> dict[str, str]:
        """The entries whose `updated` moved, and to which day."""
        old = {
            item.id: item.updated for items in self.before.values() for item in items.values() if item.updated
        }
        now = {
            item.id: item.updated for items in self.after.values() for item in items.values() if item.updated
        }
        return {id: day for id, day in now.items() if id in old and old[id] != day}


def ids(feeds: Feeds) -> set[str]:
    return {id for items in feeds.values() for id in items}


def tag(name: str) -> str:
    return f"tag:reader.example,2025-01-01:{name}"


def feeds_with(reader: Reader, id: str) -> set[str]:
    return {name for name, items in reader.feeds.items() if id in items}


LAMPS = tag("title:a-paper-on-lamps")
OIL = tag("title:a-paper-on-oil")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Return a reader who has read everything once."""
    lay(
        tmp_path,
        {
            "content/site.toml": SITE.format(url="https://reader.example/"),
            "content/captures/2025-12-01.txt": capture("Dec 1", *TITLES[:2]),
            "content/captures/2025-12-09.txt": capture("Dec 9", *TITLES[2:]),
            "content/themes/light.md": THEME.format(title="Light", order=1),
            "content/themes/fuel.md": THEME.format(title="Fuel", order=2),
            "content/tags.toml": '[lamp]\ntitle = "Lamp"\nphrases = ["lamps"]\n',
            "content/labels.csv": LABELS + "A Paper on Lamps,,light,,\nA Paper on Oil,,fuel,,\n",
            "content/notes/oil.md": "---\npaper: A Paper on Oil\nupdated: 2025-12-02\n---\nIt burns.\n",
        },
    )
    reader = Reader(tmp_path)
    reader.look()
    return reader


def test_reader_knows_every_paper_by_one_id_in_all_formats(reader: Reader) -> None:
    assert ids(reader.feeds) == {
        *(tag(f"title:a-paper-on-{name}") for name in ("lamps", "oil", "wicks", "glass")),
        *(tag(f"digest/{name}") for name in ("2025-12-01", "2025-12-09", "2025-w49")),
    }
    for name in ("", "themes/light/", "organizations/acme/", "tags/lamp/"):
        found = [list(reader.feeds[f"{name}{file}"]) for file in ("feed.xml", "rss.xml", "feed.json")]
        assert found[0] == found[1] == found[2] != []


def test_nothing_edited_nothing_changes(reader: Reader) -> None:
    assert reader.look().feeds == set()


def test_edited_note_changes_its_feeds_and_moves_the_day_there_alone(reader: Reader) -> None:
    holding = feeds_with(reader, OIL) | {"digest/feed.xml", "digest/weekly/feed.xml"}
    change = reader.look(
        {"content/notes/oil.md": "---\npaper: A Paper on Oil\nupdated: 2025-12-20\n---\nIt glows.\n"}
    )
    assert change.feeds == holding
    assert change.new == set()
    assert set(change.unread.values()) == {"2025-12-20"}
    assert set(change.unread) == {OIL, tag("digest/2025-12-01"), tag("digest/2025-w49")}


def test_edit_without_a_new_day_changes_the_text_and_no_date(reader: Reader) -> None:
    holding = feeds_with(reader, OIL) | {"digest/feed.xml", "digest/weekly/feed.xml"}
    change = reader.look(
        {"content/notes/oil.md": "---\npaper: A Paper on Oil\nupdated: 2025-12-02\n---\nIt glows.\n"}
    )
    assert (change.feeds, change.new, change.unread) == (holding, set(), {})


EDITS: dict[str, dict[str, str | bytes]] = {
    "slug renamed": {
        "content/notes/oil.md": "---\npaper: A Paper on Oil\nslug: oil\nupdated: 2025-12-02\n---\nIt burns.\n"
    },
    "title corrected": {
        "content/notes/oil.md": (
            "---\npaper: A Paper on Oil\ntitle: A Paper on Whale Oil\nupdated: 2025-12-02\n---\nIt burns.\n"
        )
    },
    "theme moved": {
        "content/labels.csv": LABELS + "A Paper on Lamps,,fuel,light,\nA Paper on Oil,,light,,\n"
    },
    "id found": {
        "content/labels.csv": LABELS + "A Paper on Lamps,arXiv:2501.00001,light,,\nA Paper on Oil,,fuel,,\n"
    },
    "authors and abstract corrected": {
        "content/notes/lamps.md": (
            "---\npaper: A Paper on Lamps\nauthors: [Ada]\nabstract: On lamps.\nupdated: 2025-12-01\n---\n"
        )
    },
    "digest written": {
        "content/digests/2025-12-01.md": "---\ntitle: First\npicks: [A Paper on Oil]\n---\nWords.\n"
    },
    "site renamed": {
        "content/site.toml": SITE.format(url="https://reader.example/").replace("Lamplight", "Lantern")
    },
    "ids recorded": {},
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("is_recorded", [False, True], ids=["new", "recorded"])
def test_no_edit_changes_an_id_or_a_date(reader: Reader, edit: str, is_recorded: bool) -> None:
    if is_recorded or edit == "ids recorded":
        record(reader)
    change = reader.look(EDITS[edit])
    assert change.new == set()
    assert ids(change.after) == ids(change.before)
    assert change.unread == {}
    for name, items in change.before.items():
        for id, item in change.after.get(name, {}).items():
            assert id not in items or item.published == items[id].published


def record(reader: Reader) -> None:
    assert run("ids", reader.project, "--write").status == 0


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "http://localhost:8000/a/b/"])
def test_new_domain_or_path_changes_addresses_but_no_id(reader: Reader, url: str) -> None:
    before = {name: [*items] for name, items in reader.feeds.items()}
    reader.url = url
    change = reader.look()
    assert {name: [*items] for name, items in reader.feeds.items()} == before
    assert (change.new, change.unread) == (set(), {})
    assert not any(
        "https://reader.example/" in item.body for items in reader.feeds.values() for item in items.values()
    )


def test_paper_seen_again_moves_its_day_and_enters_only_the_new_issue(reader: Reader) -> None:
    change = reader.look(
        {"content/captures/2025-12-11.txt": capture("Dec 11", "A Paper on Lamps", "A Paper on Soot")}
    )
    assert change.new == {tag("title:a-paper-on-soot"), tag("digest/2025-12-11")}
    assert change.unread == {LAMPS: "2025-12-11"}
    assert reader.feeds["feed.xml"][LAMPS].published == "2025-12-01"
    assert "themes/fuel/feed.xml" not in change.feeds
    assert "digest/weekly/feed.xml" not in change.feeds


def test_ten_edits_in_a_row_leave_every_id_and_every_first_day(reader: Reader) -> None:
    first = {item.id: item.published for items in reader.feeds.values() for item in items.values()}
    record(reader)
    for edit in EDITS.values():
        reader.look(edit)
    reader.url = "https://elsewhere.example/digest/"
    reader.look({"content/captures/2025-12-20.txt": capture("Dec 20", "A Paper on Lamps")})
    reader.look({"content/captures/2025-11-20-late.txt": capture("Nov 20", "A Paper on Oil")})
    now = {item.id: item.published for items in reader.feeds.values() for item in items.values()}
    assert {id: day for id, day in now.items() if id in first} == first
    assert now.keys() - first.keys() == {
        tag(f"digest/{name}") for name in ("2025-12-20", "2025-w50", "2025-11-20", "2025-w47")
    }


def test_withdrawn_paper_leaves_all_feeds_and_no_other_entry_moves(reader: Reader) -> None:
    change = reader.look(
        {"content/notes/oil.md": "---\npaper: A Paper on Oil\nwithdrawn: It was water.\n---\n"}
    )
    assert change.new == set()
    assert ids(change.before) - ids(change.after) == {OIL}
    assert set(change.unread) <= {tag("digest/2025-12-01"), tag("digest/2025-w49")}
