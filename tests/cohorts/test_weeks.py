"""A cohort's weeks lie end to end, whatever clocks and zones do, and every row of points counts to exactly one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import calendar
from bot.cohort_model import Cohort, Preset
from bot.cohorts import weeks
from bot.model import CohortId

HOUR = timedelta(hours=1)


def cohort(zone: str, next_zone: str | None = None, since: date | None = None) -> Cohort:
    began = datetime(2020, 1, 1, tzinfo=UTC)
    return Cohort(CohortId("c"), "Spring", Preset.STUDY_GROUP, zone, began, next_zone, since)


@pytest.mark.parametrize(
    ("zone", "monday", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 23), 167),  # clocks go forward on Sunday the 29th
        ("Europe/Berlin", date(2026, 10, 19), 169),
        ("Europe/Berlin", date(2026, 3, 30), 168),
        ("America/Havana", date(2026, 3, 2), 167),  # Sunday the 8th has no midnight
        ("America/Havana", date(2026, 10, 26), 169),  # Sunday the 1st has two
        ("Asia/Beirut", date(2026, 3, 23), 167),  # Sunday the 29th has no midnight
        ("Asia/Tehran", date(2021, 3, 15), 168),  # Monday the 22nd has no midnight: it begins at one
        ("Asia/Tehran", date(2021, 3, 22), 167),
        ("Asia/Tehran", date(2020, 9, 14), 169),  # Sunday the 20th has two hours before midnight
        ("Pacific/Apia", date(2011, 12, 26), 144),  # there was no Friday the 30th
        ("Australia/Lord_Howe", date(2026, 9, 28), 167.5),
    ],
)
def test_a_week_is_as_long_as_its_clocks_make_it(zone: str, monday: date, hours: float) -> None:
    week = weeks.week_from(cohort(zone), monday)

    assert week.ends_at - week.starts_at == hours * HOUR
    assert calendar.local_date(week.starts_at, zone) == monday
    assert calendar.local_date(week.starts_at - timedelta(microseconds=1), zone) < monday


def test_a_midnight_that_clocks_skip_is_the_first_instant_of_the_day() -> None:
    week = weeks.week_from(cohort("Asia/Tehran"), date(2021, 3, 22))

    assert week.starts_at.astimezone(ZoneInfo("Asia/Tehran")).strftime("%A %H:%M") == "Monday 01:00"


def test_a_new_zone_holds_from_the_week_after_it_was_chosen() -> None:
    moves = cohort("Europe/Berlin", "America/New_York", date(2026, 1, 12))
    last, first = weeks.week_from(moves, date(2026, 1, 5)), weeks.week_from(moves, date(2026, 1, 12))

    assert last.ends_at == first.starts_at == datetime(2026, 1, 12, 5, tzinfo=UTC)
    assert last.ends_at - last.starts_at == 174 * HOUR
    assert weeks.zone_at(moves, first.starts_at - HOUR) == "Europe/Berlin"
    assert weeks.zone_at(moves, first.starts_at) == "America/New_York"


def test_a_week_across_the_date_line_loses_or_gains_a_day() -> None:
    there = cohort("Pacific/Kiritimati", "Pacific/Pago_Pago", date(2026, 1, 12))
    back = cohort("Pacific/Pago_Pago", "Pacific/Kiritimati", date(2026, 1, 12))
    lengths = [week.ends_at - week.starts_at for c in (there, back) for week in [weeks.week_from(c, date(2026, 1, 5))]]

    assert lengths == [193 * HOUR, 143 * HOUR]


def test_a_board_is_provisional_for_72_hours() -> None:
    week = weeks.week_from(cohort("Europe/Berlin"), date(2026, 3, 23))
    at = [week.ends_at - HOUR, week.ends_at, week.ends_at + 71 * HOUR, week.ends_at + 72 * HOUR]

    assert [week.is_provisional(t) for t in at] == [False, True, True, False]


def test_a_week_is_named_as_iso_does() -> None:
    assert weeks.week_from(cohort("UTC"), date(2025, 12, 29)).label == "2026-W01"


ZONES = st.sampled_from(
    [
        "UTC", "Europe/Berlin", "America/Havana", "Asia/Beirut", "Asia/Tehran", "Pacific/Apia", "Pacific/Kiritimati",
        "Pacific/Pago_Pago", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Asia/Gaza",
        "Africa/Casablanca",
    ]
)  # fmt: skip
INSTANTS = st.timedeltas(timedelta(), timedelta(days=7300)).map(lambda later: datetime(2010, 1, 1, tzinfo=UTC) + later)
MONDAYS = st.integers(0, 1000).map(lambda n: date(2010, 1, 4) + n * timedelta(days=7))


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    if draw(st.booleans()):
        return cohort(draw(ZONES))
    return cohort(draw(ZONES), draw(ZONES), draw(MONDAYS))


@given(cohorts(), INSTANTS)
def test_every_instant_lies_in_one_week_and_weeks_lie_end_to_end(of: Cohort, at: datetime) -> None:
    week = weeks.week_of(of, at)
    last, following = weeks.before(of, week), weeks.after(of, week)

    assert week.starts_at <= at < week.ends_at
    assert last.ends_at == week.starts_at
    assert following.starts_at == week.ends_at
    assert week.monday.weekday() == 0
    assert 140 * HOUR < week.ends_at - week.starts_at < 196 * HOUR
    assert weeks.week_of(of, week.ends_at) == following


@given(cohorts(), MONDAYS.filter(lambda d: d.year > 2010))
def test_the_instants_at_which_a_zone_changes_belong_to_one_week_each(of: Cohort, monday: date) -> None:
    week = weeks.week_from(of, monday)

    for at in (week.starts_at, week.ends_at - timedelta(microseconds=1)):
        assert weeks.week_of(of, at) == week


@given(cohorts(), INSTANTS, st.timedeltas(timedelta(), timedelta(days=40)))
def test_what_is_settled_in_time_counts_to_its_week_and_the_rest_to_that_of_the_booking(
    of: Cohort, earned: datetime, later: timedelta
) -> None:
    week, booked = weeks.week_of(of, earned), earned + later

    counted = weeks.counted_in(of, earned, booked)

    assert counted == (week if booked < week.final_at else weeks.week_of(of, booked))
    assert counted.starts_at <= booked < counted.final_at
    assert counted == week or counted.starts_at >= week.ends_at
