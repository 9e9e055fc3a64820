"""What a member typed about their reminders, as the value it means: how often, which days, which hours, until when.

Refuses with the remedy; pure. What day it is today enters as an argument.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from bot.door import dates
from bot.door.naming import Names, meant, short
from bot.errors import FieldError, UsageError
from bot.members.fields import wall_time
from bot.members.quiet import is_quiet
from bot.model import Level

_NONE = {"", "none", "no", "never", "off"}
LONGEST_PAUSE = 365
"""Days."""
FURTHEST_INTERVIEW = 730
"""Days."""
_WORKING_DAYS = (0, 1, 2, 3, 4)
_WEEKEND = (5, 6)
_EVERY_DAY = _WORKING_DAYS + _WEEKEND
_DAYS = {
    "everyday": _EVERY_DAY,
    "daily": _EVERY_DAY,
    "all": _EVERY_DAY,
    "any": _EVERY_DAY,
    "weekdays": _WORKING_DAYS,
    "weekday": _WORKING_DAYS,
    "workdays": _WORKING_DAYS,
    "weekends": _WEEKEND,
    "weekend": _WEEKEND,
}


def level(text: str, names: Names) -> Level:
    """How often to remind; `names` are those that may be typed for each."""
    try:
        return Level(meant(text, names, "level"))
    except UsageError as refused:
        raise FieldError("level", str(refused)) from None


def weekdays(text: str) -> tuple[int, ...]:
    """The days on which to remind, one at least."""
    if chosen := days_of_week(text):
        return chosen
    raise FieldError(
        "days",
        "With no day left I could never remind you. Name one day at least, or stop reminders for a while with "
        "/rolecall me pause, for good with /rolecall settings reminders=no.",
    )


def days_of_week(text: str) -> tuple[int, ...]:
    """Days of the week, Monday is 0, from "weekdays", "Mon Wed Fri", "mon-fri", "every day except Sunday" or "none"."""
    said = re.sub(r"\s*(?:[-–—]|\bto\b|\buntil\b)\s*", "-", text.lower().strip())
    said = re.sub(r"\b(?:every|all|any) days?\b", "everyday", said)
    said = re.sub(r"\b(?:working|work|business|week) days\b", "weekdays", said)
    wanted, *left_out = re.split(r"\b(?:but not|except|but|without|not)\b", said)
    chosen = _days(wanted or "everyday", text) if left_out or wanted not in _NONE else set()
    for part in left_out:
        chosen -= _days(part, text)
    return tuple(sorted(chosen))


def _days(said: str, text: str) -> set[int]:
    found: set[int] = set()
    for word in re.split(r"[\s,;/+&.]+|\b(?:and|on|every|only)\b", said):
        if word in _DAYS:
            found.update(_DAYS[word])
        elif word:
            ends = [_weekday(end) for end in word.split("-")]
            if None in ends or len(ends) > 2:
                raise FieldError(
                    "days",
                    f"“{short(text.strip())}” does not tell me the days. Write them like Mon Wed Fri, or write "
                    "weekdays, weekends or every day.",
                )
            first, last = (day or 0 for day in (ends[0], ends[-1]))
            found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    return found


def _weekday(word: str) -> int | None:
    """A day by its name, its plural or its first letters, two at least."""
    names = dates.WEEKDAYS
    return next((n for n, name in enumerate(names) if len(word) > 1 and f"{name}s".startswith(word)), None)


def quiet(text: str) -> tuple[time, time] | None:
    """Quiet hours from 22:00-07:00, 22-7 or "10pm to 7am"; None where there are to be none."""
    said = text.strip().lower()
    if said in _NONE:
        return None
    ends = re.split(r"\s*(?:[-–—]|\bto\b|\buntil\b|\btill\b)\s*", said.removeprefix("from").strip())
    try:
        first, last = (wall_time("0:00" if end in {"24", "24:00", "24.00"} else end) for end in ends)
    except (FieldError, ValueError):
        raise FieldError(
            "quiet", f"“{short(text.strip())}” are no quiet hours. Write them like 22:00-07:00, or none."
        ) from None
    if first == last:
        raise FieldError(
            "quiet",
            "Those quiet hours cover the whole day, so nothing could ever come. Leave some hours free, or stop "
            "reminders for a while with /rolecall me pause, for good with /rolecall settings reminders=no.",
        )
    return first, last


def refuse_quiet(field: str, at: time, hours: tuple[time, time] | None) -> None:
    """Raises FieldError for a reminder time that lies in the quiet hours; `field` is the one that was given."""
    if hours and is_quiet(at, hours):
        raise FieldError(
            field,
            f"A reminder at {at:%H:%M} would fall into your quiet hours, {hours[0]:%H:%M} to {hours[1]:%H:%M}. Choose "
            f"another time, such as /rolecall settings time={hours[1]:%H:%M}, or other quiet hours, such as /rolecall "
            "me reminders quiet=none.",
        )


def interview(text: str, today: date) -> date | None:
    """The day of an interview, today at the earliest; None where it is to be forgotten."""
    if text.strip().lower() in _NONE:
        return None
    day = _day("interview", text, today)
    if day < today:
        raise FieldError("interview", f"{_long(day)} is over. Write the date of an interview to come, or none.")
    if (day - today).days > FURTHEST_INTERVIEW:
        raise FieldError(
            "interview",
            f"{_long(day)} is more than two years away, which changes nothing yet. Write none and tell me when it is "
            "nearer.",
        )
    return day


def first_day_back(text: str, today: date) -> date:
    """The first day after a pause, from a number of days or a date."""
    days = f"{text.strip()} days" if text.strip().isdecimal() else text
    day = _day("until", days, today)
    if day <= today:
        raise FieldError(
            "until",
            f"A pause until {_long(day)} would be over already. Name a later day: the first on which I may remind you.",
        )
    if (day - today).days > LONGEST_PAUSE:
        raise FieldError(
            "until",
            f"A pause lasts {LONGEST_PAUSE} days at most. Name an earlier day, or none at all to pause until you "
            "resume.",
        )
    return day


def _day(field: str, text: str, today: date) -> date:
    if day := dates.read(text, today):
        return day
    later = today + timedelta(days=30)
    like = f"{later:%Y-%m-%d} or {later.day} {later:%B}"
    if re.fullmatch(r"\s*\d{1,2}/\d{1,2}(/\d{2,4})?\s*", text):
        raise FieldError(field, f"“{text.strip()}” can mean two days. Write it like {like}.")
    raise FieldError(field, f"“{short(text.strip())}” is not a day that I understand. Write it like {like}.")


def _long(day: date) -> str:
    """Such as "3 December 2026"."""
    return f"{day.day} {day:%B %Y}"
