"""Whose work is done when: one person's wishes in their order, so many people's at a time, the rest as they came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine

import structlog

log = structlog.get_logger()

AT_ONCE = 64
"""Wishes that are worked on at a time."""

Work = Callable[[], Coroutine[object, object, None]]


class Turns:
    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._gate = asyncio.Semaphore(at_once)
        self._lines: dict[str, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, person: str, work: Work) -> None:
        """Has work done after all that this person has asked for before."""
        line = self._lines.get(person)
        if line is not None:
            line.append(work)
            return
        self._lines[person] = deque([work])
        self.beside(lambda: self._serve(person))

    def beside(self, work: Work) -> None:
        """Has work done that keeps nobody waiting."""
        task = asyncio.get_running_loop().create_task(_done(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def quiet(self) -> None:
        """Waits until there is nothing left to do."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def close(self) -> None:
        """Leaves what is not done."""
        for task in self._tasks:
            task.cancel()

    async def _serve(self, person: str) -> None:
        line = self._lines[person]
        while line:
            async with self._gate:
                await _done(line.popleft())
        del self._lines[person]


async def _done(work: Work) -> None:
    try:
        await work()
    except Exception:  # whatever one wish does, the next one has its turn
        log.error("work_failed", exc_info=True)
