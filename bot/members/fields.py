"""What a member typed into a settings field, as the value it means. Refuses with the remedy; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache

from rapidfuzz import fuzz

from bot.calendar import local, zone_names
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
CITIES: Mapping[str, str] = {
    "abu dhabi": "Asia/Dubai",
    "ankara": "Europe/Istanbul",
    "austin": "America/Chicago",
    "bangalore": "Asia/Kolkata",
    "barcelona": "Europe/Madrid",
    "beijing": "Asia/Shanghai",
    "bengaluru": "Asia/Kolkata",
    "boston": "America/New_York",
    "cape town": "Africa/Johannesburg",
    "chennai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "hamburg": "Europe/Berlin",
    "hanoi": "Asia/Ho_Chi_Minh",
    "milan": "Europe/Rome",
    "mumbai": "Asia/Kolkata",
    "munich": "Europe/Berlin",
    "new delhi": "Asia/Kolkata",
    "osaka": "Asia/Tokyo",
    "pune": "Asia/Kolkata",
    "rio de janeiro": "America/Sao_Paulo",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "shenzhen": "Asia/Shanghai",
}
"""Large cities that no zone is named after, and the zone of their country, state or province (the time zone database,
zone1970.tab, 2026)."""
LONGEST_SNOOZE = timedelta(days=28)


def printable(text: str) -> str:
    """The text without what no database keeps: control characters and halves of surrogate pairs."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))


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
    """An IANA zone name, in any case, or a city that lies in one zone, with or without its accents.

    Raises FieldError that names the nearest, up to five.
    """
    wanted = _plain(text)
    if known := _called().get(wanted):
        return known
    near = [ABBREVIATIONS[wanted]] if wanted in ABBREVIATIONS else _nearest(text)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Write it like Europe/Berlin or America/New_York."
    raise FieldError("zone", f"I know no time zone called “{text.strip()[:40]}”. {hint}")


def nearest_zones(text: str, most: int) -> list[str]:
    """The zone names closest to a text, closest first; those of its beginning where it is empty."""
    typed = _plain(text)
    return [z for _, z in _scored(typed)[:most]] if typed else list(zone_names()[:most])


def _nearest(text: str) -> list[str]:
    """Up to five, as long as none is much nearer than the others."""
    found = _scored(_plain(text))[:5]
    return [z for score, z in found if score >= found[0][0] - 10]


def _scored(typed: str) -> list[tuple[float, str]]:
    """Zones by how near a name of theirs is (60 to 100), each once, nearest first."""
    best: dict[str, float] = {}
    for name, z in _called().items():
        score = max(fuzz.ratio(typed, name), 0.9 * fuzz.WRatio(typed, name))
        best[z] = max(score, best.get(z, 0.0))
    return sorted(((s, z) for z, s in best.items() if s >= 60), key=lambda found: (-found[0], found[1]))


@cache
def _called() -> Mapping[str, str]:
    """Zones by what they may be called: their name, and a city's where all zones that have it keep one time."""
    found: dict[str, list[str]] = {}
    for z in zone_names():
        found.setdefault(_plain(z.rsplit("/", 1)[-1]), []).append(z)
    cities = {city: max(zones, key=len) for city, zones in found.items() if len({_clock(z) for z in zones}) == 1}
    return cities | dict(CITIES) | {_plain(z): z for z in zone_names()}


def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """How far a zone is from UTC at the middle of each month of two years: the same for two names of one zone."""
    return tuple(local(datetime(y, m, 15, tzinfo=UTC), zone).utcoffset() for y in (2026, 2027) for m in range(1, 13))


def _plain(text: str) -> str:
    """In small letters without accents, words parted by one space."""
    letters = unicodedata.normalize("NFKD", text.replace("_", " ").casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


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
