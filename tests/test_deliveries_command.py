"""`rolecall deliveries`: the operator's answer to "why did I (not) get this?", without reading anybody's mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.deliveries import beginning
from bot.delivery import outbox
from bot.door import intents as i
from bot.door.messages import Unreachable
from bot.errors import UsageError
from tests.talk import DAY, talk

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Ana and Ben got reminders, and then nothing gets through to them any more."""
    folder = tmp_path_factory.mktemp("deliveries")
    with talk(folder) as chat:
        for name in ("Ana", "Ben"):
            chat.settled(name)
            chat.say(name, i.Skip())
        chat.world.wait(3 * DAY)
        assert chat.inbox.pushes
        ben = chat.member("Ben")
        with chat.tx() as tx:
            outbox.put(tx, key="letter:ben", kind="letter", member=ben, now=chat.world.now())
        chat.inbox.refuses = Unreachable("closed DMs")
        chat.world.wait(DAY)
    yield folder / "play.db"


def deliveries(place: Path, *options: str) -> str:
    done = CliRunner().invoke(app, ["deliveries", "--db", str(place), *options])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_says_when_what_went_to_whom_newest_first(place: Path) -> None:
    lines = [line for line in deliveries(place, "--member", "Ana").splitlines() if "review_due" in line]

    assert lines
    assert all("Ana" in line and "dm:terminal::ana" in line for line in lines)
    assert lines == sorted(lines, reverse=True)


def test_it_says_why_something_was_not_sent(place: Path) -> None:
    assert "this version knows no message of the kind letter" in deliveries(place, "--state", "skipped")
    assert "the platform does not let me write to you; last error: closed DMs" in deliveries(place, "--state", "dead")


def test_it_counts_all_even_where_it_lists_one(place: Path) -> None:
    said = json.loads(deliveries(place, "--most", "1", "--json"))

    assert len(said["deliveries"]) == 1
    assert sum(said["counts"].values()) == len(json.loads(deliveries(place, "--json"))["deliveries"])
    assert said["late_duplicates"] == 0
    assert said["next_due"] is None, "both are paused"


def test_it_never_prints_what_a_message_says(place: Path) -> None:
    assert set(json.loads(deliveries(place, "--json"))["deliveries"][0]) == {
        "due", "sent", "member", "channel", "kind", "state", "reason", "last_error", "attempts", "resent",
    }  # fmt: skip


def test_since_leaves_out_what_was_due_before(place: Path) -> None:
    assert json.loads(deliveries(place, "--since", "2027-01-01", "--json"))["deliveries"] == []
    assert "No messages." in deliveries(place, "--since", "2027-01-01")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("12h", NOW - timedelta(hours=12)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:00+01:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_length_or_a_date(text: str, meant: datetime) -> None:
    assert beginning(text, NOW) == meant


def test_any_other_time_is_refused_with_an_example() -> None:
    with pytest.raises(UsageError, match="Write it like 7d"):
        beginning("yesterday", NOW)
