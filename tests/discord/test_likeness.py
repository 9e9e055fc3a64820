"""The local Discord behaves on the wire as simcord does in memory: the same bot lives through the same day on both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.discord.clients import connected
from tests.discord.local import LocalDiscord
from tests.discord.test_local_discord import Bot

pytestmark = pytest.mark.enable_socket

LONG = discord.Embed(description="x" * 4_097)
REFUSED: tuple[dict[str, Any], ...] = ({"content": "x" * 2_001}, {"embed": LONG}, {"content": ""})
Day = dict[str, Any]


async def refusals(client: discord.Client, room: int, hidden: int, gone: int, user: int) -> list[tuple[int, int]]:
    """What Discord says to what a bot may not do."""

    def post(channel: int, **message: Any) -> Callable[[], Awaitable[object]]:
        return lambda: client.get_partial_messageable(channel).send(**message)

    async def edit_of_another() -> None:
        async for message in client.get_partial_messageable(room).history():
            if message.author.id == user:
                await message.edit(content="not mine")

    attempts = [post(hidden, content="x"), post(gone, content="x"), *(post(room, **m) for m in REFUSED)]
    attempts += [lambda: client.create_dm(discord.Object(4711)), edit_of_another]
    found = []
    for attempt in attempts:
        with pytest.raises(discord.HTTPException) as refused:
            await attempt()
        found.append((refused.value.status, refused.value.code))
    return found


async def post_a_button(client: discord.Client, room: int) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Press me", custom_id="p"))
    view.stop()
    await client.get_partial_messageable(room).send("here", view=view)


async def history(client: discord.Client, room: int) -> list[tuple[str, int, bool]]:
    """What a channel shows: text, kind of message, and whether it was changed."""
    place = client.get_partial_messageable(room)
    return [(m.content, m.type.value, m.edited_at is not None) async for m in place.history(oldest_first=True)]


async def in_memory() -> Day:
    bot, day = Bot(), Day()
    async with simcord.run(bot, shard_count=1) as env:
        guild = env.create_guild("ML study")
        room, gone = guild.create_text_channel("general"), guild.create_text_channel("gone")
        hidden = guild.create_text_channel("hidden")
        ada = guild.add_member(env.create_user("Ada"))
        env.backend.delete_channel(gone.id)
        no_view = discord.Permissions(view_channel=True).value
        env.backend.set_overwrite(hidden.id, Overwrite(env.backend.bot_user.id, OverwriteType.MEMBER, deny=no_view))
        said = await ada.send(room, "a bird")
        echoed = await ada.slash(room, "rolecall echo", text="hello")
        assert echoed.response
        day["is_private"] = echoed.ephemeral
        day["said"] = [m.content for m in (echoed.response, *echoed.followups)]
        offered = await ada.autocomplete(room, "rolecall echo", "text", "gr")
        day["offered"] = [choice["value"] for choice in offered]
        shown = await ada.slash(room, "rolecall form")
        assert shown.modal
        day["form"] = shown.modal["title"], [row["type"] for row in shown.modal["components"]]
        await ada.submit_modal(shown, {"colour": "green"})
        await ada.context_menu(room, "Look", said)
        await post_a_button(bot, room.id)
        await ada.click(room.history()[-1], label="Press me")
        day["history"] = await history(bot, room.id)
        day["refusals"] = await refusals(bot, room.id, hidden.id, gone.id, ada.id)
    return day


def on_the_wire() -> Day:
    day = Day()
    with LocalDiscord() as local:
        guild = local.guild("ML study")
        room, gone = local.channel(guild, "general"), local.channel(guild, "gone")
        hidden = local.channel(guild, "hidden", denied=["view_channel"])
        ada = local.person("Ada", guild)
        local.delete_channel(gone)
        with connected(local, Bot) as bot:
            said = local.say(ada, "a bird", room)
            echoed = local.command(ada, "echo", room, {"text": "hello"})
            replies = local.wait(lambda: r if len(r := local.replies(echoed)) == 2 else None)
            day["is_private"] = echoed.is_private
            day["said"] = [message.content for message in replies]
            day["offered"] = local.autocomplete(ada, "echo", "text", "gr", room)
            shown = local.command(ada, "form", room)
            assert shown.modal
            day["form"] = shown.modal["title"], [row["type"] for row in shown.modal["components"]]
            local.submit(ada, Which="green")
            local.menu(ada, "Look", said)
            bot.run(post_a_button(bot.client, room))
            local.press(ada, local.messages(room)[-1], "Press me")
            day["history"] = bot.run(history(bot.client, room))
            day["refusals"] = bot.run(refusals(bot.client, room, hidden, gone, ada))
    return day


def test_the_same_day_comes_out_the_same_on_the_wire_and_in_memory() -> None:
    expected = asyncio.run(in_memory())
    assert on_the_wire() == expected
    assert [code for _, code in expected["refusals"]] == [50001, 10003, 50035, 50035, 50035, 10013, 50005]
