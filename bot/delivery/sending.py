"""From a row in the outbox to a message on a platform: one row, one message.

A row is marked `sending` before the call and `sent` after it, each in a transaction of
its own, so that after a crash it is known which messages were perhaps sent (`recovery`).
What a message says is asked of `push_for` in the first of the two, and frozen there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import calendar
from bot.delivery import pacing
from bot.delivery.outbox import DAILY, SCHEDULED, Later, PushFor, Skip, bucket_of, is_renewal
from bot.door import frozen
from bot.door.invocation import Gateway
from bot.door.messages import Delivery, Push, Sent, TryLater, Unreachable
from bot.errors import RolecallError, StoreError
from bot.model import MemberId
from bot.store import buckets, members, schedules
from bot.store import delivery as rows
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

Closed = Callable[[Tx, OutboxRow, str, datetime], None]
"""What follows where a platform lets nothing through to the member or channel of a message, and why it does not."""


def nothing_follows(tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
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
            sent += await sending.serve(deque(_apart(batch)), at_once)
    finally:
        await asyncio.to_thread(_give_back, store, owner)
    return sent


def _give_back(store: Store, owner: str) -> None:
    with store.begin() as tx:
        rows.give_back(tx, owner)


def _apart(batch: list[OutboxRow]) -> Iterable[deque[OutboxRow]]:
    """The rows of each member, or of each channel, which get them in their order."""
    queues: dict[str, deque[OutboxRow]] = defaultdict(deque)
    for row in batch:
        queues[row.member or row.bucket].append(row)
    return queues.values()


class _SomeLeftOutError(Exception):
    """Some of a group are not ours any more, or not wanted now: which, is found out one by one."""


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
                batch, changed = pacing.in_turn(found, buckets.buckets(tx, names, now), paces, now)
                buckets.keep_buckets(tx, changed)
            rows.claim(tx, [r.id for r in batch], self.owner, now + LEASE)
        return batch, len(found) == BATCH

    async def serve(self, waiting: deque[deque[OutboxRow]], at_once: int) -> int:
        """Sends what waits, so many at the same time and those of one queue one after the other.

        Returns how many messages went out. Rows are begun in groups, since a commit for each would cost more than
        all the rest; a failure is raised when what is in flight has come back.
        """
        calls: dict[asyncio.Task[Delivery | None], tuple[OutboxRow, deque[OutboxRow]]] = {}
        sent, failed = 0, list[BaseException]()
        try:
            while True:
                free = at_once - len(calls)
                if waiting and 2 * free >= at_once and not failed and not self.stopping():
                    group = [waiting.popleft() for _ in range(min(free, len(waiting)))]
                    now, firsts = self.clock(), [rest.popleft() for rest in group]
                    try:
                        pushes = await asyncio.to_thread(self.begin_all, firsts)
                    except StoreError as error:
                        failed.append(error)
                        continue
                    for row, push, rest in zip(firsts, pushes, group, strict=True):
                        calls[asyncio.create_task(self.send(row, push, now))] = row, rest
                if not calls:
                    break
                back = list[tuple[OutboxRow, Delivery]]()
                for call in (await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED))[0]:
                    row, rest = calls.pop(call)
                    if rest:
                        waiting.append(rest)
                    if broken := call.exception():
                        failed.append(broken)
                    elif outcome := call.result():
                        back.append((row, outcome))
                try:
                    sent += await self.note(back) if back else 0
                except StoreError as error:
                    failed.append(error)
        finally:
            for call in calls:
                call.cancel()
        if failed:
            raise failed[0]
        return sent

    async def send(self, row: OutboxRow, push: Push | None, begun: datetime) -> Delivery | None:
        """What a platform says to a message; None where there is none, or nothing came back."""
        if push is None or self.clock() >= begun + LEASE - timedelta(seconds=CALL_SECONDS):
            return None  # or stalled for so long that somebody else may look after it before the platform answers
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self.gateways[row.platform].deliver(push)
        except Exception as error:
            # Perhaps it went out. A moment later the platform is asked.
            log.warning("delivery_uncertain", key=row.dedupe_key, error=type(error).__name__)
            until = self.clock() + ASK_AFTER
            await self.settle(row, "unknown", last_error=type(error).__name__, lease_until=until)
            return None

    async def note(self, back: list[tuple[OutboxRow, Delivery]]) -> int:
        """Writes down what came of calls; where the database is away for a moment, a moment later.

        Returns how many messages went out.
        """
        for _ in range(NOTED_WITHIN - 1):
            with suppress(StoreError):
                return await asyncio.to_thread(self.finish_all, back)
            await asyncio.sleep(1)
        return await asyncio.to_thread(self.finish_all, back)

    def begin_all(self, group: list[OutboxRow]) -> list[Push | None]:
        """What each row says, in one transaction that marks them as being sent; None where one is not to be sent now.

        One broken row must not keep the others from being sent: then each gets a transaction of its own.
        """
        now = self.clock()
        try:
            with self.store.begin() as tx:
                full = self.full(tx, group, now)
                pushes = [self.word(tx, row, full, now) for row in group]
                going = [(r, r.message or frozen.to_json(p.message)) for r, p in zip(group, pushes, strict=True) if p]
                marked = rows.begin_sending(tx, going, self.owner, now, now + LEASE)
                if marked == len(going):
                    return pushes
                if len(group) > 1:
                    raise _SomeLeftOutError
                return [None]
        except RolecallError:
            raise
        except Exception as error:
            if len(group) > 1:
                return [push for row in group for push in self.begin_all([row])]
            log.exception("push_failed", key=group[0].dedupe_key)
            self.fail(group[0], type(error).__name__, now)
            return [None]

    def full(self, tx: Tx, group: list[OutboxRow], now: datetime) -> dict[MemberId, datetime]:
        """Whoever has had DAILY scheduled messages on their local day, and when that ends.

        Their rows stay locked, so that no other worker counts at the same time.
        """
        zones = members.lock(tx, {r.member for r in group if r.member and r.kind in SCHEDULED})
        if not zones:
            return {}
        tried = rows.tried_since(tx, zones, SCHEDULED, now - timedelta(days=2))
        days = {m: [calendar.start_of_day(now, zone, days_later=n) for n in (0, 1)] for m, zone in zones.items()}
        return {m: days[m][1] for m in zones if sum(at >= days[m][0] for at in tried.get(m, ())) >= DAILY}

    def word(self, tx: Tx, row: OutboxRow, full: Mapping[MemberId, datetime], now: datetime) -> Push | None:
        """What a row says, with the words it had where they may have arrived; None, and settled, where nothing.

        What takes the place of a message says what is true now: an old version must not come after a newer one.
        """
        said = self.ask(tx, row, full, now)
        match said:
            case Skip(why):
                rows.settle(tx, row.id, self.owner, "skipped", reason=why)
                return None
            case Later(when):
                rows.settle(tx, row.id, self.owner, "ready", not_before=when)
                return None
        if row.message and not is_renewal(row):
            return replace(said, message=frozen.from_json(row.message))
        return said

    def ask(self, tx: Tx, row: OutboxRow, full: Mapping[MemberId, datetime], now: datetime) -> Push | Skip | Later:
        if row.expires_at <= now:
            return Skip("too late to be of use")
        if row.kind in SCHEDULED and row.member and (tomorrow := full.get(row.member)):
            why = Skip(f"you had {DAILY} messages that day already")
            return Later(tomorrow) if tomorrow < row.expires_at else why
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

    def finish_all(self, back: list[tuple[OutboxRow, Delivery]]) -> int:
        """Writes down what platforms said, once or more often; returns how many messages they took."""
        sent = [(row.id, outcome.ref) for row, outcome in back if isinstance(outcome, Sent)]
        marked = 0
        if sent:
            with self.store.begin() as tx:
                marked = rows.mark_sent(tx, sent, self.owner, self.clock())
        for row, outcome in back:
            if not isinstance(outcome, Sent):
                self.finish(row, outcome)
        return marked

    def finish(self, row: OutboxRow, outcome: TryLater | Unreachable) -> None:
        now = self.clock()
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
            found = buckets.buckets(tx, {row.platform, *held}, now)
            found[row.platform] = pacing.refused(found[row.platform], now)
            buckets.keep_buckets(tx, [pacing.held(b, held[name]) if name in held else b for name, b in found.items()])

    def close(self, tx: Tx, row: OutboxRow, why: str, now: datetime) -> None:
        if row.member:
            members.lock(tx, [row.member])
        rows.settle(tx, row.id, self.owner, "dead", last_error=why[:200], reason=CLOSED)
        rows.bury(tx, row.bucket, CLOSED)
        if row.member is None:
            self.closed(tx, row, why, now)
            return
        schedules.pause_all(tx, row.member)
        account = next((a for a in members.accounts(tx, row.member) if bucket_of(a) == row.bucket), None)
        if account:
            members.close_door(tx, account, now, why)
            self.closed(tx, row, why, now)

    async def settle(self, row: OutboxRow, state: str, **values: object) -> None:
        def settle() -> None:
            with self.store.begin() as tx:
                rows.settle(tx, row.id, self.owner, state, **values)

        await asyncio.to_thread(settle)
