"""What `rolecall doctor` says of Discord: each fault by its name, with what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import discord
import pytest

from adapters.discord import checks, sync
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.discord.tree import fill, nobody
from adapters.findings import Channel, Finding
from bot.door.messages import ChannelPost, Choice, Message, Picture, Push, paragraph
from tests.adapters.discord.sending import Server, server

pytestmark = pytest.mark.enable_socket


def nothing(kind: str, typed: str) -> tuple[Choice, ...]:
    return ()


def real_time() -> datetime:
    return datetime.now(UTC)


def filled(of: Installation) -> Client:
    client = Client(of)
    fill(client.tree, nothing, nobody, nobody)
    return client


@pytest.fixture
def here() -> Iterator[Server]:
    """With the list of commands as it should be."""
    with server() as found:
        fill(found.client.tree, nothing, nobody, nobody)
        found.loop.call(sync.sync(found.client, Installation(found.discord.token)))
        yield found


def examined(
    here: Server, *channels: Channel, now: Callable[[], datetime] = real_time, **installed: Any
) -> list[Finding]:
    of = replace(Installation(here.discord.token), **installed)
    return asyncio.run(checks.examine(of, channels, filled(of), now))


def channel(here: Server, **other: str) -> Channel:
    return replace(Channel(str(here.guild), str(here.room), "Spring"), **other)


def bad(found: list[Finding]) -> list[str]:
    return [f"{one.health} {one.about}: {one.said}" for one in found if one.health != "ok"]


def test_where_all_is_well_everything_is_looked_at_and_nothing_is_sent(here: Server) -> None:
    before = len(here.discord.calls)

    found = examined(here, channel(here))

    assert bad(found) == []
    assert [one.about for one in found] == [
        "discord",
        "discord application",
        "discord intents",
        "discord clock",
        "discord commands",
        "discord servers",
        "discord channel",
    ]
    assert "Rolecall" in found[0].said
    assert "Study group" in found[5].said
    assert {call.method for call in here.discord.calls[before:]} == {"GET"}


def test_a_wrong_token_says_where_the_right_one_is_and_does_not_show_it(here: Server) -> None:
    [found] = examined(here, token="wrong.token.here")

    assert found.health == "fail"
    assert '"Reset Token"' in found.said
    assert "wrong" not in found.said


def test_a_discord_that_cannot_be_reached_is_no_fault_of_the_token(here: Server) -> None:
    found = examined(here, base_url="http://127.0.0.1:9/api/v10")

    assert [one.health for one in found] == ["warn", "fail"]
    assert "instead of Discord" in found[0].said
    assert "cannot be reached" in found[1].said


@pytest.mark.parametrize(
    ("flags", "reads", "said"),
    [
        (0, True, "fail discord intents: Message Content Intent is off"),
        (1 << 18, False, "warn discord intents: Rolecall does not need Message Content Intent"),
        (1 << 15, False, "warn discord intents: Rolecall does not need Server Members Intent"),
        (1 << 19, True, ""),
    ],
)
def test_privileged_intents_are_those_that_are_needed(here: Server, flags: int, reads: bool, said: str) -> None:
    here.discord.rest.flags = flags

    found = bad(examined(here, reads_threads=reads))

    assert [one.startswith(said) for one in found] == ([True] if said else [])


def test_commands_that_discord_lists_differently_are_told_with_the_remedy(here: Server) -> None:
    here.discord.commands()[0]["description"] = "Old words"

    [found] = bad(examined(here))

    assert found.startswith("warn discord commands:")
    assert "rolecall discord sync" in found


def test_a_server_for_trying_out_has_its_own_list_and_has_to_be_one_the_bot_is_on(here: Server) -> None:
    [other] = bad(examined(here, guild=here.guild))
    here.discord.fail("GET /applications/*/guilds/4242/commands", status=403, code=50001)
    [nowhere] = bad(examined(here, guild=4242))

    assert f"on server {here.guild} alone" in other
    assert nowhere.startswith("fail discord commands: the bot is not on server 4242")


def test_a_bot_that_nobody_has_invited_says_how_it_is_done(here: Server) -> None:
    here.discord.remove_bot(here.guild)

    found = bad(examined(here, channel(here)))

    assert (
        "warn discord servers: the bot is on none yet. Open the address that rolecall invite discord prints." in found
    )
    assert any("the bot is not on the server of" in one for one in found)


@pytest.mark.parametrize("permission", checks.NAMED)
def test_each_permission_that_is_missing_in_a_channel_is_named(here: Server, permission: str) -> None:
    here.discord.deny(here.room, permission)

    [found] = bad(examined(here, channel(here)))

    assert found.startswith("fail discord channel:")
    assert checks.NAMED[permission] in found
    assert "Spring" in found


def test_a_channel_that_is_gone_or_was_closed_before_says_what_to_do(here: Server) -> None:
    [gone, closed] = bad(examined(here, channel(here, id="4242"), channel(here, closed="it was shut")))

    assert "is gone, or the bot may not see it" in gone
    assert "it was shut. Mend it, then type /rolecall cohort bind there." in closed


def test_of_many_channels_the_first_are_looked_at(here: Server) -> None:
    found = examined(here, *[channel(here)] * (checks.MOST_CHANNELS + 3))

    assert found[-1].said.startswith("3 more not looked at")


@pytest.mark.parametrize(("off", "health"), [(20, "ok"), (90, "warn"), (600, "fail")])
def test_a_wrong_clock_is_noticed(here: Server, off: int, health: str) -> None:
    found = examined(here, now=lambda: real_time() + timedelta(seconds=off))

    assert [one.health for one in found if one.about == "discord clock"] == [health]


def test_what_discord_does_not_answer_is_asked_again_later(here: Server) -> None:
    here.discord.fail("GET /applications/*/commands", status=503)

    [found] = bad(examined(here))

    assert found == "warn discord commands: Discord could not be asked (503). Try again in a minute."


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("interactions_endpoint_url", "https://example.org", "Interactions Endpoint URL"),
        ("bot_require_code_grant", True, "Requires OAuth2 Code Grant"),
    ],
)
def test_settings_of_the_application_that_shut_people_out_are_faults(
    here: Server, monkeypatch: pytest.MonkeyPatch, key: str, value: object, said: str
) -> None:
    asked = discord.Client.application_info

    async def application(client: discord.Client) -> discord.AppInfo:
        info = await asked(client)
        setattr(info, key, value)
        return info

    monkeypatch.setattr(discord.Client, "application_info", application)

    [found] = bad(examined(here))

    assert found.startswith("fail discord application:")
    assert said in found


def test_the_invitation_asks_for_what_is_used_and_nothing_else(here: Server) -> None:
    """Compared with the calls that the bot makes on a server."""
    board = Message("The board", (paragraph("Ana leads."), Picture(b"\x89PNG\r\n\x1a\n", "Ana leads.")))
    to = ChannelPost(str(here.guild), str(here.room))
    asyncio.run(here.gateway.deliver(Push("board", to, board)))
    asyncio.run(here.gateway.find("board", to, here.clock()))

    used = set()
    for call in here.discord.calls:
        if call.method == "POST" and call.path == f"/channels/{here.room}/messages":
            used |= {"view_channel", "send_messages"}
            used |= {"embed_links"} if call.body["embeds"] else set()
            used |= {"attach_files"} if call.body.get("attachments") else set()
        if call.method == "GET" and call.path == f"/channels/{here.room}/messages":
            used |= {"read_message_history"}
    asked = parse_qs(urlparse(checks.invitation(17)).query)

    assert discord.Permissions(int(asked["permissions"][0])) == discord.Permissions(**dict.fromkeys(used, True))
    assert used == checks.NAMED.keys()
    assert asked["client_id"] == ["17"]
    assert asked["scope"] == ["bot applications.commands"]
