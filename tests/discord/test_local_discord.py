"""The local Discord before a client of discord.py's: what it takes and refuses, and how its gateway goes and comes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.discord.clients import Connected, connected
from tests.discord.local import LocalDiscord

pytestmark = pytest.mark.enable_socket


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class Bot(discord.AutoShardedClient):
    """Says what it heard, and asks for a colour in a form."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, dm_messages=True))
        self.tree: app_commands.CommandTree[Bot] = app_commands.CommandTree(self)
        self.heard: list[str] = []
        group = app_commands.Group(name="rolecall", description="A mentor")
        self.tree.add_command(group)

        @group.command(name="echo", description="Says it again")
        async def echo(interaction: discord.Interaction, text: str) -> None:
            self.heard.append(text)
            await interaction.response.defer(ephemeral=True)
            await interaction.edit_original_response(content=text)
            await interaction.followup.send("and more", ephemeral=True)

        @echo.autocomplete("text")
        async def words(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=word, value=word) for word in ("red", "green") if typed in word]

        @group.command(name="form", description="Asks")
        async def form(interaction: discord.Interaction) -> None:
            modal = discord.ui.Modal(title="Colour", custom_id="f")
            modal.add_item(discord.ui.TextInput(label="Which", custom_id="colour", max_length=5))
            await interaction.response.send_modal(modal)

        @self.tree.context_menu(name="Look")
        async def look(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"I see {message.content}")

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            await interaction.response.send_message(f"a fine {data['components'][0]['components'][0]['value']}")
        elif interaction.type is discord.InteractionType.component:
            await interaction.response.edit_message(content="pressed", view=None)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.heard.append(f"joined {guild.name}")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.heard.append(f"left {guild.name}")

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message.content)


class Scene:
    def __init__(self, local: LocalDiscord) -> None:
        self.local = local
        self.guild = local.guild("ML study")
        self.room = local.channel(self.guild, "general")
        self.ada = local.person("Ada", self.guild, locale="es-ES")
        self.ben = local.person("Ben", self.guild)


@pytest.fixture
def local() -> Iterator[LocalDiscord]:
    with LocalDiscord() as found:
        yield found


@pytest.fixture
def scene(local: LocalDiscord) -> Scene:
    return Scene(local)


@pytest.fixture
def bot(scene: Scene) -> Iterator[Connected[Bot]]:
    with connected(scene.local, Bot) as found:
        yield found


def test_a_command_is_answered_for_one_pair_of_eyes(scene: Scene, bot: Connected[Bot]) -> None:
    act = scene.local.command(scene.ada, "echo", scene.room, {"text": "hello"})
    replies = scene.local.wait(lambda: r if len(r := scene.local.replies(act)) == 2 else None)
    assert (act.kind, act.is_private, [r.content for r in replies]) == ("deferred", True, ["hello", "and more"])
    assert scene.local.ephemerals(scene.ada) == replies
    assert scene.local.messages(scene.room) == scene.local.ephemerals(scene.ben) == []
    assert not scene.local.refusals and not scene.local.late


def test_an_option_offers_what_fits(scene: Scene, bot: Connected[Bot]) -> None:
    assert scene.local.autocomplete(scene.ada, "echo", "text", "gr", scene.room) == ["green"]


def test_a_form_is_filled_in_and_sent(scene: Scene, bot: Connected[Bot]) -> None:
    assert scene.local.command(scene.ada, "form", scene.room).kind == "modal"
    with pytest.raises(Exception, match="max_length"):
        scene.local.submit(scene.ada, Which="turquoise")
    act = scene.local.submit(scene.ada, Which="green")
    assert [reply.content for reply in scene.local.replies(act)] == ["a fine green"]
    assert scene.local.modal(scene.ada) is None


def test_a_messages_menu_points_at_the_message(scene: Scene, bot: Connected[Bot]) -> None:
    said = scene.local.say(scene.ben, "a bird", scene.room)
    assert scene.local.replies(scene.local.menu(scene.ada, "Look", said))[0].content == "I see a bird"


def test_what_is_typed_to_the_bot_is_heard_and_in_channels_not(scene: Scene, bot: Connected[Bot]) -> None:
    scene.local.say(scene.ada, "in the channel", scene.room)
    scene.local.say(scene.ada, "just for you")
    scene.local.wait(lambda: bot.client.heard)
    assert bot.client.heard == ["just for you"]


def send(bot: Connected[Bot], channel: int, **message: Any) -> discord.Message:
    """Posts as an adapter does: by the channel's id alone."""
    return bot.run(bot.client.get_partial_messageable(channel).send(**message))


def test_a_button_still_works_on_a_message_of_long_ago(scene: Scene, bot: Connected[Bot]) -> None:
    async def post() -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Press me", custom_id="p"))
        view.stop()
        await bot.client.get_partial_messageable(scene.room).send("here", view=view)

    bot.run(post())
    (message,) = scene.local.messages(scene.room)
    assert scene.local.press(scene.ben, message, "Press").kind == "update"
    assert [version.content for version in scene.local.versions(message)] == ["here", "pressed"]


