"""Services that know papers, on the loopback address: they answer in the form in which the real ones do."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

Failure = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


@dataclass(frozen=True)
class Known:
    """A paper that the service knows."""

    title: str
    number: str
    day: str
    authors: tuple[str, ...] = ("Ada Lamp", "Ben Wick", "Cleo Oil", "Dan Ash")
    doi: str = ""


@dataclass
class Scholar:
    """One server that plays all services."""

    address: str = ""
    papers: list[Known] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The path and query of each request."""
    agents: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)
    """What the next requests get instead of an answer."""

    def matching(self, phrase: str) -> list[Known]:
        """Return the papers whose titles have the words, as a phrase where it stands in quotes."""
        if phrase.startswith('ti:"'):
            return [paper for paper in self.papers if phrase[4:-1] in " ".join(words(paper.title))]
        asked = [part.removeprefix("ti:") for part in phrase.split(" AND ")]
        return [paper for paper in self.papers if set(asked) <= set(words(paper.title))]

    def arxiv(self, query: dict[str, list[str]]) -> str:
        found = self.matching(query["search_query"][0])[: int(query["max_results"][0])]
        return ATOM.format(total=len(found), entries="".join(map(atom_entry, found)))

    def openalex(self, query: dict[str, list[str]]) -> str:
        asked = words(query["filter"][0].removeprefix("title.search:"))
        found = [paper for paper in self.papers if len(set(asked) & set(words(paper.title))) > 2]
        return json.dumps({"meta": {"count": len(found)}, "results": [work(paper) for paper in found]})

    def semantic_scholar(self, query: dict[str, list[str]]) -> str:
        asked = words(query["query"][0])
        found = [paper for paper in self.papers if len(set(asked) & set(words(paper.title))) > 2]
        data = {"data": [match(paper) for paper in found]} if found else {}
        return json.dumps({"total": len(found), "offset": 0, **data})


def words(title: str) -> list[str]:
    return re.findall(r"\w+", title.lower())


ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/aBcDeFgHiJkLmNoPqRsTuVwXyZ0</id>
  <title>arXiv Query: search_query=ti:lamp&amp;id_list=&amp;start=0&amp;max_results=10</title>
  <updated>2025-12-12T22:09:27Z</updated>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""


def atom_entry(paper: Known) -> str:
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    doi = f"<arxiv:doi>{escape(paper.doi)}</arxiv:doi>" if paper.doi else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.number}v2</id><title>{escape(paper.title)}</title>"
        f"<updated>2025-12-01T08:00:00Z</updated><summary>We read by lamp.</summary>"
        f"<published>{paper.day}T21:55:55Z</published>{doi}{people}</entry>\n"
    )


def work(paper: Known) -> dict[str, object]:
    arxiv = f"http://arxiv.org/abs/{paper.number}"
    return {
        "id": "https://openalex.org/W4400000001",
        "title": paper.title,
        "doi": f"https://doi.org/{paper.doi or '10.48550/arxiv.' + paper.number}",
        "publication_date": paper.day,
        "authorships": [
            {"author_position": "middle", "author": {"display_name": name}} for name in paper.authors
        ],
        "locations": [{"is_oa": True, "landing_page_url": None}, {"landing_page_url": arxiv}],
    }


def match(paper: Known) -> dict[str, object]:
    return {
        "paperId": "649def34f8be52c8b66281af98ae884c09aef38b",
        "externalIds": {"ArXiv": paper.number, "DOI": paper.doi or None, "CorpusId": 215416146},
        "title": paper.title,
        "publicationDate": paper.day,
        "authors": [{"authorId": "1741101", "name": name} for name in paper.authors],
    }


@contextmanager
def scholar_at_work() -> Iterator[Scholar]:
    """Serve on a free port of the loopback address."""
    scholar = Scholar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            scholar.asked.append(self.path)
            scholar.agents.add(self.headers["User-Agent"])
            if scholar.failures:
                status, headers, body = scholar.failures.pop(0)
            else:
                status, headers, body = 200, {}, self.answer().encode()
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def answer(self) -> str:
            place = urlsplit(self.path)
            query = parse_qs(place.query)
            if place.path.endswith("/works"):
                return scholar.openalex(query)
            if place.path.endswith("/paper/search"):
                return scholar.semantic_scholar(query)
            return scholar.arxiv(query)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scholar.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield scholar
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
