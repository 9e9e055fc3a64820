"""Whose turn it is to write to a database that takes one writer at a time. It knows no database."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class TurnMissedError(Exception):
    """It did not come in time."""


class Turns:
    """A lock that threads get in the order in which they asked for it.

    SQLite's own waiting asks again at intervals, so that a thread that writes all the
    time keeps another from ever getting in; threading.Lock promises no order either.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def take(self, seconds: float) -> Iterator[float]:
        """Holds the lock for the block, which gets what is left of the seconds. TurnMissedError when they run out."""
        asked, mine = time.monotonic(), threading.Event()
        with self._guard:
            self._queue.append(mine)
            self._queue[0].set()
        try:
            if not mine.wait(seconds):
                raise TurnMissedError
            yield max(0.0, seconds - (time.monotonic() - asked))
        finally:
            with self._guard:
                self._queue.remove(mine)
                if self._queue:
                    self._queue[0].set()
