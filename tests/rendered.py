"""Random papers, and each format as a program would write them, for tests that read them back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st


@dataclass(frozen=True)
class Drawn:
    """What is drawn of a paper; every format can say it."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[tuple[str, str], ...]
    """Given name and family name."""
    published: date
    keywords: tuple[str, ...]


LETTERS = st.sampled_from("abcdefgzéüßñøžλ中")
WORD = st.text(LETTERS, min_size=2, max_size=8)
NAME = WORD.map(str.title)
SENTENCE = st.lists(WORD, min_size=2, max_size=9).map(lambda words: " ".join(words).capitalize())
PAPER = st.builds(
    Drawn,
    arxiv_id=st.builds(
        "{:02}{:02}.{:05}".format, st.integers(8, 29), st.integers(1, 12), st.integers(1, 99999)
    ),
    title=SENTENCE,
    abstract=SENTENCE.map(lambda sentence: f"{sentence}."),
    authors=st.lists(st.tuples(NAME, NAME), min_size=1, max_size=4).map(tuple),
    published=st.dates(date(1990, 1, 1), date(2030, 12, 28)),
    keywords=st.lists(WORD, max_size=3, unique=True).map(tuple),
)
PAPERS = st.lists(PAPER, min_size=1, max_size=6, unique_by=lambda paper: paper.arxiv_id)


def api_day(papers: Sequence[Drawn]) -> str:
    """Return an answer of the Daily Papers API."""
    return json.dumps(
        [
            {
                "paper": {
                    "id": paper.arxiv_id,
                    "title": paper.title.replace(" ", "\n  ", 1),
                    "summary": paper.abstract.replace(" ", "\n"),
                    "authors": [
                        {"name": f"{given} {family}", "hidden": False} for given, family in paper.authors
                    ],
                    "publishedAt": f"{paper.published}T12:00:00.000Z",
                    "ai_keywords": list(paper.keywords),
                }
            }
            for paper in papers
        ],
        indent=2,
    )


def bib(papers: Sequence[Drawn]) -> str:
    """Return a .bib file."""
    return "\n\n".join(
        f"@article{{key{number},\n"
        f"  title = {{{{{paper.title}}}}},\n"
        f"  author = {{{' and '.join(f'{family}, {given}' for given, family in paper.authors)}}},\n"
        f'  abstract = "{paper.abstract}",\n'
        f"  eprint = {{{paper.arxiv_id}v2}}, archivePrefix = {{arXiv}},\n"
        f"  date = {{{paper.published}}},\n"
        f"  keywords = {{{', '.join(paper.keywords)}}}\n}}"
        for number, paper in enumerate(papers)
    )


def ris(papers: Sequence[Drawn]) -> str:
    """Return a RIS file."""
    lines: list[str] = []
    for paper in papers:
        lines += ["TY  - JOUR", f"TI  - {paper.title}"]
        lines += [f"AU  - {family}, {given}" for given, family in paper.authors]
        lines += [f"DA  - {paper.published:%Y/%m/%d}/", f"AB  - {paper.abstract}"]
        lines += [f"KW  - {word}" for word in paper.keywords]
        lines += [f"UR  - https://arxiv.org/abs/{paper.arxiv_id}v1", "ER  - ", ""]
    return "\n".join(lines)


def csl(papers: Sequence[Drawn]) -> str:
    """Return CSL-JSON."""
    return json.dumps(
        [
            {
                "type": "article",
                "title": paper.title,
                "author": [{"given": given, "family": family} for given, family in paper.authors],
                "abstract": f"<jats:p>{paper.abstract}</jats:p>",
                "issued": {
                    "date-parts": [[paper.published.year, str(paper.published.month), paper.published.day]]
                },
                "DOI": f"10.48550/arXiv.{paper.arxiv_id}",
                "keyword": ", ".join(paper.keywords),
            }
            for paper in papers
        ],
        ensure_ascii=False,
    )


def nbib(papers: Sequence[Drawn]) -> str:
    """Return a PubMed export."""
    lines: list[str] = []
    for number, paper in enumerate(papers, start=1):
        first, _, rest = paper.abstract.partition(" ")
        lines += [f"PMID- {number}", f"TI  - {paper.title}.", f"AB  - {first}", f"      {rest}"]
        lines += [f"FAU - {family}, {given}" for given, family in paper.authors]
        lines += [f"AID - 10.48550/arXiv.{paper.arxiv_id} [doi]", f"DEP - {paper.published:%Y%m%d}"]
        lines += [f"OT  - {word}" for word in paper.keywords] + [""]
    return "\n".join(lines)


def atom(papers: Sequence[Drawn]) -> str:
    """Return an answer of the arXiv API."""
    entries = "".join(
        f"<entry>\n<id>http://arxiv.org/abs/{paper.arxiv_id}v1</id><title>{paper.title}</title>\n"
        f"<summary>  {paper.abstract}\n</summary><published>{paper.published}T00:00:00Z</published>"
        + "".join(f"<author><name>{given} {family}</name></author>" for given, family in paper.authors)
        + "</entry>\n"
        for paper in papers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">\n<id>http://arxiv.org/api/x</id>\n{entries}</feed>'


def rss(papers: Sequence[Drawn]) -> str:
    """Return a feed."""
    items = "".join(
        f"<item>\n<title>{paper.title}</title><link>https://arxiv.org/abs/{paper.arxiv_id}</link>"
        f"<description>&lt;p&gt;{paper.abstract}&lt;/p&gt;</description>"
        + "".join(f"<dc:creator>{given} {family}</dc:creator>" for given, family in paper.authors)
        + "".join(f"<category>{word}</category>" for word in paper.keywords)
        + f"<pubDate>{_rfc_822(paper.published)}</pubDate></item>\n"
        for paper in papers
    )
    namespace = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<rss version="2.0" {namespace}><channel><title>X</title>\n{items}</channel></rss>'


def _rfc_822(day: date) -> str:
    return f"{day:%d} {_MONTHS[day.month - 1]} {day.year} 12:00:00 +0000"


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def markdown(papers: Sequence[Drawn]) -> str:
    """Return a Markdown digest."""
    return "---\ntitle: A digest\n---\n\n" + "\n".join(
        f"## [{paper.title}](https://arxiv.org/abs/{paper.arxiv_id})\n\n"
        f"**Authors:** {', '.join(f'{given} {family}' for given, family in paper.authors)}\n"
        f"**Published:** {paper.published}\n"
        f"**Tags:** {', '.join(paper.keywords)}\n\n{paper.abstract}\n"
        for paper in papers
    )


FORMATS = {
    "day.json": api_day,
    "papers.bib": bib,
    "papers.ris": ris,
    "csl.json": csl,
    "papers.nbib": nbib,
    "arxiv.xml": atom,
    "feed.xml": rss,
    "digest.md": markdown,
}
"""How each format writes papers, by the name of a file in it."""
SAYS_NO_KEYWORDS = {"arxiv.xml"}
REFUSED_WHEN_BROKEN = {"day.json", "csl.json", "arxiv.xml", "feed.xml"}
"""Formats that are refused as a whole when they are cut; of the others a cut costs what it hits."""
