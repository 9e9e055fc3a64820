"""What a member typed into a settings field, as the value it means. Refuses with the remedy; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import time, timedelta

from rapidfuzz import fuzz, process, utils

from bot.calendar import zone_names
from bot.door.naming import Names, meant
from bot.errors import FieldError, RolecallError, UsageError
from bot.model import Role

NAME_LENGTH = 60
_YES = {"yes", "y", "on", "true", "1"}
_NO = {"no", "n", "off", "false", "0"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
ABBREVIATIONS = {
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "gmt": "Europe/London",
    "bst": "Europe/London",
    "eet": "Europe/Helsinki",
    "est": "America/New_York",
    "edt": "America/New_York",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
}
"""A guess at what a person means; an abbreviation alone is never taken, since many mean several zones."""
LONGEST_SNOOZE = timedelta(days=28)


def name(text: str) -> str:
    """A name as it will be shown: one line without control characters, 1 to 60 characters."""
    clean = " ".join("".join(c for c in text if unicodedata.category(c)[0] != "C" or c.isspace()).split())
    if not clean:
        raise FieldError("name", "I need something to call you: one letter is enough.")
    if len(clean) > NAME_LENGTH:
        raise FieldError(
            "name", f"That name has {len(clean)} characters; at most {NAME_LENGTH} fit. Shorten it, please."
        )
    return clean


def zone(text: str) -> str:
    """An IANA zone name, whatever its case; "berlin" alone will do where one zone has that city."""
    wanted = "_".join(text.split()).lower()
    by_lower = {z.lower(): z for z in zone_names()}
    by_city: dict[str, list[str]] = {}
    for z in zone_names():
        by_city.setdefault(z.rsplit("/", 1)[-1].lower(), []).append(z)
    if wanted in by_lower:
        return by_lower[wanted]
    if len(by_city.get(wanted, [])) == 1:
        return by_city[wanted][0]
    near = [ABBREVIATIONS[wanted]] if wanted in ABBREVIATIONS else nearest_zones(text, 1)
    hint = f"Did you mean {near[0]}?" if near else "Write it like Europe/Berlin or America/New_York."
    raise FieldError("zone", f"I know no time zone called “{text.strip()[:40]}”. {hint}")


def nearest_zones(text: str, most: int) -> list[str]:
    """The zone names closest to a text, closest first."""
    typed = " ".join(text.replace("_", " ").split())
    if not typed:
        return list(zone_names()[:most])
    found = process.extract(
        typed, zone_names(), scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=60
    )
    return [z for z, _, _ in found]


def wall_time(text: str) -> time:
    """A time of day from 09:00, 9.00, 9h30, 9h, 9, 9am or 9:30 pm."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*(am|pm)?", text.strip().lower())
    if found:
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and not 1 <= hour <= 12:
            hour = 99
        elif found[3]:
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise FieldError("time", f"“{text.strip()[:40]}” is not a time of day. Write it like 09:00.")


def role(text: str, names: Names) -> Role | None:
    """A role, or None for "not sure yet"; `names` are those that may be typed for either."""
    if not text.strip():
        return None
    try:
        value = meant(text, names, "role")
    except UsageError as refused:
        raise FieldError("role", str(refused)) from None
    return next((r for r in Role if r.value == value), None)


def yes_no(field: str, text: str) -> bool:
    said = text.strip().lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise FieldError(field, f"“{text.strip()[:40]}” is neither yes nor no.")


def length(text: str) -> timedelta:
    """A time span such as 3h or 2d, at most four weeks; a day where nothing is said."""
    found = re.fullmatch(r"(\d{1,4})\s*([mhdw])", text.strip().lower() or "1d")
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < span <= LONGEST_SNOOZE:
        raise RolecallError(
            "Write how long like 3h, 2d or 1w; four weeks at most. /rolecall me pause stops for longer."
        )
    return span
