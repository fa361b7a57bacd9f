"""Authors: whose name has a page, at which address, what it shows, and how thousands of names are indexed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import lxml.html
import pytest
from factories import make_paper
from hypothesis import given
from hypothesis import strategies as st
from running import built, files_of, lay, run

from sitegen.authors import author_terms
from sitegen.model import Paper
from sitegen.routes import SLUG, SLUG_LENGTH, author_slug
from sitegen.text.names import name_key

SITE = """
title = "Lamplight"
base_url = "https://reader.example/"
id_authority = "reader.example,2025-01-01"
"""


def papers_by(*names: tuple[str, ...], first: date = date(2025, 1, 1)) -> list[Paper]:
    """Return a paper for each list of authors, the newest first."""
    days = [first + timedelta(days=number) for number in range(len(names))]
    made = [
        make_paper(f"paper-{number}", authors=authors, first_day=day)
        for number, (authors, day) in enumerate(zip(names, days, strict=True))
    ]
    return made[::-1]


def pages_of(papers: list[Paper]) -> dict[str, tuple[str, list[str]]]:
    """Return title and papers of each author by slug."""
    return {term.slug: (term.title, [paper.slug for paper in term.papers]) for term in author_terms(papers)}


def test_a_name_has_a_page_from_two_papers_on_newest_first() -> None:
    assert pages_of(papers_by(("Ada Lovelace", "Kurt Gödel"), ("Ada Lovelace",))) == {
        "ada-lovelace": ("Ada Lovelace", ["paper-1", "paper-0"])
    }


def test_a_name_that_stands_twice_on_one_paper_has_one_paper() -> None:
    assert pages_of(papers_by(("Ada Lovelace", "ada lovelace"))) == {}


def test_case_spaces_and_composed_letters_are_no_other_spelling() -> None:
    found = pages_of(papers_by(("KURT GO\u0308DEL",), ("Kurt\u00a0 Gödel",)))
    assert found == {"kurt-godel": ("Kurt Gödel", ["paper-1", "paper-0"])}


@pytest.mark.parametrize("other", ["John Smith", "J Smith", "J. Smíth", "Smith J."])
def test_another_spelling_is_another_author(other: str) -> None:
    assert name_key("J. Smith") != name_key(other)
    assert pages_of(papers_by(("J. Smith",), (other,))) == {}


def test_of_names_with_one_slug_the_one_whose_page_is_older_keeps_it() -> None:
    before = papers_by(("J. Smith",), ("J Smith",), ("J Smith",))
    after = papers_by(("J. Smith",), first=date(2025, 2, 1)) + before
    assert pages_of(before) == {"j-smith": ("J Smith", ["paper-2", "paper-1"])}
    titles = {slug: title for slug, (title, _) in pages_of(after).items()}
    assert titles.pop("j-smith") == "J Smith"
    [(slug, title)] = titles.items()
    assert title == "J. Smith"
    assert re.fullmatch("j-smith-[0-9a-f]{12}", slug)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Týr Ångström", "tyr-angstrom"),
        ("Łukasz O'Brien-Ørsted", "lukasz-obrien-orsted"),
        ("王小明", "author-.{12}"),
        ("Wei 王", "wei-.{12}"),
        ("Γιώργος", "author-.{12}"),
        ("A", "a-.{12}"),
        ("Other", "other-.{12}"),
        ("?", "author-.{12}"),
    ],
)
def test_an_address_is_ascii_and_no_letter_of_the_index(name: str, slug: str) -> None:
    assert re.fullmatch(slug, author_slug(name_key(name)))


@given(st.text(min_size=1, max_size=200), st.booleans())
def test_every_name_has_a_slug(name: str, alone: bool) -> None:
    slug = author_slug(name_key(name), alone=alone)
    assert SLUG.match(slug)
    assert len(slug) <= SLUG_LENGTH


# ------------------------------------------------------------------------ a whole site


def listing(number: int, *names: str, hidden: tuple[str, ...] = ()) -> dict[str, object]:
    people = [{"name": name} for name in names] + [{"name": name, "hidden": True} for name in hidden]
    paper = {"id": f"2501.{number:05}", "title": f"Lamp {number}", "summary": "We light.", "authors": people}
    return {"paper": paper}


CROWD = tuple(f"Person {chr(65 + number % 26)}{number}" for number in range(600))
DAYS = {
    "2025-01-05": [listing(1, "<b>Ada</b> Lovelace", "Kurt Gödel"), listing(2, *CROWD)],
    "2025-01-06": [listing(number, "Kurt Gödel", "王小明", hidden=("A Ghost",)) for number in range(3, 7)],
    "2025-01-07": [listing(8, "<b>Ada</b> Lovelace", "A Solo"), listing(9, *CROWD, hidden=("A Ghost",))],
}


def project(folder: Path, days: dict[str, list[dict[str, object]]]) -> Path:
    captures = {f"content/captures/{day}.json": json.dumps(listings) for day, listings in days.items()}
    return lay(folder, {"content/site.toml": "related = false\n" + SITE, **captures})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = project(tmp_path_factory.mktemp("authors"), DAYS)
    built(folder, "-o", folder / "out")
    return files_of(folder / "out")


def links(page: bytes, path: str) -> dict[str, str]:
    return {link.text_content(): link.get("href") for link in lxml.html.fromstring(page).xpath(path)}


def author_files(site: dict[str, bytes]) -> Iterator[str]:
    return (name for name in site if re.fullmatch(r"authors/[^/]+/index\.html", name))


def test_a_paper_leads_to_the_pages_of_its_authors_and_no_others(site: dict[str, bytes]) -> None:
    assert links(site["papers/lamp-8/index.html"], "//a[contains(@href, '/authors/')][ancestor::main]") == {
        "<b>Ada</b> Lovelace": "/authors/b-ada-b-lovelace/"
    }
    assert "A Solo" in lxml.html.fromstring(site["papers/lamp-8/index.html"]).text_content()


def test_six_hundred_authors_are_folded_and_all_there(site: dict[str, bytes]) -> None:
    page = lxml.html.fromstring(site["papers/lamp-2/index.html"])
    [fold] = [item for item in page.xpath("//details") if "600 authors" in item.findtext("summary")]
    assert [link.text for link in fold.xpath(".//a")] == list(CROWD)
    assert len(page.xpath("//ul[@class='facts'][1]//a[contains(@href, '/authors/')]")) == 12


def test_hidden_authors_are_nowhere(site: dict[str, bytes]) -> None:
    assert not [name for name, data in site.items() if b"Ghost" in data]


def test_an_authors_page_has_the_papers_and_from_five_on_an_atom_feed(site: dict[str, bytes]) -> None:
    page = site["authors/kurt-godel/index.html"]
    assert lxml.html.fromstring(page).findtext(".//h1") == "Kurt Gödel"
    titles = links(page, "//article//*[contains(@class, 'entry-title')]/a")
    assert list(titles) == ["Lamp 3", "Lamp 4", "Lamp 5", "Lamp 6", "Lamp 1"]
    own = [url for url in links_in_head(page) if url.startswith("/authors/")]
    assert own == [f"/authors/kurt-godel/{name}" for name in ("feed.xml", "papers.bib", "papers.json")]
    assert site["authors/kurt-godel/feed.xml"].count(b"<entry>") == 5
    feeds = {name for name in site if name.startswith("authors/") and name.endswith("feed.xml")}
    assert feeds == {"authors/kurt-godel/feed.xml"}


def links_in_head(page: bytes) -> list[str]:
    return [str(url) for url in lxml.html.fromstring(page).xpath("//head/link[@rel='alternate']/@href")]


def test_feeds_of_authors_are_told_of_and_not_listed_among_all_feeds(site: dict[str, bytes]) -> None:
    assert b"authors" not in site["feeds.opml"]
    assert links(site["feeds/index.html"], "//main//a[contains(@href, 'authors')]") == {
        "authors": "/authors/"
    }


def test_more_names_than_a_page_holds_are_indexed_by_the_letter_of_their_last_word(
    site: dict[str, bytes],
) -> None:
    letters = links(site["authors/index.html"], "//main//li//a")
    assert letters["L"] == "/authors/l/"
    assert letters["#"] == "/authors/other/"
    assert links(site["authors/g/index.html"], "//main//li//a")["Kurt Gödel"] == "/authors/kurt-godel/"
    assert list(links(site["authors/other/index.html"], "//main//li//a")) == ["王小明"]
    indexed = {
        url
        for letter in letters.values()
        for url in links(site[f"{letter[1:]}index.html"], "//main//li//a").values()
    }
    pages = {f"/{name.removesuffix('index.html')}" for name in author_files(site)} - set(letters.values())
    assert indexed == pages
    assert len(pages) == 603


def test_few_names_stand_on_one_page_by_letter(tmp_path: Path) -> None:
    days = {day: listings[:1] for day, listings in DAYS.items()}
    folder = project(tmp_path, days)
    built(folder, "-o", tmp_path / "out")
    page = (tmp_path / "out/authors/index.html").read_bytes()
    assert list(links(page, "//main//li//a")) == ["Kurt Gödel", "<b>Ada</b> Lovelace"]
    assert [head.text for head in lxml.html.fromstring(page).xpath("//main//h2")] == ["G", "L"]
    assert links(page, "//nav[@class='site-nav']//a")["Authors"] == "/authors/"


def test_a_site_that_knows_no_author_twice_has_no_word_of_authors(tmp_path: Path) -> None:
    folder = project(tmp_path, {"2025-01-05": [listing(1, "Ada Lovelace")]})
    built(folder, "-o", tmp_path / "out")
    files = files_of(tmp_path / "out")
    assert not [name for name in files if name.startswith("authors")]
    assert not [name for name, data in files.items() if b"/authors/" in data]


def test_a_new_paper_changes_only_the_pages_of_its_own_authors(tmp_path: Path) -> None:
    folder = project(tmp_path, DAYS)
    built(folder, "-o", tmp_path / "out")
    before = files_of(tmp_path / "out")
    project(tmp_path, {"2025-01-08": [listing(20, "Kurt Gödel", "A Solo")]})
    assert run("build", folder, "-o", tmp_path / "out").status == 0
    after = files_of(tmp_path / "out")
    changed = {name for name in after if before.get(name) != after[name]}
    twins = {name for name in changed if name.endswith(("papers.bib", "papers.json"))}
    assert {name for name in changed - twins if name.startswith("authors/")} == {
        "authors/index.html",
        "authors/s/index.html",
        "authors/g/index.html",
        "authors/kurt-godel/index.html",
        "authors/kurt-godel/feed.xml",
        "authors/a-solo/index.html",
    }
    papers = {name for name in changed if re.fullmatch(r"papers/lamp-\d+/index\.html", name)}
    assert papers == {"papers/lamp-8/index.html", "papers/lamp-20/index.html"}


def test_a_letter_of_many_names_has_further_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.plan.authors.NAMES_ON_A_PAGE", 20)
    folder = project(tmp_path, DAYS)
    built(folder, "-o", tmp_path / "out", "--jobs", "1")
    pages = [
        links((tmp_path / f"out/authors/p/{place}index.html").read_bytes(), "//main//div//li//a")
        for place in ("", "page/2/")
        if (tmp_path / f"out/authors/p/{place}index.html").exists()
    ]
    assert [len(page) for page in pages] == [20, 3]
    assert (tmp_path / "out/authors/p/page/index.html").exists()
