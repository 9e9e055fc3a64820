"""Delivery's door to Discord: one push, one message, and what Discord said to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from adapters.discord.client import Client
from adapters.discord.installation import PLATFORM
from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.model import MemberId

Members = Callable[[Collection[MemberId]], Mapping[MemberId, str]]
"""Members -> their user ids. Called in a thread of its own."""


class DiscordGateway:
    """Implements `bot.door.invocation.Gateway`. May be used from any event loop: calls are made in the client's."""

    platform = PLATFORM
    pace = Pace(channel=1.0, platform=0.025)
    """Five messages in five seconds in a channel, and fifty calls a second in all (discord.com/developers, "Rate
    limits", 2026-11); the rest is for what people do."""

    def __init__(self, client: Client, users: Members) -> None:
        raise NotImplementedError

    async def deliver(self, push: Push) -> Delivery:
        raise NotImplementedError

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        raise NotImplementedError
