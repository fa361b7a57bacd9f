"""`sitegen import`: where a file goes, what it is called, what its receipt says, what is never lost."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import SHARED
from rendered import FORMATS, PAPERS, Drawn
from running import Outcome, lay, run

from sitegen.asking import read_site
from sitegen.config import Surroundings
from sitegen.importing import judge
from sitegen.importing.outcome import Offer, Wish
from sitegen.importing.shelf import Shelf

HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\n{day}\n\n"
SITE = """\
title = "T"
description = "D."
base_url = "https://t.example/"
id_authority = "t.example,2025-01-01"
"""


def listing(title: str, date: str = "Sep 20", abstract: str = "We do it.") -> str:
    return f"{title}\n\n{abstract}\n\n  • 4 authors\n·\n{date}\n\n"


def capture(*listings: str, day: str = "Dec 9") -> str:
    return HEAD.format(day=day) + "".join(listings).rstrip()


def answer(*titles: str, shown: str = "2025-10-01", votes: int = 1, **more: object) -> str:
    listings = [
        {
            "paper": {
                "id": f"2509.{len(title):05}",
                "title": title,
                "summary": f"On {title}.",
                "upvotes": votes,
                "submittedOnDailyAt": f"{shown}T01:00:00.000Z" if shown else None,
                "publishedAt": "2025-09-29T00:00:00.000Z",
                **more,
            }
        }
        for title in titles
    ]
    return json.dumps(listings, indent=1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay(tmp_path / "project", {"content/site.toml": SITE})


@pytest.fixture
def bring(project: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """Return a function that lays files into an inbox and imports them."""

    def imported(files: dict[str, str | bytes], *options: str) -> Outcome:
        inbox = lay(tmp_path / "inbox", files)
        return run("import", *(inbox / name for name in files), "--root", project, *options)

    return imported


def content(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project / "content").as_posix(): path.read_bytes()
        for path in sorted((project / "content").rglob("*"))
        if path.is_file() and path.name != "site.toml"
    }


def titles(project: Path) -> list[str]:
    return sorted(paper.raw_title for paper in read_site(project, Surroundings()).papers)


# ------------------------------------------------------------------------ formats and places


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_of_any_name_goes_to_its_place_unchanged_and_the_site_shows_its_papers(
    name: str, papers: list[Drawn], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("import")
    data = FORMATS[name](papers).encode()
    lay(folder, {"content/site.toml": SITE, "Misnamed.dat": data})
    day = ["--date", "2030-12-31"] if name == "day.json" else []
    outcome = run("import", folder / "Misnamed.dat", "--root", folder, *day)
    assert (outcome.status, outcome.err) == (0, "")
    [(place, copied)] = content(folder).items()
    assert copied == data
    assert Path(place).suffix == Path(name).suffix
    assert set(titles(folder)) == {paper.title for paper in papers}


def test_a_file_called_markdown_is_told_by_what_is_in_it(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    page = (
        "# Daily Papers\n\nDec 9\n\n### [Looms](https://huggingface.co/papers/2509.00001)\n\n  • 4 authors\n"
    )
    digest = "# Week 1\n\n- [Looms](https://arxiv.org/abs/2509.00001)\n"
    bring({"2025-12-09.md": page, "week.md": digest})
    assert list(content(project)) == ["captures/2025-12-09.txt", "library/week.md"]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("My Library (1).bib", "my-library-1.bib"),
        ("Ä “Öl” ☃.txt", "a-ol.bib"),
        ("☃.bib", "papers.bib"),
        ("-rf ..bib", "rf.bib"),
        (".hidden", "hidden.bib"),
        ("2025-12-09 Mine.bib", "2025-12-09-mine.bib"),
        ("2025-12-09", "2025-12-09-papers.bib"),
    ],
)
def test_a_name_becomes_a_plain_one(
    project: Path, bring: Callable[..., Outcome], name: str, place: str
) -> None:
    assert bring({name: "@misc{a, title={Looms}}"}).status == 0
    assert list(content(project)) == [f"library/{place}"]


def test_the_rest_of_a_name_that_begins_with_its_day_is_kept(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    bring({"2025-12-09-Evening!.txt": capture(listing("Looms"))})
    assert list(content(project)) == ["captures/2025-12-09-evening.txt"]


def test_a_link_that_leads_nowhere_is_not_written_through(
    project: Path, bring: Callable[..., Outcome], tmp_path: Path
) -> None:
    lay(project, {"content/library/other.bib": "@misc{z, title={Z}}"})
    (project / "content/library/looms.bib").symlink_to(tmp_path / "elsewhere.bib")
    outcome = bring({"looms.bib": "@misc{a, title={Looms}}"})
    assert outcome.status == 1  # content that cannot be read
    assert not (tmp_path / "elsewhere.bib").exists()


# ------------------------------------------------------------------------ days and years


@pytest.mark.parametrize(
    ("name", "options", "dates", "day", "why"),
    [
        ("2025-12-09.txt", [], ["Sep 20"], "2025-12-09", "as its name says"),
        ("saved 20251209.txt", [], ["Sep 20"], "2025-12-09", "as its name says"),
        ("x.txt", ["--date", "2025-12-09"], ["Sep 20"], "2025-12-09", "as --date says"),
        ("x.txt", ["--year", "2024"], ["Sep 20"], "2024-12-09", "the page says “Dec 9”, and --year 2024"),
        ("x 2024.txt", [], ["Sep 20"], "2024-12-09", "the page says “Dec 9”, and its name 2024"),
        (
            "x.txt",
            [],
            ["Sep 20", "Oct 18, 2021", "Oct 18, 2023", "Sep 21"],
            "2024-12-09",
            "the page says “Dec 9”; the year 2024 is assumed, "
            "because the newest year named in it is 2023, and 2 dates name none",
        ),
    ],
)
def test_the_day_of_a_capture_is_told_and_so_is_why(
    project: Path,
    bring: Callable[..., Outcome],
    name: str,
    options: list[str],
    dates: list[str],
    day: str,
    why: str,
) -> None:
    outcome = bring({name: capture(*(listing(f"Looms {date}", date) for date in dates))}, *options)
    assert list(content(project)) == [f"captures/{day}.txt"]
    assert f" {why}.\n" in outcome.out
    assert f"Dates without a year are taken to be of {day[:4]}." in outcome.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            capture(listing("Looms")),
            "the page says “Dec 9”, but no date in it names a year.\n  Add --year",
        ),
        (
            capture(listing("Looms", "Oct 18, 2023")),
            "the page says “Dec 9”, but every date in it names a year, so nothing tells its own.",
        ),
        (
            capture(listing("Looms"), listing("Cards", "Oct 1, 2024"), day="Feb 29"),
            "the page says “Feb 29”, and there is no such day in 2025.\n  Add --date",
        ),
        (
            listing("Looms") + listing("Cards", "Oct 18, 2023"),
            "neither its name nor the page says on which day it was saved.\n  Add --date",
        ),
        (
            answer("Looms", shown=""),
            "neither its name nor its papers say on which day they were shown.\n"
            "  Add --date with the day, such as --date 2025-09-29. The newest",
        ),
    ],
)
def test_a_day_that_nothing_tells_is_asked_for(
    project: Path, bring: Callable[..., Outcome], text: str, message: str
) -> None:
    outcome = bring({"x.txt": text})
    assert outcome.status == 1
    assert message in outcome.err
    assert content(project) == {}


def test_the_ids_on_a_page_tell_its_year(project: Path, bring: Callable[..., Outcome]) -> None:
    def linked(title: str, number: str, date: str) -> str:
        return f"### [{title}](https://huggingface.co/papers/{number})\n\n  • 4 authors\n·\n{date}\n\n"

    page = "# Daily Papers\n\nJun 2\n\n" + linked("A", "1603.00001", "Mar 3, 2016")
    bring({"x.txt": page + linked("Looms", "2606.00683", "May 29") + linked("Cards", "2606.00007", "Jun 1")})
    assert list(content(project)) == ["captures/2026-06-02.txt"]
    outcome = bring(
        {"y.txt": page + linked("L", "2606.00683", "May 29") + linked("C", "2406.00007", "Jun 1")}
    )
    assert "its dates and the arXiv ids in it do not tell one year" in outcome.err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (answer("Looms", shown="2025-10-03"), "captures/2025-10-03.json"),
        (f'{{"date": "2024-06-12", "papers": {answer("Looms", shown="")}}}', "captures/2024-06-12.json"),
        (json.dumps(json.loads(answer("Looms"))[0]["paper"]), "library/x.json"),
        (answer("Looms")[:-1] + "," + answer("Cards!", shown="2025-10-02")[1:], "library/x.json"),
    ],
)
def test_the_papers_of_an_answer_tell_its_day_if_they_were_shown_on_one(
    project: Path, bring: Callable[..., Outcome], text: str, place: str
) -> None:
    assert bring({"x.json": text}).status == 0
    assert list(content(project)) == [place]


# ------------------------------------------------------------------------ nothing is lost, nothing twice


def test_a_second_time_changes_nothing(project: Path, bring: Callable[..., Outcome]) -> None:
    files: dict[str, str | bytes] = {
        "2025-12-09.txt": capture(listing("Looms")),
        "a.bib": "@misc{a, title={Cards}}",
    }
    bring(files)
    before = content(project)
    again = bring(files | {"b.bib": b"\xef\xbb\xbf@misc{a, title={Cards}}"})
    assert again.status == 0
    assert again.out.count("nothing to do, it is here already as content/") == 3
    assert content(project) == before


def test_a_part_of_a_day_is_not_copied(project: Path, bring: Callable[..., Outcome]) -> None:
    whole = answer("Looms", "Cards!", "Punched", votes=9)
    bring({"2025-10-01.json": whole})
    for part in (answer("Cards!", votes=9), answer("Cards!", votes=99), answer("Looms", "Punched", votes=1)):
        outcome = bring({"x.json": part})
        assert "not copied, content/captures/2025-10-01.json has all that is in it." in outcome.out
    assert content(project) == {"captures/2025-10-01.json": whole.encode()}


def test_a_fuller_day_takes_the_place_of_a_part_of_it(project: Path, bring: Callable[..., Outcome]) -> None:
    bring({"2025-10-01.json": answer("Looms")})
    whole = answer("Cards!", "Looms", votes=2)
    outcome = bring({"x.json": whole})
    assert "It takes the place of the file there, which had nothing else in it." in outcome.out
    assert "“Looms”: upvotes 1, now 2" in outcome.out
    assert "New: 1 paper:" in outcome.out
    assert content(project) == {"captures/2025-10-01.json": whole.encode()}


def test_a_day_that_says_something_else_stands_beside_the_other_and_is_the_newer(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    bring({"2025-10-01.json": answer("Looms", "Cards!", votes=5)})
    bring({"x.json": answer("Looms", "Punched", votes=7)})
    assert list(content(project)) == ["captures/2025-10-01-2.json", "captures/2025-10-01.json"]
    site = read_site(project, Surroundings())
    assert {paper.raw_title: paper.upvotes for paper in site.papers} == {
        "Looms": 7,
        "Cards!": 5,
        "Punched": 7,
    }


@pytest.mark.parametrize("cut", range(5, 100, 5))
def test_half_a_capture_never_outweighs_the_whole(
    project: Path, bring: Callable[..., Outcome], cut: int
) -> None:
    whole = capture(*(listing(f"Looms {n}", abstract="We weave numbers. " * 9) for n in range(4)))
    bring({"2025-12-09.txt": whole})
    bring({"half.txt": whole[: len(whole) * cut // 100]}, "--date", "2025-12-09")
    assert content(project) == {"captures/2025-12-09.txt": whole.encode()}


def test_a_newer_export_takes_the_place_only_if_no_line_is_lost(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    old = "@misc{a, title={Looms},\n  note={by hand}}\n"
    bring({"lib.bib": old})
    bring({"lib.bib": "@misc{a, title={Looms}}\n@misc{b, title={Cards}}\n"})
    assert content(project)["library/lib.bib"] == old.encode()
    assert "library/lib-2.bib" in content(project)
    bring({"lib.bib": f"{old}@misc{{c, title={{Punched}}}}\n"})
    assert b"Punched" in content(project)["library/lib.bib"]
    assert len(content(project)) == 2


def test_a_file_that_cannot_be_written_is_refused_and_the_others_are_not(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    lay(project, {"content/captures": "in the way"})
    outcome = bring({"2025-12-09.txt": capture(listing("Looms")), "a.bib": "@misc{a, title={Cards}}"})
    assert outcome.status == 1
    assert "content/captures/2025-12-09.txt: this file cannot be written: " in outcome.err
    assert "library/a.bib" in content(project)


def test_an_interruption_leaves_whole_files_only(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = lay(tmp_path / "inbox", {f"{name}.bib": f"@misc{{a, title={{{name}}}}}" for name in "abc"})
    replace = Path.replace

    def interrupt(path: Path, target: Path) -> Path:
        if target.name == "b.bib":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", interrupt)
    outcome = run("import", inbox, "--root", project)
    assert outcome.status == 130
    assert "a.bib: copied to content/library/a.bib" in outcome.out
    assert list(content(project)) == ["library/a.bib"]


# ------------------------------------------------------------------------ the receipt


def test_the_receipt_says_what_is_new_merged_changed_and_contradictory(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    bring({"2025-09-21.txt": capture(listing("Looms", "Sep 1"), listing("Cards"), day="Sep 21")})
    outcome = bring({"2025-10-01.json": answer("Looms", authors=[{"name": "Ada Lovelace"}])})
    assert outcome.status == 0
    receipt = outcome.out.partition("\n\n")[2]
    assert receipt.startswith(
        "Merged, because other files have them too: 1 paper:\n"
        "  “Looms”: content/captures/2025-10-01.json:2, and content/captures/2025-09-21.txt:11\n"
        "Changed:\n"
        "  “Looms”: arXiv id unknown, now 2509.00005\n"
        "  “Looms”: authors 4 authors, now 1 author, Ada Lovelace\n"
        "  “Looms”: date 2025-09-01, now 2025-09-29\n"
        "  “Looms”: upvotes unknown, now 1\n"
        "  “Looms”: abstract We do it., now On Looms.\n"
        "In conflict (the newer source holds; a note on the paper settles it):\n"
        "  content/captures/2025-10-01.json:2: “Looms”: Ada Lovelace (1 author) here, 4 authors in "
    )
    assert (
        "“Looms”: the date is 2025-09-29 here, 2025-09-01 in content/captures/2025-09-21.txt:11.\n" in receipt
    )
    assert "The digest has 2 papers now." in receipt


def test_papers_that_are_one_after_all_and_likely_ones_are_named(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    bring({"a.ris": "TY  - JOUR\nTI  - Looms in the Mill\nDO  - 10.1000/x\nER  - \n"})
    bring({"b.ris": "TY  - JOUR\nTI  - Weaving\nUR  - https://arxiv.org/abs/2509.00001\nER  - \n"})
    both = "TY  - JOUR\nTI  - Weaving\nDO  - 10.1000/x\nUR  - https://arxiv.org/abs/2509.00001\nER  - \n"
    outcome = bring({"c.ris": both})
    assert "Apart before, one paper now:\n  “Looms in the Mill” and “Weaving”\n" in outcome.out
    outcome = bring(
        {"d.bib": "@misc{a, title={Four Words of Cards}}\n@misc{b, title={Four Words of the Cards}}"}
    )
    assert "warning: “Four Words of the Cards” may be “Four Words of Cards”" in outcome.err


def test_what_could_not_be_read_is_named_by_the_file_that_was_given(bring: Callable[..., Outcome]) -> None:
    outcome = bring({"x.bib": "@misc{a, title={Looms}}\n@misc{b, title={Cards}\n"})
    assert "inbox/x.bib:2: warning: this entry is damaged, so it is left out" in outcome.err


def test_a_dry_run_says_the_same_and_writes_nothing(project: Path, bring: Callable[..., Outcome]) -> None:
    outcome = bring({"a.bib": "@misc{a, title={Looms}}", "b.bib": "@misc{a, title={Looms}} "}, "--dry-run")
    assert outcome.status == 0
    assert "a.bib: would go to content/library/a.bib (BibTeX, 1 paper)." in outcome.out
    assert "b.bib: not copied, content/library/a.bib has all that is in it." in outcome.out
    assert outcome.out.endswith("New: 1 paper:\n  “Looms”\nNothing was written (--dry-run).\n")
    assert content(project) == {}


def test_a_mistake_in_the_content_is_named_and_stops_no_import(
    project: Path, bring: Callable[..., Outcome]
) -> None:
    lay(project, {"content/notes/looms.md": "---\npaper: Looms\nthem: x\n---\n"})
    outcome = bring({"a.bib": "@misc{a, title={Looms}}"})
    assert outcome.status == 0
    assert outcome.err.startswith("content/notes/looms.md:3: ")
    assert list(content(project)) == ["library/a.bib", "notes/looms.md"]


# ------------------------------------------------------------------------ where files come from


def test_a_dash_reads_standard_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer("Looms").encode())))
    outcome = run("import", "-", "--root", project)
    assert outcome.out.startswith("standard input: copied to content/captures/2025-10-01.json ")


def test_an_empty_folder_is_said_to_be_empty(project: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    outcome = run("import", tmp_path / "inbox", "--root", project)
    assert (outcome.status, outcome.out) == (0, f"There is no file in {tmp_path / 'inbox'}: nothing to do.\n")


def test_a_folder_is_walked_sorted_and_without_hidden_files(project: Path, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "b/z.bib": "@misc{a, title={Z}}",
        "a.bib": "@misc{a, title={A}}",
        ".git/x.bib": "@misc{a, title={X}}",
        "b/.DS_Store": b"\0",
        "c.txt": "Dear all,",
    }
    outcome = run("import", lay(tmp_path / "inbox", files), "--root", project)
    assert outcome.status == 1
    assert [line.partition(":")[0][-7:] for line in outcome.out.splitlines() if " copied to " in line] == [
        "x/a.bib",
        "b/z.bib",
    ]
    assert "c.txt:1: this begins with “Dear all,”, which no format does." in outcome.err
    assert "Refused: 1 of 3 files." in outcome.out


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty."),
        (b"%PDF-1.7\n\0", "this is a PDF, not a list of papers."),
        (b"\x1f\x8b\x08", "this is a gzip archive, not a list of papers."),
        (b"PK\x03\x04\0", "this is a ZIP archive or an office document, not a list of papers."),
        ("@misc{a}".encode("utf-16"), "this file is UTF-16, not UTF-8."),
        (b"<html><title>502 Bad Gateway</title>", "this is an HTML page (“502 Bad Gateway”), not a list"),
        (b"[{'paper': {'id': '2509.00001'}}]", "this looks like Python's own notation, not like JSON."),
        (answer("Looms").replace('"2509.00005"', "2509.5").encode(), "the id 2509.5 of “Looms” is a number."),
        (answer("Looms").encode()[:-9], "the JSON breaks off here: this looks like half a download."),
        (b'{"error": "Invalid date"}', "this is an error message of a server, not a list of papers"),
        (
            b"<rss><channel><item><title>Looms</ti",
            "the XML breaks off here: this looks like half a download.",
        ),
        (b"Too Many Requests", "this begins with “Too Many Requests”, which no format does."),
    ],
)
def test_what_is_no_list_of_papers_is_refused_by_what_it_looks_like(
    project: Path, bring: Callable[..., Outcome], data: bytes, message: str
) -> None:
    outcome = bring({"x.json": data}, "--date", "2025-10-01")
    assert outcome.status == 1
    assert message in outcome.err
    assert content(project) == {}


def test_a_file_that_is_not_there_and_a_project_without_content_are_named(tmp_path: Path) -> None:
    lay(tmp_path, {"content/site.toml": SITE})
    outcome = run("import", tmp_path / "no.bib", "--root", tmp_path)
    assert (outcome.status, "no.bib: this file cannot be read: No such file" in outcome.err) == (1, True)
    outcome = run("import", tmp_path / "no.bib", "--root", tmp_path / "elsewhere")
    assert "content/: there is no such folder.\n  Call sitegen in the folder of a project" in outcome.err


@pytest.mark.parametrize("name", FORMATS)
@given(papers=PAPERS, data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_file_cut_and_flipped_anywhere_is_copied_or_refused_with_a_reason(
    name: str, papers: list[Drawn], data: st.DataObject
) -> None:
    damaged = bytearray(FORMATS[name](papers).encode())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    offer = Offer(name, Path(name).stem, Path(name).suffix[1:], bytes(damaged[:cut]))
    outcome = judge(offer, Wish(date(2030, 12, 31)), Shelf([], [], []))
    if outcome.action == "refused":
        assert any(problem.severity == "error" and problem.path == name for problem in outcome.problems)
    else:
        assert outcome.action == "copied"
        assert outcome.entries


# ------------------------------------------------------------------------ real files


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files do not lie beside the project")
def test_all_real_files_together_arrive_and_build(project: Path) -> None:
    outcome = run("import", SHARED / "daily-api", SHARED / "captures", SHARED / "examples", "--root", project)
    assert outcome.status == 0
    assert "The digest has 890 papers now." in outcome.out
    before = content(project)
    again = run("import", SHARED / "daily-api", SHARED / "captures", SHARED / "examples", "--root", project)
    assert again.out.count("nothing to do") == len(before) == 38
    assert content(project) == before
    assert len(read_site(project, Surroundings()).papers) == 890
