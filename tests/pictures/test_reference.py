"""Pictures look as they did when somebody looked at them.

`pytest tests/pictures --golden` draws the reference pictures anew; look at each before you commit it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from bot.pictures import board, progress
from tests.pictures.examples import BUSY, PICTURES, SMALL

REFERENCE = Path(__file__).parent / "reference"
TILE = 20
"""Pixels: about a digit."""
NOTICED = 24
"""0..255: the mean difference of a tile that is no other smoothing of the same edges."""


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ where they differ most: the mean difference of a tile, 0..255."""
    if one.size != other.size:
        return 255
    tiles = ImageChops.difference(one, other).reduce(TILE)
    return max(high for _, high in tiles.getextrema())  # type: ignore[misc]


def chunks(png: bytes) -> Iterator[bytes]:
    """The kinds of the parts that a PNG file consists of."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8]
        at += 12 + length


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(name: str, golden: bool) -> None:
    file = REFERENCE / f"{name}.png"
    drawn = PICTURES[name]()
    if golden:
        file.write_bytes(drawn)
    assert difference(picture(drawn), picture(file.read_bytes())) < NOTICED


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_small_and_the_same_each_time_and_says_nothing_of_who_drew_it(name: str) -> None:
    drawn = PICTURES[name]()

    assert drawn == PICTURES[name]()
    assert len(drawn) < 100_000
    assert picture(drawn).width == 1080
    assert set(chunks(drawn)) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_changed_digit_is_noticed() -> None:
    changed = replace(SMALL, improved=(("Dara O’Neill", 27),))
    assert difference(picture(board.draw(SMALL)), picture(board.draw(changed))) > 2 * NOTICED


def test_a_bar_that_moved_is_noticed_though_its_number_is_the_same() -> None:
    longer = replace(BUSY, topics=(*BUSY.topics[:-1], ("SQL", 0, 1)))
    one, other = picture(progress.draw(BUSY)), picture(progress.draw(longer))
    left_of_the_numbers = (0, 0, 880, one.height)
    assert difference(one.crop(left_of_the_numbers), other.crop(left_of_the_numbers)) > NOTICED


def test_a_day_of_another_shade_is_noticed() -> None:
    changed = replace(BUSY, days=(1, *BUSY.days[1:]))
    assert BUSY.days[0] == 0
    assert difference(picture(progress.draw(BUSY)), picture(progress.draw(changed))) > NOTICED


def test_edges_that_another_version_of_the_font_library_smooths_otherwise_are_not() -> None:
    drawn = picture(board.draw(SMALL))
    assert 0 < difference(drawn, drawn.filter(ImageFilter.GaussianBlur(0.4))) < NOTICED
