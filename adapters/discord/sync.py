"""Whether Discord's list of our commands is what it should be, and bringing it up to date. Asked of Discord itself."""

from __future__ import annotations

from adapters.discord.client import Client
from adapters.discord.installation import Installation


async def differs(client: Client, installation: Installation) -> bool:
    """Whether Discord lists other commands than the client's tree, which is filled. Raises discord.HTTPException."""
    raise NotImplementedError


async def sync(client: Client, installation: Installation) -> bool:
    """Has Discord list the tree's commands; False where it does already, and nothing was sent."""
    raise NotImplementedError


async def command_ids(client: Client, installation: Installation) -> dict[str, int]:
    """Discord's ids of the listed commands, by name. Raises discord.HTTPException."""
    raise NotImplementedError
