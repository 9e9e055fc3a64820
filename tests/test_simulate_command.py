"""`rolecall simulate`: an operator reads beforehand what will be sent when, and nothing is changed by it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.door import intents as i
from tests.talk import talk

ZONES = {
    "Ana": "Europe/Berlin", "Ben": "America/New_York", "Cem": "Africa/Cairo", "Dee": "America/Havana",
    "Eli": "Australia/Lord_Howe", "Fay": "Asia/Kathmandu", "Gus": "Pacific/Chatham", "Hal": "America/Nuuk",
    "Ivy": "Africa/Casablanca", "Jon": "America/Sao_Paulo", "Kim": "Pacific/Apia",
}  # fmt: skip
CHANGES = ["2026-03-01", "2026-03-22", "2026-10-18", "2026-10-25"]
LINE = re.compile(r"  (\d{4}-\d\d-\d\d) (\d\d:\d\d) (\S+) +(\d\d:\d\d) UTC  (\w+) +(\w+)  +(.*)")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A database in which people in many zones have something to recall."""
    folder = tmp_path_factory.mktemp("simulate")
    with talk(folder, start=datetime(2026, 2, 20, 12, tzinfo=UTC)) as chat:
        for name, zone in ZONES.items():
            chat.settled(name, zone=zone, time="09:00")
            chat.say(name, i.Skip())
    yield folder / "play.db"


def simulate(place: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["simulate", "--db", str(place), *options])
    assert done.exit_code == 0, done.output
    return done.output


def messages(said: str) -> list[tuple[str, date, str, str, str]]:
    """(member, local date, local time, kind, what is said) of each line."""
    found = [LINE.fullmatch(line) for line in said.splitlines() if line.startswith("  ")]
    return [(m[5], date.fromisoformat(m[1]), m[2], m[6], m[7]) for m in found if m]


@pytest.mark.parametrize("start", [CHANGES[0], *(pytest.param(day, marks=pytest.mark.slow) for day in CHANGES[1:])])
def test_over_a_change_of_clocks_everybody_gets_one_reminder_a_local_day_at_their_hour(place: Path, start: str) -> None:
    said = messages(simulate(place, "--days", "14", "--from", start))

    reminders = [(name, on, at) for name, on, at, kind, _ in said if kind == "review_due"]
    days: dict[str, list[date]] = defaultdict(list)
    for name, on, _ in reminders:
        days[name].append(on)
    assert set(days) == set(ZONES)
    assert {at for _, _, at in reminders} == {"09:00"}
    for name, of_theirs in days.items():
        begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
        assert of_theirs == _nines(begin, begin + timedelta(days=14), ZONES[name]), name


def _nines(begin: datetime, end: datetime, zone: str) -> list[date]:
    """The local dates on which nine o'clock lies between two instants."""
    dates = [begin.date() + timedelta(days=n) for n in range(-2, 17)]
    nine = {on: datetime(on.year, on.month, on.day, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC) for on in dates}
    return [on for on in dates if begin < nine[on] <= end]


def test_nobody_gets_more_than_two_messages_on_a_local_day(place: Path) -> None:
    said = messages(simulate(place, "--days", "8", "--from", "2026-03-01"))

    assert {kind for _, _, _, kind, _ in said} == {"review_due", "weekly_summary"}
    assert max(Counter((name, on) for name, on, *_ in said).values()) == 2


def test_the_database_is_as_it_was_and_no_copy_is_left(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def state() -> str:
        with closing(sqlite3.connect(place)) as connection:
            return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()

    before = state()
    simulate(place, "--days", "8", "--from", "2026-03-01")

    assert state() == before
    assert not list(tmp_path.glob("rolecall-simulate-*"))


def test_who_never_looks_in_is_asked_once_whether_to_go_on_and_then_left_alone(place: Path) -> None:
    said = messages(simulate(place, "--days", "20", "--from", "2026-03-01", "--silent", "--member", "Ana"))

    assert len([kind for _, _, _, kind, _ in said if kind == "review_due"]) == 4


def test_what_is_not_sent_is_told_with_its_reason_where_one_asks(place: Path) -> None:
    options = ("--days", "8", "--from", "2026-03-01", "--silent", "--member", "Ana")

    assert "not sent:" not in simulate(place, *options)
    assert "not sent: I had asked whether to go on" in simulate(place, *options, "--why")


def test_one_members_days_are_those_they_have_among_all(place: Path) -> None:
    all_of_them = messages(simulate(place, "--days", "5", "--from", "2026-03-01"))

    alone = messages(simulate(place, "--days", "5", "--from", "2026-03-01", "--member", "Eli"))

    assert alone == [m for m in all_of_them if m[0] == "Eli"]


def test_it_reads_a_database_of_either_kind(store_place: str, tmp_path: Path) -> None:
    with talk(tmp_path, start=datetime(2026, 2, 20, 12, tzinfo=UTC), db=store_place) as chat:
        chat.settled("Ana")
        chat.say("Ana", i.Skip())

    done = CliRunner().invoke(app, ["simulate", "--db", store_place, "--days", "3", "--from", "2026-03-02"])

    assert [kind for _, _, _, kind, _ in messages(done.output)] == ["review_due"] * 3


def test_a_date_that_is_none_is_refused_with_an_example(place: Path) -> None:
    done = CliRunner().invoke(app, ["simulate", "--days", "3", "--from", "soon", "--db", str(place)])

    assert "Write it like 2026-03-28" in str(done.exception)
