"""Delivery's door to Discord: one push, one message, and what Discord said to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from adapters.begun import Begun
from adapters.discord import refusals, render
from adapters.discord.client import Client
from adapters.discord.installation import PLATFORM
from adapters.discord.render import Part
from adapters.latest import Latest
from bot.door.invocation import CannotAskError, Pace
from bot.door.mentions import mentioned
from bot.door.messages import (
    Block,
    ChannelPost,
    Delivery,
    DirectMessage,
    Message,
    Picture,
    Push,
    Sent,
    TryLater,
    Unreachable,
    nonce,
    note,
)
from bot.model import MemberId

Members = Callable[[Collection[MemberId]], Mapping[MemberId, str]]
"""Members -> their user ids. Called in a thread of its own."""
UNCONNECTED = 30.0
"""Seconds until Discord is tried again where no connection to it could be made."""
OVERLOADED = 1.0
"""Seconds after which a message is sent once more to which Discord answered 503: discord.py repeats calls after 500,
502, 504 and 524, for 25 seconds at most, but not after that. The nonce makes one message of them all."""
CLOCKS = timedelta(minutes=5)
"""How far our clock and Discord's may be apart."""
CONVERSATIONS = 10_000
"""Direct-message channels that are remembered, since each costs a call to open."""

log = structlog.get_logger()
_T = TypeVar("_T")


