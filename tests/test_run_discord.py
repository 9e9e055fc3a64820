"""`rolecall run` with a Discord token, alone and beside Slack, against a Discord and a Slack of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli.discord import installation_of
from bot.cli.discord_serving import Discord
from bot.door import intents as i
from bot.errors import RolecallError
from bot.model import Account
from bot.settings import Settings
from bot.store import tables, workspaces
from tests.discord.local import LocalDiscord
from tests.slack.local import TEAM, LocalSlack
from tests.talk import DAY, talk
from tests.test_run_command import begin_to_live, reading, running, said, states, until
from tests.test_run_slack import db, hasty, keys, serving, slack, slack_of_settings, told
from tests.test_run_slack import pytestmark as pytestmark

__all__ = ["db", "hasty", "keys", "slack"]


@pytest.fixture
def discord(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalDiscord]:
    with LocalDiscord() as running:
        monkeypatch.setenv("ROLECALL_DISCORD_TOKEN", running.token)
        monkeypatch.setenv("ROLECALL_DISCORD_BASE_URL", running.api_url)
        yield running


@pytest.fixture
def guild(discord: LocalDiscord) -> int:
    return discord.guild("ML study")


@pytest.fixture
def room(discord: LocalDiscord, guild: int) -> int:
    return discord.channel(guild, "general")


@pytest.fixture
def ben(discord: LocalDiscord, guild: int) -> int:
    return discord.person("Ben", guild)


def discord_of_settings() -> Discord:
    installation = installation_of(Settings())
    assert installation
    return Discord(installation)


def heard_of(discord: LocalDiscord, person: int) -> str:
    """All that somebody was told alone, on the server and in their direct messages."""
    return "\n".join(discord.text_of(m, person) for m in (*discord.ephemerals(person), *discord.dm(person)))


@pytest.mark.usefixtures("keys")
def test_slack_and_discord_are_served_side_by_side_and_asked_to_end_what_is_done_is_finished(
    slack: LocalSlack, discord: LocalDiscord, guild: int, room: int, ben: int, db: Path
) -> None:
    """Discord is slow to take the reply; the program has been asked to end by then."""
    with running("--db", db) as bot:
        assert said(bot).startswith("Running: Slack (Socket Mode) for Rolecall, Discord as ")
        assert {said(bot), said(bot)} == {"Slack is connected.\n", "Discord is connected.\n"}
        slack.command("U0ANA", "start")
        slack.wait(lambda: "Hello Ana" in told(slack))
        discord.fail("PATCH /webhooks/*", slow=1.0)
        discord.command(ben, "start", room)
        bot.terminate()
        assert bot.wait(timeout=12) == 0

    assert "Hello Ben" in heard_of(discord, ben)
    assert (discord.refusals, discord.late) == ([], [])
    with reading(db) as tx:
        assert workspaces.of(tx, "discord", str(guild))


def test_a_token_that_discord_does_not_take_keeps_the_bot_from_starting(
    discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch, db: Path
) -> None:
    monkeypatch.setenv("ROLECALL_DISCORD_TOKEN", "another.one.entirely")

    refused = r"Discord does not take the bot's token. Copy it anew .* into ROLECALL_DISCORD_TOKEN"
    with pytest.raises(RolecallError, match=refused), serving(db, discord_of_settings()):
        pass

    assert not db.exists()


@pytest.mark.usefixtures("keys", "discord")
def test_where_slack_is_refused_discord_is_not_begun(slack: LocalSlack, db: Path) -> None:
    slack.fail("auth.test", error="invalid_auth")

    with (
        pytest.raises(RolecallError, match="Slack does not take ROLECALL_SLACK_BOT_TOKEN"),
        serving(db, slack_of_settings(), discord_of_settings()),
    ):
        pass


@pytest.mark.usefixtures("hasty")
def test_a_discord_that_cannot_be_reached_is_waited_for(discord: LocalDiscord, room: int, ben: int, db: Path) -> None:
    discord.fail("GET /users/@me", cut=True, times=None)
    with serving(db, discord_of_settings()) as heard:
        assert heard.told == {"discord": "Discord"}

        discord.recover()
        assert heard.next() == "discord"
        discord.command(ben, "start", room)
        discord.wait(lambda: "Hello Ben" in heard_of(discord, ben))


@pytest.mark.usefixtures("hasty")
def test_shut_out_later_it_says_why_and_tries_again(discord: LocalDiscord, room: int, ben: int, db: Path) -> None:
    with capture_logs() as logged, serving(db, discord_of_settings()) as heard:
        assert heard.next() == "discord"
        discord.hang_up(4004)  # the token is no longer good
        assert heard.next() == "discord"
        discord.command(ben, "start", room)
        discord.wait(lambda: "Hello Ben" in heard_of(discord, ben))

    [refused] = [line for line in logged if line["event"] == "discord_refused"]
    assert "ROLECALL_DISCORD_TOKEN" in refused["detail"]


def test_a_bot_that_is_not_let_in_does_not_begin_so_many_sessions_that_discord_takes_its_token_away(
    discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch, db: Path
) -> None:
    """As where it is to read threads, and nobody has allowed it to; Discord allows a thousand sessions a day."""
    monkeypatch.setenv("ROLECALL_DISCORD_READ_THREADS", "true")

    with capture_logs() as logged, serving(db, discord_of_settings()):
        discord.wait(lambda: [line for line in logged if line["event"] == "discord_refused"])

    [refused] = [line for line in logged if line["event"] == "discord_refused"]
    assert "Message Content Intent" in refused["detail"]
    assert DAY.total_seconds() / refused["again_in"] < 1000


def reminders_are_due(place: str, folder: Path, accounts: Mapping[str, Account]) -> None:
    """Each of these members, known by their account, was to be reminded a few minutes ago."""
    now = datetime.now(UTC)
    with talk(folder, db=place, start=now - 10 * DAY) as chat:
        for name in accounts:
            chat.settled(name)
            chat.say(name, i.SaveReminders(quiet="none"))  # whatever the time is when this runs
            chat.say(name, i.SaveSettings(time=f"{now - timedelta(minutes=5):%H:%M}"))
            chat.say(name, i.Skip())
    begin_to_live(place)
    with reading(place) as tx:
        for name, to in accounts.items():
            moved = {"platform": to.platform, "tenant": to.tenant, "user_id": to.user_id}
            tx.execute(tables.account.update().where(tables.account.c.user_id == name.casefold()).values(moved))


@pytest.mark.slow
@pytest.mark.usefixtures("keys")
def test_split_over_processes_a_sender_writes_to_people_on_both_and_one_part_listens(
    slack: LocalSlack,
    discord: LocalDiscord,
    room: int,
    ben: int,
    postgres_store: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLECALL_DATABASE", postgres_store)
    monkeypatch.setenv("ROLECALL_MAILBOX", str(tmp_path / "mail"))
    accounts = {"Ana": Account("slack", TEAM, "U0ANA"), "Ben": Account("discord", "", str(ben))}
    reminders_are_due(postgres_store, tmp_path, accounts)

    with running("--only", "ticker", "--only", "sender") as sender, running("--only", "discord") as listening:
        assert said(sender).startswith("Running: ticker and sender.")
        assert said(listening).startswith("Running: Discord as ")
        assert said(listening) == "Discord is connected.\n"
        slack.wait(lambda: "Time to recall" in told(slack), 30)
        discord.wait(lambda: "Time to recall" in heard_of(discord, ben), 30)
        assert until(lambda: [s for s in states(postgres_store) if s != "skipped"] == ["sent", "sent"])

        discord.command(ben, "today", room)
        discord.wait(lambda: "Your plan" in heard_of(discord, ben))
    assert (slack.sockets.opened, len(discord.sockets.sessions)) == (0, 1)
