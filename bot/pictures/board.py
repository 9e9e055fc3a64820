"""A cohort's board as a picture. Who is on it, in which order and with which points was decided before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.pictures.canvas import INNER, MARGIN, RIGHT, Canvas
from bot.pictures.colours import BLUE, GREEN, MUTED, TRACK, VERMILLION
from bot.pictures.lettering import fit, font, writable

PLACES = 20
"""So many places are drawn; a phone shows ten of them well."""
IMPROVED = 5
"""So many of the most improved are drawn."""

_NUMBER = 78
"""Pixels for a place's number."""


@dataclass(frozen=True, slots=True)
class BoardPicture:
    """What a board shows; names may be anything that people call themselves."""

    title: str
    """The cohort's name, or what else it is about."""
    subtitle: str
    """Which week, and whether it is provisional."""
    places: tuple[tuple[int, str, int], ...] = ()
    """(place, name, points), highest first; ties have the same place. At most PLACES are drawn."""
    improved: tuple[tuple[str, int | None], ...] = ()
    """(name, points more than their own median, where that may be told). At most IMPROVED are drawn."""
    goal: tuple[int, int] | None = None
    """Concepts that were due and cleared together, from 0, and how many the team aims at."""
    note: str = ""
    """Small print below everything."""


def draw(board: BoardPicture) -> bytes:
    """The board as PNG, 1,080 pixels wide. Takes a few dozen milliseconds."""
    canvas = Canvas()
    canvas.title(writable(board.title), writable(board.subtitle) if board.subtitle else "")
    if board.places:
        _places(canvas, board.places[:PLACES])
    if board.improved:
        _improved(canvas, board.improved[:IMPROVED])
    if board.goal:
        _goal(canvas, *board.goal)
    if board.note:
        canvas.y += 24
        canvas.note(writable(board.note))
    return canvas.png()


def _places(canvas: Canvas, places: tuple[tuple[int, str, int], ...]) -> None:
    canvas.heading("Top places", "points")
    highest = max(points for _, _, points in places)
    left = MARGIN + _NUMBER
    for place, name, points in places:
        said = f"{points:,}"
        room = RIGHT - left - font(38, True).getlength(said) - 30
        canvas.text(MARGIN, canvas.y + 34, str(place), 38, bold=True, fill=MUTED)
        canvas.text(left, canvas.y + 34, fit(writable(name), room, 36), 36)
        canvas.text(RIGHT, canvas.y + 34, said, 38, bold=True, anchor="rs")
        full = RIGHT - left
        canvas.bar(left, canvas.y + 52, RIGHT, canvas.y + 66, TRACK, radius=7)
        if points > 0:
            canvas.bar(left, canvas.y + 52, left + full * points / highest, canvas.y + 66, BLUE, radius=7)
        canvas.y += 92
    canvas.y -= 18


def _improved(canvas: Canvas, improved: tuple[tuple[str, int | None], ...]) -> None:
    canvas.heading("Most improved", "more than their usual week")
    for name, more in improved:
        said = "" if more is None else f"+{more:,}"
        room = INNER - _NUMBER - font(38, True).getlength(said) - 30
        canvas.triangle(MARGIN, canvas.y + 34, 30, VERMILLION)
        canvas.text(MARGIN + _NUMBER, canvas.y + 34, fit(writable(name), room, 36), 36)
        canvas.text(RIGHT, canvas.y + 34, said, 38, bold=True, anchor="rs")
        canvas.y += 62
    canvas.y -= 8


def _goal(canvas: Canvas, done: int, target: int) -> None:
    canvas.heading("Team goal")
    share = 1.0 if done >= target else done / target
    reached = "reached" if done >= target else f"{100 * done // target} %"
    width = canvas.text(MARGIN, canvas.y + 34, f"{done:,} of {target:,}", 38, bold=True)
    canvas.text(MARGIN + width + 16, canvas.y + 34, "due concepts cleared", 30, fill=MUTED)
    canvas.text(RIGHT, canvas.y + 34, reached, 38, bold=True, anchor="rs")
    canvas.bar(MARGIN, canvas.y + 56, RIGHT, canvas.y + 84, TRACK, radius=14)
    if done > 0:
        canvas.bar(MARGIN, canvas.y + 56, MARGIN + INNER * share, canvas.y + 84, GREEN, radius=14)
    canvas.y += 92
