"""What came of a call is written down although the database is away for a moment; what is given up keeps no words."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.delivery import recovery, sending
from bot.door.invocation import CannotAskError, Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent
from bot.store import session
from bot.store.session import Store, open_store
from bot.store.tables import outbox as outbox_table
from tests.faults.life import words
from tests.faults.scene import NINE, letters
from tests.faults.server import NAME


@dataclass
class Mute:
    """A platform that takes everything and cannot be asked what it took."""

    taken: list[str] = field(default_factory=list)
    platform: str = NAME
    pace: Pace = field(default_factory=Pace)

    async def deliver(self, push: Push) -> Delivery:
        self.taken.append(push.key)
        return Sent(push.key)

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        raise CannotAskError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(str(tmp_path / "bot.db"))) as opened:
        yield opened


def kept(store: Store) -> list[tuple[str, bool]]:
    """The state of each message, and whether its words are kept."""
    with store.begin() as tx:
        return [(r.state, r.message is not None) for r in tx.execute(select(outbox_table))]


def test_a_message_that_went_out_while_the_database_was_away_is_not_sent_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    letters(store, 1)

    class Away(Mute):
        async def deliver(self, push: Push) -> Delivery:
            other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(0.5, other.close)
            return await super().deliver(push)

    line, later = Away(), NINE + timedelta(hours=1)
    asyncio.run(sending.drain(store, {NAME: line}, words, clock=lambda: NINE, owner="one"))
    asyncio.run(recovery.ask_after(store, {NAME: line}, clock=lambda: later, owner="two"))

    assert kept(store) == [("sent", False)]
    assert len(line.taken) == 1


def test_the_words_of_a_message_are_kept_only_until_it_is_sent_or_given_up(store: Store) -> None:
    letters(store, 1)

    class Silent(Mute):
        async def deliver(self, push: Push) -> Delivery:
            raise ConnectionResetError("no answer")

    line, later = Silent(), NINE + timedelta(hours=1)
    asyncio.run(sending.drain(store, {NAME: line}, words, clock=lambda: NINE, owner="one"))
    assert kept(store) == [("unknown", True)]

    asyncio.run(recovery.ask_after(store, {NAME: line}, clock=lambda: later, owner="two", resend=False))

    assert kept(store) == [("dead", False)]


def test_a_platform_that_does_not_answer_a_look_up_keeps_no_other_from_being_asked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(store, 2)

    class Silent(Mute):
        async def deliver(self, push: Push) -> Delivery:
            raise ConnectionResetError("no answer")

        async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
            self.taken.append(key)
            if len(self.taken) == 1:
                await asyncio.Event().wait()
            return Sent(key)

    line, later = Silent(), NINE + timedelta(hours=1)
    asyncio.run(sending.drain(store, {NAME: line}, words, clock=lambda: NINE, owner="one"))
    monkeypatch.setattr(recovery, "CALL_SECONDS", 0.1)

    asyncio.run(recovery.ask_after(store, {NAME: line}, clock=lambda: later, owner="two"))

    assert sorted(state for state, _ in kept(store)) == ["sent", "unknown"]
