"""A clock that ran a day ahead and is put right holds nobody's message up until it is that late again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import outbox, pacing, recovery, sending
from bot.door.invocation import Pace
from bot.door.messages import DirectMessage, Message, Push, paragraph
from bot.model import Account, Member, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.buckets import Bucket
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx, open_store
from tests.talk import Inbox

TUESDAY = datetime(2026, 1, 6, 9, tzinfo=UTC)
MONDAY = TUESDAY - timedelta(days=1)


class KilledError(BaseException):
    pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(str(tmp_path / "rolecall.db"))
    with opened.begin() as tx:
        for name in ("ana", "ben"):
            members.join(tx, Member(MemberId(name), name), Account("terminal", "", name), name, MONDAY)
    yield opened
    opened.close()


def put(store: Store, name: str, now: datetime) -> None:
    with store.begin() as tx:
        assert outbox.put(tx, key=f"verdict:{name}:{now:%d}", kind="verdict", member=MemberId(name), now=now)


def send(store: Store, inbox: Inbox, now: datetime) -> list[str]:
    """Sends what is due at an instant; returns to whom."""

    def push_for(tx: Tx, row: OutboxRow, now: datetime) -> Push:
        account = Account("terminal", "", row.bucket.rpartition(":")[2])
        return Push(row.dedupe_key, DirectMessage(row.member or MemberId(""), account), MESSAGE)

    before, gateways = len(inbox.pushes), {"terminal": inbox}

    async def tick() -> None:
        await recovery.ask_after(store, gateways, clock=lambda: now, owner=f"{now}")
        await sending.drain(store, gateways, push_for, clock=lambda: now, owner=f"{now}")

    asyncio.run(tick())
    return [p.key.split(":")[1] for p in inbox.pushes[before:]]


MESSAGE = Message("Your answer has been read", (paragraph("It has a verdict."),))


def test_the_next_message_of_a_paced_platform_goes_out_at_once(store: Store) -> None:
    inbox = Inbox(pace=Pace(channel=1, platform=5))
    put(store, "ana", TUESDAY)
    assert send(store, inbox, TUESDAY) == ["ana"]

    put(store, "ben", MONDAY)

    assert send(store, inbox, MONDAY) == ["ben"]


def test_what_a_dead_process_was_sending_is_asked_after(store: Store) -> None:
    class Dying(Inbox):
        async def deliver(self, push: Push) -> None:  # type: ignore[override]
            raise KilledError

    put(store, "ana", MONDAY)
    with pytest.raises(KilledError):
        send(store, Dying(), TUESDAY)
    with store.begin() as tx:
        assert rows.ready(tx, TUESDAY, frozenset({"terminal"}), 1) == []

    inbox = Inbox()
    sent = [who for minute in range(3) for who in send(store, inbox, MONDAY + timedelta(minutes=minute))]

    assert sent == ["ana"]


def test_refusals_of_tomorrow_are_not_counted_today() -> None:
    tomorrow = Bucket("slack", MONDAY, refused=pacing.REFUSALS - 1, refused_since=TUESDAY)

    assert pacing.refused(tomorrow, MONDAY) == Bucket("slack", MONDAY, refused=1, refused_since=MONDAY)
