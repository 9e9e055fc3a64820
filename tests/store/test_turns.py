"""Threads that write to one SQLite file: nobody is kept out by a thread that writes all the time."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.session import open_store
from bot.store.turns import TurnMissedError, Turns


def queue_up(count: int, start: Callable[[int], threading.Thread], turns: Turns) -> list[threading.Thread]:
    """Starts one thread after the other, each when the one before it waits."""
    threads = []
    for n in range(count):
        threads.append(start(n))
        while len(turns._queue) < n + 2:
            time.sleep(0.001)
    return threads


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), []

    def start(n: int) -> threading.Thread:
        def work() -> None:
            with turns.take(60):
                order.append(n)

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    with turns.take(60):
        threads = queue_up(5, start, turns)
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_waiting_does_not_hold_up_those_behind() -> None:
    turns = Turns()
    with ThreadPoolExecutor(1) as others, turns.take(60):

        def impatient() -> None:
            with turns.take(0.01):
                raise AssertionError("it was not free")

        with pytest.raises(TurnMissedError):
            others.submit(impatient).result()

    with turns.take(0) as left:
        assert left == 0


def test_a_member_is_answered_while_something_writes_all_the_time(tmp_path: Path) -> None:
    written, stop = 0, threading.Event()
    with closing(open_store(str(tmp_path / "rolecall.db"))) as store:

        def write_on() -> None:
            nonlocal written
            while not stop.is_set():
                with store.begin():
                    time.sleep(0.01)
                    written += 1

        busy = threading.Thread(target=write_on)
        busy.start()
        try:
            for _ in range(20):
                with store.begin():
                    pass
                time.sleep(0.01)
        finally:
            stop.set()
            busy.join()

    assert 10 < written < 120


def test_waiting_for_a_turn_and_then_for_another_program_ends_within_three_seconds(tmp_path: Path) -> None:
    """A platform shows its own error after three."""
    place = tmp_path / "rolecall.db"
    with (
        closing(open_store(str(place))) as store,
        closing(sqlite3.connect(place, isolation_level=None)) as other,
        ThreadPoolExecutor(1) as pool,
    ):

        def ask() -> float:
            asked = time.monotonic()
            with pytest.raises(StoreError), store.begin():
                pass
            return time.monotonic() - asked

        other.execute("BEGIN IMMEDIATE")
        assert store._turns is not None
        with store._turns.take(0):
            waited = pool.submit(ask)
            time.sleep(1.6)
        assert waited.result() < 3
