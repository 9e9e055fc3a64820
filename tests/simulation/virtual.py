"""Virtual time: an event loop that jumps from one timer to the next, and does the work of threads on the spot.

So a year passes in seconds, and the same seed always gives the same order of events.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol


class Freezable(Protocol):
    """A process that may be stopped for a while (SIGSTOP), all of it at once."""

    def frozen_for(self) -> float:
        """Seconds until it goes on."""


PROCESS: ContextVar[Freezable | None] = ContextVar("process", default=None)
"""The process that a task belongs to."""


class _Jumping(selectors.SelectSelector):
    """Instead of waiting for a timer, goes there."""

    elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for something that will never happen")
        self.elapsed += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` is in virtual seconds since its start."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-5  # a year in seconds leaves a float no nanoseconds

    def time(self) -> float:
        return self._jumping.elapsed

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Runs `func` at once; for a process that is frozen when it goes on, and then it has the result."""
        future: asyncio.Future[Any] = self.create_future()
        process = PROCESS.get()

        def settle(result: Any, error: BaseException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        def run() -> None:
            result, error = None, None
            try:
                result = func(*args)
            except BaseException as raised:
                error = raised
            if process and (left := process.frozen_for()):
                self.call_later(left, settle, result, error)
            else:
                settle(result, error)

        if process and (left := process.frozen_for()):
            self.call_later(left, run)
        else:
            run()
        return future
