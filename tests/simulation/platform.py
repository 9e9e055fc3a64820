"""Fake platforms: they take messages within their rates, refuse, fail, and forget nothing that they took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from bot.door.invocation import CannotAskError, Pace
from bot.door.messages import Delivery, DirectMessage, Push, Sent, TryLater, Unreachable
from tests.simulation.history import Call, History

GAP = 1.0
"""Seconds that have to lie between two messages to one channel."""
PER_SECOND = 20
"""Messages that a platform takes in any one second."""


class OutageError(ConnectionError):
    """The platform is down."""


@dataclass
class FakePlatform:
    """`answers`: whether it can be asked for a message by its key."""

    name: str
    answers: bool
    history: History
    pace: Pace = field(default_factory=lambda: Pace(channel=GAP, platform=1 / PER_SECOND))
    down: str = ""
    """`fails`: calls get no answer that makes sense; `says so`: it is plain that nothing was taken."""
    storm: float = 0.0
    """Seconds of patience that it asks of everybody; 0: none."""
    closed: set[str] = field(default_factory=set)
    """Who takes no direct messages."""
    _taken: dict[str, str] = field(default_factory=dict)
    _channel: dict[str, float] = field(default_factory=lambda: defaultdict(lambda: -GAP))
    _recent: list[float] = field(default_factory=list)

    def take(
        self, push: Push, process: str, now: datetime, second: float, *, wait: float = 0.0, fails: bool = False
    ) -> tuple[Call, Delivery]:
        """What becomes of a call. `wait`: refuses it with so many seconds.

        Raises OutageError where it fails: while the platform is down, or with `fails`.
        """
        assert isinstance(push.to, DirectMessage)
        user = push.to.account.user_id
        call = Call(
            push.key, self.name, user, push.message.summary, self.history.epoch, now, second, process, "accepted"
        )
        self.history.calls.append(call)
        if fails or self.down == "fails":
            call.outcome = "failed"
            raise OutageError("nothing was taken")
        if self.down:
            call.outcome, call.wait, call.scope = "refused", 60.0, "platform"
            return call, TryLater(call.wait, "platform")
        if user in self.closed:
            call.outcome = "closed"
            return call, Unreachable("closed DMs")
        self._recent = [s for s in self._recent if s > second - 1]
        too_soon = self._channel[user] + GAP - second
        if self.storm or wait:
            call.outcome, call.wait, call.scope = "refused", self.storm or wait, "platform" if self.storm else "channel"
        elif too_soon > 1e-3:
            call.outcome, call.wait, call.scope = "refused", too_soon, "channel"
        elif len(self._recent) >= 2 * PER_SECOND:  # what it allows at once
            call.outcome, call.wait, call.scope = "refused", 1.0, "platform"
        if call.outcome == "refused":
            return call, TryLater(call.wait, "platform" if call.scope == "platform" else "channel")
        self._channel[user] = second
        self._recent.append(second)
        self._taken[push.key] = f"{self.name}:{len(self._taken) + 1}"
        return call, Sent(self._taken[push.key])

    def find(self, key: str) -> Sent | None:
        if self.down:
            raise OutageError("the platform is down")
        if not self.answers:
            raise CannotAskError
        return Sent(self._taken[key]) if key in self._taken else None
