"""From a row in the outbox to a message on a platform: one row, one message.

A row is marked `sending` before the call and `sent` after it, each in a
transaction of its own, so that after a crash it is known which messages were
perhaps sent. What a message says is asked of `push_for` when it is claimed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.door.invocation import Gateway
from bot.door.messages import Delivery, Push, Sent, TryLater, Unreachable
from bot.errors import RolecallError
from bot.model import Account, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.delivery import OutboxRow
from bot.store.session import Store, Tx

LEASE = timedelta(minutes=2)
BATCH = 50
USEFUL = timedelta(days=14)
"""How long a message waits for its platform before it is given up, unless it says otherwise."""
TRIES = 5
"""How often a message is tried, after attempts that failed or of which nothing is known."""
RETRY = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Skip:
    why: str


@dataclass(frozen=True, slots=True)
class Later:
    when: datetime


PushFor = Callable[[OutboxRow, datetime], Push | Skip | Later]
"""What a row says now, asked when it is claimed."""


def bucket_of(account: Account) -> str:
    """The name of a direct-message channel, by which sends are paced."""
    return f"dm:{account.platform}:{account.tenant}:{account.user_id}"


def put(
    tx: Tx,
    *,
    key: str,
    kind: str,
    member: MemberId,
    now: datetime,
    data: dict[str, object] | None = None,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Puts a message to the account that a member joined with into the outbox, in the caller's transaction.

    False where its key is already there, or the member has no account left.
    """
    account = next(iter(members.accounts(tx, member)), None)
    return account is not None and rows.put(
        tx,
        dedupe_key=key,
        kind=kind,
        member=member,
        bucket=bucket_of(account),
        nonce=hashlib.sha256(key.encode()).hexdigest()[:25],
        data=data or {},
        now=now,
        not_before=not_before or now,
        expires_at=expires_at or now + USEFUL,
    )


async def drain(
    store: Store,
    gateways: Mapping[str, Gateway],
    push_for: PushFor,
    *,
    clock: Callable[[], datetime],
    owner: str,
) -> int:
    """Sends what is due, a batch at a time; returns how many messages went out."""
    await asyncio.to_thread(_release, store, clock())
    await _ask_after_the_uncertain(store, gateways, clock, owner)
    sent = 0
    while batch := await asyncio.to_thread(_claim, store, clock(), owner):
        for row in batch:
            sent += await _send(store, gateways, push_for, row, clock, owner)
    return sent


def _release(store: Store, now: datetime) -> None:
    with store.begin() as tx:
        rows.release_claims(tx, now)


def _claim(store: Store, now: datetime, owner: str) -> list[OutboxRow]:
    with store.begin() as tx:
        return list(rows.claim(tx, now, owner, now + LEASE, BATCH))


def _settle(store: Store, row: OutboxRow, owner: str, state: str, **values: object) -> bool:
    with store.begin() as tx:
        return rows.settle(tx, row.id, owner, state, **values)


async def _send(
    store: Store,
    gateways: Mapping[str, Gateway],
    push_for: PushFor,
    row: OutboxRow,
    clock: Callable[[], datetime],
    owner: str,
) -> int:
    async def settle(state: str, **values: object) -> bool:
        return await asyncio.to_thread(_settle, store, row, owner, state, **values)

    now = clock()
    if row.expires_at <= now:
        await settle("skipped", reason="too late to be of use")
        return 0
    gateway = gateways.get(row.bucket.split(":")[1])
    if gateway is None:
        await settle("ready", not_before=now + RETRY, reason="its platform is not running here")
        return 0
    try:
        push = await asyncio.to_thread(push_for, row, now)
    except RolecallError:
        raise
    except Exception as error:
        # One broken row must not keep the others from being sent.
        log.exception("push_failed", key=row.dedupe_key)
        if row.attempt + 1 >= TRIES:
            await settle(
                "dead", attempt=row.attempt + 1, last_error=type(error).__name__, reason="it could not be written"
            )
        else:
            await settle("ready", attempt=row.attempt + 1, not_before=now + RETRY)
        return 0
    match push:
        case Skip(why):
            await settle("skipped", reason=why)
            return 0
        case Later(when):
            await settle("ready", not_before=when)
            return 0
    if not await settle("sending", attempt=row.attempt + 1, lease_until=clock() + LEASE):
        return 0
    try:
        outcome: Delivery = await gateway.deliver(push)
    except Exception as error:
        # Perhaps it went out. The lease runs out, then we ask the platform.
        log.warning("delivery_uncertain", key=row.dedupe_key, error=type(error).__name__)
        await settle("unknown", last_error=type(error).__name__)
        return 0
    match outcome:
        case Sent(ref):
            return int(await settle("sent", sent_at=clock(), platform_ref=ref))
        case TryLater(seconds):
            wait = timedelta(seconds=max(1.0, seconds))
            await settle("ready", not_before=clock() + wait, attempt=row.attempt)
        case Unreachable(why):
            await settle("dead", last_error=why[:200], reason="the platform does not let me write to you")
    return 0


async def _ask_after_the_uncertain(
    store: Store, gateways: Mapping[str, Gateway], clock: Callable[[], datetime], owner: str
) -> None:
    """Settles messages whose sender died or heard nothing back: found → sent, not found → ready.

    Where a platform cannot be asked, one late duplicate is rather taken than a loss.
    """

    def lapsed() -> list[OutboxRow]:
        now = clock()
        with store.begin() as tx:
            return [r for r in rows.lapsed(tx, now) if rows.take_over(tx, r.id, owner, now + LEASE, now)]

    for row in await asyncio.to_thread(lapsed):
        gateway = gateways.get(row.bucket.split(":")[1])
        if gateway is None:
            continue
        try:
            found = await gateway.find(row.dedupe_key)
        except LookupError:
            found = None
        except Exception as error:
            log.warning("look_up_failed", key=row.dedupe_key, error=type(error).__name__)
            if row.expires_at <= clock():
                await asyncio.to_thread(_settle, store, row, owner, "dead", reason="the platform could not be asked")
            continue
        if found:
            await asyncio.to_thread(_settle, store, row, owner, "sent", sent_at=clock(), platform_ref=found.ref)
        elif row.attempt >= TRIES:
            await asyncio.to_thread(_settle, store, row, owner, "dead", reason="sending kept failing")
        else:
            await asyncio.to_thread(_settle, store, row, owner, "ready")
