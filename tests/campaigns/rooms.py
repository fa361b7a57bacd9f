"""The rooms that read what strangers wrote, each as a function of one text, and what they promise.

A room may refuse a text by `BuildError` or a problem. Any other exception, a value that breaks its
promise, and work that grows faster than its input are defects. The fuzz targets use the same rooms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from html.parser import HTMLParser

import yaml
from factories import make_facts, make_feed, make_letter, make_paper
from feedrules import check_feed
from strangers import by_bibtexparser, by_pybtex, by_rispy

from sitegen import text as words
from sitegen.charts.ranking import most_discussed
from sitegen.citation import split_name
from sitegen.config import _SiteFile
from sitegen.errors import BuildError, Problem
from sitegen.feeds import render_feed
from sitegen.feeds.letter import letter_html, letter_text
from sitegen.identity import title_key
from sitegen.importing import judge
from sitegen.importing.outcome import Offer, Wish
from sitegen.importing.recognition import Recognised, recognise_offer
from sitegen.importing.shelf import Shelf
from sitegen.model import Entry, Kind, Paper, Source, Twin
from sitegen.paperid import arxiv_id, doi, mentioned_arxiv_id
from sitegen.parsers import PARSERS, markup, tex
from sitegen.parsers.fields import finest, iso_when
from sitegen.parsers.limits import bounded
from sitegen.plan.cards import spelled
from sitegen.related import related
from sitegen.routes import SLUG, author_slug, paper_slug, slugify
from sitegen.sources import decode
from sitegen.text.clean import one_line
from sitegen.toml import decode_toml
from sitegen.twins import twin_renderer

DAY = date(2025, 12, 9)
FACTS = make_facts()
_RENDER_TWIN = twin_renderer(FACTS)
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_WEB = re.compile(r"(?:https?://|mailto:|/(?!/)|#)", re.IGNORECASE)
_VOID = {"br", "hr", "img", "input"}
_NEVER = {"script", "style", "iframe", "object", "embed", "form", "base", "link", "meta", "svg"}


class _Judge(HTMLParser):
    """Reads HTML and notes what may run, what leads where it should not, and what is not nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEVER:
            self.faults.append(f"an element {tag}")
        if tag not in _VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.faults.append(f"an attribute {name}")
            if name in ("href", "src", "xlink:href") and not _is_safe_address(value or "", tag):
                self.faults.append(f"the address {value!r}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"a comment {data[:40]!r}")


def _is_safe_address(value: str, tag: str) -> bool:
    scheme = re.match(r"[\s\x00-\x20]*([A-Za-z][\w+.-]*)\s*:", value)
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto")


def safe_html(html: str) -> None:
    """Fail where HTML could run, lead to a strange address, turn text round, or is not nested."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    assert not judge.faults, judge.faults[:3]
    assert not judge.open, f"never closed: {judge.open[:3]}"
    safe_text(html)


def safe_text(text: str) -> None:
    """Fail where text holds what no page can carry, or what turns its direction."""
    found = _FORBIDDEN.search(text)
    assert not found, f"the character U+{ord(found[0]):04X}"


def _parsed(kind: Kind, path: str, text: str) -> list[object]:
    data = text.replace("\0", "").encode("utf-8", "surrogatepass")
    text, problems = decode(path, kind, data)
    if any(problem.severity == "error" for problem in problems):
        return []
    try:
        values, problems = PARSERS[kind](Source(path, kind, text))
    except BuildError as error:
        _check_problems(error.problems)
        return []
    if kind in (Kind.CAPTURE, Kind.LIBRARY, Kind.DAILY_API):
        assert values or any(problem.severity == "error" for problem in problems), "neither read nor refused"
    values, cut = bounded(values)
    _check_problems((*problems, *cut))
    return list(values)


def _check_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        assert problem.message, "a problem without words"
        assert len(problem.message) <= 1000, f"a message of {len(problem.message)} characters"
        assert problem.line >= 0


def _entries(kind: Kind, path: str) -> Callable[[str], None]:
    def read(text: str) -> None:
        for entry in _parsed(kind, path, text):
            assert isinstance(entry, Entry)
            assert entry.title == " ".join(entry.title.split()) != "", f"the title {entry.title[:40]!r}"
            for said in (entry.title, entry.abstract, *entry.authors, *entry.keywords):
                safe_text(said)
            assert all(re.match("https?://", link.url, re.IGNORECASE) for link in entry.links)
            assert not entry.arxiv_id or arxiv_id(entry.arxiv_id) == entry.arxiv_id

    return read


def _curator(kind: Kind, path: str) -> Callable[[str], None]:
    return lambda text: _parsed(kind, path, text) and None


def _prose(text: str) -> None:
    set_text = words.prose(text)
    for html in (set_text.html, set_text.feed_html, words.teaser(text)):
        safe_html(html)
    safe_text(set_text.plain)
    safe_text(words.summary(text))
    assert all(_WEB.match(link.url) for link in set_text.links)


def _title(text: str) -> None:
    safe_html(words.title(text).html)
    assert "<a " not in words.title(text).html
    assert title_key(words.plain(text)).startswith("title:")


def _markdown(text: str) -> None:
    made = words.markdown(text, path="content/pages/x.md", line=1, base_path="/")
    safe_html(made.html)
    safe_html(words.in_feeds(made.html))
    _check_problems(made.problems)


def _paper(text: str) -> Paper:
    raw = one_line(text)
    title = words.title(raw[:5000])
    return make_paper(
        title=title if title.plain.strip() else "A title",
        abstract=words.prose(raw),
        teaser=words.teaser(raw),
        summary=words.summary(raw),
        authors=tuple(name for part in raw[:2000].split(",")[:9] if (name := one_line(part))) or ("A B",),
    )


def _twins(text: str) -> None:
    paper = _paper(text)
    written = {
        form: _RENDER_TWIN(Twin("/x", form, (paper,))).decode()
        for form in ("bibtex", "ris", "csl", "markdown", "collection")
    }  # type: ignore[arg-type]
    for data in written.values():
        safe_text(data.replace("\r\n", "\n"))
    assert len(json.loads(written["csl"])) == 1
    assert len(json.loads(written["collection"])["papers"]) == 1
    for read in (by_pybtex, by_bibtexparser):
        assert list(read(written["bibtex"])) == [paper.slug], f"{read.__name__}: not one entry"
    assert list(by_rispy(written["ris"])) == [paper.slug], "RIS: not one record"
    head = written["markdown"].split("\n---\n")[0].removeprefix("---\n")
    assert isinstance(yaml.safe_load(head), dict), "the front matter of the Markdown twin"


def _feeds(text: str) -> None:
    paper = _paper(text)
    letter = make_letter(paper, title=paper.title.plain)
    for form, url in (("atom", "feed.xml"), ("rss", "rss.xml"), ("json", "feed.json")):
        for feed in (make_feed(paper, format=form, url=f"/{url}"),):
            wrong = check_feed(render_feed(feed, FACTS), f"https://digest.example/{url}")
            wrong = [message for message in wrong if "\\ufffd" not in message]  # what was broken is shown so
            assert not wrong, wrong[:2]
    safe_html(letter_html(letter, FACTS))
    letter_text(letter, FACTS)


def _importing(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    for name in ("x.md", "x.json", "2025-12-09.txt"):
        stem, _, ending = name.rpartition(".")
        found = recognise_offer(Offer(name, stem, ending, data))
        if isinstance(found, Recognised):
            outcome = judge(Offer(name, text[:300] or stem, ending, data), Wish(DAY), Shelf((), (), ()))
            assert re.fullmatch(r"(?:content/(?:captures|library)/[a-z0-9-]+\.[a-z]+)?", outcome.target)


def _routes(text: str) -> None:
    text = one_line(text)
    for slug in (slugify(text), paper_slug(text), author_slug(words.names.name_key(text))):
        assert not slug or (SLUG.match(slug) and len(slug) <= 120), f"the slug {slug!r}"


def _small_things(text: str) -> None:
    for form in (arxiv_id, doi, mentioned_arxiv_id, spelled, tex.decode, tex.bare_address, markup.plain):
        safe_text(form(text)) if form is not tex.bare_address else form(text)
    finest([iso_when(text)])
    split_name(one_line(text))
    found = related(
        [
            make_paper("a", title=words.title(text[:1000])),
            _paper(text),
            make_paper("c", abstract=words.prose(text)),
        ]
    )
    for near in found.values():
        for one in near:
            safe_html(one.title)
    most_discussed([_paper(text)])


def _toml(text: str) -> None:
    try:
        decode_toml(text, "content/site.toml", _SiteFile)
    except BuildError as error:
        _check_problems(error.problems)


ROOMS: dict[str, Callable[[str], None]] = {
    "capture": _entries(Kind.CAPTURE, "content/captures/2025-12-09.txt"),
    "daily_api": _entries(Kind.DAILY_API, "content/captures/2025-12-09.json"),
    "bibtex": _entries(Kind.LIBRARY, "content/library/x.bib"),
    "ris": _entries(Kind.LIBRARY, "content/library/x.ris"),
    "nbib": _entries(Kind.LIBRARY, "content/library/x.nbib"),
    "json": _entries(Kind.LIBRARY, "content/library/x.json"),
    "xml": _entries(Kind.LIBRARY, "content/library/x.xml"),
    "digest": _entries(Kind.LIBRARY, "content/library/x.md"),
    "note": _curator(Kind.NOTE, "content/notes/x.md"),
    "theme": _curator(Kind.THEME, "content/themes/x.md"),
    "day": _curator(Kind.DIGEST, "content/digests/2025-12-09.md"),
    "page": _curator(Kind.PAGE, "content/pages/x.md"),
    "tags": _curator(Kind.TAGS, "content/tags.toml"),
    "labels": _curator(Kind.LABELS, "content/labels.csv"),
    "ids": _curator(Kind.IDS, "content/ids.csv"),
    "toml": _toml,
    "prose": _prose,
    "title": _title,
    "markdown": _markdown,
    "importing": _importing,
    "routes": _routes,
    "twins": _twins,
    "feeds": _feeds,
    "small": _small_things,
}
"""What each room does with a text; it fails where a promise is broken."""
SLOW_ROOMS = {
    "bibtex": 10,
    "xml": 10,
    "digest": 10,
    "prose": 10,
    "title": 10,
    "importing": 10,
    "feeds": 20,
    "small": 20,
    "markdown": 50,
    "twins": 200,
}
"""How many times fewer texts a room tries than the others, where one takes so much longer."""
