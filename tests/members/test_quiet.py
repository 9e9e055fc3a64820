"""Quiet hours: nothing comes by itself in them, and what waits comes when they are over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.calendar import local, zone_names
from bot.members import quiet
from bot.model import Member, MemberId

NIGHT = (time(22), time(7))


def member(zone: str, hours: tuple[time, time] | None, seen_at: datetime | None = None) -> Member:
    return Member(MemberId("m"), "Ana", zone=zone, quiet=hours, seen_at=seen_at)


@pytest.mark.parametrize(
    ("wall", "is_quiet"),
    [(time(22), True), (time(3), True), (time(7), False), (time(12), False), (time(21, 59), False)],
)
def test_quiet_hours_may_pass_midnight_and_their_end_is_loud(wall: time, is_quiet: bool) -> None:
    assert quiet.is_quiet(wall, NIGHT) is is_quiet


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        (NIGHT, "2026-01-05T21:59", None),
        (NIGHT, "2026-01-05T22:00", "2026-01-06T07:00"),
        (NIGHT, "2026-01-06T06:59", "2026-01-06T07:00"),
        (NIGHT, "2026-01-06T07:00", None),
        ((time(12), time(14)), "2026-01-06T13:00", "2026-01-06T14:00"),
        ((time(12), time(14)), "2026-01-06T15:00", None),
        ((time(9), time(9)), "2026-01-06T09:00", None),
        (None, "2026-01-06T03:00", None),
    ],
)
def test_they_may_pass_midnight_and_end_on_the_minute(
    hours: tuple[time, time] | None, now: str, over: str | None
) -> None:
    at = datetime.fromisoformat(now + "+00:00")

    assert quiet.over_at(member("UTC", hours), at) == (datetime.fromisoformat(over + "+00:00") if over else None)


def test_whoever_has_just_asked_for_something_is_awake() -> None:
    night = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)

    assert quiet.over_at(member("UTC", NIGHT, night - timedelta(minutes=29)), night) is None
    assert quiet.over_at(member("UTC", NIGHT, night - timedelta(minutes=30)), night) is not None


@given(
    zone=st.sampled_from(zone_names()),
    hours=st.tuples(st.times(), st.times()),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
@example("Europe/Berlin", (time(1), time(2, 30)), datetime(2026, 10, 25, 1, 15, tzinfo=UTC))  # 02:15 for a second time
@example("Europe/Berlin", (time(1), time(2, 30)), datetime(2026, 3, 29, 0, 15, tzinfo=UTC))  # 02:30 never comes
def test_what_waits_for_their_end_never_waits_again(zone: str, hours: tuple[time, time], now: datetime) -> None:
    over = quiet.over_at(member(zone, hours), now)

    if over is not None:
        assert now < over <= now + timedelta(hours=26)
        assert quiet.over_at(member(zone, hours), over) is None
        assert local(over, zone).time() >= hours[1]
