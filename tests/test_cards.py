"""Social cards are pictures of the right size that show their words and marks, the same ones every time."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from conftest import BuiltSite
from factories import THEME, make_issue, make_paper
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace
from PIL import Image, ImageFont
from running import built, run, small_project
from test_schedule import config

from sitegen import cards
from sitegen.cache import CACHE
from sitegen.model import AssetFile, Site, SocialCard, ThemePage
from sitegen.plan.cards import LETTERS, issue_card, site_card, spelled, theme_card

CARD = SocialCard(
    url="/cards/x.png",
    alt="",
    kicker="The Lamp",
    title="What can be left out",
    text="Issue of 9 December 2025 · 3 papers",
    background="#fbfaf6",
    ink="#1f1c18",
    muted="#5e584e",
    stripe="#9c2a1c",
    marks=("#a34642", "#2466a8", "#2466a8"),
)
WIDE = cards.WIDTH - 2 * cards.MARGIN


def picture(card: SocialCard = CARD) -> Image.Image:
    return Image.open(io.BytesIO(cards.draw(card))).convert("RGB")


def has_words(image: Image.Image, top: int, bottom: int) -> bool:
    """Tell whether something is written between two heights: more than one colour, most of it background."""
    colours = image.crop((cards.MARGIN, top, cards.WIDTH - cards.MARGIN, bottom)).getcolors(1 << 16)
    assert colours
    return len(colours) > 8 and max(colours)[0] > sum(number for number, _ in colours) / 2


def margins(image: Image.Image) -> list[Image.Image]:
    """Return what must be empty: left and right of the words, below the marks."""
    half = cards.MARGIN // 2
    return [
        image.crop((0, half, half, cards.HEIGHT)),
        image.crop((cards.WIDTH - half, half, cards.WIDTH, cards.HEIGHT)),
        image.crop((0, cards.HEIGHT - half, cards.WIDTH, cards.HEIGHT)),
    ]


# ------------------------------------------------------------------------ pixels


def test_a_card_shows_name_title_text_and_marks_where_they_belong() -> None:
    image = picture()
    assert image.size == (1200, 630)
    assert image.getpixel((600, 3)) == (0x9C, 0x2A, 0x1C)
    assert has_words(image, 60, 110)
    assert has_words(image, 140, 290)
    assert has_words(image, 290, 400)
    assert image.getpixel((cards.MARGIN + 5, cards.HEIGHT - cards.MARGIN - 5)) == (0xA3, 0x46, 0x42)
    marks = image.crop((0, cards.HEIGHT - cards.MARGIN - 30, cards.WIDTH, cards.HEIGHT)).getcolors()
    assert marks
    assert len(marks) == 3


def test_the_words_can_be_told_from_those_of_another_card() -> None:
    other = picture(replace(CARD, title="What must be kept"))
    assert list(other.crop((0, 0, 1200, 120)).tobytes()) == list(picture().crop((0, 0, 1200, 120)).tobytes())
    assert other.tobytes() != picture().tobytes()


def test_the_same_card_gives_the_same_bytes() -> None:
    assert cards.draw(CARD) == cards.draw(CARD)


def test_a_picture_is_light_enough_to_send() -> None:
    assert len(cards.draw(CARD)) < 40_000


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=400)


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.integers(0, 3_000))
def test_nothing_is_drawn_over_the_edge(kicker: str, title: str, text: str, marks: int) -> None:
    words = {"kicker": spelled(kicker), "title": spelled(title) or "A", "text": spelled(text)}
    image = picture(replace(CARD, **words, marks=("#a34642",) * marks))  # type: ignore[arg-type]
    for margin in margins(image):
        assert margin.getcolors() == [(margin.width * margin.height, (0xFB, 0xFA, 0xF6))]


@pytest.mark.parametrize("title", ["W" * 300, "word " * 60, "Supercalifragilistic" * 9, "A"])
def test_a_title_of_any_length_stays_inside(title: str) -> None:
    image = picture(replace(CARD, title=title.strip()))
    for margin in margins(image):
        assert margin.getcolors() == [(margin.width * margin.height, (0xFB, 0xFA, 0xF6))]


@pytest.mark.parametrize("number", [1, 3, 16, 17, 94, 400])
def test_there_is_a_mark_for_each_paper(number: int) -> None:
    size, across = cards._mark_grid(number)
    assert across * (cards._MARKS_HEIGHT // size) >= number
    assert across * size - size // 8 <= WIDE


# ------------------------------------------------------------------------ letters


def test_the_font_has_every_letter_that_cards_may_show() -> None:
    letters = {letter for letter in map(chr, range(0xD800)) if re.fullmatch(f"[{LETTERS}]", letter)}
    assert len(letters) > 500
    for name in ("literata-regular.ttf", "literata-semibold.ttf"):
        font = ImageFont.truetype(cards._FONTS / name, 30, layout_engine=ImageFont.Layout.BASIC)
        missing = bytes(font.getmask("\uffff"))
        assert not {letter for letter in letters if bytes(font.getmask(letter)) == missing}, name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Týr Ångström ŁÓDŹ", "Týr Ångström ŁÓDŹ"),
        ("Ελληνικά и Кириллица", "Ελληνικά и Кириллица"),
        ("e\u0301tude ﬁne", "étude fine"),
        ("Bright 💡 ideas → now", "Bright ideas now"),
        ("机器学习", ""),
        ("Half 学", ""),
        ("שלום", ""),
    ],
)
def test_a_text_is_shown_as_far_as_no_letter_is_lost(text: str, shown: str) -> None:
    assert spelled(text) == shown


# ------------------------------------------------------------------------ which cards there are


def site(**over: object) -> Site:
    css = b":root { --page: #ffffff; --hue-3: #915601; }"
    sheet = AssetFile("templates/assets/style.css", "style.css", css, "templates")
    fields: dict[str, object] = {
        "papers": (), "withdrawn": (), "issues": (), "taxonomies": (),
        "themes": (ThemePage(THEME, "Smaller models.", Markup("")),), "tags": (), "pages": (),
        "assets": (sheet,), "waiting": (), "unrecorded": (), "warnings": (), "today": None,
    }  # fmt: skip
    return Site(**fields | over)  # type: ignore[arg-type]


def test_a_theme_has_a_card_in_the_colour_that_the_style_sheet_gives_it() -> None:
    card = theme_card(THEME, "Smaller models.", site(), config(cards=True))
    assert card
    assert (card.url, card.background, card.ink) == (
        "/cards/themes/model-compression.png",
        "#915601",
        "#ffffff",
    )


def test_a_theme_that_cannot_be_spelled_has_the_sites_card() -> None:
    assert theme_card(replace(THEME, title="模型压缩"), "", site(), config(cards=True)) is None


def test_an_issue_counts_its_papers_and_names_its_day() -> None:
    issue = make_issue(make_paper("a"), make_paper("b"), title="Near and far")
    card = issue_card(issue, site(), config(cards=True))
    assert card
    assert (card.title, card.text) == ("Near and far", "Issue of 9 December 2025 · 2 papers")
    assert card.marks == ("#915601", "#915601")
    assert card.alt.endswith(": Near and far. Issue of 9 December 2025, 2 papers.")


def test_an_issue_whose_title_cannot_be_spelled_shows_its_day() -> None:
    card = issue_card(make_issue(make_paper(), title="远与近"), site(), config(cards=True))
    assert card
    assert (card.title, card.text) == ("Issue of 9 December 2025", "1 paper")


def test_the_sites_card_does_not_change_with_its_papers() -> None:
    wanted = config(cards=True)
    full = site(papers=(make_paper(),), issues=(make_issue(make_paper()),))
    assert site_card(full, wanted) == site_card(site(), wanted)


# ------------------------------------------------------------------------ in a build


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = small_project(tmp_path)
    settings = root / "content" / "site.toml"
    settings.write_text("cards = true\n" + settings.read_text("utf-8"), "utf-8")
    return root


def test_every_page_names_a_card_that_is_there(shipped: BuiltSite) -> None:
    for url, page in shipped.tree.pages.items():
        if page.xpath("//meta[@http-equiv='refresh']"):
            continue
        metas = page.xpath("//meta")
        facts = {meta.get("property") or meta.get("name"): meta.get("content") for meta in metas}
        assert facts["twitter:card"] == "summary_large_image"
        assert facts["og:image:alt"]
        name = shipped.tree.file_at(facts["og:image"])
        assert name, url
        image = Image.open(io.BytesIO(shipped.tree.files[name]))
        assert [f"{side}" for side in image.size] == [facts["og:image:width"], facts["og:image:height"]]


def test_issues_and_themes_have_their_own_card_and_all_else_the_sites(shipped: BuiltSite) -> None:
    def card(url: str) -> str:
        return str(shipped.tree.pages[url].xpath("string(//meta[@property='og:image']/@content)"))

    assert card("/2025/12/09/").endswith("/cards/issues/2025-12-09.png")
    assert card("/themes/document-ai/").endswith("/cards/themes/document-ai.png")
    others = {card(url) for url in ("/", "/archive/", "/papers/", "/about/")}
    assert others == {"https://digest.example/cards/site.png"}


def test_a_site_without_cards_names_none(small: BuiltSite) -> None:
    assert not any(name.startswith("cards/") for name in small.tree.files)
    assert b"og:image" not in small.tree.files["index.html"]
    assert not (small.root / CACHE / "made").exists()


def test_cards_are_drawn_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(project)
    first = {path.name: path.read_bytes() for path in project.glob("public/cards/**/*.png")}
    assert first
    monkeypatch.setattr(cards, "draw", None)
    built(project, "-o", project / "again")
    assert {path.name: path.read_bytes() for path in project.glob("again/cards/**/*.png")} == first


def test_without_pillow_the_build_says_what_to_do(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    outcome = run("build", project)
    assert outcome.status == 1
    assert "content/site.toml:1: cards = true needs Pillow, which is missing." in outcome.err
    assert 'pip install "sitegen[cards]"' in outcome.err
