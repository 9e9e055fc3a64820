"""A member's progress as a picture: what they hold, when they practised, what will fall due. Counted before."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from bot.pictures.canvas import INNER, MARGIN, RIGHT, SMALLEST, Canvas
from bot.pictures.colours import BLUE, GREEN, INK, MUTED, RULE, SHADES, TRACK, on
from bot.pictures.lettering import fit, font, writable

WEEKS = 12
AHEAD = 14
TOPICS = 10
"""So many topics have a bar of their own."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (3, 6, 11)
"""Answers on a day from which the next darker shade is taken."""
_TALLEST = 150
"""Pixels of the forecast's longest bar."""


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """What a progress picture shows; all dates are the member's own."""

    topics: tuple[tuple[str, int, int], ...]
    """(topic, concepts held, concepts met), at least one met; at most TOPICS rows are drawn, the last sums the rest."""
    days: tuple[int, ...]
    """Answers on each day of WEEKS weeks: from a Monday to the Sunday of the week that `today` is in."""
    forecast: tuple[int, ...]
    """Concepts due on each of AHEAD days, from `today`."""
    today: date
    waiting: int = 0
    """Concepts that are due by today and left for the days after it."""

    def __post_init__(self) -> None:
        if len(self.days) != 7 * WEEKS or len(self.forecast) != AHEAD:
            raise ValueError(f"{len(self.days)} days and {len(self.forecast)} to come, not {7 * WEEKS} and {AHEAD}")


def draw(progress: ProgressPicture) -> bytes:
    """The progress as PNG, 1,080 pixels wide. Takes a few dozen milliseconds."""
    canvas = Canvas()
    day = progress.today
    canvas.title("Your progress", f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}")
    _topics(canvas, largest(progress.topics))
    _calendar(canvas, progress.days, progress.today)
    _forecast(canvas, progress)
    return canvas.png()


def largest(topics: tuple[tuple[str, int, int], ...]) -> tuple[tuple[str, int, int], ...]:
    """At most TOPICS rows, most concepts met first; where there are more topics, the last row sums the rest.

    Of topics as in `ProgressPicture.topics`, each with at least one concept met.
    """
    ranked = sorted(topics, key=lambda t: (-t[2], -t[1], t[0]))
    if len(ranked) <= TOPICS:
        return tuple(ranked)
    rest = ranked[TOPICS - 1 :]
    return (*ranked[: TOPICS - 1], (f"{len(rest)} more topics", sum(t[1] for t in rest), sum(t[2] for t in rest)))


def _topics(canvas: Canvas, topics: tuple[tuple[str, int, int], ...]) -> None:
    canvas.heading("Concepts you hold", "of those you have met")
    if not topics:
        canvas.note("None yet.")
        return
    names = [fit(writable(name), INNER * 0.54, 28) for name, _, _ in topics]
    said = [f"{held} of {met}" for _, held, met in topics]
    left = MARGIN + max(font(28).getlength(n) for n in names) + 24
    right = RIGHT - max(font(28, True).getlength(s) for s in said) - 24
    for name, (_, held, met), numbers in zip(names, topics, said, strict=True):
        canvas.text(MARGIN, canvas.y + 28, name, 28)
        canvas.text(RIGHT, canvas.y + 28, numbers, 28, bold=True, anchor="rs")
        canvas.bar(left, canvas.y + 6, right, canvas.y + 30, TRACK, radius=12)
        if held:
            canvas.bar(left, canvas.y + 6, left + (right - left) * held / met, canvas.y + 30, GREEN, radius=12)
        canvas.y += 54
    canvas.y -= 12


def _calendar(canvas: Canvas, days: tuple[int, ...], today: date) -> None:
    canvas.heading("The last twelve weeks", "answers a day")
    first = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
    left, high, gap = MARGIN + 80, 54, 8
    wide = (RIGHT - left + gap) / WEEKS
    month = 0
    for week in range(WEEKS):
        monday = first + timedelta(days=7 * week)
        if monday.month != month:
            month = monday.month
            canvas.text(left + week * wide, canvas.y + 22, _MONTHS[month - 1], SMALLEST, fill=MUTED)
    canvas.y += 36
    for weekday, name in enumerate(_WEEKDAYS):
        canvas.text(MARGIN, canvas.y + 33, name, SMALLEST, fill=MUTED)
        for week in range(WEEKS):
            day = first + timedelta(days=7 * week + weekday)
            x = left + week * wide
            box = (x, canvas.y, x + wide - gap, canvas.y + high - gap)
            count = days[7 * week + weekday]
            shade = SHADES[bisect_right(_STEPS, count)] if count else TRACK
            if day > today:
                canvas.frame(*box, RULE, radius=8)
                continue
            canvas.bar(*box, shade, radius=8)
            if day == today:
                canvas.frame(*box, INK, radius=8)
            if count:
                middle = x + (wide - gap) / 2
                canvas.text(middle, canvas.y + 33, _short(count), SMALLEST, bold=True, fill=on(shade), anchor="ms")
        canvas.y += high


def _forecast(canvas: Canvas, progress: ProgressPicture) -> None:
    canvas.heading("Reviews to come", "concepts due a day")
    if not any(progress.forecast):
        canvas.note("Nothing falls due in the next two weeks.")
    else:
        _columns(canvas, progress.forecast, progress.today)
    if progress.waiting:
        canvas.y += 16
        canvas.note(f"{progress.waiting:,} more are due already, and come in the next days.")


def _columns(canvas: Canvas, forecast: tuple[int, ...], today: date) -> None:
    most, wide = max(forecast), INNER / AHEAD
    canvas.y += 36 + _TALLEST
    for n, count in enumerate(forecast):
        day = today + timedelta(days=n)
        left, middle = MARGIN + n * wide, MARGIN + (n + 0.5) * wide
        if count:
            top = canvas.y - max(_TALLEST * count / most, 8)
            canvas.bar(left + 9, top, left + wide - 9, canvas.y, BLUE, radius=4)
            canvas.text(middle, top - 10, _short(count), SMALLEST, bold=True, anchor="ms")
        colour = INK if n == 0 else MUTED
        canvas.text(middle, canvas.y + 36, _WEEKDAYS[day.weekday()], SMALLEST, bold=n == 0, fill=colour, anchor="ms")
        canvas.text(middle, canvas.y + 70, str(day.day), SMALLEST, bold=n == 0, fill=colour, anchor="ms")
    canvas.bar(MARGIN, canvas.y, RIGHT, canvas.y + 3, RULE, radius=1)
    canvas.y += 76


def _short(count: int) -> str:
    """A count in at most three characters, up to 99,999."""
    return str(count) if count < 1000 else f"{count // 1000}k"
