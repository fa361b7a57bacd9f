"""The only place where an address is spelled: slugs, URLs, output paths.

URLs are paths from the site's own root, with a trailing slash: "/papers/evopress/". They are for
ever (see README, "Addresses"); the path of the base URL is put in front when a page is rendered.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache
from hashlib import blake2b
from urllib.parse import quote

SLUG_LENGTH = 80
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
RESERVED = frozenset({"page"})
"""No paper has this slug: the further pages of the list of papers stand in this folder."""

HOME = "/"
ARCHIVE = "/archive/"
PUBLISHED = "/published/"
THEMES = "/themes/"
TAGS = "/tags/"
ORGANIZATIONS = "/organizations/"
AUTHORS = "/authors/"
PAPERS = "/papers/"
DESK = "/desk/"
FEEDS = "/feeds/"
SEARCH = "/search/"
SEARCH_BUNDLE = "/pagefind/"
"""The index of the search and the program that reads it."""
OPML = "/feeds.opml"
LLMS = "/llms.txt"
DIGEST = "/digest/"
WEEKLY_DIGEST = "/digest/weekly/"
THANKS = "/thanks/"
NOT_FOUND = "/404.html"
CARDS = "/cards/"
SITE_CARD = f"{CARDS}site.png"

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n"}
)


def slugify(text: str) -> str:
    """Return `text` as a slug: lower-case ASCII words joined by hyphens, at most 80 characters.

    It is cut at the end of a word. A text without any letter or digit that ASCII can spell gives "".
    """
    slug = "-".join(re.findall(r"[a-z0-9]+", _ascii(text)))
    if len(slug) <= SLUG_LENGTH:
        return slug
    return slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]


@cache
def paper_slug(title: str) -> str:
    """Return the slug of a paper by its plain title; one that ASCII cannot spell gets a hash."""
    return slugify(title) or "paper-" + blake2b(title.encode(), digest_size=4).hexdigest()


def author_slug(key: str, *, alone: bool = True) -> str:
    """Return the slug of an author by the key of the name.

    It has a hash where it is not `alone`, where the name has letters that are not Latin, and where the
    slug is the address of a letter of the index.
    """
    latin = "".join(char if not char.isalpha() or _is_latin(char) else " " for char in key)
    slug = slugify(latin)
    if alone and latin == key and len(slug) > 1 and slug != letter_name("#"):
        return slug
    digest = blake2b(key.encode(), digest_size=6).hexdigest()
    return f"{slug[: SLUG_LENGTH - 13].rstrip('-') or 'author'}-{digest}"


def letter_name(letter: str) -> str:
    """Return a letter of an index as a part of an address: "a" to "z", and "other" for "#"."""
    return letter.lower() if letter.isalpha() else "other"


def _is_latin(char: str) -> bool:
    return char.isascii() or "LATIN" in unicodedata.name(char, "")


def _ascii(text: str) -> str:
    if text.isascii():
        return text.lower().replace("'", "")
    text = text.lower().translate(_LETTERS)
    text = re.sub(r"[’'ʼ]", "", text)
    text = re.sub(r"[\u0370-\u03ff]", _greek, text)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _greek(match: re.Match[str]) -> str:
    """Return the name of a Greek letter: "λ" is "lambda", as authors say it."""
    name = unicodedata.name(unicodedata.normalize("NFD", match[0])[0], "")
    # Unicode spells it "LAMDA".
    return name.rpartition(" ")[2].lower().replace("lamda", "lambda") if "LETTER" in name else " "


@cache
def issue_url(day: date) -> str:
    """Return the address of the issue of a day: "/2025/12/09/"."""
    return f"{month_url(day)}{day:%d}/"


@cache
def week_url(day: date) -> str:
    """Return the address of a day's ISO week, under its ISO year: "/2025/w50/"."""
    year, week, _ = day.isocalendar()
    return f"/{year:04}/w{week:02}/"


@cache
def month_url(day: date) -> str:
    """Return the address of a day's month: "/2025/12/"."""
    return f"{year_url(day.year)}{day:%m}/"


def year_url(year: int) -> str:
    """Return the address of a year: "/2025/"."""
    return f"/{year:04}/"


@cache
def published_month_url(day: date) -> str:
    """Return the address of the papers first published in a day's month: "/published/2024/10/"."""
    return f"{published_year_url(day.year)}{day:%m}/"


