"""What goes wrong with a call on purpose, and how many calls a method takes a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TIERS = {
    "apps.connections.open": 1,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.replies": 50,
    "users.info": 100,
    "views.open": 100,
    "views.push": 100,
    "views.publish": 100,
    "views.update": 100,
    "chat.update": 50,
    "chat.delete": 50,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "files.info": 100,
}
"""Calls a minute of each method (docs.slack.dev, "Rate limits", 2026-11); chat.postMessage has a limit by channel."""


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method.

    `after_effect`: the call does what it should, and then its answer is lost in this way.
    """

    error: str = ""
    status: int = 0
    retry_after: float | None = None
    cut: bool = False
    """The connection is closed without an answer."""
    slow: float = 0.0
    """Seconds before anything else; with `after_effect`, before the answer."""
    times: int | None = 1
    """None: until it is lifted."""
    after_effect: bool = False
    where: Callable[[Mapping[str, Any]], bool] = lambda arguments: True
    """Which arguments it is for."""


@dataclass(slots=True)
class Faults:
    planned: dict[str, list[Fault]] = field(default_factory=dict)

    def take(self, method: str, arguments: Mapping[str, Any]) -> Fault | None:
        for fault in self.planned.get(method, []):
            if fault.where(arguments):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.planned[method].remove(fault)
                return fault
        return None


@dataclass(slots=True)
class Limits:
    """Of real time, by method and workspace; posts by channel. None are kept unless they are asked for."""

    per_minute: Mapping[str, int] = field(default_factory=dict)
    posts_per_second: float = 0.0
    """In one channel; a few more are let through at once. 0: no limit."""
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def seconds_to_wait(self, method: str, team: str, channel: str) -> int:
        """0: the call is within its limit, and counted."""
        now = time.monotonic()
        if method == "chat.postMessage" and self.posts_per_second:
            return self._count((team, channel), now, window=5.0, most=max(1, int(self.posts_per_second * 5)))
        if method in self.per_minute:
            return self._count((method, team), now, window=60.0, most=self.per_minute[method])
        return 0

    def _count(self, key: tuple[str, str], now: float, *, window: float, most: int) -> int:
        calls = self._calls.setdefault(key, deque())
        while calls and now - calls[0] >= window:
            calls.popleft()
        if len(calls) >= most:
            return max(1, int(window - (now - calls[0])) + 1)
        calls.append(now)
        return 0
