"""`sitegen resolve`: what it takes, what it leaves to the curator, and how politely it asks."""

from __future__ import annotations

import csv
import io
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from papers import SHARED
from running import Outcome, built, lay, run
from scholars import Failure, Known, Scholar, scholar_at_work

from sitegen import __version__
from sitegen.asking import read_site
from sitegen.config import Surroundings
from sitegen.lookup import client as client_module
from sitegen.lookup import judge, services
from sitegen.model import Paper

SITE = """
title = "Lamplight"
base_url = "https://reader.example/d/"
id_authority = "reader.example,2025-01-01"
"""
HEAD = "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n\nDec 9\n\n"
LISTINGS = """A Reading Lamp for $O(n^2)$ Pages: Oil-Free

We read by lamp and say so, at some length, so that this is an abstract.

  • 4 authors
·
Sep 20

On the Length of Wicks in Small Lamps

We measure wicks. They are long. This goes on for a while, as abstracts do.

  • 2 authors
·
Sep 21, 2024

Nobody Knows This Paper at All

We are unknown, and this abstract says no more about it than that we are.

  • 1 authors
·
Sep 22"""
LAMP = Known("A reading lamp for O(n^2) pages: oil free", "2509.00001", "2025-09-21", doi="10.5555/Lamp.1")
WICKS = Known("On the Length of Wicks in Small Lamps", "2409.00002", "2024-09-21", ("Ada Lamp", "Ben Wick"))
FOUND = "content/library/resolved.json"


