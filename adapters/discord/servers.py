"""Which servers the bot is on, as Rolecall is to know it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import discord
import structlog

from adapters.discord.installation import PLATFORM
from adapters.pools import Pools
from bot.errors import StoreError
from bot.rolecall import Rolecall

log = structlog.get_logger()


class Servers:
    def __init__(self, rolecall: Rolecall, pools: Pools) -> None:
        self._rolecall, self._pools = rolecall, pools

    async def are(self, guilds: Iterable[discord.Guild]) -> None:
        """Takes in all servers that Discord names: which have come, and which have left while nobody listened."""
        named = {str(guild.id): guild.name for guild in guilds if not guild.unavailable}
        there = {str(guild.id) for guild in guilds}
        await self._note(partial(self._compare, named, there))

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