def test_a_nonce_is_one_message_for_some_minutes_and_not_in_the_history() -> None:
    clock = Clock()
    with LocalDiscord(clock=clock) as local:
        scene = Scene(local)
        with connected(local, Bot) as bot:
            first, again = (send(bot, scene.room, content="once", nonce="n1") for _ in range(2))
            clock.at += timedelta(minutes=6)
            later = send(bot, scene.room, content="once", nonce="n1")
            history = bot.run(_history(bot.client, scene.room, first.created_at - timedelta(seconds=1)))
    assert first.id == again.id != later.id
    assert (first.nonce, [message.nonce for message in history]) == ("n1", [None, None])


async def _history(client: discord.Client, channel: int, after: datetime) -> list[discord.Message]:
    return [message async for message in client.get_partial_messageable(channel).history(after=after)]


def test_pictures_keep_their_descriptions(scene: Scene, bot: Connected[Bot]) -> None:
    file = discord.File(io.BytesIO(b"PNG"), "picture-1.png", description="A board: Ada leads")
    embed = discord.Embed(description="The board").set_image(url="attachment://picture-1.png")
    send(bot, scene.room, embed=embed, file=file)
    (message,) = scene.local.messages(scene.room)
    assert message.attachments[0]["description"] == "A board: Ada leads"
    assert scene.local.text_of(message) == "The board\n[A board: Ada leads]"


def _dm(bot: Connected[Bot], user: int, text: str) -> discord.Message:
    async def say() -> discord.Message:
        channel = await bot.client.create_dm(discord.Object(user))
        return await channel.send(text)

    return bot.run(say())


def test_doors_that_are_shut_have_discords_numbers(scene: Scene, bot: Connected[Bot]) -> None:
    local = scene.local
    local.shut_dms(scene.ada)
    stranger = local.person("Cem")
    local.deny(scene.room, "send_messages")
    hidden = local.channel(scene.guild, "hidden", denied=["view_channel"])
    gone = local.channel(scene.guild, "gone")
    local.delete_channel(gone)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: _dm(bot, scene.ada, "psst"),
        lambda: _dm(bot, stranger, "psst"),
        lambda: _dm(bot, 4711, "psst"),
        lambda: send(bot, scene.room, content="x"),
        lambda: send(bot, hidden, content="x"),
        lambda: send(bot, gone, content="x"),
    )
    found = []
    for attempt in attempts:
        with pytest.raises(discord.HTTPException) as refused:
            attempt()
        found.append((refused.value.status, refused.value.code))
    assert found == [(403, 50007), (403, 50278), (404, 10013), (403, 50013), (403, 50001), (404, 10003)]
    assert local.refusals == []


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"content": "x" * 2_001}, "2000"),
        ({"embed": discord.Embed(description="x" * 4_097)}, "4096"),
        ({"embed": discord.Embed(description="x").set_image(url="attachment://lost.png")}, "lost.png"),
        ({"embed": discord.Embed(description="x", url="slack://x")}, "well formed"),
        ({"content": "x", "nonce": "n" * 26}, "25"),
        ({"content": ""}, "empty"),
    ],
)
def test_what_discord_does_not_take_is_refused_and_written_down(
    scene: Scene, bot: Connected[Bot], message: dict[str, Any], why: str
) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        send(bot, scene.room, **message)
    assert (refused.value.status, refused.value.code) == (400, 50035)
    (refusal,) = scene.local.refusals
    assert why in refusal


def test_an_interaction_is_answered_once_within_three_seconds_and_for_fifteen_minutes() -> None:
    clock = Clock()
    with LocalDiscord(clock=clock) as local:
        scene = Scene(local)
        held: list[discord.Interaction] = []

        class Keeps(Bot):
            async def on_interaction(self, interaction: discord.Interaction) -> None:
                held.append(interaction)

        with connected(local, Keeps) as bot:
            act = local.command(scene.ada, "echo", scene.room, {"text": "hello"})
            interaction = held[0]

            def code(what: Any) -> tuple[int, int]:
                interaction.response._response_type = None
                with pytest.raises(discord.HTTPException) as refused:
                    bot.run(what)
                return refused.value.status, refused.value.code

            local.wait(lambda: len(local.replies(act)) == 2)
            assert code(interaction.response.defer()) == (400, 40060)
            clock.at += timedelta(minutes=14)
            bot.run(interaction.edit_original_response(content="still"))
            clock.at += timedelta(minutes=1)
            assert code(interaction.edit_original_response(content="too late")) == (401, 50027)
            assert code(interaction.followup.send("too late")) == (401, 50027)
            assert code(interaction.response.defer()) == (404, 10062)


def test_a_response_that_comes_too_late_is_written_down() -> None:
    clock = Clock()

    class Tardy(Bot):
        async def on_socket_event_type(self, event: str) -> None:
            clock.at += timedelta(seconds=4 if event == "INTERACTION_CREATE" else 0)

    with LocalDiscord(clock=clock) as local:
        scene = Scene(local)
        with connected(local, Tardy):
            act = local.command(scene.ada, "form", scene.room)
            local.settle()
            assert (act.kind, local.late, local.calls[-1].code) == ("", [act], 10062)


