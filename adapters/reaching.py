"""Calls that wait until their platform can be reached: nothing was sent as long as no connection could be made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp

_T = TypeVar("_T")

OFFLINE = (1.0, 4.0, 10.0, 20.0)
"""Seconds before each further try. A network that is away for half a minute is no reason to leave somebody without
their reply."""


async def reached(call: Callable[[], Awaitable[_T]]) -> _T:
    """What the platform answers. Raises what the call raises, aiohttp.ClientConnectorError only after the last try."""
    for wait in OFFLINE:
        try:
            return await call()
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(wait)
    return await call()
