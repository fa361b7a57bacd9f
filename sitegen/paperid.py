"""Ids of papers as people and programs write them: arXiv ids and DOIs, bare or inside an address.

A leaf. What comes out is the one spelling that the rest of sitegen compares.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_ID = r"(?P<new>\d\d(?:0[1-9]|1[0-2])\.\d{4,5})|(?P<old>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(?P<number>\d{7})"
_VERSION = r"(?:v\d{1,3})?"
_PREFIX = r"(?:(?:oai:)?arxiv(?:\.org)?\s*:\s*)?"
_SITE = (
    r"(?:https?://)?(?:[\w-]+\.)*"
    r"(?:(?:arxiv|ar5iv|alphaxiv)\.org/(?:abs|pdf|html|format|src)|(?:huggingface\.co|hf\.co)/papers)/"
)
_FLAGS = re.IGNORECASE | re.ASCII
_WRITTEN = re.compile(rf"{_PREFIX}(?:{_ID}){_VERSION}", _FLAGS)
_IN_ADDRESS = re.compile(rf"{_SITE}(?:{_ID}){_VERSION}(?:\.pdf)?/?(?:[?#].*)?", _FLAGS)
_MENTIONED = re.compile(
    rf"(?<![\w.])(?:arxiv(?:\.org)?\s*[:.]\s*|arxiv\.org/(?:abs|pdf)/|abs/)(?:{_ID}){_VERSION}(?!\.?\d)",
    _FLAGS,
)

_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi\s*:\s*", _FLAGS)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.ASCII)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", _FLAGS)
_LONGEST = 400
"""No id and no address of one is longer; what is longer is not looked at."""


def arxiv_id(written: str) -> str:
    """Return the arXiv id that a text is or leads to, without its version; else "".

    Reads ids ("2410.14649v2", "arXiv:astro-ph/0601001"), addresses of arXiv and its mirrors, and
    arXiv's DOIs.
    """
    written = written.strip()
    if len(written) > _LONGEST:
        return ""
    if found := _WRITTEN.fullmatch(written) or _IN_ADDRESS.fullmatch(written):
        return _spelled(found)
    registered = _ARXIV_DOI.fullmatch(_bare_doi(written))
    return arxiv_id(registered[1]) if registered else ""


def mentioned_arxiv_id(text: str) -> str:
    """Return the first arXiv id in a text such as "arXiv preprint arXiv:2305.19118"; else ""."""
    found = _MENTIONED.search(text[:_LONGEST])
    return _spelled(found) if found else ""


def doi(written: str) -> str:
    """Return the DOI that a text is or leads to, in lower case; else "", and "" for one of arXiv's."""
    bare = _bare_doi(written.strip()[:_LONGEST])
    return "" if arxiv_id(bare) else bare.lower()


def _spelled(found: re.Match[str]) -> str:
    """Return an id as arXiv spells it: "math.GT/0309136" is "math/0309136"."""
    return found["new"] or f"{found['old'].lower()}/{found['number']}"


def _bare_doi(written: str) -> str:
    """Return the DOI without resolver, escapes and the punctuation that only stands beside it."""
    resolver = _RESOLVER.match(written)
    bare = written[resolver.end() :] if resolver else written
    bare = (unquote(bare) if resolver else bare).strip().rstrip(".,;")
    return bare if _DOI.fullmatch(bare) and bare.isprintable() and "\ufffd" not in bare else ""