def test_calls_fail_as_they_are_told_to(scene: Scene, bot: Connected[Bot]) -> None:
    local = scene.local
    local.fail("POST /channels/*/messages", status=403, code=50001)
    with pytest.raises(discord.Forbidden):
        send(bot, scene.room, content="a")
    local.fail("POST /channels/*/messages", status=429, retry_after=0.01)
    send(bot, scene.room, content="b")
    local.fail("POST /channels/*/messages", status=429)
    with pytest.raises(discord.HTTPException) as refused:
        send(bot, scene.room, content="c")
    assert refused.value.status == 429
    local.fail("POST /channels/*/messages", status=503, after_effect=True)
    with pytest.raises(discord.DiscordServerError):
        send(bot, scene.room, content="d")
    local.fail("POST /channels/*/messages", cut=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        send(bot, scene.room, content="e")
    assert [message.content for message in local.messages(scene.room)] == ["b", "d"]
    assert [call.status for call in local.calls_of("POST", "/messages")] == [403, 429, 200, 429, 200, 503, 0]


def test_who_is_cut_off_hears_afterwards_what_it_missed_and_nothing_twice(scene: Scene, bot: Connected[Bot]) -> None:
    local = scene.local
    local.say(scene.ada, "before")
    local.wait(lambda: bot.client.heard == ["before"])

    async def missed() -> None:
        await local.sockets.cut()
        await local.acts.say(scene.ada, "meanwhile")

    local.run(missed())
    local.wait_for_shards()
    local.say(scene.ada, "after")
    local.wait(lambda: len(bot.client.heard) > 2)
    assert bot.client.heard == ["before", "meanwhile", "after"]
    assert (local.sockets.identified, local.sockets.resumed) == (1, 1)


def test_who_is_asked_to_connect_again_resumes_and_who_lost_its_session_begins_anew(
    scene: Scene, bot: Connected[Bot]
) -> None:
    local = scene.local
    local.reconnect()
    local.wait(lambda: local.sockets.resumed == 1)
    local.invalidate(resumable=True)
    local.wait(lambda: local.sockets.resumed == 2)
    local.invalidate()
    local.wait(lambda: local.sockets.identified == 2)
    local.wait_for_shards()
    local.say(scene.ada, "still there?")
    local.wait(lambda: bot.client.heard == ["still there?"])


def test_a_connection_through_which_nothing_comes_is_given_up(scene: Scene, bot: Connected[Bot]) -> None:
    local = scene.local
    bot.client._connection.heartbeat_timeout = 0.2  # of the next connection
    local.reconnect()
    local.wait(lambda: local.sockets.resumed == 1)
    local.die()
    local.say(scene.ada, "into the void")
    local.wait(lambda: bot.client.heard == ["into the void"])


def test_intents_that_are_not_granted_are_refused(local: LocalDiscord) -> None:
    async def attempt() -> None:
        async with discord.AutoShardedClient(intents=discord.Intents(guilds=True, message_content=True)) as client:
            await client.start(local.token)

    with pytest.raises(discord.PrivilegedIntentsRequired):
        asyncio.run(attempt())


def test_a_wrong_token_is_refused_at_the_door_and_at_the_gateway(local: LocalDiscord) -> None:
    async def attempt(token: str) -> None:
        async with discord.AutoShardedClient(intents=discord.Intents.none()) as client:
            await client.login(local.token)
            client.http.token = token
            await client.connect()

    with pytest.raises(discord.ConnectionClosed) as closed:
        local.sockets.token = "another"
        asyncio.run(attempt(local.token))
    assert closed.value.code == 4004
    with pytest.raises(discord.LoginFailure):
        local.rest.token = "another"
        asyncio.run(attempt(local.token))


def test_the_bot_hears_of_servers_that_it_joins_and_leaves_but_not_of_those_where_it_has_been(
    scene: Scene, bot: Connected[Bot]
) -> None:
    bot.run(bot.client.wait_until_ready())
    guild = scene.local.guild("Another")
    scene.local.remove_bot(guild)
    scene.local.wait(lambda: len(bot.client.heard) == 2)
    assert bot.client.heard == ["joined Another", "left Another"]


def test_each_server_is_told_to_the_shard_that_it_belongs_to() -> None:
    with LocalDiscord(shards=2) as local:
        rooms = [local.channel(local.guild(f"Guild {shard}", shard=shard), "general") for shard in range(2)]
        ada = local.person("Ada", *list(local.world.backend.guilds))
        with connected(local, Bot, shards=2) as bot:
            for room in rooms:
                local.command(ada, "echo", room, {"text": str(room)})
            assert bot.client.heard == [str(room) for room in rooms]
    assert local.sockets.identified == 2


def test_discord_py_finds_its_own_addresses_again() -> None:
    before = discord.http.Route.BASE
    with LocalDiscord() as local:
        assert local.api_url == discord.http.Route.BASE
    assert before == discord.http.Route.BASE