def published_year_url(year: int) -> str:
    """Return the address of the papers first published in a year: "/published/2024/"."""
    return f"{PUBLISHED}{year:04}/"


def theme_url(slug: str) -> str:
    """Return the address of a theme: "/themes/model-compression/"."""
    return f"{THEMES}{slug}/"


def tag_url(slug: str) -> str:
    """Return the address of a tag: "/tags/kv-cache/"."""
    return f"{TAGS}{slug}/"


def organization_url(slug: str) -> str:
    """Return the address of an organisation: "/organizations/nvidia/"."""
    return f"{ORGANIZATIONS}{slug}/"


def author_url(slug: str) -> str:
    """Return the address of an author: "/authors/ada-lovelace/"."""
    return f"{AUTHORS}{slug}/"


def author_letter_url(letter: str) -> str:
    """Return the address of a letter of the index of authors: "/authors/l/"."""
    return f"{AUTHORS}{letter_name(letter)}/"


def paper_url(slug: str) -> str:
    """Return the address of a paper: "/papers/evopress/"."""
    return f"{PAPERS}{slug}/"


def text_url(slug: str) -> str:
    """Return the address of a free page: "/about/"."""
    return f"/{slug}/"


def list_page_url(url: str, number: int) -> str:
    """Return the address of one page of a list; page 1 is the list's own."""
    return url if number == 1 else f"{url}page/{number}/"


def feed_url(url: str, name: str) -> str:
    """Return the address of a feed of the list at `url`: "/themes/x/feed.xml"."""
    return url + name


def feed_archive_url(number: int) -> str:
    """Return the address of a document of the archive of the site's Atom feed, counted from 1."""
    return f"{FEEDS}archive-{number}.xml"


def twin_url(url: str, name: str) -> str:
    """Return the address of a machine twin of the page at `url`: "/papers/evopress/paper.bib"."""
    return url + name


def collection_url(number: int) -> str:
    """Return the address of a part of all papers as JSON, counted from 1; 0 is the newest part.

    No page can clash with it, for pages are folders.
    """
    return f"/papers-{number}.json" if number else "/papers.json"


def template_asset_url(name: str, data: bytes) -> str:
    """Return the address of a template's asset, with its hash: "/static/style.1f3a5c7e.css".

    An address with a hash never changes its bytes, so it may be cached for ever.
    """
    stem, dot, ending = name.rpartition(".")
    digest = blake2b(data, digest_size=4).hexdigest()
    return f"/static/{stem}.{digest}.{ending}" if dot else f"/static/{name}.{digest}"


def content_asset_url(name: str) -> str:
    """Return the address of a file of `content/assets/`: "/assets/figure.png"."""
    return f"/assets/{name}"


def issue_card_url(day: date) -> str:
    """Return the address of the social card of an issue: "/cards/issues/2025-12-09.png"."""
    return f"{CARDS}issues/{day}.png"


def theme_card_url(slug: str) -> str:
    """Return the address of the social card of a theme: "/cards/themes/model-compression.png"."""
    return f"{CARDS}themes/{slug}.png"


def output_path(url: str) -> str:
    """Return the file that answers a URL, relative to the output folder."""
    return (url + "index.html" if url.endswith("/") else url).lstrip("/")


def is_search_file(path: str) -> bool:
    """Return whether a file of the output folder is part of the search bundle, which no page is."""
    return path.startswith(SEARCH_BUNDLE[1:]) and not path.endswith(".html")


def arxiv_url(arxiv_id: str) -> str:
    """Return the address of a paper at arXiv."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def arxiv_pdf_url(arxiv_id: str) -> str:
    """Return the address of a paper's PDF at arXiv."""
    return f"https://arxiv.org/pdf/{arxiv_id}"


def doi_url(doi: str) -> str:
    """Return the address of a DOI at its resolver, reserved characters escaped."""
    return "https://doi.org/" + quote(doi, safe="/:;()-._~")


def search_urls(title: str) -> tuple[tuple[str, str], ...]:
    """Return where a paper of unknown address can be looked for by title: name and address."""
    words = quote(title, safe=" :")  # slow where it must escape, and in titles these are most of that
    words = words.replace(" ", "%20").replace(":", "%3A")
    return (
        ("arXiv", f"https://arxiv.org/search/?searchtype=title&query={words}"),
        ("Hugging Face", f"https://huggingface.co/papers?q={words}"),
    )
