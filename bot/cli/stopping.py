"""How a running program ends: asked once, it finishes what is in flight; after a while, or asked twice, it gives up.

It knows nothing of what is in flight.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import structlog

GRACE = 10.0
"""Seconds for what is in flight. Messages that were being sent then are looked after by the next process."""

TWICE = 0.3
"""Seconds between two signals that are one request: a shell and a supervisor may both pass it on."""

log = structlog.get_logger()


class Stop:
    """Whether this program has been asked to end. Calling it tells."""

    def __init__(self) -> None:
        self._asked = False
        self._asked_at = 0.0
        self._idle = False
        self._signals: set[int] = set()

    def __call__(self) -> bool:
        return self._asked

    def end(self) -> None:
        """Asks to end, with GRACE seconds for it; after that, or at the next signal, the program ends as it is."""
        self._asked = True
        self.attend(signal.SIGINT, signal.SIGTERM)
        timer = threading.Timer(GRACE, _give_up)
        timer.daemon = True
        timer.start()

    def attend(self, *signals: int) -> None:
        """From now on these signals ask to end; only the main thread can say so."""
        if not self._signals and hasattr(signal, "pthread_kill"):
            woken, wake = os.pipe()
            os.set_blocking(wake, False)
            signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
            threading.Thread(target=self._nudge, args=(woken,), daemon=True).start()
        self._signals.update(signals)
        for number in signals:
            signal.signal(number, self._ask)

    def _ask(self, number: int, _: FrameType | None) -> None:
        if self._asked:
            if time.monotonic() - self._asked_at > TWICE:
                os._exit(128 + number)
            return
        self._asked, self._asked_at = True, time.monotonic()
        if self._idle:
            raise KeyboardInterrupt

    def _nudge(self, woken: int) -> None:
        """Repeats a signal that came while the main thread began to wait, and that it would see after the wait only."""
        while True:
            [number] = os.read(woken, 1)
            time.sleep(TWICE / 3)
            if number in self._signals and not self._asked:
                signal.pthread_kill(threading.main_thread().ident or 0, number)

    @contextmanager
    def idle(self) -> Iterator[None]:
        """A block that waits for something and is left with KeyboardInterrupt as soon as the end is asked for."""
        self._idle = True
        try:
            if self._asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._idle = False

    def interrupting(self, read: Callable[[str], str]) -> Callable[[str], str]:
        """The same source of lines, which gives up waiting for one when the end is asked for."""

        def read_or_stop(prompt: str) -> str:
            with self.idle():
                return read(prompt)

        return read_or_stop

    def wait(self) -> None:
        """Sleeps until the end is asked for."""
        try:
            with self.idle():
                while True:
                    time.sleep(3600)
        except KeyboardInterrupt:
            if not self._asked:
                raise


def _give_up() -> None:
    log.warning("gave_up_waiting", seconds=GRACE)
    sys.stdout.flush()
    os._exit(0)
