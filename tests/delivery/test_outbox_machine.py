"""The outbox as a machine: several senders take its steps in any order, die, sleep and are refused.

Whatever the order, no message is owned twice, none is stuck, and none is there twice that could be looked up.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.delivery import outbox, recovery, sending
from bot.delivery.outbox import Later, Skip
from bot.delivery.sending import CALL_SECONDS, _give_back, _Sending
from bot.door.invocation import CannotAskError, Pace
from bot.door.messages import ChannelPost, Delivery, DirectMessage, Push, Sent, TryLater, Unreachable
from bot.store import delivery as rows
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx, open_store
from bot.store.tables import outbox as outbox_table
from tests.faults.life import words
from tests.faults.scene import NINE, account, member_id, people
from tests.faults.server import NAME

PEOPLE = 2
FINAL = {"sent", "skipped", "dead"}


@cache
def full_file() -> Path:
    file = Path(tempfile.mkdtemp()) / "rolecall.db"
    store = open_store(str(file))
    people(store, PEOPLE)
    store.close()
    return file


@dataclass
class Call:
    """A platform's call that is on its way."""

    by: _Sending
    row: OutboxRow
    push: Push
    begun: datetime
    outcome: Delivery | None = None
    """What the platform did; None: nothing arrived there yet."""
    lost: bool = False
    """Nobody will hear of it."""


@dataclass
class Post:
    """A platform that remembers what it took."""

    taken: Counter[str]
    looks: bool = True
    platform: str = NAME
    pace: Pace = field(default_factory=Pace)

    async def deliver(self, push: Push) -> Delivery:
        self.taken[push.key] += 1
        return Sent("ref")

    async def find(self, key: str, to: DirectMessage | ChannelPost, since: datetime) -> Sent | None:
        if not self.looks:
            raise CannotAskError
        return Sent("ref") if self.taken[key] else None


