"""Delivery's door to Slack: one push, one message, and what Slack said to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from adapters.slack.installation import Installation, Teams
from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.model import MemberId

Users = Callable[[str, Collection[MemberId]], Mapping[MemberId, str]]
"""Team and members -> their user ids there. Called in a thread of its own."""


class SlackGateway:
    """Implements `bot.door.invocation.Gateway`. May be used from any event loop."""

    platform = "slack"
    pace = Pace(channel=1.0, workspace=0.2)
    """One message a second in a channel, and several hundred a minute in a workspace (docs.slack.dev, "Rate limits",
    2026-11)."""

    def __init__(self, installation: Installation, teams: Teams, users: Users) -> None:
        raise NotImplementedError

    async def deliver(self, push: Push) -> Delivery:
        raise NotImplementedError

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        raise NotImplementedError
