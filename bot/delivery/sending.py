"""From a row in the outbox to a message on a platform: one row, one message.

A row is marked `sending` before the call and `sent` after it, each in a transaction of
its own, so that after a crash it is known which messages were perhaps sent (`recovery`).
What a message says is asked of `push_for` in the first of the two, and frozen there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import calendar
from bot.delivery import pacing
from bot.delivery.outbox import DAILY, SCHEDULED, Later, PushFor, Skip, bucket_of
from bot.door import frozen
from bot.door.invocation import Gateway
from bot.door.messages import Delivery, Push, Sent, TryLater, Unreachable
from bot.errors import RolecallError, StoreError
from bot.model import MemberId
from bot.store import delivery as rows
from bot.store import members, schedules
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx

LEASE = timedelta(minutes=2)
BATCH = 50
AT_ONCE = 10
"""Messages that are sent at the same time."""
CALL_SECONDS = 30.0
"""How long a platform may take to answer."""
TRIES = 10
"""How often a message is tried, after attempts that failed or of which nothing is known: for eight and a half hours."""
ASK_AFTER = timedelta(seconds=30)
"""How long a platform gets to show a message of which it did not say whether it took it."""
NOTED_WITHIN = 10
"""Tries, a second apart, to write down what came of a call: so long a database may take to restart."""
CLOSED = "the platform does not let me write to you"


log = structlog.get_logger()

Closed = Callable[[Tx, MemberId, str, datetime], None]
"""What follows where a platform lets nothing through to a member, and why it does not."""


def nothing_follows(tx: Tx, member: MemberId, why: str, now: datetime) -> None:
    """A `Closed` for those who only send."""


def wait_after(attempt: int) -> timedelta:
    """How long a message waits after its n-th attempt failed, n from 1: 1, 2, 4 … minutes."""
    return timedelta(minutes=2 ** (attempt - 1))


async def drain(
    store: Store,
    gateways: Mapping[str, Gateway],
    push_for: PushFor,
    *,
    clock: Callable[[], datetime],
    owner: str,
    closed: Closed = nothing_follows,
    at_once: int = AT_ONCE,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Sends what is due to the platforms that are here, a batch at a time; returns how many messages went out.

    `owner` names this call alone: whoever's lease ran out finds that its rows have another owner.
    Between two messages it looks whether it should stop, and then gives back what it has not begun.
    """
    sending = _Sending(store, gateways, push_for, clock, owner, closed, stopping)
    sent, more = 0, True
    try:
        while more and not stopping():
            batch, more = await asyncio.to_thread(sending.claim)
            channels = iter(_by_channel(batch))
            done = await asyncio.gather(
                *(sending.serve(channels) for _ in range(min(at_once, len(batch)))), return_exceptions=True
            )
            sent += sum(n for n in done if isinstance(n, int))
            if failed := next((e for e in done if isinstance(e, BaseException)), None):
                raise failed
    finally:
        await asyncio.to_thread(_give_back, store, owner)
    return sent


def _give_back(store: Store, owner: str) -> None:
    with store.begin() as tx:
        rows.give_back(tx, owner)


def _by_channel(batch: list[OutboxRow]) -> list[list[OutboxRow]]:
    """The rows of each channel, which get them in their order."""
    channels: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in batch:
        channels[row.bucket].append(row)
    return list(channels.values())


