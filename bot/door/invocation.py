"""Who wishes what, where; and what a platform's adapter must be able to do for the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.door.intents import Intent
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.model import Account


@dataclass(frozen=True, slots=True)
class Actor:
    account: Account
    display_name: str
    zone: str | None = None
    """IANA name, where the platform knows it."""
    locale: str | None = None
    manages: bool = False
    """Whether they run the workspace, as the platform says: a Slack admin, Manage Server on Discord."""
    organises: bool = False
    """Whether that makes them organiser of all cohorts that meet in the workspace, as Manage Server does on Discord."""
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The ids of the roles that they hold just now, by workspace; without the workspaces in which nobody looked."""


@dataclass(frozen=True, slots=True)
class Place:
    workspace: str
    channel: str
    is_private: bool
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    key: str
    """The platform's id of this event: the same key again is the same event, redelivered."""
    actor: Actor
    place: Place
    intent: Intent


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that have to lie between two messages of ours, on the average; 0: no limit is known."""

    channel: float = 0.0
    workspace: float = 0.0
    platform: float = 0.0


class CannotAskError(Exception):
    """A platform does not say which messages it has."""


class Gateway(Protocol):
    """One platform, as delivery sees it. An exception from `deliver` means: unknown whether it was sent."""

    platform: str
    pace: Pace

    async def deliver(self, push: Push) -> Delivery: ...

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        """The message sent there with this key, not before an instant of our clock, or None.

        Raises CannotAskError where the platform cannot be asked.
        """
