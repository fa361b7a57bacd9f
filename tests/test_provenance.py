"""Each fact of a paper names the source that gave it; what nobody says, nobody gave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import lxml.html
import pytest
from msgspec.structs import replace
from papers import SHARED
from running import PROJECT, built, lay

from sitegen.config import Surroundings, load_config
from sitegen.model import Entry, EntryLink, Kind, Label, Note, Paper, Parsed, PartialDate, Seen, Source
from sitegen.papers import make_papers
from sitegen.parsers import parse

EXAMPLES = SHARED / "examples"
MADE_UP = {
    "looms.bib": """@article{a, title={Weaving Looms}, author={Lovelace, Ada and Gödel, Kurt},
  doi={10.1000/looms}, year=1843, month=oct}
@misc{b, title={A Second Post}, url={https://blog.example/second}}""",
    "looms.json": """[{"type": "article", "title": "Weaving Looms", "DOI": "10.1000/looms",
  "abstract": "We weave."}, {"type": "webpage", "title": "A second post"}]""",
    "looms.nbib": """PMID- 1
TI  - Weaving Looms.
FAU - Lovelace, Ada
FAU - Gödel, Kurt
AID - 10.1000/looms [doi]

PMID- 2
TI  - A third paper.
DP  - 2017 Apr""",
    "looms.ris": """TY  - JOUR
TI  - Weaving looms
DA  - 1843/10/03/
DO  - 10.1000/looms
ER  -""",
}


def papers_of(parsed: Parsed) -> dict[str, Paper]:
    papers = make_papers(parsed, load_config(PROJECT, Surroundings()))[0]
    return {paper.title.plain: paper for paper in papers}


def read(files: Mapping[str, str]) -> dict[str, Paper]:
    sources = [Source(f"content/library/{name}", Kind.LIBRARY, text) for name, text in files.items()]
    return papers_of(parse(sources))


def one(*entries: Entry, note: Note | None = None, label: Label | None = None) -> Paper:
    notes, labels = (note,) if note else (), (label,) if label else ()
    [paper] = papers_of(replace(parse([]), entries=entries, notes=notes, labels=labels)).values()
    return paper


def gave(seen: tuple[Seen, ...]) -> dict[str, str]:
    return {item.source.rpartition("/")[2]: ", ".join(item.gave) for item in seen}


def on(day: str, **facts: object) -> Entry:
    fields = {"line": 1, "day": date.fromisoformat(day), "title": "Weaving Looms", "arxiv_id": ""} | facts
    return Entry(f"content/captures/{day}.txt", **fields)  # type: ignore[arg-type]


def test_four_files_are_three_papers_and_each_fact_has_one_source() -> None:
    papers = read(MADE_UP)
    assert {title: gave(paper.seen) for title, paper in papers.items()} == {
        "Weaving Looms": {
            "looms.bib": "title, authors, DOI",
            "looms.json": "abstract",
            "looms.nbib": "",
            "looms.ris": "date",
        },
        "A Second Post": {"looms.bib": "title, links", "looms.json": ""},
        "A third paper": {"looms.nbib": "title, date, links"},
    }


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the real files do not lie beside the project")
def test_the_same_two_papers_in_four_real_files_are_three_with_each_facts_source() -> None:
    names = [f"same-two-papers.{ending}" for ending in ("bib", "json", "nbib", "ris")]
    papers = read({name: (EXAMPLES / name).read_text("utf-8") for name in names})
    assert {title[:7]: gave(paper.seen) for title, paper in papers.items()} == {
        "Sci-Hub": {
            "same-two-papers.bib": "title, authors, DOI",
            "same-two-papers.json": "abstract, date",
            "same-two-papers.nbib": "",
            "same-two-papers.ris": "",
        },
        "TechBlo": {
            "same-two-papers.bib": "title, links",
            "same-two-papers.json": "",
            "same-two-papers.ris": "",
        },
        "Reprodu": {"same-two-papers.nbib": "title, abstract, authors, date, DOI"},
    }
    assert papers["Sci-Hub provides access to nearly all scholarly literature"].published == date(2018, 3, 1)


def test_names_come_from_the_library_where_the_capture_only_counted() -> None:
    library = Entry(
        "content/library/a.bib", 4, None, "Weaving Looms",
        authors=("Ada Lovelace", "Kurt Gödel"), author_count=2, published_in=PartialDate(2025),
    )  # fmt: skip
    paper = one(on("2025-02-01", author_count=2, comments=3), library)
    assert paper.authors == ("Ada Lovelace", "Kurt Gödel")
    assert gave(paper.seen) == {"2025-02-01.txt": "title, comments", "a.bib": "authors, date"}


def test_a_number_of_authors_has_a_source_where_no_name_is_known() -> None:
    assert gave(one(on("2025-02-01", author_count=2)).seen) == {"2025-02-01.txt": "title, number of authors"}


def test_the_newest_source_that_says_what_holds_gave_it() -> None:
    paper = one(on("2025-01-01", abstract="We weave."), on("2025-02-01", abstract="We weave."))
    assert gave(paper.seen) == {"2025-01-01.txt": "", "2025-02-01.txt": "title, abstract"}


def test_the_curators_files_give_what_they_correct_and_add() -> None:
    note = Note("content/notes/a.md", 2, "Weaving Looms", (), title="Weaving Looms", tags=(), pick=True)
    label = Label("content/labels.csv", 9, "Weaving Looms", "arXiv:2401.00001", "", (), ())
    paper = one(on("2025-02-01", abstract="We weave."), note=note, label=label)
    assert gave(paper.seen) == {"2025-02-01.txt": "abstract"}
    assert gave(paper.curated) == {"a.md": "title", "labels.csv": "arXiv id"}


def test_an_address_that_is_not_shown_is_no_fact() -> None:
    page = EntryLink("https://journal.example/1", "paper")
    assert gave(one(on("2025-02-01", doi="10.1000/x", links=(page,))).seen) == {
        "2025-02-01.txt": "title, DOI"
    }


def test_papers_share_what_their_sources_gave() -> None:
    first, second = one(on("2025-01-01")), one(on("2025-02-01"))
    assert first.seen[0].gave is second.seen[0].gave


def test_the_page_says_what_each_source_gave(tmp_path: Path) -> None:
    site = "title = 'L'\nbase_url = 'https://l.example/'\nid_authority = 'l.example,2025-01-01'\n"
    note = "---\npaper: doi:10.1000/looms\nabstract: We wove.\nupdated: 2025-01-02\n---\nRead it.\n"
    files = {f"content/library/{name}": text for name, text in MADE_UP.items()}
    lay(tmp_path, {"content/site.toml": site, "content/notes/looms.md": note, **files})
    built(tmp_path, "-o", tmp_path / "out")
    page = lxml.html.fromstring((tmp_path / "out/papers/weaving-looms/index.html").read_bytes())
    assert [line.text_content() for line in page.xpath("//dd[@class='source']")] == [
        "content/library/looms.bib, line 1: title, authors, DOI",
        "content/library/looms.json, line 1",
        "content/library/looms.nbib, line 2",
        "content/library/looms.ris, line 2: date",
        "content/notes/looms.md: abstract",
    ]
