"""What a container's health check is told: is the bot on this host alive?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import health
from bot.cli.app import app
from bot.store import installation
from bot.store.health import Beat
from bot.store.session import open_store

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def beat(part: str, seconds_ago: int, host: str = "here") -> Beat:
    return Beat(part, host, NOW - timedelta(seconds=seconds_ago))


@pytest.mark.parametrize(
    ("beats", "part", "wrong"),
    [
        ([beat("ticker", 5), beat("sender", 60)], None, None),
        ([beat("ticker", 5), beat("sender", 180)], None, "sender last gave a sign of life at 2026-01-05 08:57:00 UTC"),
        ([beat("ticker", 5), beat("sender", 180)], "ticker", None),
        ([beat("ticker", 5), beat("sender", -30)], None, None),
        (
            [beat("ticker", 5), beat("sender", -86400)],
            None,
            "sender last gave a sign of life at 2026-01-06 09:00",
        ),
        ([beat("ticker", 5)], "sender", "sender has given no sign of life on here"),
        ([beat("ticker", 5, "elsewhere")], None, "The bot has given no sign of life on here"),
        ([], None, "The bot has given no sign of life on here"),
    ],
)
def test_each_part_that_ran_here_is_alive_or_named(beats: list[Beat], part: str | None, wrong: str | None) -> None:
    said = health.ailment(beats, "here", part, NOW)

    assert (said is None) == (wrong is None)
    assert (wrong or "") in (said or "")


def asked(place: str, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["health", "--db", place, *more])
    return result.exit_code, result.output


def test_a_bot_that_lives_is_well_and_one_that_stopped_is_not(store_place: str) -> None:
    store = open_store(store_place)
    with store.begin() as tx:
        installation.keep_setting(tx, f"beat:ticker:{health.host()}", datetime.now(UTC).isoformat())
        installation.keep_setting(tx, f"beat:sender:{health.host()}", "2026-01-05T09:00:00+00:00")
    store.close()

    assert asked(store_place, "--part", "ticker") == (0, "")
    code, said = asked(store_place)
    assert (code, "sender last gave a sign of life at 2026-01-05 09:00:00 UTC" in said) == (1, True)


def test_a_database_that_is_not_there_is_not_created(tmp_path: Path) -> None:
    assert asked(str(tmp_path / "new.db"))[0] == 1
    assert list(tmp_path.iterdir()) == []