any_one = st.integers(0, 5)
happens = st.sampled_from(["take", "take", "take and lose", "busy", "shut", "nothing"])


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(full_file(), self.folder / "rolecall.db")
        self.store: Store = open_store(str(self.folder / "rolecall.db"))
        sa.event.listen(self.store.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous=OFF"))
        self.store.engine.dispose()
        self.post = Post(Counter())
        self.now = NINE
        self.quiet_until = NINE
        self.owners = 0
        self.letters = 0
        self.claimed: list[tuple[_Sending, OutboxRow]] = []
        self.calls: list[Call] = []
        self.held: dict[str, datetime] = {}
        self.known: dict[str, str] = {}

    @initialize(looks=st.booleans())
    def platform(self, looks: bool) -> None:
        self.post.looks = looks
        for to in range(PEOPLE):
            self.put(to, 3)

    # --- what senders do

    def owner(self) -> str:
        self.owners += 1
        return f"sender{self.owners}"

    def says(self, tx: Tx, row: OutboxRow, now: datetime) -> Push | Skip | Later:
        return Later(self.quiet_until) if now < self.quiet_until else words(tx, row, now)

    @rule(to=st.integers(0, PEOPLE - 1))
    def put_more(self, to: int) -> None:
        self.put(to, 1)

    def put(self, to: int, many: int) -> None:
        until = self.now + timedelta(days=1)
        for _ in range(many):
            self.letters += 1
            key = f"verdict:{self.letters}"
            new = outbox.new_row(
                account(to), member_id(to), key=key, kind="verdict", not_before=self.now, expires_at=until
            )
            with self.store.begin() as tx:
                assert rows.put(tx, [new, new], self.now) == 1
            self.known[key] = "ready"

    @rule()
    def claim(self) -> None:
        sender = _Sending(
            self.store,
            {NAME: self.post},
            self.says,
            lambda: self.now,
            self.owner(),
            sending.nothing_follows,
            lambda: False,
        )
        self.claimed += [(sender, row) for row in sender.claim()[0]]

    @rule(steps=st.lists(st.tuples(any_one, happens), min_size=1, max_size=8))
    def go_on(self, steps: list[tuple[int, str]]) -> None:
        """Each step takes one message on: from its claim to its call, to the platform, and back to its sender."""
        for which, what in steps:
            if not self.claimed and not self.calls:
                self.claim()
            if which < len(self.claimed):
                self.begin(which)
            elif self.calls:
                call = self.calls[which % len(self.calls)]
                if call.outcome is None and what != "nothing":
                    self.arrive(call, what)
                else:
                    self.hear(call)

    def begin(self, which: int) -> None:
        sender, row = self.claimed.pop(which % len(self.claimed))
        (push,) = sender.begin_all([row])
        if push is None:
            return
        assert self.now >= self.quiet_until
        assert self.now >= self.held.get(row.bucket, NINE), "the platform had asked for patience"
        assert self.kept()[push.key].lease_owner == sender.owner
        self.calls.append(Call(sender, row, push, self.now))

    def in_time(self, call: Call) -> bool:
        return self.now < call.begun + timedelta(seconds=CALL_SECONDS)

    def arrive(self, call: Call, does: str) -> None:
        """A message reaches its platform, if its sender still waits for the answer."""
        if not self.in_time(call):
            return
        if does.startswith("take"):
            self.post.taken[call.push.key] += 1
            call.outcome, call.lost = Sent("ref"), does != "take"
        else:
            call.outcome = TryLater(90) if does == "busy" else Unreachable("closed")

    def hear(self, call: Call) -> None:
        """A sender hears what became of its call, or that nothing did in time; perhaps long after it happened."""
        self.calls.remove(call)
        before = self.kept()[call.push.key]
        if call.outcome is None or call.lost:
            until = self.now + sending.ASK_AFTER
            asyncio.run(call.by.settle(call.row, "unknown", last_error="TimeoutError", lease_until=until))
        else:
            call.by.finish_all([(call.row, call.outcome)])
        if isinstance(call.outcome, TryLater):
            self.held[call.row.bucket] = self.now + timedelta(seconds=90)
        if before.lease_owner != call.by.owner:
            after = self.kept()[call.push.key]
            closed = isinstance(call.outcome, Unreachable) and after.state == "dead"
            assert closed or after == before, "a sender without the lease changed it"

    @precondition(lambda self: self.claimed or self.calls)
    @rule(which=any_one, in_order=st.booleans())
    def end(self, which: int, in_order: bool) -> None:
        """A sender stops, in good order or by death: what is on its way arrived, or never will."""
        owners = sorted({s.owner for s, _ in self.claimed} | {c.by.owner for c in self.calls})
        owner = owners[which % len(owners)]
        self.claimed = [(s, r) for s, r in self.claimed if s.owner != owner]
        if in_order:
            _give_back(self.store, owner)
        else:
            self.calls = [c for c in self.calls if c.by.owner != owner]

    @rule()
    def look_up(self) -> None:
        asyncio.run(
            recovery.ask_after(self.store, {NAME: self.post}, clock=lambda: self.now, owner=self.owner(), resend=True)
        )

    # --- the world

    @rule(seconds=st.sampled_from([1, 20, 130, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def it_gets_quiet(self) -> None:
        self.quiet_until = self.now + timedelta(minutes=2)

    # --- what always holds

    def kept(self) -> dict[str, sa.Row[tuple[object, ...]]]:
        with self.store.begin() as tx:
            return {r.dedupe_key: r for r in tx.execute(sa.select(outbox_table))}

    @invariant()
    def what_is_settled_stays_so_and_what_is_leased_has_an_owner(self) -> None:
        kept = self.kept()
        assert kept.keys() == self.known.keys(), "a message vanished"
        for key, row in kept.items():
            assert row.state in {*rows.OPEN, *FINAL}
            assert self.known[key] in {*rows.OPEN, row.state}, f"{self.known[key]} became {row.state}"
            assert (row.lease_owner is not None) == (row.lease_until is not None) == (row.state in rows.LEASED), row
            self.known[key] = row.state

    @invariant()
    def none_is_there_twice_without_need(self) -> None:
        for key, row in self.kept().items():
            assert self.post.taken[key] <= 1 + (0 if self.post.looks else row.resent)
            if row.state == "sent":
                assert self.post.taken[key], "said to be sent, and it was not"

    def teardown(self) -> None:
        """When all senders have died and the platform is well, one that lives brings everything to its end."""
        gateways = {NAME: self.post}
        self.quiet_until = NINE
        for _ in range(100):
            owner = self.owner()
            asyncio.run(recovery.ask_after(self.store, gateways, clock=lambda: self.now, owner=owner))
            asyncio.run(sending.drain(self.store, gateways, self.says, clock=lambda: self.now, owner=owner))
            with self.store.begin() as tx:
                due = rows.next_due(tx)
            if due is None:
                break
            self.now = max(due, self.now + timedelta(seconds=1))
        kept = self.kept()
        assert {row.state for row in kept.values()} <= FINAL, "stuck"
        self.none_is_there_twice_without_need()
        for row in kept.values():
            assert row.state == "sent" or row.reason, "not sent, and nobody knows why"
        self.store.close()
        shutil.rmtree(self.folder)


def run(examples: int) -> None:
    run_state_machine_as_test(Outbox, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None))


def test_senders_in_any_order_send_each_message_once() -> None:
    run(10)


@pytest.mark.slow
def test_senders_in_very_many_orders_send_each_message_once() -> None:
    run(150)
