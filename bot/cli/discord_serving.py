"""Discord in a running bot: one client, which hears people and sends, on every server that the bot is on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.gateway import DiscordGateway
from adapters.discord.installation import PLATFORM, TENANT, Installation
from adapters.discord.serving import enter, serve
from bot.door.invocation import Gateway
from bot.rolecall import Rolecall


class Discord:
    """Implements `bot.cli.platforms.Platform`."""

    name = PLATFORM

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._client = Client(installation)
        self._has_begun = False

    def __str__(self) -> str:
        return f"Discord as {self._client.user.name}" if self._client.user else "Discord"

    async def enter(self) -> None:
        self._has_begun = True
        await enter(self._client, self._installation)

    def gateway(self, rolecall: Rolecall) -> Gateway:
        return DiscordGateway(self._client, partial(rolecall.user_ids, PLATFORM, TENANT))

    def remember(self, rolecall: Rolecall) -> None:
        """Nothing: which servers there are is heard while they are served."""

    async def serve(self, rolecall: Rolecall, connected: Callable[[], None]) -> None:
        await serve(DiscordApp(rolecall, self._installation, self._client), self._client, ready=connected)

    async def close(self) -> None:
        if self._has_begun:  # discord.py cannot close what was never open
            await self._client.close()
