"""An operator who has just put Discord's token into .env brings its commands there, and asks the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cohort_model import Channel, Cohort, Preset
from bot.model import CohortId
from bot.store import cohorts
from bot.store.session import open_store
from tests.discord.local import LocalDiscord

pytestmark = pytest.mark.enable_socket

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def discord(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalDiscord]:
    with LocalDiscord() as running:
        monkeypatch.setenv("ROLECALL_DISCORD_TOKEN", running.token)
        monkeypatch.setenv("ROLECALL_DISCORD_BASE_URL", running.api_url)
        monkeypatch.setenv("ROLECALL_DATABASE", str(tmp_path / "rolecall.db"))
        yield running


def asked(discord: LocalDiscord, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    said = result.output + str(result.exception or "")
    assert discord.token not in said
    return result.exit_code, said


def doctor(discord: LocalDiscord) -> tuple[int, list[str]]:
    """The exit code, and the lines about Discord."""
    code, said = asked(discord, "doctor")
    return code, [line for line in said.splitlines() if line[6:].startswith("discord")]


def cohort_in(guild: int, channel: int, db: str) -> None:
    """A cohort whose prompts are posted in a channel."""
    store = open_store(db)
    with store.begin() as tx:
        cohorts.create(tx, Cohort(CohortId("spring"), "Spring", Preset.STUDY_GROUP, "UTC", NOW, self_service=False))
        cohorts.bind(tx, Channel(CohortId("spring"), "discord", str(guild), str(channel), NOW))
    store.close()


def test_commands_are_listed_once_and_then_all_is_well(discord: LocalDiscord, tmp_path: Path) -> None:
    guild = discord.guild("ML study")
    room = discord.channel(guild, "spring")
    cohort_in(guild, room, str(tmp_path / "rolecall.db"))
    assert "warn  discord commands: Discord lists others." in "\n".join(doctor(discord)[1])

    listed = asked(discord, "discord", "sync")
    again = asked(discord, "discord", "sync")

    assert listed == (0, "The commands on every server were other ones; now they are this version's.\n")
    assert again == (0, "The commands on every server are this version's. Nothing was changed.\n")
    assert sorted(known["name"] for known in discord.commands()) == ["Answer this prompt", "rolecall"]
    code, said = doctor(discord)
    assert (code, [line[:4] for line in said[1:]]) == (0, ["ok  "] * len(said[1:]))
    assert f"ok    discord channel: the bot may post in {room} of Spring." in said
    assert discord.messages(room) == []
    assert discord.refusals == []


def test_on_one_server_alone_they_are_listed_by_its_id(discord: LocalDiscord) -> None:
    guild = discord.guild("ML study")

    code, said = asked(discord, "discord", "sync", "--guild", str(guild))

    assert (code, said) == (0, f"The commands on server {guild} were other ones; now they are this version's.\n")
    assert (len(discord.commands(guild)), discord.commands()) == (2, [])


def test_a_server_that_the_bot_is_not_on_is_refused_with_the_way_there(discord: LocalDiscord) -> None:
    discord.fail("GET /applications/*/guilds/123456789012345678/commands", status=403, code=50001)

    code, said = asked(discord, "discord", "sync", "--guild", "123456789012345678")

    assert (code, "Invite it with the address that rolecall invite discord prints." in said) == (1, True)


def test_a_token_that_discord_does_not_take_is_a_fault_with_what_to_do(
    discord: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLECALL_DISCORD_TOKEN", "another.one.entirely")

    code, said = doctor(discord)
    assert (code, said[-1].startswith("fail  discord: Discord does not accept the bot's token. Press")) == (1, True)
    code, heard = asked(discord, "discord", "sync")
    assert (code, "ROLECALL_DISCORD_TOKEN" in heard) == (1, True)


def test_a_discord_that_cannot_be_reached_is_said_to_be_so(discord: LocalDiscord) -> None:
    discord.fail("GET /users/@me", cut=True, times=None)

    code, said = doctor(discord)
    assert (code, "Discord cannot be reached." in said[-1]) == (1, True)
    code, heard = asked(discord, "discord", "sync")
    assert (code, "Discord cannot be reached just now." in heard) == (1, True)
