"""Serves a Discord app until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord
import structlog

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.installation import Installation
from adapters.discord.sync import command_ids, sync
from bot.errors import RolecallError

log = structlog.get_logger()

FINISHING = 8.0
"""Seconds in which work in hand may be finished at the end: less than supervisors give a whole program, which is 10."""
CLOSING = 1.5
"""Seconds in which Discord may say that it has heard us leave."""
_NOT_TAKEN = (
    "Discord does not take the bot's token. Copy it anew from the page Bot of your application "
    "(discord.com/developers/applications) into ROLECALL_DISCORD_TOKEN."
)
_INTENT = (
    "Discord does not let me read what is typed in threads. Switch on Message Content Intent on the page Bot of your "
    "application (discord.com/developers/applications), or unset ROLECALL_DISCORD_READ_THREADS."
)
_BAD_TOKEN = 4004
"""A code of Discord's for closing a connection."""


async def login(client: Client, installation: Installation) -> None:
    """Lets the client make calls, also where it is never connected (a process that only sends), or was closed before.

    Raises RolecallError where Discord does not take the token, ConnectionError where it cannot be reached just now.
    """
    if client.is_closed():
        client.clear()
        client.http.connector = discord.utils.MISSING
        await client.__aenter__()
    try:
        with _unreached():
            await client.login(installation.token)
    except BaseException:
        await client.close()
        raise


async def enter(client: Client, installation: Installation) -> None:
    """`login`, and what messages need to know that a process sends which is never connected: our commands' ids."""
    await login(client, installation)
    try:
        with _unreached():
            client.command_ids = await command_ids(client, installation)
    except ConnectionError as error:  # commands stand in messages as plain text then
        log.warning("discord_commands_unknown", error=str(error))


async def serve(app: DiscordApp, client: Client, *, ready: Callable[[], None] = lambda: None) -> None:
    """Hears what people do, until cancelled; then what is being worked on is finished. The client is logged in.

    `ready` is called once events can come, with the command list at Discord brought up to date before. App and client
    are closed afterwards. Raises RolecallError where Discord does not let it in, ConnectionError where the connection
    cannot be made or is over.
    """
    client.shard_count = app.installation.shards or None  # type: ignore[assignment]  # as Discord advises now
    connection = None
    try:
        with _unreached():
            await _list_commands(client, app.installation)
            connection = asyncio.create_task(client.connect())
            await _begun(client, connection)
            ready()
            await asyncio.shield(connection)
        raise ConnectionError("Discord has ended the connection")
    finally:
        app.leave()
        await _finish(app)
        await _close(client, connection)
        await app.close()


async def _begun(client: Client, connection: asyncio.Task[None]) -> None:
    """Waits until the client is connected, or cannot be."""
    is_ready = asyncio.create_task(client.wait_until_ready())
    try:
        await asyncio.wait([is_ready, connection], return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            connection.result()
    finally:
        is_ready.cancel()


async def _list_commands(client: Client, installation: Installation) -> None:
    """Has Discord list our commands. Where it does not just now, most of what it lists is what it was."""
    try:
        if await sync(client, installation):
            log.info("discord_commands_listed")
    except (discord.HTTPException, discord.RateLimited) as error:
        if isinstance(error, discord.HTTPException) and error.status == 401:
            raise RolecallError(_NOT_TAKEN) from error
        log.error("discord_commands_not_listed", error=type(error).__name__, code=getattr(error, "code", None))


@contextmanager
def _unreached() -> Iterator[None]:
    """What Discord and the network say, as whoever runs the bot is to hear it."""
    try:
        yield
    except discord.LoginFailure as error:
        raise RolecallError(_NOT_TAKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise RolecallError(_INTENT) from error
    except discord.ConnectionClosed as error:
        if error.code == _BAD_TOKEN:
            raise RolecallError(_NOT_TAKEN) from error
        raise ConnectionError(f"Discord has closed the connection ({error.code})") from error
    except (discord.HTTPException, discord.GatewayNotFound, discord.RateLimited) as error:
        raise ConnectionError(f"Discord does not answer ({type(error).__name__})") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConnectionError(f"Discord cannot be reached ({type(error).__name__})") from error


async def _close(client: Client, connection: asyncio.Task[None] | None) -> None:
    try:
        await asyncio.wait_for(client.close(), CLOSING)
    except TimeoutError:
        log.warning("discord_not_closed")
    if connection:
        connection.cancel()
        await asyncio.gather(connection, return_exceptions=True)  # told already where somebody was to hear of it


async def _finish(app: DiscordApp) -> None:
    try:
        await asyncio.wait_for(app.quiet(), FINISHING)
    except TimeoutError:
        log.warning("discord_stopped_in_the_middle")
