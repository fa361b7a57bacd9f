"""Social cards to PNG: 1200 × 630 pixels, set in the font that comes with sitegen.

Pillow's own layout and a palette of ours: the same card gives the same bytes on any machine that has the
same Pillow. A card is remembered with all that it is made from, so that it is drawn once.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.model import SocialCard
from sitegen.remembered import remembered

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
_STRIPE = 14
_FONTS = Path(__file__).parent / "fonts"
_REGULAR, _SEMIBOLD = "literata-regular.ttf", "literata-semibold.ttf"

_KICKER_SIZE, _TEXT_SIZE = 34, 36
_TITLE_SIZES = range(132, 43, -4)
_TITLE_LINES, _TEXT_LINES = 4, 2
_TITLE_TOP, _SPACE, _MARKS_SPACE = 136, 36, 40
_LEADING = {_SEMIBOLD: 1.14, _REGULAR: 1.36}
_MARKS_HEIGHT = 66
_MARK_SIZES = range(_MARKS_HEIGHT, 5, -1)
_SHADES = 64
"""From the background to the ink, for smooth letters."""


def card_renderer(root: Path) -> Callable[[SocialCard], bytes]:
    """Return the function from a card to its PNG; `root` is the project, whose cache remembers cards."""

    def render_card(card: SocialCard) -> bytes:
        return remembered(root, card.url, repr(card).encode() + _program(), lambda: draw(card))

    return render_card


def draw(card: SocialCard) -> bytes:
    """Return a card as PNG, without what is remembered."""
    from PIL import Image, ImageDraw

    ink, muted = Image.new("L", SIZE), Image.new("L", SIZE)
    _draw_words(card, ImageDraw.Draw(ink), ImageDraw.Draw(muted))
    # Both inks and each mark have a part of the palette: small files, and no search for colours.
    picture = Image.new("P", SIZE)
    colours = sorted({card.stripe, *card.marks})
    picture.putpalette(
        [*_ramp(card.background, card.ink), *_ramp(card.background, card.muted), *_bytes("".join(colours))]
    )
    for first, layer in ((0, ink), (_SHADES, muted)):
        if box := layer.getbbox():
            words = layer.crop(box)
            shades = words.point([first + level * _SHADES // 256 for level in range(256)])
            picture.paste(shades, box, mask=words.point([0] + [255] * 255))
    places = {colour: 2 * _SHADES + place for place, colour in enumerate(colours)}
    _draw_marks(card, ImageDraw.Draw(picture), places)
    return _png(picture)


def _draw_words(card: SocialCard, ink: ImageDraw, muted: ImageDraw) -> None:
    """Draw the name of the site above, the title as large as it fits, and the text below it."""
    for line in _lines(card.kicker, _SEMIBOLD, _KICKER_SIZE, 1):
        ink.text((MARGIN, MARGIN - 8), line, 255, _font(_SEMIBOLD, _KICKER_SIZE))
    text = _lines(card.text, _REGULAR, _TEXT_SIZE, _TEXT_LINES)
    below = len(text) * _line_height(_REGULAR, _TEXT_SIZE)
    top = _TITLE_TOP if card.kicker else MARGIN
    room = HEIGHT - MARGIN - _MARKS_HEIGHT - _MARKS_SPACE - top - below - _SPACE
    size, title = _fitted(card.title, room)
    y = top
    for line in title:
        ink.text((MARGIN, y), line, 255, _font(_SEMIBOLD, size))
        y += _line_height(_SEMIBOLD, size)
    y += _SPACE
    for line in text:
        muted.text((MARGIN, y), line, 255, _font(_REGULAR, _TEXT_SIZE))
        y += _line_height(_REGULAR, _TEXT_SIZE)


def _fitted(text: str, room: int) -> tuple[int, list[str]]:
    """Return the largest size at which the title fits without breaking a word, and its lines."""
    for size in _TITLE_SIZES:
        most = min(_TITLE_LINES, room // _line_height(_SEMIBOLD, size))
        lines = _lines(text, _SEMIBOLD, size, most) if most else []
        if " ".join(lines) == text:
            break
    return size, lines


def _lines(text: str, name: str, size: int, most: int) -> list[str]:
    """Return a text as lines of about one length, at most so many; what does not fit ends in an ellipsis."""
    room = (WIDTH - 2 * MARGIN) / size
    lines = _broken(text, name, room)
    if len(lines) > most:
        last = lines[most - 1]
        while last and _width(f"{last}…", name) > room:
            last = last.rpartition(" ")[0] or last[:-1]
        return [*lines[: most - 1], last.rstrip(" ,;:.–—-") + "…"]
    narrow = room
    while narrow > room / 2 and len(balanced := _broken(text, name, narrow)) == len(lines):
        if " ".join(balanced) == text:
            lines = balanced
        narrow -= room / 40
    return lines


def _broken(text: str, name: str, room: float) -> list[str]:
    """Return a text broken at its spaces; a word that is longer than a line is broken too."""
    lines: list[str] = []
    line, space = "", _width(" ", name)
    for word in text.split():
        if line and sum(_width(part, name) + space for part in line.split()) + _width(word, name) <= room:
            line = f"{line} {word}"
            continue
        lines += [line] if line else []
        while len(word) > 1 and _width(word, name) > room:
            end = next((end for end in range(len(word) - 1, 1, -1) if _width(word[:end], name) <= room), 1)
            lines.append(word[:end])
            word = word[end:]
        line = word
    return [*lines, line] if line else lines


@cache
def _width(text: str, name: str) -> float:
    """Return how wide a text is at size 1."""
    return _font(name, 100).getlength(text) / 100


def _line_height(name: str, size: int) -> int:
    return round(size * _LEADING[name])


@cache
def _font(name: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    # Raqm sets better, but whether it is there differs from machine to machine.
    return ImageFont.truetype(_FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


# ------------------------------------------------------------------------ marks, colours, bytes


def _draw_marks(card: SocialCard, draw: ImageDraw, places: dict[str, int]) -> None:
    """Draw the stripe above, and below a square for each mark, as large as there is room for all."""
    draw.rectangle((0, 0, WIDTH, _STRIPE - 1), places[card.stripe])
    size, across = _mark_grid(len(card.marks))
    gap = max(1, size // 8)
    top = HEIGHT - MARGIN + gap - -(-len(card.marks) // across) * size
    for place, colour in enumerate(card.marks[: across * (_MARKS_HEIGHT // size)]):
        x, y = MARGIN + place % across * size, top + place // across * size
        draw.rectangle((x, y, x + size - gap - 1, y + size - gap - 1), places[colour])


def _mark_grid(number: int) -> tuple[int, int]:
    """Return the size of a mark with its gap, and how many stand side by side."""
    for size in _MARK_SIZES:
        across = (WIDTH - 2 * MARGIN + size // 8) // size
        if across * (_MARKS_HEIGHT // size) >= number:
            break
    return size, across


def _ramp(first: str, last: str) -> list[int]:
    """Return the colours from one to another, so many as there are shades."""
    pairs = list(zip(_bytes(first), _bytes(last), strict=True))
    return [round(one + (two - one) * step / (_SHADES - 1)) for step in range(_SHADES) for one, two in pairs]


def _bytes(colours: str) -> list[int]:
    return list(bytes.fromhex(colours.replace("#", "")))


def _png(picture: Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=5)
    return file.getvalue()


@cache
def _program() -> bytes:
    """Return what decides the bytes of a card beside the card: the drawing, the fonts, Pillow."""
    files = (Path(__file__), _FONTS / _REGULAR, _FONTS / _SEMIBOLD)
    from importlib.metadata import version

    return version("pillow").encode() + b"".join(file.read_bytes() for file in files)
