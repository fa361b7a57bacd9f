"""Markdown digests: a page of someone else's with linked papers in, an entry for each paper out.

A paper is a heading, a list item or a row of a table with a link to it; lines such as "Authors: …"
below it are its facts, and the text below a heading its abstract. Or the front matter is the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import yaml
from msgspec import Struct, field

from sitegen.errors import BuildError, Problem, warning
from sitegen.model import Entry, EntryLink, Source
from sitegen.paperid import arxiv_id, doi
from sitegen.parsers import frontmatter as fm
from sitegen.parsers import markup
from sitegen.parsers.fields import address, day_of_name, finest, ids_and_links, iso_when, turned

_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ITEM = re.compile(r"[ ]{0,1}(?:[-*+]|\d{1,4}[.)])[ \t]+(.*)")
_ROW = re.compile(r"[ ]{0,3}\|(.*)\|?[ \t]*$")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500})\]"
    r"\(<?(https?://[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]{0,200}\")?\)"
)
_BARE = re.compile(r"(?<![(<\w/])<?(https?://[^\s<>|\])]+)>?")
_FIELD = re.compile(
    r"\s*(?:[-*+>]\s+)?[*_]{0,3}(authors?|by|date|published|submitted|tags?|keywords|topics|code|github"
    r"|project(?: page)?|website|abstract|summary|arxiv(?: id)?|doi|url|link|paper|pdf)"
    r"[*_]{0,3}\s*:[*_]{0,3}\s*(.*)",
    re.IGNORECASE,
)
_CODE = ("code", "github")
_PROJECT = ("project", "project page", "website")
_ADDRESSES = ("url", "link", "paper", "pdf", "arxiv", "arxiv_id", "id")
_NUMBERING = re.compile(r"^\s*(?:\d{1,4}[.)]|\(\d{1,4}\))\s+")
_NO_TITLE = re.compile(
    r"(?i)(?:papers?|pdf|arxiv|abs|abstract|links?|html|code|github|project(?: page)?|website|doi|here|hf"
    r"|hugging ?face|(?:arxiv:)?\d{4}\.\d{4,5}(?:v\d+)?|https?://.*)"
)
_DATED = re.compile(r"[\s*]*(\d{4}-\d\d-\d\d)")


class _Draft(Struct):
    """A paper as it is read, line by line."""

    line: int
    title: str
    heading: bool
    linked: bool = False
    """Whether it is a heading that is a link, wherever that leads."""
    urls: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    @property
    def is_paper(self) -> bool:
        """Whether it has a title, and something that leads to the paper."""
        ids = (arxiv_id(text) or doi(text) for text in (*self.urls, *self.facts.values()))
        return bool(self.title) and (self.linked or any(ids))


def parse(source: Source) -> tuple[list[Entry], list[Problem]]:
    """Return the entries in the order of the file, and its problems."""
    problems: list[Problem] = []
    try:
        fields, body, start = fm.read_any(source)
    except BuildError as error:
        problem = error.problems[0]
        problems.append(warning("damaged", source.path, problem.line, problem.message, problem.hint))
        fields, body, start = {}, source.text, 1
    day = day_of_name(source.stem)
    drafts = [draft for draft in _drafts(body, start) if draft.is_paper]
    if not drafts:
        drafts = [draft for draft in [_whole(fields, body, start)] if draft.is_paper]
    if not drafts:
        hint = (
            "A paper is a heading that is a link, or a line of a list or table with a link to arXiv or a DOI."
        )
        return [], [*problems, Problem(source.path, 0, "no paper was found in this Markdown file.", hint)]
    return [_entry(source.path, day, draft) for draft in drafts], problems


def _drafts(body: str, start: int) -> Iterator[_Draft]:
    """Yield what may be papers: headings, list items and rows, with all that stands below them."""
    draft: _Draft | None = None
    fenced = ""
    for number, line in enumerate(body.split("\n"), start=start):
        fence = _FENCE.match(line)
        if fence and fenced in ("", fence[1]):
            fenced = "" if fenced else fence[1]
        if fence or fenced:
            continue
        opened = _opened(number, line, draft)
        if opened:
            if draft:
                yield draft
            draft = opened
        elif draft:
            _add(draft, line)
    if draft:
        yield draft


def _opened(number: int, line: str, above: _Draft | None) -> _Draft | None:
    """Return the paper that a line opens, if it does."""
    heading, item, row = _HEADING.match(line), _ITEM.match(line), _ROW.match(line)
    if heading and above and above.heading and heading[2].strip(" :*").lower() in ("abstract", "summary"):
        return None
    text = heading[2] if heading else item[1] if item else row[1] if row else ""
    if not text or (_FIELD.match(text) and not heading):
        return None
    urls = _urls(text)
    if not heading and not any(arxiv_id(url) or doi(url) for url in urls):
        return None
    linked = bool(heading and _LINK.fullmatch(_NUMBERING.sub("", text).strip("* ")))
    draft = _Draft(number, _title(text), bool(heading), linked, urls)
    if row:
        cells = [cell.strip(" *") for cell in text.split("|")]
        draft.facts.update(("date", found[1]) for cell in cells if (found := _DATED.fullmatch(cell)))
    return draft


def _add(draft: _Draft, line: str) -> None:
    """Add a line to the paper above it: a fact, or text."""
    fact = _FIELD.match(line)
    if fact:
        name = fact[1].lower()
        if name in ("abstract", "summary"):
            draft.text = [fact[2]]
        else:
            draft.facts.setdefault(name, fact[2])
            draft.urls += [] if name in (*_CODE, *_PROJECT) else _urls(fact[2])
        return
    if _ITEM.match(line) and not draft.heading:
        return  # the next item of the list, which leads to no paper
    links = _urls(line)
    bare = _BARE.sub("", _LINK.sub(" ", line)).strip(" |·•-*[]()\t,")
    if links and not bare:
        draft.urls += links
    elif draft.heading and not _HEADING.match(line):
        draft.text.append(line)


def _urls(text: str) -> list[str]:
    linked = [found[2] for found in _LINK.finditer(text)]
    bare = [found[1] for found in _BARE.finditer(_LINK.sub(" ", text))]
    return [url for url in (*linked, *bare) if address(url)]


def _title(text: str) -> str:
    """Return the title in a line: the words of the link to the paper, else what is bold, else all words."""
    for label, url in ((found[1], found[2]) for found in _LINK.finditer(text)):
        words = _words(label)
        if (arxiv_id(url) or doi(url)) and not _NO_TITLE.fullmatch(words):
            return words
    cells = [cell for cell in text.split("|") if not _DATED.fullmatch(cell.strip(" *"))]
    first = max(cells[:2], key=len) if len(cells) > 1 else text
    bold = re.search(r"\*\*((?:[^*]|\*(?!\*)){3,500})\*\*", first)
    words = _words(bold[1] if bold else _LINK.sub(lambda found: found[1] if not bold else "", first))
    return "" if _NO_TITLE.fullmatch(words) else words


def _words(text: str) -> str:
    """Return a text without numbering, emphasis and links."""
    text = _LINK.sub(lambda found: "" if _NO_TITLE.fullmatch(found[1]) else found[1], text)
    text = re.sub(r"(?<!\\)(?:\*\*|__|(?<![\w*])[*_](?=\S)|(?<=\S)[*_](?![\w*])|`)", "", text)
    return markup.plain(_NUMBERING.sub("", re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text))).strip(
        " -–—:·|"
    )


def _whole(fields: dict[str, yaml.Node], body: str, start: int) -> _Draft:
    """Return the paper that the front matter describes."""
    values = {
        name: ", ".join(fm.names(node)) if isinstance(node, yaml.SequenceNode) else fm.text(node)
        for name, node in fields.items()
        if not isinstance(node, yaml.MappingNode)
    }
    draft = _Draft(1, markup.plain(values.pop("title", "")), True, facts=values)
    draft.urls = [values[name] for name in _ADDRESSES if name in values]
    draft.text = [values[name] for name in ("abstract", "summary") if values.get(name)][:1]
    if not draft.text:
        for line in body.split("\n"):
            if not _HEADING.match(line):
                draft.text.append(line)
    if start > 1:
        draft.line = 2
    return draft


def _entry(path: str, day: date | None, draft: _Draft) -> Entry:
    facts = draft.facts
    ids = [_words(facts.get(name, "")) for name in ("arxiv", "arxiv id", "doi", "id")]
    arxiv, found_doi, links = ids_and_links(ids, draft.urls)
    authors, count = _authors(facts)
    written = next((facts[name] for name in ("date", "published", "submitted") if name in facts), "")
    published, published_in = finest([iso_when(_words(written))])
    said = [EntryLink(url, "code") for name in _CODE for url in _urls(facts.get(name, ""))]
    said += [EntryLink(url, "project") for name in _PROJECT for url in _urls(facts.get(name, ""))]
    tags = next((facts[name] for name in ("tags", "tag", "keywords", "topics") if name in facts), "")
    return Entry(
        source=path,
        line=draft.line,
        day=day,
        title=draft.title,
        abstract=_abstract(draft.text),
        arxiv_id=arxiv,
        doi=found_doi,
        authors=authors,
        author_count=count,
        published=published,
        published_in=published_in,
        keywords=tuple(dict.fromkeys(word for part in re.split("[,;]", tags) if (word := _words(part)))),
        links=(*(EntryLink(link.url, "" if arxiv or found_doi else "paper") for link in links), *said),
    )


def _authors(facts: dict[str, str]) -> tuple[tuple[str, ...], int | None]:
    """Return the names, and how many they are unless the list is cut."""
    written = next((facts[name] for name in ("authors", "author", "by") if name in facts), "")
    text = _words(written)
    whole = re.sub(r"(?i)[,;]?\s*(?:\bet\.? ?al\.?|\band others|…|\.\.\.)\s*$", "", text)
    parts = re.split(r";\s*" if ";" in whole else r",\s+(?:and\s+)?|\s+and\s+|\s+&\s+", whole)
    names = tuple(turned(part) for part in parts if part.strip())
    return names, len(names) if names and whole == text else None


def _abstract(lines: list[str]) -> str:
    """Return the text below a paper on one line, without markers of quotes and without HTML."""
    kept = [re.sub(r"^\s*>\s?", "", line) for line in lines]
    return markup.abstract("\n".join(kept))
