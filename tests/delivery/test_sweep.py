"""Each local date has one reminder, in every zone, whatever clocks, zone data and travellers do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import calendar
from bot.delivery import sweep as sweeping
from bot.delivery.sweep import plan, realign, sweep
from bot.model import MemberId
from bot.store import schedules
from bot.store.schedules import Schedule
from bot.store.session import Store, open_store
from bot.store.tables import outbox
from tests.faults.scene import KIND, member_id, people

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 730
WALLS = [time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]
PINNED = ["Australia/Lord_Howe", "Africa/Cairo", "America/Havana", "Africa/Casablanca", "America/Nuuk"]
PARTS = 8
ANA = member_id(0)


def rules(zone: str) -> tuple[object, ...]:
    """What a zone's clocks do in the two years: zones with the same rules need be looked at once."""
    clock = ZoneInfo(zone)
    offsets = [(START + n * DAY).astimezone(clock).utcoffset() for n in range(-2, DAYS + 3)]
    changes = [n for n, (one, two) in enumerate(pairwise(offsets), -2) if one != two]
    quarters = [START + n * DAY + q * timedelta(minutes=15) for n in changes for q in range(96)]
    return offsets[0], tuple((q, q.astimezone(clock).utcoffset()) for q in quarters)


def distinct() -> list[str]:
    return sorted({rules(zone): zone for zone in calendar.zone_names()}.values())


def changes(zone: str) -> list[datetime]:
    """Midnights (UTC) before a change of the zone's clocks."""
    clock, days = ZoneInfo(zone), [START + n * DAY for n in range(DAYS)]
    return [d for d in days if d.astimezone(clock).utcoffset() != (d + DAY).astimezone(clock).utcoffset()]


def reminders(zone: str, wall: time, start: datetime, many: int) -> Iterator[tuple[date, datetime]]:
    """The local date and the instant of each reminder, as the sweep goes from one to the next."""
    day, due = calendar.next_after(start, wall, zone)
    planned = Schedule("s", MemberId("m"), KIND, zone, wall, day, due)
    for _ in range(many):
        now = planned.due_at
        _, on, at = sweeping._occurrence(planned, now)
        assert at == now
        yield on, at
        planned = sweeping._after(planned, on, at, now)


def once_a_day(zone: str, wall: time, start: datetime, many: int) -> None:
    clock, last = ZoneInfo(zone), None
    for on, at in reminders(zone, wall, start, many):
        shown = at.astimezone(clock)
        assert last is None or on == last + DAY, f"{zone} {wall}: {on} follows {last}"
        assert shown.date() == on, f"{zone} {wall}: the one for {on} comes on {shown}"
        assert shown.fold == 0, f"{zone} {wall}: the second {shown}"
        skipped = datetime.combine(on, wall, clock).astimezone(UTC).astimezone(clock).time() != wall
        assert shown.time() == wall or skipped, f"{zone} {wall}: at {shown}"
        last = on


@pytest.mark.parametrize("zone", PINNED)
def test_around_every_change_of_the_clocks_each_date_has_one(zone: str) -> None:
    assert changes(zone)
    for wall in WALLS:
        for change in changes(zone):
            once_a_day(zone, wall, change - 2 * DAY, 5)


@settings(max_examples=40)
@given(zone=st.sampled_from(calendar.zone_names()), wall=st.sampled_from(WALLS), day=st.integers(0, DAYS))
def test_wherever_a_member_lives_each_date_has_one(zone: str, wall: time, day: int) -> None:
    once_a_day(zone, wall, START + day * DAY, 20)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_all_zones_and_times_for_two_years(part: int) -> None:
    for zone in distinct()[part::PARTS]:
        for wall in WALLS:
            once_a_day(zone, wall, START, DAYS)


def test_a_date_that_a_zone_left_out_has_none() -> None:
    """Samoa had no 30 December 2011: it crossed the date line."""
    found = list(reminders("Pacific/Apia", time(9), datetime(2011, 12, 28, tzinfo=UTC), 4))

    clock = ZoneInfo("Pacific/Apia")
    assert [at.astimezone(clock).isoformat()[:16] for _, at in found] == [
        "2011-12-28T09:00",
        "2011-12-29T09:00",
        "2011-12-31T09:00",
        "2012-01-01T09:00",
    ]


# --- on a real store


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("berlin") / "rolecall.db"
    store = open_store(str(made))
    people(store, 1, zone="Europe/Berlin", now=datetime(2026, 3, 1, tzinfo=UTC))
    store.close()
    return made


@pytest.fixture
def store(tmp_path: Path, file: Path) -> Iterator[Store]:
    opened = open_store(str(shutil.copy(file, tmp_path)))
    yield opened
    opened.close()


def planned(store: Store) -> Schedule:
    with store.begin() as tx:
        found = schedules.schedule_of(tx, ANA, KIND)
    assert found is not None
    return found


def move(store: Store, zone: str, now: datetime, at: time = time(9)) -> None:
    with store.begin() as tx:
        plan(tx, "s00000", ANA, KIND, zone, at, now, paused=False)