class DiscordGateway:
    """Implements `bot.door.invocation.Gateway`. May be used from any event loop: calls are made in the client's."""

    platform = PLATFORM
    pace = Pace(channel=1.0, platform=0.05)
    """Five messages in five seconds in a channel, and fifty calls a second in all (discord.com/developers, "Rate
    limits", 2026-11), of which a direct message may need two; the rest is for what people do."""

    def __init__(self, client: Client, users: Members) -> None:
        self._client, self._users = client, users
        self._begun = Begun()
        self._conversations: Latest[int, int] = Latest(CONVERSATIONS)
        """Channel by user."""

    async def deliver(self, push: Push) -> Delivery:
        if not self._is_in():
            return TryLater(UNCONNECTED, "platform")
        return await self._in_its_loop(self._deliver(push))

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        if not self._is_in():
            raise ConnectionError("not logged in to Discord")
        return await self._in_its_loop(self._find(key, to, since - CLOCKS))

    def _is_in(self) -> bool:
        return self._client.user is not None and not self._client.is_closed()

    async def _in_its_loop(self, call: Coroutine[Any, Any, _T]) -> _T:
        loop = self._client.loop
        if loop is asyncio.get_running_loop():
            return await call
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call, loop))

    async def _deliver(self, push: Push) -> Delivery:
        if wait := self._client.budget.wait(self._client.loop.time()):
            log.warning("discord_left_alone", seconds=round(wait))
            return TryLater(wait, "platform")
        try:
            return await self._send(push)
        except (discord.HTTPException, discord.RateLimited) as error:
            meant = await self._meaning(error, push.to)
            if meant is None or self._begun.parts(push.key):  # in parts, it was sent somehow
                log.error("discord_refuses_message", key=push.key, **_code(error))
                raise
            if meant == TryLater(refusals.AWAY, "platform"):
                log.error("discord_refuses_app", **_code(error))
            return meant
        except aiohttp.ClientConnectorError:
            if self._begun.parts(push.key):
                raise
            return TryLater(UNCONNECTED, "platform")

    async def _meaning(
        self, error: discord.HTTPException | discord.RateLimited, to: DirectMessage | ChannelPost
    ) -> Unreachable | TryLater | None:
        is_limit = isinstance(error, discord.RateLimited) or error.status == 429
        if is_limit and (wait := self._client.budget.wait(self._client.loop.time())):
            return TryLater(wait, "platform")
        if isinstance(error, discord.RateLimited):
            return TryLater(error.retry_after, "channel")
        if isinstance(to, ChannelPost) and error.code in refusals.UNSEEN and not await self._is_on(to.workspace):
            # The bot has left, and may come back before the server is forgotten: then what is still of use is sent.
            return TryLater(refusals.AWAY, "workspace")
        return refusals.meaning(error, is_direct=isinstance(to, DirectMessage))

    async def _is_on(self, server: str) -> bool:
        try:
            await self._client.fetch_guild(int(server), with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    async def _send(self, push: Push) -> Delivery:
        """Raises what discord.py and aiohttp raise."""
        members = mentioned(push.message)
        users = await asyncio.to_thread(self._users, members) if members else {}

        def drawn(message: Message) -> Sequence[Part]:
            return render.parts(
                message, users=users, commands=self._client.command_ids, notifies=True, mark=nonce(push.key)
            )

        if push.replaces:
            return await self._replace(push, push.replaces, drawn)
        try:
            channel = await self._channel(push.to)
        except discord.RateLimited as error:
            return TryLater(error.retry_after, "platform")  # whoever it is for: all conversations share that limit
        return await _with_pictures(push.message, lambda message: self._post(push, channel, drawn(message)))

    async def _channel(self, to: DirectMessage | ChannelPost) -> int:
        if isinstance(to, ChannelPost):
            return int(to.channel)
        user = int(to.account.user_id)
        if user not in self._conversations:
            self._conversations[user] = (await self._client.create_dm(discord.Object(user))).id
        return self._conversations[user]

    async def _post(self, push: Push, channel: int, drawn: Sequence[Part]) -> Sent:
        """Posts the parts that do not stand there yet, one after the other; the last stands for all of them."""
        place = self._client.get_partial_messageable(channel)
        begun = min(self._begun.parts(push.key), len(drawn) - 1)
        for number, part in enumerate(drawn[begun:], begun + 1):
            once = nonce(push.key if number == 1 else f"{push.key}#{number}")
            message = await _though_overloaded(partial(_posted, place, part, once))
            if number < len(drawn):
                self._begun.stand(push.key, number)
        self._begun.done(push.key)
        return Sent(_ref(push.to, channel, message.id))

    async def _replace(self, push: Push, ref: str, drawn: Callable[[Message], Sequence[Part]]) -> Sent:
        _, channel, id = ref.split("/")
        there = self._client.get_partial_messageable(int(channel)).get_partial_message(int(id))

        async def edit(message: Message) -> None:
            part = drawn(message)[-1]
            await _though_overloaded(lambda: there.edit(**part.edited()))

        try:
            await _with_pictures(push.message, edit)
        except discord.HTTPException as error:
            if error.code not in refusals.GONE:
                raise
            log.info("discord_message_gone", ref=ref, **_code(error))
        return Sent(ref)

    async def _find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        try:
            channel = await self._channel(to)
            return await self._found(key, to, channel, since)
        except discord.HTTPException as error:
            if error.code in refusals.UNREADABLE:
                raise CannotAskError from error
            raise

    async def _found(self, key: str, to: DirectMessage | ChannelPost, channel: int, since: datetime) -> Sent | None:
        sought, place, any_read = nonce(key), self._client.get_partial_messageable(channel), False
        async for message in place.history(after=since, limit=None):
            any_read = True
            match render.marked(message) if message.author == self._client.user else None:
                case (mark, part, of) if mark == sought:
                    if part == of:
                        return Sent(_ref(to, channel, message.id))
                    self._begun.stand(key, part)
        if not any_read and isinstance(to, ChannelPost):
            await self._ask_whether_it_is_empty(channel, since)
        return None

    async def _ask_whether_it_is_empty(self, channel: int, since: datetime) -> None:
        """To whoever may not read its history, a channel looks empty. Raises CannotAskError then."""
        seen = await self._client.fetch_channel(channel)
        latest = getattr(seen, "last_message_id", None)
        if latest and latest > discord.utils.time_snowflake(since):
            raise CannotAskError


async def _posted(place: discord.PartialMessageable, part: Part, once: str) -> discord.Message:
    return await place.send(**part.sent(), nonce=once)


async def _though_overloaded(call: Callable[[], Awaitable[_T]]) -> _T:
    try:
        return await call()
    except discord.DiscordServerError as error:
        if error.status != 503:
            raise
    await asyncio.sleep(OVERLOADED)
    return await call()


async def _with_pictures(message: Message, call: Callable[[Message], Awaitable[_T]]) -> _T:
    """What a call brings that shows a message: made again without its pictures, where they may be what is refused."""
    told = replace(message, blocks=tuple(map(_told, message.blocks)))
    try:
        return await call(message)
    except discord.HTTPException as error:
        if told == message or error.code not in refusals.PICTURES:
            raise
    log.warning("picture_refused")
    return await call(told)


def _told(block: Block) -> Block:
    return note(f"Picture: {block.alt}") if isinstance(block, Picture) else block


def _ref(to: DirectMessage | ChannelPost, channel: int, message: int) -> str:
    return f"{to.workspace if isinstance(to, ChannelPost) else ''}/{channel}/{message}"


def _code(error: discord.HTTPException | discord.RateLimited) -> dict[str, int]:
    """What the log is told of a refusal: never its text, which may repeat the message."""
    return {"status": error.status, "code": error.code} if isinstance(error, discord.HTTPException) else {"status": 429}
