"""How often Discord may refuse us: who is refused 10,000 times in ten minutes is shut out with their whole address.

It counts the calls of one client that Discord refused, whoever made them, and knows until when it wants none at all
(discord.com/developers, "Rate limits", 2026-11). Delivery counts what it sends by itself (`bot.delivery.pacing`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from types import SimpleNamespace

import aiohttp

MOST = 1_000
"""Refused calls after which nothing is sent: several bots may share an address, and several processes a bot."""
WINDOW = 600.0
"""Seconds in which they count."""
REFUSALS = frozenset({401, 403, 429})
UNSAID = 30.0
"""Seconds of patience where Discord asks for some and does not say how much."""


class Budget:
    """Instants are seconds of a clock that never goes back, the same for all calls."""

    def __init__(self) -> None:
        self._refused: deque[float] = deque(maxlen=MOST)
        self._held_until = 0.0

    def answered(self, status: int, headers: Mapping[str, str], now: float) -> None:
        """Notes what Discord answered to a call."""
        scope = headers.get("X-RateLimit-Scope", "")
        if status in REFUSALS and scope != "shared":  # others have used up what is shared, which counts for nobody
            self._refused.append(now)
        if status == 429 and (scope == "global" or "X-RateLimit-Global" in headers or "Via" not in headers):
            # Without Via it is the guard before Discord's door who answers, and means the whole address.
            self._held_until = max(self._held_until, now + patience(headers))

    def wait(self, now: float) -> float:
        """Seconds for which nothing should be sent; 0: it may be."""
        spent = len(self._refused) == MOST and self._refused[0] + WINDOW
        return max(0.0, self._held_until - now, spent - now)

    def listen(self, trace: aiohttp.TraceConfig) -> None:
        """Hears of every answer that the sessions with this trace get."""

        async def ended(session: aiohttp.ClientSession, _: SimpleNamespace, of: aiohttp.TraceRequestEndParams) -> None:
            self.answered(of.response.status, of.response.headers, asyncio.get_running_loop().time())

        trace.on_request_end.append(ended)


def patience(headers: Mapping[str, str]) -> float:
    """The seconds of patience that an answer asks for, at least 1."""
    try:
        return max(1.0, float(headers.get("Retry-After", "")))
    except ValueError:
        return UNSAID
