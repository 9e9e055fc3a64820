"""What a picture says can be read: on a phone, by people of any colour vision, whatever somebody calls themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures import board
from bot.pictures.board import BoardPicture
from bot.pictures.canvas import MARGIN, RIGHT, Canvas
from bot.pictures.colours import BLUE, BORDER, CARD, GREEN, INK, MUTED, SHADES, TRACK, VERMILLION, contrast, on
from bot.pictures.lettering import ELSEWHERE, fit, font, writable
from tests.pictures.examples import PICTURES, SMALL, WEEK
from tests.pictures.test_reference import picture

PHONE = 360 / 1080
"""A phone shows three pixels as one point."""
PLACES = st.lists(st.tuples(st.integers(1, 99), st.text(max_size=300), st.integers(0, 99_999)), max_size=10)


@dataclass(frozen=True)
class Line:
    left: float
    right: float
    base: float
    size: int
    text: str


@contextmanager
def written() -> Iterator[list[Line]]:
    """Every line that is written meanwhile, and where."""
    lines: list[Line] = []
    write = Canvas.text

    def record(canvas: Canvas, x: float, y: float, text: str, size: int, **how: object) -> float:
        width = write(canvas, x, y, text, size, **how)  # type: ignore[arg-type]
        left = x - {"l": 0.0, "m": width / 2, "r": width}[str(how.get("anchor", "ls"))[0]]
        lines.append(Line(left, left + width, y, size, text))
        return width

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Canvas, "text", record)
        yield lines


def overlapping(lines: list[Line]) -> list[tuple[str, str]]:
    return [
        (one.text, other.text)
        for one, other in combinations(lines, 2)
        if one.base == other.base and one.left < other.right and other.left < one.right
    ]


@pytest.mark.parametrize("name", PICTURES)
def test_on_a_phone_no_text_is_smaller_than_eight_points_or_beyond_the_margins_or_upon_another(name: str) -> None:
    with written() as lines:
        PICTURES[name]()

    assert min(line.size for line in lines) * PHONE > 8
    assert all(line.left >= MARGIN - 1 and line.right <= RIGHT + 1 for line in lines)
    assert overlapping(lines) == []


@settings(max_examples=40)
@given(PLACES, st.text(max_size=300), st.tuples(st.integers(0, 99_999), st.integers(0, 99_999)))
def test_whatever_people_call_themselves_every_line_is_within_the_card_and_apart(
    places: list[tuple[int, str, int]], title: str, goal: tuple[int, int]
) -> None:
    with written() as lines:
        board.draw(BoardPicture(title, title, tuple(places), tuple((n, p) for _, n, p in places[:3]), goal, title))

    assert all(line.left >= MARGIN - 1 and line.right <= RIGHT + 1 for line in lines)
    assert overlapping(lines) == []
    assert all(writable(line.text) == line.text for line in lines if line.text.strip())


def test_a_board_on_which_everybody_is_level_is_drawn_down_to_its_small_print() -> None:
    crowd = BoardPicture(
        "title " * 50, WEEK, ((1, "Ana", 44),) * 300, (("Chidi", 9),) * 300, (30, 40), "Weeks end at midnight. " * 20
    )

    with written() as lines:
        height = picture(board.draw(crowd)).height

    assert [line.text for line in lines].count("Ana") == board.PLACES
    assert lines[-1].text.endswith("…")
    assert MARGIN <= height - lines[-1].base <= 2 * MARGIN
    assert height <= Canvas()._image.height


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bela Kovács", "Bela Kovács"),
        ("Cafe\u0301", "Café"),
        ("  two\n\tlines ", "two lines"),
        ("🚀 Zoë 👩‍💻", "Zoë"),
        ("田中 Ken", "… Ken"),
        ("田中 太郎", ELSEWHERE),
        ("مرحبا", ELSEWHERE),
        ("שלום Noa", "… Noa"),
        ("नमस्ते", ELSEWHERE),
        ("evil\u202etxt.exe\u2066\u200b", "eviltxt.exe"),
        ("Z\u0336\u0321\u0310a\u0336l\u0321g\u0310o", "Zalgo"),
        ("\u2800", ELSEWHERE),
        ("", ELSEWHERE),
        ("@everyone <!channel>", "@everyone <!channel>"),
    ],
)
def test_of_a_name_the_part_is_shown_that_can_be_drawn(name: str, shown: str) -> None:
    assert writable(name) == shown


def test_no_character_that_is_kept_becomes_an_empty_box() -> None:
    box = bytes(font(26).getmask("\uffff"))
    kept = [c for c in map(chr, range(0x20, 0x2_0000)) if writable(c) == c]

    assert len(kept) > 3_000
    assert [c for c in kept if bytes(font(26).getmask(c)) == box or bytes(font(26, True).getmask(c)) == box] == []


def test_a_long_name_is_cut_where_the_room_ends() -> None:
    cut = fit("Wojciech Brzęczyszczykiewicz", 300, 36)

    assert cut.startswith("Wojciech B")
    assert cut.endswith("…")
    assert 250 < font(36).getlength(cut) <= 300


def test_people_who_are_level_have_bars_that_are_level() -> None:
    level = replace(SMALL, places=((1, "Ana", 44), (1, "Chidi", 44)))
    with pytest.MonkeyPatch.context() as patch:
        drawn: list[tuple[float, float]] = []
        patch.setattr(Canvas, "bar", lambda _, left, top, right, bottom, fill, radius: drawn.append((left, right)))
        board.draw(replace(level, goal=None))
    assert len(set(drawn)) == 1


@pytest.mark.parametrize("text", [INK, MUTED])
def test_text_stands_out_from_the_card(text: tuple[int, int, int]) -> None:
    assert contrast(text, CARD) >= 4.5


@pytest.mark.parametrize("bar", [BLUE, GREEN, VERMILLION])
def test_a_bar_stands_out_from_the_card_and_from_what_it_has_not_filled(bar: tuple[int, int, int]) -> None:
    assert contrast(bar, CARD) >= 3
    assert contrast(bar, TRACK) >= 3


def test_a_days_number_stands_out_from_its_shade_and_shades_differ_in_lightness_alone() -> None:
    assert all(contrast(on(shade), shade) >= 4.5 for shade in SHADES)
    assert all(contrast(lighter, darker) >= 1.4 for lighter, darker in pairwise((*SHADES,)))


def test_the_border_is_seen_on_a_white_and_on_a_black_background() -> None:
    assert contrast(BORDER, (255, 255, 255)) >= 3
    assert contrast(BORDER, (0, 0, 0)) >= 3
