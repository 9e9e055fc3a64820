"""The database is locked by others, or its disk is full: what was to be done is done later, and members are told."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.delivery import sending
from bot.delivery.sweep import sweep
from bot.door import intents as i
from bot.door.messages import Delivery, Push
from bot.errors import StoreError
from bot.store import session
from bot.store.session import Store
from tests.faults.life import words, work
from tests.faults.scene import NINE, Scene
from tests.faults.server import NAME, Line
from tests.talk import DAY, Talk

ANSWER_WITHIN = 3.0
"""Seconds that platforms wait for an answer."""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)


@contextmanager
def locked(place: str | Path) -> Iterator[None]:
    """Another program writes to the database file during the block."""
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(store: Store) -> Iterator[None]:
    """The database file cannot grow during the block."""

    def begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with store.begin() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar()
    sa.event.listen(store.engine, "begin", begun)
    yield
    sa.event.remove(store.engine, "begin", begun)
    with store.begin() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1073741823")


def drain(store: Store, line: Line, now: datetime) -> int:
    return asyncio.run(sending.drain(store, {NAME: line}, words, clock=lambda: now, owner="one"))


def test_a_locked_database_is_tried_again(on_file: Scene, hurried: None) -> None:
    with on_file.store() as store:
        line = Line(on_file.platform.socket)
        with locked(on_file.place):
            with pytest.raises(StoreError):
                sweep(store, NINE)
            with pytest.raises(StoreError):
                drain(store, line, NINE)
        asyncio.run(work(store, line, NINE, "one"))

    assert on_file.platform.keys == dict.fromkeys(on_file.expected, 1)


def test_a_lock_between_sending_and_marking_doubles_nothing(on_file: Scene, hurried: None) -> None:
    locks = iter([locked(on_file.place)])

    class Interrupted(Line):
        async def deliver(self, push: Push) -> Delivery:
            sent = await super().deliver(push)
            if lock := next(locks, None):
                lock.__enter__()
                asyncio.get_running_loop().call_later(0.2, lock.__exit__, None, None, None)
            return sent

    with on_file.store() as store:
        asyncio.run(work(store, Interrupted(on_file.platform.socket), NINE, "one"))

    assert on_file.platform.keys == dict.fromkeys(on_file.expected, 1)
    assert on_file.states() == {"sent": len(on_file.expected)}


def test_who_wishes_for_something_meanwhile_is_told_in_time_and_loses_nothing(
    chat: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.BUSY_SECONDS < ANSWER_WITHIN - 0.5
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    chat.settled("Ana")
    answer = chat.strong("Ana")

    with locked(tmp_path / "play.db"), pytest.raises(StoreError, match="try again in a minute"):
        chat.world.rolecall.reply_to(chat.invocation("Ana", i.SubmitAnswer(answer=answer)))

    assert chat.say("Ana", i.SubmitAnswer(answer=answer)).title == "Strong Hire"


def test_a_full_disk_undoes_a_sweep_as_a_whole_and_afterwards_all_is_sent(on_file: Scene) -> None:
    with on_file.store() as store:
        with full(store), pytest.raises(StoreError) as failed:
            for _ in range(100):
                sweep(store, NINE)
        assert "full" in failed.value.detail
        assert on_file.states() == {}

        asyncio.run(work(store, Line(on_file.platform.socket), NINE, "one"))

    assert on_file.platform.keys == dict.fromkeys(on_file.expected, 1)


def test_on_a_full_disk_a_wish_is_refused_in_words_and_can_be_repeated(chat: Talk) -> None:
    chat.settled("Ana")
    answer = chat.strong("Ana")
    long = answer + " " + "x" * 2500

    with full(chat.world.rolecall.store), pytest.raises(StoreError, match="try again in a minute"):
        for _ in range(20):
            chat.world.rolecall.reply_to(chat.invocation("Ana", i.SubmitAnswer(answer=long)))
            long += "y"
    before: Any = chat.kept("Ana")["attempt"]

    chat.world.wait(DAY / 24)

    assert chat.kept("Ana")["attempt"][: len(before)] == before
    assert chat.say("Ana", i.Practice()).title
