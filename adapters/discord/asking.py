"""One question to Discord, by somebody at a command line: logged in, never connected, and the outcome in words."""

from __future__ import annotations

import aiohttp
import discord

from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.discord.serving import login
from adapters.discord.sync import sync
from adapters.discord.tree import Suggest, fill, nobody
from bot.errors import RolecallError

UNREACHABLE = "Discord cannot be reached just now. Check the network, and try again in a minute."


def filled(installation: Installation, suggest: Suggest) -> Client:
    """A client that is neither logged in nor connected, with every command in its tree."""
    client = Client(installation)
    fill(client.tree, suggest, nobody, nobody)
    return client


async def brought_up_to_date(installation: Installation, suggest: Suggest) -> bool:
    """Has Discord list this version's commands; False where it does already. RolecallError where it would not."""
    try:
        async with filled(installation, suggest) as client:
            await login(client, installation)
            return await sync(client, installation)
    except discord.Forbidden as error:
        raise RolecallError(
            "Discord does not let the bot list commands there: it is not on that server, or was invited without "
            "applications.commands. Invite it with the address that rolecall invite discord prints."
        ) from error
    except (discord.RateLimited, discord.HTTPException) as error:
        if isinstance(error, discord.RateLimited) or error.status == 429:
            raise RolecallError("Discord asks for patience with its list of commands. Try again later.") from error
        if error.status >= 500:
            raise RolecallError(UNREACHABLE) from error
        raise RolecallError(f"Discord did not take the list of commands ({error.status}, {error.code}).") from error
    except (ConnectionError, aiohttp.ClientError, TimeoutError) as error:
        raise RolecallError(UNREACHABLE) from error
