"""The Discord app before a real Rolecall on a SQLite file, opposite a Discord in memory that drives the real client.

Discord's side is `simcord`, whose people do only what the client of Discord lets them do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from bot.cli.compose import PlayWorld, open_play
from bot.grading.grader import Grader
from tests.talk import MONDAY, Inbox

Shown = discord.Message | ResponseMessage


@dataclass
class Running:
    env: Env
    world: PlayWorld
    client: Client
    app: DiscordApp
    installation: Installation
    guild: GuildHandle
    staff: RoleHandle
    room: ChannelHandle
    ada: MemberActor
    ben: MemberActor
    """He may manage the server."""

    def anew(self) -> None:
        """Other people in another channel, of whom nothing is known yet, and no faults any more."""
        self.env.backend.faults.clear()
        self.room = self.guild.create_text_channel("ml-study")
        self.ada, self.ben = _people(self.env, self.guild, self.staff)

    async def quiet(self) -> None:
        """Waits until everything that was asked for is done and shown."""
        await self.app.quiet()
        await self.env.settle()

    async def does(self, act: Awaitable[InteractionResult]) -> InteractionResult:
        """What came of something that somebody did, once all of it has come."""
        result = await act
        await self.quiet()
        return result

    async def command(self, who: MemberActor, path: str, /, **options: Any) -> InteractionResult:
        """A command in the room."""
        return await self.does(who.slash(self.room, f"rolecall {path}", **options))

    async def writes(self, who: MemberActor, path: str, /, **options: Any) -> InteractionResult:
        """A command in the direct messages."""
        return await self.does(who.user.slash(f"rolecall {path}", **options))

    async def says(self, who: MemberActor, text: str, **more: Any) -> str:
        """What the last direct message says after somebody has typed one."""
        await who.user.send_dm(text, **more)
        await self.quiet()
        return self.last(who)

    async def press(self, who: MemberActor | UserHandle, message: Shown, label: str) -> InteractionResult:
        return await self.does(who.click(message, label=label))

    async def fill(self, who: MemberActor | UserHandle, shown: InteractionResult, **values: str) -> InteractionResult:
        """Sends a form in, with what stands in it and the given values."""
        return await self.does(who.submit_modal(shown, prefilled(shown) | values))

    def dm(self, who: MemberActor) -> list[discord.Message]:
        """What the bot has written to somebody."""
        return [m for m in who.user.dm_channel.history() if m.author.id == self.bot_id]

    def texts(self, who: MemberActor) -> list[str]:
        return [text(message) for message in self.dm(who)]

    def last(self, who: MemberActor) -> str:
        return self.texts(who)[-1]

    @property
    def bot_id(self) -> int:
        assert self.client.user
        return self.client.user.id

    def strong(self) -> str:
        """A strong answer to the warm-up, the first problem of everybody."""
        problems = self.world.rolecall.bank.problems.values()
        problem = next(p for p in problems if p.tags.warm_up and p.status == "live")
        return next(e.text for e in problem.exemplars if e.band == "strong_hire")

    async def restart(self) -> None:
        """Another process takes over."""
        await self.app.close()
        self.client = Client(self.installation)
        self.app = DiscordApp(self.world.rolecall, self.installation, self.client)
        await self.env.restart_bot(self.client)
        await self.quiet()


def _people(env: Env, guild: GuildHandle, staff: RoleHandle) -> tuple[MemberActor, MemberActor]:
    ada = guild.add_member(env.create_user("ada", global_name="Ada"))
    return ada, guild.add_member(env.create_user("ben", global_name="Ben"), roles=[staff])


def text(message: Shown) -> str:
    """All that somebody reads in a message."""
    embeds = [part for embed in message.embeds for part in (embed.title, embed.description) if part]
    return "\n".join([part for part in (message.content, *embeds) if part])


def answer(result: InteractionResult) -> str:
    """All that an interaction was answered with."""
    shown = [*([result.response] if result.response else []), *result.followups]
    return "\n".join(map(text, shown))


def last_of(result: InteractionResult) -> ResponseMessage:
    """The message that has the buttons."""
    found = result.followups[-1] if result.followups else result.response
    assert found
    return found


def prefilled(shown: InteractionResult) -> dict[str, Any]:
    """What stands in a form, by field, before anybody types."""
    assert shown.modal
    fields = [label["component"] for label in shown.modal["components"]]
    found = {field["custom_id"]: field.get("value") or _chosen(field) for field in fields}
    return {id: value for id, value in found.items() if value}


def _chosen(field: dict[str, Any]) -> list[str]:
    return [option["value"] for option in field.get("options", ()) if option.get("default")]


def labels(message: Shown) -> list[str]:
    """Of the buttons."""
    rows: list[Any] = message.components
    parts = [part for row in rows for part in (row["components"] if isinstance(row, dict) else row.children)]
    return [str(part["label"] if isinstance(part, dict) else part.label) for part in parts]


@asynccontextmanager
async def running(
    folder: Path, *, grader: Grader | None = None, reads_threads: bool = False, **options: Any
) -> AsyncIterator[Running]:
    installation = Installation("token", shards=1, reads_threads=reads_threads)
    client = Client(installation)
    with open_play(
        folder / "play.db", start=MONDAY, seed=7, zone="UTC", gateway=Inbox("discord"), grader=grader
    ) as world:
        app = DiscordApp(world.rolecall, installation, client)
        async with simcord.run(client, shard_count=1, **options) as env:
            guild = env.create_guild("Study hall")
            staff = guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
            room = guild.create_text_channel("ml-study")
            ada, ben = _people(env, guild, staff)
            await client.tree.sync()
            found = Running(env, world, client, app, installation, guild, staff, room, ada, ben)
            await found.quiet()
            try:
                yield found
            finally:
                await found.app.quiet()
                await found.app.close()


@contextmanager
def kept(runner: asyncio.Runner, serving: AbstractAsyncContextManager[Running]) -> Iterator[Running]:
    """An app that stays while the runner runs one thing after another."""
    stop = asyncio.Event()

    async def keep(opened: asyncio.Future[Running]) -> None:
        async with serving as app:
            opened.set_result(app)
            await stop.wait()

    async def begin() -> tuple[asyncio.Task[None], Running | None]:
        opened = asyncio.get_running_loop().create_future()
        keeping = asyncio.create_task(keep(opened))
        await asyncio.wait([keeping, opened], return_when=asyncio.FIRST_COMPLETED)
        return keeping, opened.result() if opened.done() else None

    async def end(keeping: asyncio.Task[None]) -> None:
        stop.set()
        await keeping

    keeping, app = runner.run(begin())
    try:
        if app:
            yield app
    finally:
        runner.run(end(keeping))
