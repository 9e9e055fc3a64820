"""Serves a Discord app until it is stopped."""

from __future__ import annotations

from collections.abc import Callable

from adapters.discord.app import DiscordApp
from adapters.discord.client import Client
from adapters.discord.installation import Installation


async def login(client: Client, installation: Installation) -> None:
    """Lets the client make calls, also where it is never connected (a process that only sends).

    Raises RolecallError where Discord does not take the token, ConnectionError where it cannot be reached just now.
    """
    raise NotImplementedError


async def serve(app: DiscordApp, client: Client, *, ready: Callable[[], None] = lambda: None) -> None:
    """Hears what people do, until cancelled; then what is being worked on is finished. The client is logged in.

    `ready` is called once events can come, with the command list at Discord brought up to date before. Raises
    RolecallError where Discord does not let it in.
    """
    raise NotImplementedError
