"""Who somebody is, and what they may: here as Discord says with each event, elsewhere as it says when it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord
import structlog

from adapters.discord.arrivals import Arrival, held
from adapters.discord.client import Client
from adapters.discord.installation import PLATFORM, TENANT
from adapters.discord.replying import UNREACHED
from adapters.latest import Latest
from bot.door.invocation import Actor
from bot.model import Account

log = structlog.get_logger()

Servers = Callable[[Account], Awaitable[frozenset[str]]]
"""The servers on which somebody's offices depend on their roles."""
Roles = dict[str, frozenset[str]]
"""Server -> the ids of somebody's roles there."""

SECONDS, UNKNOWN_SECONDS = 60.0, 5.0
"""How long what Discord said of somebody's roles on other servers is believed; and that it did not say."""
PATIENCE = 1.5
"""Seconds: a form has to be open three seconds after the press."""
MOST = 20_000
"""People remembered at a time."""
_NOT_THERE = 10007


@dataclass(frozen=True, slots=True)
class _Known:
    roles: Roles
    until: float
    """When to ask anew, by the loop's clock."""


class People:
    def __init__(self, client: Client, servers: Servers) -> None:
        self._client, self._servers = client, servers
        self._known: Latest[tuple[str, str], _Known] = Latest(MOST)

    async def actor(self, arrival: Arrival) -> Actor:
        account = Account(PLATFORM, TENANT, arrival.user)
        here = arrival.place.workspace
        roles = await self._roles(account, here)
        return Actor(
            account,
            arrival.name,
            locale=arrival.locale,
            manages=arrival.manages,
            organises=arrival.manages,
            roles={**roles, here: arrival.roles} if here else roles,
        )

    async def _roles(self, account: Account, here: str) -> Roles:
        """On all other servers than this one; "" is none."""
        now, key = asyncio.get_running_loop().time(), (account.user_id, here)
        known = self._known.get(key)
        if known and now < known.until:
            return known.roles
        asked = sorted(await self._servers(account) - {here})
        found = await asyncio.gather(*(self._roles_on(server, account.user_id) for server in asked))
        roles = {server: held for server, held in zip(asked, found, strict=True) if held is not None}
        self._known[key] = _Known(roles, now + (UNKNOWN_SECONDS if None in found else SECONDS))
        return roles

    async def _roles_on(self, server: str, user: str) -> frozenset[str] | None:
        """The roles that somebody holds on a server; None where Discord does not say."""
        guild = self._client.get_guild(int(server))
        if guild is None:
            return None
        try:
            member = await asyncio.wait_for(guild.fetch_member(int(user)), PATIENCE)
        except discord.HTTPException as error:
            if error.code == _NOT_THERE:
                return frozenset()
            log.warning("discord_roles_unknown", guild=server, status=error.status, code=error.code)
            return None
        except (discord.RateLimited, *UNREACHED) as error:
            log.warning("discord_roles_unknown", guild=server, error=type(error).__name__)
            return None
        return held(member)
