"""An event loop in a thread of its own, beside a program that is not asynchronous.

It knows nothing of what is done in it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Loop:
    """An event loop that runs in another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Has work done, and waits for its outcome."""
        return self._soon(work).result()

    def begin(self, work: Coroutine[Any, Any, object]) -> Callable[[], Future[None]]:
        """Has work done until what is returned is called: that cancels it, and is done when the work is over."""

        async def start() -> asyncio.Task[object]:
            return asyncio.create_task(work)

        task = self.call(start())

        async def end() -> None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        return lambda: self._soon(end())

    def _soon(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


@contextmanager
def event_loop(name: str) -> Iterator[Loop]:
    """A loop in a thread of this name, until the end of the block, which waits for what it has other threads do."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
    thread.start()
    running = Loop(loop)
    try:
        yield running
    finally:
        running.call(loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def beside(*works: tuple[Loop, Coroutine[Any, Any, object]]) -> Iterator[None]:
    """Has work done in loops until the end of the block. There all of it is cancelled at once and waited for.

    What has failed meanwhile is raised then.
    """
    ends = [loop.begin(work) for loop, work in works]
    try:
        yield
    finally:
        ending = [end() for end in ends]
        wait(ending)
        for ended in ending:
            ended.result()
