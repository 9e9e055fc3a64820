"""Which calendar day a text means. Pure: what day it is today enters as an argument."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As date.weekday() counts them."""
ABBREVIATED = 3
"""Letters of a month or weekday that are enough."""

_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?:in |for )?(?P<count>\d{1,4}) (?P<unit>day|week)s?",
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\. ?(?P<number>\d{1,2})\.?(?: ?(?P<year>\d{4}))?",
        rf"{_DAY} (?:of )?{_MONTH}(?:,? (?P<year>\d{{4}}))?",
        rf"{_MONTH} (?:the )?{_DAY}(?:,? (?P<year>\d{{4}}))?",
    )
)

_LEAP_DAY = date(2000, 2, 29)


def read(text: str, today: date) -> date | None:
    """The day that 2026-12-03, 03.12.2026, "3 Dec", "December 3rd, 2026", "in 21 days", "tomorrow" or "Friday" means.

    Without a year it is the next such day, today included; a weekday is the next one after today.
    None where no day is meant, and for 3/12/2026, which means two.
    """
    said = re.sub(r"^(?:until|till|on) ", "", " ".join(text.lower().replace(",", " ").split()))
    if said in {"today", "tomorrow"}:
        return today + timedelta(days=said == "tomorrow")
    if (weekday := named(said, WEEKDAYS)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    first, _, rest = said.partition(" ")
    if rest and named(first.rstrip("."), WEEKDAYS) is not None:
        said = rest
    found = next((f for shape in _SHAPES if (f := shape.fullmatch(said))), None)
    return _meant(found.groupdict(), today) if found else None


def is_length_or_day(text: str) -> bool:
    """Whether a text is written like a number of days or like a day."""
    return re.fullmatch(r"\d{1,3}", text) is not None or read(text, _LEAP_DAY) is not None


def named(word: str, names: tuple[str, ...]) -> int | None:
    """The position of the month or weekday of which a word is the beginning, three letters at least."""
    if len(word) < ABBREVIATED:
        return None
    return next((n for n, name in enumerate(names) if name.startswith(word)), None)


def _meant(parts: dict[str, str | None], today: date) -> date | None:
    try:
        if count := parts.get("count"):
            return today + timedelta(days=int(count) * (7 if parts["unit"] == "week" else 1))
        named_month = named(parts.get("month") or "", MONTHS)
        month = int(parts.get("number") or 0) if named_month is None else named_month + 1
        day = int(parts["day"] or 0)
        if year := parts.get("year"):
            return date(int(year), month, day)
        return _next(month, day, today)
    except (ValueError, OverflowError):
        return None


def _next(month: int, day: int, today: date) -> date | None:
    """The first such day from today on; 29 February waits for a leap year."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None
