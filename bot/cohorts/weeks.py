"""The weeks of a cohort: from Monday to Monday by its own midnights, whatever clocks and zone do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot import calendar
from bot.cohort_model import Cohort

GRACE = timedelta(hours=72)
"""How long after its end a week's board is provisional: what is settled by then counts to the week of the answer."""
_SEVEN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Own:
    """The weeks of somebody by themselves, in their own zone."""

    zone: str
    next_zone: None = None
    next_zone_from: None = None


@dataclass(frozen=True, slots=True)
class Week:
    """A half-open interval [starts_at, ends_at) of 167, 168 or 169 hours, more or less where the zone changes."""

    monday: date
    starts_at: datetime
    ends_at: datetime

    @property
    def final_at(self) -> datetime:
        return self.ends_at + GRACE

    def is_provisional(self, now: datetime) -> bool:
        """Whether the week is over and its board may still change."""
        return self.ends_at <= now < self.final_at

    @property
    def label(self) -> str:
        """ISO year and week, such as 2026-W03."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"


def zone_on(of: Cohort | Own, monday: date) -> str:
    """The zone whose midnight begins the week of a Monday: a new zone holds from the week after it was chosen."""
    changed = of.next_zone is not None and of.next_zone_from is not None and monday >= of.next_zone_from
    return of.next_zone if changed and of.next_zone else of.zone


def zone_at(of: Cohort | Own, now: datetime) -> str:
    """The zone that holds at an instant."""
    return zone_on(of, week_of(of, now).monday)


def day_of(of: Cohort | Own, at: datetime) -> date:
    """The local date of an instant, by the zone that holds then."""
    return calendar.local_date(at, zone_at(of, at))


def began(of: Cohort) -> datetime:
    """When a cohort's first day begins; when it was set up where it has none."""
    if of.starts_on is None:
        return of.created_at
    monday = of.starts_on - timedelta(days=of.starts_on.weekday())
    return calendar.instant(of.starts_on, time(0), zone_on(of, monday))


def week_from(of: Cohort | Own, monday: date) -> Week:
    """The week of a Monday."""
    after = monday + _SEVEN
    return Week(
        monday,
        calendar.instant(monday, time(0), zone_on(of, monday)),
        calendar.instant(after, time(0), zone_on(of, after)),
    )


def week_of(of: Cohort | Own, at: datetime) -> Week:
    """The week that an instant lies in."""
    on = calendar.local_date(at, of.zone)
    week = week_from(of, on - timedelta(days=on.weekday()))
    if at < week.starts_at:
        return before(of, week)
    return after(of, week) if at >= week.ends_at else week


def before(of: Cohort | Own, week: Week, weeks: int = 1) -> Week:
    return week_from(of, week.monday - weeks * _SEVEN)


def after(of: Cohort | Own, week: Week) -> Week:
    return week_from(of, week.monday + _SEVEN)


def weeks_until(of: Cohort | Own, week: Week, count: int) -> tuple[Week, ...]:
    """So many weeks, newest first, of which the given one is the newest."""
    return (week, *(before(of, week, n) for n in range(1, count)))


def counted_in(of: Cohort | Own, earned_at: datetime, booked_at: datetime) -> Week:
    """The week to which points count: that of the answer until its board is final, then that of the booking."""
    earned = week_of(of, earned_at)
    return earned if booked_at < earned.final_at else week_of(of, booked_at)
