"""Our client of Discord: which events it wants, and what it keeps in memory, which is next to nothing."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
import discord
from discord import app_commands

from adapters.discord.budget import Budget
from adapters.discord.installation import Installation

LONGEST_WAIT = 2.0
"""Seconds that a call waits by itself where Discord asks for patience; a longer wait is the caller's to plan."""


class Client(discord.AutoShardedClient):
    """Logs in, connects, and keeps within Discord's limits. What happens is heard by whoever listens (`app`)."""

    def __init__(self, installation: Installation, *, trace: aiohttp.TraceConfig | None = None) -> None:
        """`trace` hears of every call to Discord."""
        # It says nothing aloud: otherwise each start would be told that libraries for that are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        self.budget = Budget()
        self.budget.listen(trace := trace or aiohttp.TraceConfig())
        super().__init__(
            intents=intents(installation),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            shard_count=installation.shards or None,
            http_trace=trace,
        )
        self.http.max_ratelimit_timeout = LONGEST_WAIT
        self.command_ids: Mapping[str, int] = {}
        """Discord's ids of our commands by name, once they are known (`sync`)."""
        self.tree: app_commands.CommandTree[Client] = app_commands.CommandTree(self)
        if installation.base_url:
            discord.http.Route.BASE = installation.base_url.rstrip("/")


def intents(installation: Installation) -> discord.Intents:
    """Servers and direct messages; what is typed in channels only where the operator has switched that on."""
    wanted = discord.Intents(guilds=True, dm_messages=True)
    if installation.reads_threads:
        wanted.guild_messages = wanted.message_content = True
    return wanted
