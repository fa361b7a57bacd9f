"""Machine twins: programs that are not ours read from them what the site knows, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import BuiltSite
from factories import make_facts, make_paper
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring
from markdown_it import MarkdownIt
from markupsafe import Markup
from running import PROJECT, SMALL, built, lay
from strangers import READERS, by_json, says
from test_plan import paper_on, site_of
from test_schedule import config

from sitegen import text
from sitegen.asking import read_site
from sitegen.citation import split_name
from sitegen.config import Surroundings
from sitegen.model import Document, Page, Paper, PaperLink, PartialDate, Site, ThemeLink, ThemePage, Twin
from sitegen.plan import plan
from sitegen.text.clean import one_line
from sitegen.twins import twin_renderer
from sitegen.twins.markdown import escape

DAY = date(2025, 12, 9)
FILES = {"bibtex": "paper.bib", "ris": "paper.ris", "csl": "index.json"}


def rendered(paper: Paper, format: str) -> str:
    return twin_renderer(make_facts())(Twin("/x", format, (paper,))).decode()  # type: ignore[arg-type]


def check(twins: dict[str, str], paper: Paper) -> Iterator[str]:
    """Yield what a program reads from a twin, by file name, that is not what the paper says."""
    links = [link.url for link in paper.links if link.kind == "paper"]
    for name, written in twins.items():
        for read, is_tex in READERS[name.rpartition(".")[2]]:
            [(key, cited)] = read(written).items()
            where = f"{paper.slug}: {name} by {read.__name__}:"
            if key != paper.slug:
                yield f"{where} the key {key}"
            if not says(cited.title, paper.title, is_tex):
                yield f"{where} the title {cited.title!r}, not {paper.title.plain!r}"
            if not says(cited.abstract, paper.abstract, is_tex):
                yield f"{where} the abstract {cited.abstract!r}, not {paper.abstract!r}"
            if cited.date != (paper.published.isoformat() if paper.published else ""):
                yield f"{where} the date {cited.date}"
            if cited.url != "".join(links[:1]):
                yield f"{where} the address {cited.url}"
            if cited.authors[: len(paper.authors)] != paper.authors:
                yield f"{where} the authors {cited.authors}"


@pytest.fixture(scope="module")
def papers() -> tuple[Paper, ...]:
    """Return the papers of the shipped content."""
    return read_site(PROJECT, Surroundings()).papers


def test_strangers_read_every_shipped_paper_from_its_twins(
    shipped: BuiltSite, papers: tuple[Paper, ...]
) -> None:
    wrong = []
    for paper in papers:
        folder = f"papers/{paper.slug}"
        twins = {name: shipped.tree.files[f"{folder}/{name}"].decode() for name in FILES.values()}
        wrong += check(twins, paper)
    assert not wrong, "\n".join(wrong[:5])


HOSTILE = {
    "Tokens <SEG> & </script> <!-- <b>not HTML</b>": "Tokens <SEG> & </script> <!-- <b>not HTML</b>",
    "RNiO$_3$ nickelates": "RNiO₃ nickelates",
    "Nystr\\\"om and T\\'yr": "Nyström and Týr",
    "Quotes \"here\" and 'there' and `so' and ``so''": "Quotes \"here\" and 'there' and ‘so’ and “so”",
    "An { unbalanced brace": "An { unbalanced brace",
    "} and { the wrong way round }}": "} and { the wrong way round }}",
    "A {balanced} one, 100% #1 a_b C_ ~ and ^ and @article{x,": (
        "A {balanced} one, 100% #1 a_b C_ ~ and ^ and @article{x,"
    ),
    "Back\\slash, $5 and $6, a - - b --- c": "Back\\slash, $5 and $6, a - - b — c",
    "ER  - no end, TY  - GEN": "ER - no end, TY - GEN",
    "Two lines\nin one\ttitle": "Two lines in one title",
    "Formulas $\\mathcal{O}(n \\log n)$ and $\\left\\{ x \\right.$": "Formulas O(n log n) and ",
    "  = Signs + at - both ends #": "= Signs + at - both ends #",
    "「日本語」の論文と 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ☃": "「日本語」の論文と 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ☃",
    "a, b = 1; month = dec, title = {x}": "a, b = 1; month = dec, title = {x}",
}
"""Titles as sources write them, and the plain text that the site shows."""


@pytest.mark.parametrize(("raw", "shown"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_strangers_read_a_hostile_text_as_the_site_shows_it(raw: str, shown: str) -> None:
    title = text.title(one_line(raw))
    assert title.plain.startswith(shown)
    paper = make_paper(title=title, abstract=text.prose(one_line(f"{raw} {raw}")))
    assert not list(check({name: rendered(paper, form) for form, name in FILES.items()}, paper))


def test_strangers_read_a_hostile_site_from_the_twins_of_its_papers_and_lists(tmp_path: Path) -> None:
    for number, raw in enumerate(HOSTILE):
        about = {
            "paper": f"arXiv:2410.{10000 + number}", "title": raw, "abstract": f"{raw} {raw}",
            "authors": ["Lea van der Berg", "Smith & Co {x"], "date": date(2024, 10, number + 1),
        }  # fmt: skip
        note = f"---\n{yaml.safe_dump(about, allow_unicode=True)}---\nOn it.\n"
        lay(tmp_path, {f"content/notes/n{number}.md": note})
    lay(tmp_path, {"content/site.toml": (SMALL / "content" / "site.toml").read_text("utf-8")})
    assert built(tmp_path).status == 0
    papers = {paper.slug: paper for paper in read_site(tmp_path, Surroundings()).papers}
    assert len(papers) == len(HOSTILE)
    folder = tmp_path / "public" / "papers"
    for slug, paper in papers.items():
        twins = {name: (folder / slug / name).read_text("utf-8") for name in FILES.values()}
        assert not list(check(twins, paper))
        assert paper.title.plain in HOSTILE.values() or paper.title.plain.startswith("Formulas ")
    for name in ("papers.bib", "papers.json"):
        for read, _ in READERS[name.rpartition(".")[2]]:
            assert read((folder / name).read_text("utf-8")).keys() == papers.keys()


TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60),
    st.text(st.sampled_from("aB {}$\\%&#_^~'`\"-<>!?,@=\n"), max_size=40),
)


@given(title=TEXTS, abstract=TEXTS)
@example("$x$ {", "}")
@settings(max_examples=100, deadline=None)
def test_any_text_survives_every_format(title: str, abstract: str) -> None:
    paper = make_paper(
        title=text.title(one_line(title) or "A title"),
        abstract=text.prose(one_line(abstract)) if one_line(abstract) else None,
    )
    assert not list(check({name: rendered(paper, form) for form, name in FILES.items()}, paper))


# ------------------------------------------------------------------------ only what is known


def test_a_paper_of_which_only_the_title_is_known_says_nothing_more() -> None:
    links = (PaperLink("search", "arXiv", "https://arxiv.org/search/?query=x"),)
    paper = make_paper(
        "x", title="Only a title", abstract=None, authors=(), author_count=None, published=None, arxiv_id="",
        links=links, tags=(), organization=None,
    )  # fmt: skip
    assert rendered(paper, "bibtex") == "@misc{x,\n  title         = {Only a title}\n}\n"
    assert rendered(paper, "ris") == "TY  - GEN\r\nID  - x\r\nTI  - Only a title\r\nER  - \r\n"
    [item] = json.loads(rendered(paper, "csl"))
    own = item.pop("custom")
    assert item == {"id": "x", "citation-key": "x", "type": "document", "title": "Only a title"}
    assert not own.keys() & {"links", "tags", "note", "upvotes", "author_count", "organization"}
    assert "arxiv" not in rendered(paper, "markdown")


def test_a_cut_list_of_authors_says_so_in_every_format() -> None:
    paper = make_paper(authors=("Ada Lovelace",), author_count=None)
    assert "author        = {Lovelace, Ada and others}" in rendered(paper, "bibtex")
    assert "AU  - Lovelace, Ada\r\nAU  - et al.\r\n" in rendered(paper, "ris")
    assert json.loads(rendered(paper, "csl"))[0]["author"][-1] == {"literal": "others"}
    assert 'authors: ["Ada Lovelace", "others"]' in rendered(paper, "markdown")


@pytest.mark.parametrize(
    ("name", "given_name", "family"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Lea van der Berg", "Lea", "van der Berg"),
        ("Martin Luther King Jr.", "Martin Luther", "King Jr."),
        ("DeepSeek-AI", "", "DeepSeek-AI"),
        ("李明", "", "李明"),
        ("Li La", "Li", "La"),
    ],
)
def test_a_name_is_taken_apart_and_nothing_of_it_is_lost(name: str, given_name: str, family: str) -> None:
    assert split_name(name) == (given_name, family)
    assert not list(
        check({FILES["bibtex"]: rendered(make_paper(authors=(name,)), "bibtex")}, make_paper(authors=(name,)))
    )


def test_a_name_that_bibtex_would_take_apart_is_held_together() -> None:
    assert "{{Sword and Shield Lab}}" in rendered(
        make_paper(authors=("Sword and Shield Lab",), author_count=1), "bibtex"
    )


def test_an_address_stands_in_bibtex_as_it_is() -> None:
    links = (PaperLink("paper", "Paper", "https://x.example/a_b%20c#d~{e}"),)
    assert "url           = {https://x.example/a_b%20c#d~%7Be%7D}" in rendered(
        make_paper(links=links), "bibtex"
    )


def test_capitals_that_no_style_may_lower_are_held_in_braces() -> None:
    title = text.title("A Survey of LLMs: EvoPress, N:M Sparsity and $O(N)$ for RNiO$_3$ by Q-Learning")
    held = "A Survey of {LLMs}: {EvoPress}, {N:M} Sparsity and {$O(N)$} for {RNiO}$_3$ by {Q}-Learning"
    assert f"title         = {{{held}}}" in rendered(make_paper(title=title), "bibtex")


# ------------------------------------------------------------------------ Markdown and our own facts


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_escaped_text_is_shown_by_commonmark_as_it_is(raw: str) -> None:
    shown = one_line(raw)
    html = MarkdownIt().enable(["table", "strikethrough"]).render(f"# {escape(shown)}\n\n{escape(shown)}\n")
    found = document_fromstring(html or "<p></p>").text_content() if shown else ""
    assert found.split() == [*shown.split(), *shown.split()]


def test_the_front_matter_is_yaml() -> None:
    paper = make_paper(title='A: b # "c" \u2028 {d}', authors=("Ada: Lovelace",), author_count=1)
    _, front, _ = rendered(paper, "markdown").split("---\n", 2)
    read = yaml.safe_load(front)
    assert read["title"] == paper.title.plain
    assert read["authors"] == ["Ada: Lovelace"]
    assert read["date"] == date(2024, 10, 18)
    assert read["links"][0] == {"label": "Paper", "url": "https://arxiv.org/abs/2410.14649"}


def test_our_own_facts_hold_to_their_schema(shipped: BuiltSite, small: BuiltSite) -> None:
    schema = json.loads((PROJECT / "docs" / "paper.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for site in (shipped, small):
        items = json.loads(site.tree.files["papers/papers.json"])
        problems = [error.message for item in items for error in validator.iter_errors(item)]
        assert not problems, problems[:3]
    seen = {name for item in items for name in item["custom"]}
    assert seen <= schema["properties"]["custom"]["properties"].keys()


# ------------------------------------------------------------------------ which twins there are


def twins_of(site: Site, **over: Any) -> dict[str, Twin]:
    return {target.url: target for target in plan(site, config(**over)) if isinstance(target, Twin)}


def test_a_list_of_many_pages_has_one_twin_of_each_format_with_all_its_papers(shipped: BuiltSite) -> None:
    files = shipped.tree.files
    assert "papers/page/2/papers.bib" not in files
    every = by_json(files["papers/papers.json"].decode())
    assert len(every) == files["papers/papers.bib"].count(b"@misc{") == 181


def test_every_page_of_papers_announces_its_twins(small: BuiltSite) -> None:
    announced = set()
    for page, root in small.tree.pages.items():
        links = [
            link for link in root.iter("link") if "title" in link.attrib and link.get("rel") == "alternate"
        ]
        shown = {link.get("href") for link in root.find_class("twins") for link in link.iter("a")}
        heads = {
            link.get("href") for link in links if link.get("title") in ("BibTeX", "RIS", "JSON", "Markdown")
        }
        assert shown <= heads, page
        announced |= {f"{small.tree.url_of(page).split('/lamp/')[0]}{url}" for url in shown}
    files = {
        f"{small.tree.base_url}{name}"
        for name in small.tree.files
        if name.rpartition("/")[2] in ("paper.bib", "paper.ris", "index.json", "index.md", "papers.bib")
        or name.endswith("/papers.json")
    }
    assert announced == files


def test_a_withdrawn_paper_has_no_twins(small: BuiltSite) -> None:
    gone = next(page for page, root in small.tree.pages.items() if "Withdrawn paper" in root.text_content())
    assert f"{gone[1:]}paper.bib" not in small.tree.files
    assert not small.tree.pages[gone].find_class("twins")
    assert b"found the letters again" not in small.tree.files["papers.json"]


def test_a_theme_without_papers_has_no_twins() -> None:
    theme = ThemePage(ThemeLink("maps", "Maps", "/themes/maps/", 1, 1), "On maps.", Markup(""))
    site = site_of(paper_on("a", DAY), themes=(theme,))
    assert "/themes/maps/" in {target.url for target in plan(site, config()) if isinstance(target, Page)}
    assert "/themes/maps/papers.bib" not in twins_of(site)


def test_without_twins_there_are_none_and_no_page_speaks_of_them() -> None:
    site = site_of(paper_on("a", DAY))
    assert twins_of(site)
    targets = plan(site, config(twins=False))
    assert not [target for target in targets if isinstance(target, Twin)]
    assert not [target for target in targets if isinstance(target, Page) and target.twins]
    assert "llms.txt" not in {target.path for target in targets if isinstance(target, Document)}


def test_a_list_that_is_too_long_has_no_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.plan.twins.LIST_LIMIT", 1)
    twins = twins_of(site_of(paper_on("a", DAY), paper_on("b", DAY)))
    assert "/papers/a/paper.bib" in twins
    assert "/papers/papers.bib" not in twins
    assert "/papers.json" in twins


def test_the_collection_is_filled_from_the_oldest_so_that_a_new_paper_changes_only_its_first_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sitegen.plan.twins.PART_SIZE", 2)
    papers = [paper_on(slug, DAY) for slug in "abcdef"]
    before, after = (
        {url: twin for url, twin in twins_of(site_of(*some)).items() if twin.format == "collection"}
        for some in (papers[1:], papers)
    )
    assert [(url, "".join(paper.slug for paper in twin.papers)) for url, twin in before.items()] == [
        ("/papers.json", "b"), ("/papers-2.json", "cd"), ("/papers-1.json", "ef"),
    ]  # fmt: skip
    assert [(twin.total, twin.next_url) for twin in before.values()] == [
        (5, "/papers-2.json"), (None, "/papers-1.json"), (None, ""),
    ]  # fmt: skip
    assert {url for url in after if before.get(url) != after[url]} == {"/papers.json"}
    assert after["/papers.json"].total == 6


def test_the_collection_links_its_parts_by_full_addresses() -> None:
    twin = Twin("/papers.json", "collection", (make_paper("a"),), total=501, next_url="/papers-1.json")
    read = json.loads(twin_renderer(make_facts())(twin))
    assert (read["total"], read["next"]) == (501, "https://digest.example/papers-1.json")
    assert [item["id"] for item in read["papers"]] == ["a"]


def test_llms_txt_has_the_form_that_its_readers_expect(small: BuiltSite) -> None:
    written = small.tree.files["llms.txt"].decode()
    assert re.match(r"# .+\n\n> .+\n\n(?:[^#].*\n)+\n## ", written)
    links = re.findall(r"^- \[[^\]]+\]\(([^)\s]+)\)(?:: .+)?$", written, re.MULTILINE)
    assert len(links) == sum(line.startswith("- ") for line in written.split("\n"))
    assert not [url for url in links if small.tree.file_at(url) is None]


@pytest.mark.parametrize(
    ("known", "parts", "bibtex", "ris"),
    [
        (PartialDate(2024), [2024], "  year          = {2024},", "PY  - 2024"),
        (PartialDate(2024, 3), [2024, 3], "  month         = mar,", "PY  - 2024"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(
    known: PartialDate, parts: list[int], bibtex: str, ris: str
) -> None:
    paper = make_paper(published=None, published_in=known)
    assert json.loads(rendered(paper, "csl"))[0]["issued"] == {"date-parts": [parts]}
    assert bibtex in rendered(paper, "bibtex").splitlines()
    assert "  day " not in rendered(paper, "bibtex")
    assert ris in rendered(paper, "ris").splitlines()
    assert "DA  - " not in rendered(paper, "ris")