@dataclass(frozen=True, slots=True)
class _Sending:
    """One call of `drain`."""

    store: Store
    gateways: Mapping[str, Gateway]
    push_for: PushFor
    clock: Callable[[], datetime]
    owner: str
    closed: Closed
    stopping: Callable[[], bool]

    def claim(self) -> tuple[list[OutboxRow], bool]:
        """Messages whose turn it is, and whether there may be more of them."""
        now = self.clock()
        paces = {name: gateway.pace for name, gateway in self.gateways.items()}
        with self.store.begin() as tx:
            rows.release_claims(tx, now)
            # a platform that is held may have a hundred thousand messages waiting, which need not be looked at
            batch = found = list(rows.ready(tx, now, frozenset(paces) - rows.held(tx, now), BATCH))
            names = {name for r in found for name, length, _ in pacing.limits(r, paces[r.platform]) if length}
            if names:
                batch, changed = pacing.in_turn(found, rows.buckets(tx, names, now), paces, now)
                rows.keep_buckets(tx, changed)
            rows.claim(tx, [r.id for r in batch], self.owner, now + LEASE)
        return batch, len(found) == BATCH

    async def serve(self, channels: Iterator[list[OutboxRow]]) -> int:
        """Sends the rows of one channel after the other; returns how many messages went out."""
        sent = 0
        for channel in channels:
            for row in channel:
                if self.stopping():
                    return sent
                sent += await self.send(row)
        return sent

    async def send(self, row: OutboxRow) -> bool:
        begun = self.clock()
        push = await asyncio.to_thread(self.begin, row)
        if push is None:
            return False
        if self.clock() >= begun + LEASE - timedelta(seconds=CALL_SECONDS):
            return False  # stalled for so long that somebody else may look after it before the platform answers
        try:
            async with asyncio.timeout(CALL_SECONDS):
                outcome: Delivery = await self.gateways[row.platform].deliver(push)
        except Exception as error:
            # Perhaps it went out. A moment later the platform is asked.
            log.warning("delivery_uncertain", key=row.dedupe_key, error=type(error).__name__)
            until = self.clock() + ASK_AFTER
            await self.settle(row, "unknown", last_error=type(error).__name__, lease_until=until)
            return False
        return await self.note(row, outcome)

    async def note(self, row: OutboxRow, outcome: Delivery) -> bool:
        """Writes down what came of a call; where the database is away for a moment, a moment later."""
        for _ in range(NOTED_WITHIN - 1):
            with suppress(StoreError):
                return await asyncio.to_thread(self.finish, row, outcome)
            await asyncio.sleep(1)
        return await asyncio.to_thread(self.finish, row, outcome)

    def begin(self, row: OutboxRow) -> Push | None:
        """Asks what the row says and marks it as being sent; None where it is not to be sent now."""
        now = self.clock()
        try:
            with self.store.begin() as tx:
                said = self.ask(tx, row, now)
                match said:
                    case Skip(why):
                        rows.settle(tx, row.id, self.owner, "skipped", reason=why)
                        return None
                    case Later(when):
                        rows.settle(tx, row.id, self.owner, "ready", not_before=when)
                        return None
                words = row.message or frozen.to_json(said.message)
                push = replace(said, message=frozen.from_json(row.message)) if row.message else said
                if not rows.begin_sending(tx, row, self.owner, now, now + LEASE, words):
                    return None
        except RolecallError:
            raise
        except Exception as error:
            # One broken row must not keep the others from being sent.
            log.exception("push_failed", key=row.dedupe_key)
            self.fail(row, type(error).__name__, now)
            return None
        return push

    def ask(self, tx: Tx, row: OutboxRow, now: datetime) -> Push | Skip | Later:
        if row.expires_at <= now:
            return Skip("too late to be of use")
        if row.kind in SCHEDULED and row.member and (zone := members.lock(tx, row.member)):
            today = calendar.start_of_day(now, zone)
            if rows.tried_since(tx, row.member, SCHEDULED, today) >= DAILY:
                tomorrow = calendar.start_of_day(now, zone, days_later=1)
                full = Skip(f"you had {DAILY} messages that day already")
                return Later(tomorrow) if tomorrow < row.expires_at else full
        return self.push_for(tx, row, now)

    def fail(self, row: OutboxRow, error: str, now: datetime) -> None:
        """Puts off a row whose words cannot be made; after some tries it is given up."""
        tried = row.attempt + 1
        with self.store.begin() as tx:
            if tried >= TRIES:
                why = "it could not be written"
                rows.settle(tx, row.id, self.owner, "dead", attempt=tried, last_error=error, reason=why)
            else:
                rows.settle(
                    tx, row.id, self.owner, "ready", attempt=tried, not_before=now + wait_after(tried), last_error=error
                )

    def finish(self, row: OutboxRow, outcome: Delivery) -> bool:
        now = self.clock()
        if isinstance(outcome, Sent):
            with self.store.begin(single=True) as tx:
                return rows.mark_sent(tx, row.id, self.owner, now, outcome.ref)
        with self.store.begin() as tx:
            # A member, then messages, then buckets: the order in which others lock them, too.
            held: dict[str, datetime] = {}
            match outcome:
                case TryLater(seconds, scope):
                    until = now + timedelta(seconds=max(1.0, seconds))
                    rows.settle(
                        tx, row.id, self.owner, "ready", not_before=until, attempt=row.attempt, message=row.message
                    )
                    held[{"channel": row.bucket, "workspace": row.workspace, "platform": row.platform}[scope]] = until
                case Unreachable(why):
                    self.close(tx, row, why, now)
            found = rows.buckets(tx, {row.platform, *held}, now)
            found[row.platform] = pacing.refused(found[row.platform], now)
            rows.keep_buckets(tx, [pacing.held(b, held[name]) if name in held else b for name, b in found.items()])
        return False

    def close(self, tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
        if row.member:
            members.lock(tx, row.member)
        rows.settle(tx, row.id, self.owner, "dead", last_error=why[:200], reason=CLOSED)
        rows.bury(tx, row.bucket, CLOSED)
        if row.member is None:
            return
        schedules.pause_all(tx, row.member)
        account = next((a for a in members.accounts(tx, row.member) if bucket_of(a) == row.bucket), None)
        if account:
            members.close_door(tx, account, now, why)
            self.closed(tx, row.member, why, now)

    async def settle(self, row: OutboxRow, state: str, **values: object) -> None:
        def settle() -> None:
            with self.store.begin() as tx:
                rows.settle(tx, row.id, self.owner, state, **values)

        await asyncio.to_thread(settle)