@pytest.fixture
def scholar() -> Iterator[Scholar]:
    with scholar_at_work() as scholar:
        yield scholar


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return for how many seconds the program would have waited; it does not."""
    waited: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", waited.append)
    return waited


@pytest.fixture
def project(tmp_path: Path, waits: list[float]) -> Path:
    return lay(tmp_path, {"content/site.toml": SITE, "content/captures/2025-12-09.txt": HEAD + LISTINGS})


def resolve(project: Path, scholar: Scholar, *arguments: str) -> Outcome:
    return run("resolve", project, *arguments, "--api", scholar.address)


def paper(project: Path, beginning: str) -> Paper:
    site = read_site(project, Surroundings())
    return next(paper for paper in site.papers if paper.slug.startswith(beginning))


def found(project: Path) -> list[dict[str, object]]:
    path = project / FOUND
    return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


# ------------------------------------------------------------------------ what is taken


def test_a_paper_that_fits_gets_its_address_and_authors(project: Path, scholar: Scholar) -> None:
    scholar.papers = [LAMP, WICKS]
    before = paper(project, "a-reading-lamp")
    outcome = resolve(project, scholar)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (
        "arXiv, 3 papers: 2 found, 0 near misses, 1 not found.\n"
        "Wrote 2 papers to content/library/resolved.json.\n"
        "  arXiv:2509.00001  A Reading Lamp for O(n²) Pages: Oil-Free\n"
        "  arXiv:2409.00002  On the Length of Wicks in Small Lamps\n"
        "\n"
        "Not found:\n"
        "  content/captures/2025-12-09.txt:27: Nobody Knows This Paper at All\n"
    )
    after = paper(project, "a-reading-lamp")
    assert (after.arxiv_id, after.doi) == ("2509.00001", "10.5555/lamp.1")
    assert after.authors == ("Ada Lamp", "Ben Wick", "Cleo Oil", "Dan Ash")
    assert (after.slug, after.feed_id, after.days) == (before.slug, before.feed_id, before.days)
    assert FOUND in [seen.source for seen in after.seen]
    built(project, "--strict")


def test_what_was_found_says_who_said_it(project: Path, scholar: Scholar) -> None:
    scholar.papers = [LAMP]
    resolve(project, scholar)
    assert found(project) == [
        {
            "id": "arXiv:2509.00001",
            "type": "article",
            "title": "A reading lamp for O(n^2) pages: oil free",
            "author": [{"literal": name} for name in LAMP.authors],
            "issued": {"date-parts": [[2025, 9, 21]]},
            "DOI": "10.5555/lamp.1",
            "URL": "https://arxiv.org/abs/2509.00001",
            "source": "arXiv",
        }
    ]


@pytest.mark.parametrize(
    ("source", "name"), [("openalex", "OpenAlex"), ("semanticscholar", "Semantic Scholar")]
)
def test_other_services_find_the_same(project: Path, scholar: Scholar, source: str, name: str) -> None:
    scholar.papers = [LAMP, WICKS]
    outcome = resolve(project, scholar, "--source", source)
    assert outcome.out.startswith(f"{name}, 3 papers: 2 found, 0 near misses, 1 not found.\n")
    assert [item["source"] for item in found(project)] == [name, name]
    assert paper(project, "a-reading-lamp").arxiv_id == "2509.00001"
    assert paper(project, "on-the-length").authors == ("Ada Lamp", "Ben Wick")
    built(project, "--strict")


def test_a_published_id_without_a_preprint_is_taken_too(project: Path, scholar: Scholar) -> None:
    scholar.failures = [(200, {}, json.dumps({"total": 1, "data": [{
        "title": WICKS.title, "externalIds": {"DOI": "10.5555/WICKS"}, "publicationDate": WICKS.day,
        "authors": None,
    }]}).encode())]  # fmt: skip
    assert resolve(project, scholar, "Wicks", "--source", "semanticscholar").status == 0
    assert [item["URL"] for item in found(project)] == ["https://doi.org/10.5555/wicks"]
    assert paper(project, "on-the-length").author_count == 2


def test_a_second_run_adds_to_the_file_and_asks_only_what_is_new(project: Path, scholar: Scholar) -> None:
    scholar.papers = [LAMP]
    resolve(project, scholar, "lamp for")
    scholar.papers = [LAMP, WICKS]
    scholar.asked.clear()
    resolve(project, scholar, "wicks")
    assert [item["id"] for item in found(project)] == ["arXiv:2509.00001", "arXiv:2409.00002"]
    assert len(scholar.asked) == 1
    assert run("resolve", project, "wicks").out == (
        "“On the Length of Wicks in Small Lamps” has an address already: https://arxiv.org/abs/2409.00002\n"
        "Nothing to look up.\n"
    )


def test_a_dry_run_writes_nothing_into_content(project: Path, scholar: Scholar) -> None:
    scholar.papers = [LAMP]
    outcome = resolve(project, scholar, "--dry-run")
    assert "Would write 1 paper to content/library/resolved.json.\n" in outcome.out
    assert not (project / "content" / "library").exists()


def test_a_damaged_file_of_findings_is_left_alone(project: Path, scholar: Scholar) -> None:
    lay(project, {FOUND: '{"a": "half'})
    before = (project / FOUND).read_bytes()
    outcome = resolve(project, scholar)
    assert outcome.status == 1
    assert outcome.err.startswith(FOUND)
    assert ((project / FOUND).read_bytes(), scholar.asked) == (before, [])


def test_what_was_given_out_before_is_kept(project: Path, scholar: Scholar) -> None:
    run("ids", project, "--write")
    before = paper(project, "a-reading-lamp")
    scholar.papers = [LAMP]
    resolve(project, scholar)
    run("ids", project, "--write")
    after = paper(project, "a-reading-lamp")
    assert after.key == "arxiv:2509.00001"
    assert (after.slug, after.feed_id) == (before.slug, before.feed_id)


# ------------------------------------------------------------------------ what is left to the curator


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (
            Known(WICKS.title, "2409.00002", "2024-09-23", WICKS.authors),
            "the date is 2024-09-21 here, 2024-09-23 there.",
        ),
        (
            Known(WICKS.title, "2409.00002", "2024-09-21"),
            "2 authors here, Ada Lamp, Ben Wick, Cleo Oil … (4 authors) there.",
        ),
        (Known("On the Length of Wicks in Big Lamps", "2409.00002", "2024-09-21"), "the title differs."),
    ],
)
def test_what_contradicts_the_capture_is_a_near_miss(
    project: Path, scholar: Scholar, known: Known, why: str
) -> None:
    scholar.papers = [known]
    out = resolve(project, scholar, "wicks", "--source", "openalex").out
    assert found(project) == []
    assert out.endswith(
        "content/captures/2025-12-09.txt:19: On the Length of Wicks in Small Lamps\n"
        f"  arXiv:2409.00002, {known.day}: {known.title}\n"
        f"    {why}\n"
        "    A new row of content/labels.csv: On the Length of Wicks in Small Lamps,arXiv:2409.00002,,,\n"
    )


def test_the_row_of_a_near_miss_can_be_pasted(project: Path, scholar: Scholar) -> None:
    scholar.papers = [Known(WICKS.title, "2409.00002", "2024-09-25", WICKS.authors)]
    row = resolve(project, scholar, "wicks").out.rpartition("labels.csv: ")[2]
    lay(project, {"content/labels.csv": f"paper,id,theme,more_themes,tags\n{row}"})
    assert paper(project, "on-the-length").arxiv_id == "2409.00002"


def test_a_paper_that_has_a_row_gets_its_id_there(project: Path, scholar: Scholar) -> None:
    lay(project, {"content/labels.csv": f"paper;id;tags\n\n{WICKS.title};;\n"})
    scholar.papers = [Known(WICKS.title, "2409.00002", "2024-09-25", WICKS.authors)]
    out = resolve(project, scholar, "wicks").out
    assert out.endswith("    In content/labels.csv:3, the column id: arXiv:2409.00002\n")


def test_a_paper_without_a_date_is_never_taken(project: Path, scholar: Scholar) -> None:
    title = 'Tables, Chairs; and "Lamps" in a Room'
    capture = project / "content/captures/2025-12-09.txt"
    capture.write_text(f"{HEAD}{title}\n\nWe sit down and read what is on the table, with care.")
    scholar.papers = [Known(title, "2409.00002", "2024-09-25")]
    out = resolve(project, scholar).out
    assert "    the sources give no date to compare with.\n" in out
    row = out.rpartition("labels.csv: ")[2]
    assert next(csv.reader(io.StringIO(row))) == [title, "arXiv:2409.00002", "", "", ""]


def test_of_two_papers_that_fit_none_is_taken(project: Path, scholar: Scholar) -> None:
    scholar.papers = [WICKS, Known(WICKS.title, "2409.99999", WICKS.day, WICKS.authors)]
    out = resolve(project, scholar, "wicks").out
    assert out.count("2 papers fit title and date.\n") == 2
    assert found(project) == []


def test_a_title_that_only_begins_the_same_is_a_near_miss(project: Path, scholar: Scholar) -> None:
    scholar.papers = [Known(f"{WICKS.title}: A Survey", "2409.00002", WICKS.day, WICKS.authors)]
    assert "the title differs." in resolve(project, scholar, "wicks").out
    assert found(project) == []


# ------------------------------------------------------------------------ how it asks


def test_arxiv_is_asked_for_the_phrase_and_then_for_its_longest_words(
    project: Path, scholar: Scholar, waits: list[float]
) -> None:
    resolve(project, scholar, "lamp for")
    phrase, loose = scholar.asked
    assert phrase == ("/?search_query=ti%3A%22a+reading+lamp+for+o+n2+pages+oil+free%22&max_results=10")
    assert loose == ("/?search_query=ti%3Areading+AND+ti%3Apages+AND+ti%3Afree+AND+ti%3Alamp&max_results=10")
    assert scholar.agents == {f"sitegen/{__version__} (static site generator; looks papers up by title)"}
    assert len(waits) == 1
    assert 2.5 < waits[0] <= 3.0


def test_a_limit_counts_papers_and_the_next_run_goes_on(project: Path, scholar: Scholar) -> None:
    scholar.papers = [LAMP, WICKS]
    outs = [resolve(project, scholar, "--limit", "1").out for _ in range(3)]
    assert outs[0].endswith("2 papers left for another run, because of --limit.\n")
    assert outs[1].endswith("1 paper left for another run, because of --limit.\n")
    assert outs[2].startswith("arXiv, 2 papers: 1 found, 0 near misses, 1 not found.\n")
    assert len(found(project)) == 2
    assert len(scholar.asked) == len(set(scholar.asked)) == 5


def test_what_was_answered_is_asked_again_on_demand_only(project: Path, scholar: Scholar) -> None:
    resolve(project, scholar)
    asked = len(scholar.asked)
    scholar.papers = [WICKS]
    resolve(project, scholar)
    assert (len(scholar.asked), found(project)) == (asked, [])
    resolve(project, scholar, "--again")
    assert len(found(project)) == 1


def test_a_damaged_memory_is_asked_again(project: Path, scholar: Scholar) -> None:
    scholar.papers = [WICKS]
    resolve(project, scholar, "wicks", "--dry-run")
    for path in (project / ".sitegen-cache" / "resolve").iterdir():
        path.write_bytes(path.read_bytes()[:-20])
    resolve(project, scholar, "wicks")
    assert (len(scholar.asked), len(found(project))) == (2, 1)


# ------------------------------------------------------------------------ what goes wrong


EIGHT = "Tue, 09 Dec 2025 08:00:00 GMT"
HALF_PAST = "Tue, 09 Dec 2025 08:01:30 GMT"


@pytest.mark.parametrize(
    ("failures", "waited"),
    [
        ([(503, {}, b"")], [6.0]),
        ([(429, {"Retry-After": "20"}, b"Rate exceeded.")], [20.0]),
        ([(429, {"Retry-After": HALF_PAST, "Date": EIGHT}, b"")], [90.0]),
        ([(503, {"Retry-After": "soon"}, b"")] * 3, [6.0, 12.0, 24.0]),
        ([(200, {}, b"<html><title>Maintenance</title></html>")], [6.0]),
    ],
)
def test_a_busy_service_is_asked_again_later(
    project: Path, scholar: Scholar, waits: list[float], failures: list[Failure], waited: list[float]
) -> None:
    scholar.papers, scholar.failures = [WICKS], list(failures)
    assert resolve(project, scholar, "wicks").status == 0
    assert [wait for wait in waits if wait > 3.0] == waited
    assert len(found(project)) == 1


def test_an_empty_answer_that_claims_results_is_not_believed(project: Path, scholar: Scholar) -> None:
    scholar.papers = [WICKS]
    empty = scholar.arxiv({"search_query": ['ti:"none"'], "max_results": ["10"]})
    scholar.failures = [(200, {}, empty.replace(">0</opensearch:total", ">7</opensearch:total").encode())]
    resolve(project, scholar, "wicks")
    assert len(found(project)) == 1


@pytest.mark.parametrize(
    ("failures", "message"),
    [
        ([(503, {}, b"")] * 4, "gave no answer in 4 tries: it answered 503 Service Unavailable."),
        (
            [(429, {"Retry-After": "3600"}, b"")],
            "cannot be asked now: it answered 429 Too Many Requests and asks to come back in 3,600 s.",
        ),
        ([(403, {}, b"")], "does not want to be asked: it answered 403 Forbidden."),
    ],
)
def test_a_service_that_does_not_answer_ends_the_run_and_nothing_is_lost(
    project: Path, scholar: Scholar, failures: list[Failure], message: str
) -> None:
    scholar.papers = [LAMP, WICKS]
    assert resolve(project, scholar, "lamp for", "--dry-run").status == 0
    scholar.failures = list(failures)
    outcome = resolve(project, scholar)
    hint = "Nothing is lost: call python -m sitegen resolve again, and it goes on here without asking twice."
    assert (outcome.status, outcome.err) == (1, f"arXiv: {message}\n  {hint}\n")
    assert [item["id"] for item in found(project)] == ["arXiv:2509.00001"]


ERROR = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><entry><id>http://arxiv.org/api/errors#incorrect_query</id><title>Error</title>
<summary>incorrect query</summary></entry></feed>"""


