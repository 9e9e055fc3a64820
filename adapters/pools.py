"""Threads for Rolecall, which is ordinary synchronous code, beside an adapter's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from bot.door.mentions import mentioned
from bot.door.messages import Message, Reading, Reply
from bot.errors import StoreError
from bot.model import MemberId
from bot.rolecall import Rolecall

_T = TypeVar("_T")

THREADS = 32
READING_SECONDS = 30.0
"""How long a shown "I am reading" is waited for; after that the verdict comes by itself."""

STORE_WAITS = (1.0, 1.0)
"""Seconds before what the database had no time for is tried again: nobody waits for an acknowledgement any more."""

Users = Callable[[str, Message], Awaitable[dict[MemberId, str]]]
"""A workspace's id among accounts (`Account.tenant`) and a message -> the user ids of who is mentioned in it."""


class Pools:
    """For wishes, and apart from them for those that wait for an answer to be read."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._wishes = ThreadPoolExecutor(THREADS, thread_name_prefix=platform)
        self._readings = ThreadPoolExecutor(THREADS, thread_name_prefix=f"{platform}-reading")

    async def run_at_last(self, call: Callable[[], _T]) -> _T:
        """Patient with the database."""
        for wait in STORE_WAITS:
            try:
                return await self.run(call)
            except StoreError:
                await asyncio.sleep(wait)
        return await self.run(call)

    async def run(self, call: Callable[[], _T]) -> _T:
        return await _run(self._wishes, call)

    async def read(self, reading: Reading) -> Reply | None:
        """The verdict for somebody who waits; where nobody does any more, it comes by itself."""
        try:
            return await _run(self._readings, partial(reading.wait, READING_SECONDS))
        except BaseException:  # the app is being stopped
            reading.give_up()
            raise

    def users(self, rolecall: Rolecall) -> Users:
        async def users(tenant: str, message: Message) -> dict[MemberId, str]:
            found = mentioned(message)
            return dict(await self.run(partial(rolecall.user_ids, self._platform, tenant, found))) if found else {}

        return users

    def close(self) -> None:
        self._wishes.shutdown(wait=False, cancel_futures=True)
        self._readings.shutdown(wait=False, cancel_futures=True)


async def _run(pool: Executor, call: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(pool, call)
