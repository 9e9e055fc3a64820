"""A client of discord.py's that is connected to the local Discord, in a thread and an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Generic, TypeVar

import discord

from tests.discord.local import LocalDiscord

C = TypeVar("C", bound=discord.AutoShardedClient)
_T = TypeVar("_T")


@dataclass
class Connected(Generic[C]):
    client: C
    loop: asyncio.AbstractEventLoop
    ended: asyncio.Task[None]
    """Done once the client no longer wants to be connected."""

    def run(self, what: Coroutine[Any, Any, _T], timeout: float = 20.0) -> _T:
        """Runs a coroutine in the client's event loop."""
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(timeout)


@contextmanager
def connected(local: LocalDiscord, make: Callable[[], C], *, shards: int = 1) -> Iterator[Connected[C]]:
    """`make`: the client, within its event loop. Logged in and connected; closed at the end."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="discord-client", daemon=True)
    thread.start()

    async def start() -> tuple[C, asyncio.Task[None]]:
        client = make()
        quick(client)
        await client.login(local.token)
        return client, asyncio.create_task(client.connect())

    client, ended = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    try:
        local.wait_for_shards(shards)
        yield Connected(client, loop, ended)
    finally:
        asyncio.run_coroutine_threadsafe(_stop(client, ended), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _stop(client: discord.Client, ended: asyncio.Task[None]) -> None:
    await client.close()
    await asyncio.wait([ended], timeout=10)
    left = asyncio.all_tasks() - {asyncio.current_task()}  # discord.py waits for servers that never come
    for task in left:
        task.cancel()
    await asyncio.gather(ended, *left, return_exceptions=True)


def quick(client: discord.AutoShardedClient) -> None:
    """Without the seconds that it keeps between two shards, and waits after its last server before it is ready."""
    client._connection.guild_ready_timeout = 0.05
    client.before_identify_hook = _at_once  # type: ignore[method-assign]


async def _at_once(shard_id: int | None, *, initial: bool = False) -> None:
    pass
