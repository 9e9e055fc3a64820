"""Which servers the bot is on, as Rolecall is to know it."""

from __future__ import annotations

from functools import partial

import discord
import structlog

from adapters.discord.client import Client
from adapters.discord.installation import PLATFORM
from adapters.discord.replying import UNREACHED
from adapters.pools import Pools
from bot.errors import StoreError
from bot.rolecall import Rolecall

log = structlog.get_logger()


class Servers:
    def __init__(self, rolecall: Rolecall, pools: Pools) -> None:
        self._rolecall, self._pools = rolecall, pools

    async def are(self, client: Client) -> None:
        """Takes in all servers that Discord names: which have come, and which have left while nobody listened."""
        down = {str(guild.id) for guild in client.guilds if guild.unavailable}  # which is no farewell
        here = {str(guild.id): guild.name for guild in client.guilds if not guild.unavailable}
        named = await _named(client, here)
        await self._note(partial(self._compare, named, down | named.keys()))

    async def is_here(self, guild: discord.Guild) -> None:
        await self._note(partial(self._rolecall.workspace_here, PLATFORM, str(guild.id), guild.name))

    async def has_left(self, guild: discord.Guild) -> None:
        await self._note(partial(self._rolecall.workspace_left, PLATFORM, str(guild.id)))

    def _compare(self, named: dict[str, str], there: set[str]) -> None:
        for server, name in named.items():
            self._rolecall.workspace_here(PLATFORM, server, name)
        for server in self._rolecall.workspaces(PLATFORM) - there:
            self._rolecall.workspace_left(PLATFORM, server)

    async def _note(self, call: partial[None]) -> None:
        try:
            await self._pools.run_at_last(call)
        except StoreError as error:  # it is noticed again when the connection is next begun
            log.error("discord_servers_not_noted", why=error.detail)


async def _named(client: Client, known: dict[str, str]) -> dict[str, str]:
    """The names of the servers that Discord lists, by id. Where it does not just now: those that are known.

    A client with shards keeps in memory what left while its connection was lost (discord.py 2.7, 2026-11).
    """
    try:
        return {str(guild.id): guild.name async for guild in client.fetch_guilds(limit=None, with_counts=False)}
    except (discord.HTTPException, discord.RateLimited, *UNREACHED) as error:
        log.warning("discord_servers_not_listed", error=type(error).__name__)
        return known
