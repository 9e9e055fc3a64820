"""Discord lists the commands that there are, and is told of them only where it lists others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.discord import sync
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.discord.serving import enter
from adapters.discord.tree import ANSWER_THIS, fill, nobody
from bot.catalogue import Catalogue, load
from bot.suggesting import suggesting
from tests.adapters.discord.sending import Server, server
from tests.discord.local import LocalDiscord

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def bank() -> Catalogue:
    return load()


@pytest.fixture
def here(bank: Catalogue) -> Iterator[Server]:
    with server() as found:
        fill(found.client.tree, suggesting(bank), nobody, nobody)
        yield found
        assert found.discord.refusals == []


def of(here: Server, *, guild: bool = False) -> Installation:
    return Installation(here.discord.token, guild=here.guild if guild else 0)


def told(discord: LocalDiscord) -> int:
    return len(discord.calls_of("PUT", "/commands"))


@pytest.mark.parametrize("guild", [False, True])
def test_the_list_is_sent_once_and_then_only_compared(here: Server, guild: bool) -> None:
    installation = of(here, guild=guild)
    assert here.loop.call(sync.differs(here.client, installation))

    assert here.loop.call(sync.sync(here.client, installation))
    assert not here.loop.call(sync.sync(here.client, installation))

    assert not here.loop.call(sync.differs(here.client, installation))
    assert told(here.discord) == 1
    listed = {c["name"]: int(c["id"]) for c in here.discord.commands(here.guild if guild else None)}
    assert listed.keys() == {"rolecall", ANSWER_THIS}
    assert here.client.command_ids == here.loop.call(sync.command_ids(here.client, installation)) == listed
    assert here.discord.commands(None if guild else here.guild) == []


def test_what_discord_says_besides_or_leaves_out_is_no_difference(here: Server) -> None:
    here.loop.call(sync.sync(here.client, of(here)))

    for command in here.discord.commands():
        command |= {"version": "17", "guild_id": None, "contexts": command["contexts"][::-1], "nsfw": False}
        command |= {"default_member_permissions": None, "name_localizations": None}
        as_discord_does(command)

    assert not here.loop.call(sync.sync(here.client, of(here)))


def as_discord_does(said: dict[str, Any]) -> None:
    """Leaves out what is false, empty or nothing."""
    for option in said.get("options", ()):
        as_discord_does(option)
        for key in [key for key, value in option.items() if value in (None, [], "") or value is False]:
            del option[key]


@pytest.mark.parametrize(
    "change",
    [
        lambda root: root["options"].pop(),
        lambda root: root["options"].reverse(),
        lambda root: root["options"][0].update(description="Something else"),
        lambda root: root.update(contexts=[0]),
        lambda root: first_option(root).update(required=True),
        lambda root: first_option(root).pop("autocomplete", None) or first_option(root).update(type=4),
    ],
    ids=["one less", "another order", "another word", "elsewhere", "required", "another kind"],
)
def test_whatever_people_would_notice_is_a_difference(here: Server, change: Any) -> None:
    here.loop.call(sync.sync(here.client, of(here)))
    [root] = [command for command in here.discord.commands() if command["name"] == "rolecall"]

    change(root)

    assert here.loop.call(sync.differs(here.client, of(here)))
    assert here.loop.call(sync.sync(here.client, of(here)))
    assert not here.loop.call(sync.differs(here.client, of(here)))


def first_option(root: dict[str, Any]) -> Any:
    return next(option for command in root["options"] if command["type"] == 1 for option in command.get("options", ()))


def test_other_choices_are_a_difference(here: Server) -> None:
    here.loop.call(sync.sync(here.client, of(here)))
    [root] = [command for command in here.discord.commands() if command["name"] == "rolecall"]
    options = [o for c in root["options"] for s in (c, *c.get("options", ())) for o in s.get("options", ())]

    next(option for option in options if option.get("choices"))["choices"].pop()

    assert here.loop.call(sync.differs(here.client, of(here)))


def test_who_only_sends_knows_the_commands_that_another_process_had_listed(here: Server) -> None:
    here.loop.call(sync.sync(here.client, of(here)))

    async def entered() -> dict[str, int]:
        async with Client(of(here)) as sender:
            await enter(sender, of(here))
            return dict(sender.command_ids)

    assert here.loop.call(entered()) == here.client.command_ids


def test_where_discord_does_not_say_which_commands_there_are_a_process_sends_all_the_same(here: Server) -> None:
    here.discord.fail("GET /applications/*/commands", status=503, times=None)

    async def entered() -> bool:
        async with Client(of(here)) as sender:
            await enter(sender, of(here))
            return sender.user is not None and not sender.command_ids

    assert here.loop.call(entered())


def test_a_client_that_is_not_logged_in_cannot_ask(here: Server) -> None:
    with pytest.raises(ValueError, match="not logged in"):
        here.loop.call(sync.differs(Client(of(here)), of(here)))