def live(store: Store, start: datetime, days: float, step: timedelta = timedelta(minutes=30)) -> None:
    now = start
    while now < start + days * DAY:
        sweep(store, now)
        now += step


def put(store: Store) -> list[tuple[str, datetime]]:
    """The local date in each key, and when it may be sent."""
    with store.begin() as tx:
        found = tx.execute(sa.select(outbox.c.dedupe_key, outbox.c.not_before).order_by(outbox.c.not_before))
        return [(r.dedupe_key.rpartition(":")[2], r.not_before) for r in found]


def test_when_zone_data_change_between_planning_and_firing_it_comes_at_the_new_hour_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Berlin gives up summer time, and the new zone data come a day before it would have begun."""
    live(store, datetime(2026, 3, 26, tzinfo=UTC), 2)
    summer, rules_of = datetime(2026, 3, 29, 7, tzinfo=UTC), calendar._rules
    live(store, datetime(2026, 3, 28, tzinfo=UTC), 1)
    assert planned(store).due_at == summer

    monkeypatch.setattr(calendar, "_rules", lambda zone: rules_of("Etc/GMT-1" if zone == "Europe/Berlin" else zone))
    assert realign(store, datetime(2026, 3, 28, 23, tzinfo=UTC)) == 1
    live(store, datetime(2026, 3, 29, tzinfo=UTC), 2)

    assert [(on, at.hour) for on, at in put(store)[-3:]] == [("2026-03-28", 8), ("2026-03-29", 8), ("2026-03-30", 8)]
    assert realign(store, datetime(2026, 3, 31, tzinfo=UTC)) == 0


@pytest.mark.parametrize("before", ["Etc/GMT-1", "Etc/GMT-3"])
def test_zone_data_that_come_only_as_it_fires_double_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    rules_of = calendar._rules
    monkeypatch.setattr(calendar, "_rules", lambda zone: rules_of(before if zone == "Europe/Berlin" else zone))
    move(store, "Europe/Berlin", datetime(2026, 3, 29, 12, tzinfo=UTC))
    monkeypatch.undo()

    live(store, datetime(2026, 3, 29, 18, tzinfo=UTC), 3)

    assert [on for on, _ in put(store)] == ["2026-03-30", "2026-03-31", "2026-04-01"]
    assert all(at.hour == 7 for _, at in put(store)[1:])


@pytest.mark.parametrize(
    ("here", "there", "nights"),
    [
        ("Pacific/Auckland", "Pacific/Honolulu", 1.5),
        ("Pacific/Honolulu", "Pacific/Auckland", 1.5),
        ("Pacific/Apia", "Pacific/Pago_Pago", 0.1),
        ("Pacific/Pago_Pago", "Pacific/Apia", 0.1),
        ("Europe/Berlin", "America/New_York", 0.5),
        ("America/New_York", "Europe/Berlin", 0.5),
    ],
)
@pytest.mark.parametrize("hour", [9, *(pytest.param(h, marks=pytest.mark.slow) for h in (0, 6, 15, 21))])
def test_a_traveller_gets_one_a_local_date_also_over_the_date_line_and_back(
    store: Store, here: str, there: str, nights: float, hour: int
) -> None:
    now = datetime(2026, 5, 4, hour, tzinfo=UTC)
    move(store, here, now)
    live(store, now, 3)
    now += 3 * DAY
    move(store, there, now)
    live(store, now, nights)
    now += nights * DAY
    move(store, here, now)
    live(store, now, 4)

    dates = [on for on, _ in put(store)]
    assert len(set(dates)) == len(dates)
    instants = [at for _, at in put(store)]
    assert all(two - one >= timedelta(hours=2) for one, two in pairwise(instants))
    assert dates[-3:] == [f"2026-05-{int(dates[-1][-2:]) - n:02}" for n in (2, 1, 0)], "at home again, every day"


def test_someone_who_changes_the_zone_all_day_gets_one_a_date(store: Store) -> None:
    now, zones = datetime(2026, 5, 4, tzinfo=UTC), calendar.zone_names()
    for n in range(96):
        move(store, zones[n * 37 % len(zones)], now)
        live(store, now, 1 / 48)
        now += timedelta(minutes=30)

    dates = [on for on, _ in put(store)]
    assert len(set(dates)) == len(dates) <= 4


def test_days_that_were_slept_through_are_merged_into_the_latest(store: Store) -> None:
    late = datetime(2026, 4, 20, 12, tzinfo=UTC)

    assert sweep(store, late) == 1
    assert [on for on, _ in put(store)] == ["2026-04-20"]
    assert planned(store).next_local_date == date(2026, 4, 21)


def test_a_schedule_that_cannot_be_read_is_put_off_and_the_others_go_on(store: Store) -> None:
    people(store, 3, start=1, now=datetime(2026, 3, 1, tzinfo=UTC))
    with store.begin() as tx:
        broken = schedules.schedule_of(tx, ANA, KIND)
        assert broken is not None
        schedules.move(tx, [replace(broken, next_local_date=date.max)])

    assert sweep(store, datetime(2026, 3, 1, 12, tzinfo=UTC)) == 3
