"""A card that grows downwards: text, bars with round ends, and the card as a small PNG. It knows no subject."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from bot.pictures.colours import BORDER, CARD, INK, MUTED, RULE, Colour, palette
from bot.pictures.lettering import fit, font, wrap

WIDTH = 1080
"""Pixels: three for each point of a phone that is 360 points wide."""
MARGIN = 56
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
SMALLEST = 26
"""Pixels of the smallest text, and so nearly 9 points on that phone."""

_TALLEST = 3200
"""Room for a board with as much as there may be on one."""
_LINE = 3
_SMOOTH = 4
"""So many times larger are circles drawn before they are made small, for smooth edges."""


class Canvas:
    """Things are drawn at places; `y` is where the next part begins."""

    def __init__(self) -> None:
        self.y = MARGIN
        self._image = Image.new("RGB", (WIDTH, _TALLEST), CARD)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: float, y: float, text: str, size: int, *, bold: bool = False, fill: Colour = INK, anchor: str = "ls"
    ) -> float:
        """Writes one line and returns its width; `anchor` as Pillow's: "ls" is left, on the base line."""
        self._draw.text((x, y), text, fill, font(size, bold), anchor)
        return font(size, bold).getlength(text)

    def bar(self, left: float, top: float, right: float, bottom: float, fill: Colour, *, radius: int) -> None:
        """A rectangle with round corners; one that is narrower than its corners is not drawn narrower than they are."""
        box = (round(left), round(top), round(max(right, left + 2 * radius)), round(bottom))
        mask = _rounded(box[2] - box[0], box[3] - box[1], radius)
        self._image.paste(fill, box, mask)

    def frame(self, left: float, top: float, right: float, bottom: float, colour: Colour, *, radius: int) -> None:
        """The outline of such a rectangle, inside it."""
        self._draw.rounded_rectangle((left, top, right - 1, bottom - 1), radius, outline=colour, width=_LINE)

    def triangle(self, x: float, y: float, side: int, fill: Colour) -> None:
        """A triangle that points upwards, with its left lower corner at a place."""
        big = Image.new("L", (side * _SMOOTH, side * _SMOOTH))
        corners = [(0, side * _SMOOTH), (side * _SMOOTH, side * _SMOOTH), (side * _SMOOTH // 2, side * _SMOOTH // 8)]
        ImageDraw.Draw(big).polygon(corners, 255)
        self._image.paste(fill, (round(x), round(y) - side), big.resize((side, side), Image.Resampling.BOX))

    def title(self, title: str, subtitle: str) -> None:
        """What the whole card is about, in at most two lines and one."""
        for line in wrap(title, INNER, 50, 2, bold=True):
            self.text(MARGIN, self.y + 44, line, 50, bold=True)
            self.y += 64
        if subtitle:
            self.text(MARGIN, self.y + 34, fit(subtitle, INNER, 30), 30, fill=MUTED)
            self.y += 50

    def heading(self, heading: str, aside: str = "") -> None:
        """The beginning of a part: a rule, and what the part is about."""
        self.y += 30
        self._draw.rectangle((MARGIN, self.y, RIGHT - 1, self.y + 1), RULE)
        self.y += 30
        width = self.text(MARGIN, self.y + 30, heading, 34, bold=True)
        if aside:
            self.text(RIGHT, self.y + 30, fit(aside, INNER - width - 30, 28), 28, fill=MUTED, anchor="rs")
        self.y += 62

    def note(self, text: str, *, most: int = 3) -> None:
        """Small print."""
        for line in wrap(text, INNER, 28, most):
            self.text(MARGIN, self.y + 28, line, 28, fill=MUTED)
            self.y += 42

    def png(self) -> bytes:
        """The card down to where it was drawn, with a border; without anything about who made it and when."""
        card = self._image.crop((0, 0, WIDTH, self.y + MARGIN))
        ImageDraw.Draw(card).rectangle((0, 0, card.width - 1, card.height - 1), outline=BORDER, width=_LINE)
        out = BytesIO()
        card.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
        return out.getvalue()


@cache
def _palette() -> Image.Image:
    colours = Image.new("P", (1, 1))
    colours.putpalette([part for colour in palette() for part in colour])
    return colours


@cache
def _circle(radius: int) -> Image.Image:
    big = Image.new("L", (2 * radius * _SMOOTH, 2 * radius * _SMOOTH))
    ImageDraw.Draw(big).ellipse((0, 0, big.width - 1, big.height - 1), 255)
    return big.resize((2 * radius, 2 * radius), Image.Resampling.BOX)


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """The mask of a rectangle with round corners."""
    mask = Image.new("L", (width, height), 255)
    circle = _circle(radius)
    for x, left in ((0, 0), (width - radius, radius)):
        for y, top in ((0, 0), (height - radius, radius)):
            mask.paste(circle.crop((left, top, left + radius, top + radius)), (x, y))
    return mask
