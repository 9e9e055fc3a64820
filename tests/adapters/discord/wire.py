"""The Discord app as it is served, before a real Rolecall on a SQLite file, and opposite the local Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.gateway import DiscordGateway
from adapters.discord.installation import PLATFORM, TENANT, Installation
from adapters.discord.serving import login, serve
from bot.cli.compose import PlayWorld, open_play
from bot.grading.grader import Grader
from bot.loops import Loop, event_loop
from tests.discord.clients import quick
from tests.discord.local import LocalDiscord
from tests.talk import MONDAY


@dataclass
class Wired:
    discord: LocalDiscord
    world: PlayWorld
    client: Client
    app: DiscordApp
    loop: Loop
    guild: int
    room: int

    def person(self, name: str) -> int:
        """Somebody new on the server."""
        return self.discord.person(name, self.guild)

    def quiet(self) -> None:
        """Waits until everything that was asked for is done and shown."""
        self.discord.settle()
        self.loop.call(self.app.quiet())
        self.discord.settle()

    def heard(self, user: int) -> list[str]:
        """All that the bot has said to somebody alone, on the server and in their direct messages."""
        self.quiet()
        messages = [*self.discord.ephemerals(user), *self.discord.dm(user)]
        return [self.discord.text_of(message, user) for message in messages]

    def strong(self) -> str:
        """A strong answer to the warm-up, the first problem of everybody."""
        problems = self.world.rolecall.bank.problems.values()
        problem = next(p for p in problems if p.tags.warm_up and p.status == "live")
        return next(e.text for e in problem.exemplars if e.band == "strong_hire")


@contextmanager
def wired(
    folder: Path, *, shards: int = 1, grader: Grader | None = None, reads_threads: bool = False
) -> Iterator[Wired]:
    with LocalDiscord(shards=shards, message_content=reads_threads) as discord, event_loop("discord-app") as loop:
        guild = discord.guild("Study hall", shard=shards - 1)
        room = discord.channel(guild, "ml-study")
        of = Installation(discord.token, base_url=discord.api_url, reads_threads=reads_threads)
        client = Client(of)
        gateway = DiscordGateway(client, lambda members: world.rolecall.user_ids(PLATFORM, TENANT, members))
        with open_play(folder / "play.db", start=MONDAY, seed=7, zone="UTC", gateway=gateway, grader=grader) as world:
            is_ready = Event()
            app, end = loop.call(_begin(world, of, client, is_ready))
            assert is_ready.wait(10), "the app does not start"
            yield Wired(discord, world, client, app, loop, guild, room)
            loop.call(_cancelled(end))


async def _begin(
    world: PlayWorld, of: Installation, client: Client, is_ready: Event
) -> tuple[DiscordApp, asyncio.Task[None]]:
    quick(client)
    app = DiscordApp(world.rolecall, of, client)
    await login(client, of)
    return app, asyncio.create_task(serve(app, client, ready=is_ready.set))


async def _cancelled(serving: asyncio.Task[None]) -> None:
    serving.cancel()
    await asyncio.wait([serving])


class _Hasty:
    """asyncio for a module whose sleeps would make tests long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))


@contextmanager
def hasty() -> Iterator[None]:
    """discord.py and the app try again at once, where they would let a second or more go by."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("discord.http", "discord.webhook.async_", "adapters.discord.replying"):
            patch.setattr(f"{module}.asyncio", _Hasty())
        patch.setattr("adapters.discord.gateway.OVERLOADED", 0.0)
        yield
