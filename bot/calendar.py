"""Local dates and wall times: pure functions of an instant and a zone. It reads no clock.

A zone that this machine does not know counts as UTC: a member whose zone vanished from
the zone data still gets their reminders, at an hour that is off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@cache
def zone_names() -> tuple[str, ...]:
    """IANA names that a person may live in, sorted; legacy aliases such as EST5EDT are left out."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return tuple(sorted({"UTC"} | {n for n in available_timezones() if n.startswith(regions)}))


@lru_cache(maxsize=2048)  # the IANA names are about 600; what people mistype must not fill the memory
def _known(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # no such zone; no name of a zone; the name of a folder (before 3.12)
        return None


def knows(zone: str) -> bool:
    """Whether this machine's zone data has the zone."""
    return _known(zone) is not None


def _rules(zone: str) -> tzinfo:
    return _known(zone) or UTC


def local(at: datetime, zone: str) -> datetime:
    """The instant as wall time in the zone."""
    return at.astimezone(_rules(zone))


def local_date(at: datetime, zone: str) -> date:
    return local(at, zone).date()


def instant(on: date, wall: time, zone: str) -> datetime:
    """The UTC instant of a wall time on a local date.

    A time that the clocks skip is taken as late as the skip is long, or as early where it
    would lie on the next date; one that happens twice is the first of the two. So each
    date has exactly one.
    """
    zone_rules = _rules(zone)
    at = datetime.combine(on, wall, zone_rules).astimezone(UTC)
    if at.astimezone(zone_rules).date() == on:
        return at
    earlier = datetime.combine(on, wall.replace(fold=1), zone_rules).astimezone(UTC)
    return earlier if earlier.astimezone(zone_rules).date() == on else at


def next_after(
    at: datetime,
    wall: time,
    zone: str,
    weekdays: Iterable[int] = EVERY_DAY,
    *,
    later_than: date | None = None,
) -> tuple[date, datetime]:
    """The first local date (Monday is 0) whose wall time lies after the instant, and that time in UTC.

    With `later_than`, the first such date after that one.
    """
    wanted = set(weekdays) or set(EVERY_DAY)
    day = local_date(at, zone) - timedelta(days=1)
    if later_than is not None:
        day = max(day, later_than + timedelta(days=1))
    while True:
        if day.weekday() in wanted and (due := instant(day, wall, zone)) > at:
            return day, due
        day += timedelta(days=1)


def last_until(at: datetime, wall: time, zone: str, weekdays: Iterable[int] = EVERY_DAY) -> tuple[date, datetime]:
    """The last local date whose wall time lies at or before the instant, and that time in UTC."""
    wanted = set(weekdays) or set(EVERY_DAY)
    day = local_date(at, zone) + timedelta(days=1)
    while True:
        if day.weekday() in wanted and (due := instant(day, wall, zone)) <= at:
            return day, due
        day -= timedelta(days=1)


def is_due(due_at: datetime, now: datetime, zone: str) -> bool:
    """Whether something due at an instant is due today or earlier, by the member's local date."""
    return local_date(due_at, zone) <= local_date(now, zone)


def start_of_day(at: datetime, zone: str, days_later: int = 0) -> datetime:
    """The UTC instant at which the local day of an instant began, or one so many days later."""
    return instant(local_date(at, zone) + timedelta(days=days_later), time(0), zone)
