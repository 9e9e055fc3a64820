"""The Discord app: which event becomes which wish. Everything is acknowledged before anything is done."""

from __future__ import annotations

from adapters.discord.client import Client
from adapters.discord.installation import Installation
from bot.rolecall import Rolecall


class DiscordApp:
    """One app before one Rolecall, in the event loop of its client."""

    def __init__(self, rolecall: Rolecall, installation: Installation, client: Client) -> None:
        """Fills the client's command tree, and listens to its events."""
        raise NotImplementedError

    async def quiet(self) -> None:
        """Waits until no wish is being worked on."""
        raise NotImplementedError

    async def close(self) -> None:
        """Leaves what is still being worked on."""
        raise NotImplementedError
