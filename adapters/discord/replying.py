"""Where a reply goes: into the response that Discord keeps open for it, or as a direct message.

A response can be filled, followed up and changed for a quarter of an hour; after that, and where Discord no longer
knows it, what is to be said comes as a direct message. It knows no wish.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from adapters.discord.client import Client
from adapters.discord.installation import TENANT
from adapters.discord.render import Part, parts
from adapters.pools import Users
from adapters.reaching import reached
from bot.door.invocation import Place
from bot.door.messages import Message

log = structlog.get_logger()

_T = TypeVar("_T")

TRIES = 3
LONGEST_WAIT = 30.0
"""Seconds that a reply waits where Discord asks for patience."""
PAUSE = 1.0
"""Seconds before what may not have arrived is sent again. A reply that comes twice does less harm than none."""
FIRST_SECONDS = 4.0
"""For a first response: Discord takes none after three seconds, and discord.py would try for as long as it is told."""
UNREACHED = (aiohttp.ClientError, OSError, TimeoutError)
_UNKNOWN = 10062
"""Of an interaction that came too late, or that Discord has forgotten."""


@dataclass(slots=True)
class Spot:
    """Where somebody waits for a reply."""

    user: str
    place: Place
    interaction: discord.Interaction[Any] | None = None
    """What the response belongs to; None: nothing does (any more)."""
    is_waiting: bool = False
    """Whether "is thinking" stands there, which the reply takes the place of."""
    is_ours: bool = False
    """Whether it was this process that has put it there."""
    acknowledging: asyncio.Task[None] | None = field(default=None, repr=False)


@dataclass(slots=True)
class Said:
    """Where the first and the last part of a reply stand; None where they do not."""

    first: discord.Message | None = None
    """Another message can take its place."""
    last: discord.Message | None = None
    """It has the buttons."""


class ClosedError(Exception):
    """A way on which nothing arrives. `code`: Discord's, 0 for none."""

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(why)
        self.code = code


Way = Callable[[Spot, Part], Awaitable[discord.Message]]


class Replies:
    def __init__(self, client: Client, users: Users) -> None:
        self._client, self._users = client, users

    def acknowledged(self, spot: Spot) -> asyncio.Task[None]:
        """The response "is thinking", which leaves us a quarter of an hour; asked for once, however often called."""
        if spot.acknowledging is None:
            spot.acknowledging = asyncio.get_running_loop().create_task(_acknowledge(spot))
        return spot.acknowledging

    async def say(self, spot: Spot, message: Message) -> Said:
        """Shows a message to whoever waits there."""
        return await self._all(spot, _ways(self, spot), await self._drawn(message))

    async def replace(self, spot: Spot, said: Said, message: Message) -> Said:
        """Shows a message in the place of one that was said, or below it where that is gone."""
        drawn = await self._drawn(message)
        first = said.first
        if first is None:
            return await self._all(spot, _ways(self, spot), drawn)
        with contextlib.suppress(ClosedError):
            await _patiently(lambda: first.edit(**drawn[0].edited()))
            await self._all(spot, _ways(self, spot), drawn[1:])
            return said
        return await self._all(spot, _ways(self, spot), drawn)

    async def nothing(self, spot: Spot) -> None:
        """Takes "is thinking" away where there is nothing to say."""
        if spot.acknowledging:
            await spot.acknowledging
        if spot.interaction and spot.is_waiting and spot.is_ours:
            with contextlib.suppress(discord.HTTPException, *UNREACHED):
                if (await spot.interaction.original_response()).flags.loading:
                    await spot.interaction.delete_original_response()

    async def direct(self, user: str, message: Message) -> None:
        """Shows a message in the direct messages. Raises ClosedError where somebody takes none."""
        spot = Spot(user, Place("", "", is_private=True))
        for part in await self._drawn(message):
            await self._directly(spot, part)

    async def _drawn(self, message: Message) -> list[Part]:
        return parts(message, users=await self._users(TENANT, message), commands=self._client.command_ids)

    async def _all(self, spot: Spot, ways: list[Way], drawn: list[Part]) -> Said:
        found = [await self._one(spot, ways, part) for part in drawn]
        return Said(found[0], found[-1]) if found else Said()

    async def _one(self, spot: Spot, ways: list[Way], part: Part) -> discord.Message | None:
        while ways:
            try:
                return await ways[0](spot, part)
            except ClosedError as error:
                log.info("discord_way_closed", way=ways.pop(0).__name__.strip("_"), why=str(error))
        log.error("discord_reply_lost", guild=spot.place.workspace)
        return None

    async def _responding(self, spot: Spot, part: Part) -> discord.Message:
        await self.acknowledged(spot)
        interaction = spot.interaction
        if interaction is None:
            raise ClosedError("unknown interaction", _UNKNOWN)
        if spot.is_waiting:
            spot.is_waiting = False
            return await _patiently(lambda: interaction.edit_original_response(**part.edited()))
        ephemeral = not spot.place.is_private
        return await _patiently(lambda: interaction.followup.send(**part.sent(), ephemeral=ephemeral, wait=True))

    async def _there(self, spot: Spot, part: Part) -> discord.Message:
        channel = self._client.get_partial_messageable(int(spot.place.channel))
        return await _patiently(lambda: channel.send(**part.sent()))

    async def _directly(self, spot: Spot, part: Part) -> discord.Message:
        async def send() -> discord.Message:
            channel = await self._client.create_dm(discord.Object(int(spot.user)))
            return await channel.send(**part.sent())

        return await _patiently(send)


def _ways(replies: Replies, spot: Spot) -> list[Way]:
    """The ways to somebody, best first."""
    if spot.interaction:
        return [replies._responding, replies._directly]
    return [replies._there] if spot.place.is_private and spot.place.channel else [replies._directly]


async def _acknowledge(spot: Spot) -> None:
    interaction = spot.interaction
    if interaction is None:
        return
    spot.is_waiting = True
    try:
        async with asyncio.timeout(FIRST_SECONDS):
            await interaction.response.defer(ephemeral=not spot.place.is_private, thinking=True)
        spot.is_ours = True
    except discord.InteractionResponded:
        spot.is_waiting = False
    except discord.HTTPException as error:
        log.warning("discord_not_acknowledged", code=error.code, status=error.status)
        if error.code == _UNKNOWN:
            spot.interaction = None
    except UNREACHED as error:  # perhaps it arrived
        log.warning("discord_not_acknowledged", error=type(error).__name__)


async def _patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What Discord answers to a call, made anew where it asks for patience or is silent. ClosedError if refused."""
    why = ""
    for again in range(TRIES):
        try:
            return await reached(call)
        except discord.RateLimited as error:
            why = "rate limited"
            await asyncio.sleep(min(error.retry_after, LONGEST_WAIT))
            continue
        except discord.HTTPException as error:
            why = f"{error.status} {error.code}"
            if error.status != 429 and error.status < 500:
                raise ClosedError(why, error.code) from None
        except UNREACHED as error:
            why = type(error).__name__
        if again:
            break
        await asyncio.sleep(PAUSE)
    raise ClosedError(why)
