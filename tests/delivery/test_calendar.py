"""Wall times on local dates, through every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import calendar

ODD_ZONES = [
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Africa/Casablanca",
    "America/Nuuk",
    "Europe/Berlin",
    "Asia/Kathmandu",
]


@pytest.mark.parametrize(
    ("zone", "on", "wall", "utc"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("America/Havana", date(2026, 3, 8), time(0, 0), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),
        ("UTC", date(2026, 1, 5), time(9), datetime(2026, 1, 5, 9, tzinfo=UTC)),
    ],
)
def test_skipped_and_doubled_wall_times_have_one_instant(zone: str, on: date, wall: time, utc: datetime) -> None:
    assert calendar.instant(on, wall, zone) == utc


@given(
    zone=st.sampled_from(ODD_ZONES),
    wall=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_each_local_date_comes_exactly_once_and_in_order(zone: str, wall: time, start: datetime) -> None:
    at, days = start, []
    for _ in range(40):
        day, due = calendar.next_after(at, wall, zone)
        assert due > at
        days.append(day)
        at = due

    assert days == [days[0] + timedelta(days=n) for n in range(40)]


@given(
    zone=st.sampled_from(ODD_ZONES),
    wall=st.times(),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    weekdays=st.sets(st.integers(0, 6), min_size=1),
)
def test_the_last_and_the_next_embrace_the_instant(zone: str, wall: time, at: datetime, weekdays: set[int]) -> None:
    last_day, last = calendar.last_until(at, wall, zone, weekdays)
    next_day, following = calendar.next_after(at, wall, zone, weekdays)

    assert last <= at < following
    assert last_day < next_day
    assert {last_day.weekday(), next_day.weekday()} <= weekdays
    between = [last_day + timedelta(days=n) for n in range(1, (next_day - last_day).days)]
    assert not [d for d in between if d.weekday() in weekdays]


def test_due_is_by_the_members_date() -> None:
    due = datetime(2026, 1, 6, 1, tzinfo=UTC)
    now = datetime(2026, 1, 5, 20, tzinfo=UTC)

    assert calendar.is_due(due, now, "America/New_York")
    assert not calendar.is_due(due, now, "UTC")


@pytest.mark.parametrize(
    "gone", ["Europe/Atlantis", "", "Europe", "../secrets", "/etc/passwd", "tzdata.zi", "a\0b", "x" * 5000]
)
def test_a_zone_that_this_machine_does_not_know_counts_as_utc(gone: str) -> None:
    now = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)

    assert not calendar.knows(gone)
    assert calendar.local(now, gone) == now
    assert calendar.local_date(now, gone) == date(2026, 3, 29)
    assert calendar.next_after(now, time(9), gone) == (date(2026, 3, 30), datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert calendar.last_until(now, time(9), gone) == (date(2026, 3, 29), datetime(2026, 3, 29, 9, tzinfo=UTC))


def test_every_zone_that_is_offered_is_known() -> None:
    assert [zone for zone in calendar.zone_names() if not calendar.knows(zone)] == []
