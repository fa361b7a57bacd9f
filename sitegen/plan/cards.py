"""Social cards: the pictures that stand for pages where their addresses are shared.

Cards hold only what is known and rarely changes: the papers of an issue are counted, nothing else is.
What their font cannot spell is left out; a theme whose name it cannot spell has no card of its own.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sitegen import routes
from sitegen.config import PATH, Config
from sitegen.dates import long_day
from sitegen.errors import BuildError, Problem
from sitegen.model import Issue, Site, SocialCard, ThemeLink
from sitegen.plan.wording import has_own_title, plural

_TOKEN = re.compile(r"--(page|text|text-muted|accent|hue-\d+): (#[0-9a-fA-F]{6});")
_PAPER = {"page": "#fbfaf6", "text": "#1f1c18", "text-muted": "#5e584e", "accent": "#9c2a1c"}
"""The colours where the project's own style sheet names none."""
LETTERS = (
    " -~\u00a0-\u017e\u01fa-\u021b\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0401-\u044f\u0451-\u045f"
    "\u0490-\u0493\u1e80-\u1e85\u1ea0-\u1ef9\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2212"
)
"""What the font of the cards can spell: Latin with its accents, Greek, Cyrillic."""
_UNKNOWN = re.compile(f"[^{LETTERS}]")
_LONGEST = 300


def card_targets(site: Site, config: Config) -> Iterator[SocialCard]:
    """Yield every card; raise `BuildError` where they are wanted and cannot be drawn."""
    if not config.cards:
        return
    if importlib.util.find_spec("PIL") is None:
        hint = 'Install it (pip install "sitegen[cards]"), or set cards = false.'
        message = "cards = true needs Pillow, which is missing."
        raise BuildError([Problem(PATH, config.cards_line, message, hint)])
    cards = (
        site_card(site, config),
        *(issue_card(issue, site, config) for issue in site.issues),
        *(theme_card(theme.link, theme.summary, site, config) for theme in site.themes),
    )
    yield from filter(None, cards)


def site_card(site: Site, config: Config) -> SocialCard | None:
    """Return the card of all pages that have none of their own: a mark for each theme."""
    title = spelled(config.title)
    if not config.cards or not title:
        return None
    colours = _colours(site)
    return SocialCard(
        url=routes.SITE_CARD,
        alt=config.title,
        kicker="",
        title=title,
        text=spelled(config.description),
        background=colours["page"],
        ink=colours["text"],
        muted=colours["text-muted"],
        stripe=colours["accent"],
        marks=tuple(_hue(theme.link, colours) for theme in site.themes),
    )


def issue_card(issue: Issue, site: Site, config: Config) -> SocialCard | None:
    """Return the card of an issue: a mark for each paper in the colour of its theme."""
    if not config.cards:
        return None
    colours = _colours(site)
    day = f"Issue of {long_day(issue.day)}"
    count = plural(len(issue.papers), "paper")
    title = spelled(issue.title)
    has_title = bool(title) and has_own_title(issue)
    name = f"{issue.title}. {day}" if has_own_title(issue) else day
    papers = sorted(issue.papers, key=lambda paper: paper.theme.order)
    return SocialCard(
        url=routes.issue_card_url(issue.day),
        alt=f"{config.title}: {name}, {count}.",
        kicker=spelled(config.title),
        title=title if has_title else day,
        text=f"{day} · {count}" if has_title else count,
        background=colours["page"],
        ink=colours["text"],
        muted=colours["text-muted"],
        stripe=colours["accent"],
        marks=tuple(_hue(paper.theme, colours) for paper in papers),
    )


def theme_card(theme: ThemeLink, summary: str, site: Site, config: Config) -> SocialCard | None:
    """Return the card of a theme, in its colour: a mark for each theme, its own the bright one."""
    title = spelled(theme.title)
    if not config.cards or not title:
        return None
    colours = _colours(site)
    hue = _hue(theme, colours)
    others = _mix(hue, colours["page"], 0.3)
    return SocialCard(
        url=routes.theme_card_url(theme.slug),
        alt=f"{config.title}: {theme.title}. {summary}".strip(),
        kicker=spelled(config.title),
        title=title,
        text=spelled(summary),
        background=hue,
        ink=colours["page"],
        muted=_mix(hue, colours["page"], 0.88),
        stripe=hue,
        marks=tuple(colours["page"] if other.link == theme else others for other in site.themes),
    )


def spelled(text: str) -> str:
    """Return a text as the cards' font can spell it; empty where a letter or a digit would be missing."""
    text = unicodedata.normalize("NFC", " ".join(text.split())[:_LONGEST])
    if _UNKNOWN.search(text):
        text = unicodedata.normalize("NFKC", text)
    if any(unicodedata.category(letter)[0] in "LN" for letter in _UNKNOWN.findall(text)):
        return ""
    return " ".join(_UNKNOWN.sub("", text).split())


def _colours(site: Site) -> Mapping[str, str]:
    """Return the colours of the style sheet by name: those of the light scheme, which come first."""
    return _colours_of(next((asset.data for asset in site.assets if asset.name == "style.css"), b""))


@lru_cache(1)
def _colours_of(sheet: bytes) -> Mapping[str, str]:
    named: dict[str, str] = {}
    for name, colour in _TOKEN.findall(sheet.decode(errors="replace")):
        named.setdefault(name, colour)
    return _PAPER | named


def _hue(theme: ThemeLink, colours: Mapping[str, str]) -> str:
    return colours.get(f"hue-{theme.hue}", colours["text-muted"])


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(one + (two - one) * share) for one, two in pairs).hex()
