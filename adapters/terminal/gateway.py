"""Delivery's door to the terminal: a push is handed to whoever draws the screen, once per key.

It draws nothing itself and knows nothing of what a push says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.door.invocation import Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, Unreachable

WORKSPACE = "terminal"


class TerminalGateway:
    """Implements `bot.door.invocation.Gateway`. Pushes that come before `attach` wait for it."""

    platform = "terminal"
    pace = Pace()

    def __init__(self) -> None:
        self._sent: dict[str, Sent] = {}
        self._waiting: list[tuple[str, Push]] = []
        self._show: Callable[[str, Push], None] | None = None

    def attach(self, show: Callable[[str, Push], None]) -> None:
        """From now on pushes go there, each with its message's reference."""
        self._show = show
        waiting, self._waiting = self._waiting, []
        for ref, push in waiting:
            show(ref, push)

    @property
    def is_watched(self) -> bool:
        """Whether somebody draws what comes."""
        return self._show is not None

    async def deliver(self, push: Push) -> Delivery:
        return self.receive(push)

    def receive(self, push: Push) -> Delivery:
        """Shows a push, once per key; one that takes the place of another has its reference."""
        if sent := self._sent.get(push.key):
            return sent
        workspace = push.to.workspace if isinstance(push.to, ChannelPost) else push.to.account.platform
        if workspace != WORKSPACE:
            return Unreachable(f"this is a terminal, and {workspace!r} is somewhere else")
        sent = Sent(push.replaces or f"terminal:{push.key}")
        if self._show is None:
            self._waiting.append((sent.ref, push))
        else:
            self._show(sent.ref, push)
        self._sent[push.key] = sent
        return sent

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        return self._sent.get(key)