@pytest.mark.parametrize(
    ("failures", "why"),
    [
        ([(400, {}, b"")], "it answered 400 Bad Request"),
        ([(200, {}, ERROR.encode())], "it answered with an error"),
        ([(200, {}, b'{"error": 1}')] * 4, "its answer cannot be read"),
    ],
)
def test_a_question_that_comes_to_nothing_does_not_stop_the_others(
    project: Path, scholar: Scholar, failures: list[Failure], why: str
) -> None:
    scholar.papers, scholar.failures = [WICKS], list(failures)
    outcome = resolve(project, scholar)
    assert (outcome.status, len(found(project))) == (1, 1)
    assert outcome.err == (
        "content/captures/2025-12-09.txt:11: arXiv was asked for “A Reading Lamp for O(n²) Pages: Oil-Free” "
        f"in vain: {why}.\n"
    )


def test_a_service_that_refuses_every_question_is_left_in_peace(project: Path, scholar: Scholar) -> None:
    scholar.failures = [(400, {}, b"")] * 9
    outcome = resolve(project, scholar)
    assert (outcome.status, len(scholar.asked)) == (1, 3)
    assert "arXiv: 3 questions in a row came to nothing.\n" in outcome.err


def test_without_a_network_it_says_so(project: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    outcome = run("resolve", project, "--api", address)
    assert outcome.status == 1
    assert outcome.err.startswith("arXiv: cannot be reached: Connection refused.\n")


def test_a_silent_service_is_given_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "TIMEOUT", 0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        outcome = run("resolve", project, "--api", f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert outcome.err.startswith("arXiv: gave no answer in 4 tries: it did not answer within 0.05 s.\n")


def test_an_interrupted_run_keeps_what_it_found(
    project: Path, scholar: Scholar, monkeypatch: pytest.MonkeyPatch
) -> None:
    scholar.papers = [LAMP, WICKS]

    def interrupt(_: float) -> None:
        if len(scholar.asked) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(client_module.time, "sleep", interrupt)
    outcome = resolve(project, scholar)
    assert outcome.status == 130
    assert outcome.err == "sitegen: interrupted. What was found until then is kept.\n"
    assert [item["id"] for item in found(project)] == ["arXiv:2509.00001"]


@pytest.mark.parametrize("name", ["arxiv-api-10.atom.xml", "arxiv-api-old-id.atom.xml"])
def test_real_answers_of_arxiv_are_read(name: str) -> None:
    path = SHARED / "examples" / name
    if not path.exists():
        pytest.skip("the real files do not lie beside the project")
    entries = services.SERVICES["arxiv"].read(path.read_bytes())
    assert entries
    for entry in entries:
        asked = replace(entry, arxiv_id="", doi="", authors=(), title=entry.title.upper())
        assert judge(asked, entries).found == entry


@pytest.mark.parametrize("source", sorted(services.SERVICES))
@given(data=st.data())
def test_a_damaged_answer_is_read_or_refused(source: str, data: st.DataObject) -> None:
    scholar = Scholar(papers=[LAMP, WICKS])
    query = {
        "search_query": ["ti:wicks"],
        "max_results": ["10"],
        "filter": [WICKS.title],
        "query": [WICKS.title],
    }
    write = {
        "arxiv": scholar.arxiv,
        "openalex": scholar.openalex,
        "semanticscholar": scholar.semantic_scholar,
    }
    body = bytearray(write[source](query).encode())
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    with suppress(services.Unreadable, services.Refused):
        services.SERVICES[source].read(bytes(body[: data.draw(st.integers(place, len(body)))]))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"results": [{"title": 7}]}',
        b'{"results": [{"title": "x", "authorships": [{"author": null}]}]}',
        b'{"data": [{"title": ["x"]}], "total": 1}',
        b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "b">]><feed>&a;</feed>',
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("source", sorted(services.SERVICES))
def test_an_answer_of_another_form_is_refused(source: str, body: bytes) -> None:
    with pytest.raises(services.Unreadable):
        services.SERVICES[source].read(body)
