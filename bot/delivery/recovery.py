"""Messages of which nobody knows whether they arrived: their sender died, or heard nothing back.

The platform is asked. Found: sent. Not found: sent again, with the words it had. Where a
platform cannot be asked, the operator's policy decides between a late duplicate and a loss.
What only takes the place of a message that is there is done again without asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.delivery.outbox import address_of, is_renewal
from bot.delivery.sending import CALL_SECONDS, LEASE, TRIES, wait_after
from bot.door.invocation import CannotAskError, Gateway
from bot.store import delivery as rows
from bot.store.delivery import OutboxRow
from bot.store.session import Store

log = structlog.get_logger()


async def ask_after(
    store: Store,
    gateways: Mapping[str, Gateway],
    *,
    clock: Callable[[], datetime],
    owner: str,
    resend: bool = True,
) -> None:
    """Settles the messages whose lease ran out while they were being sent, on the platforms that are here.

    `resend` is the policy where a platform cannot be asked: True sends once more, False gives the message up.
    """
    for row in await asyncio.to_thread(_take_over, store, clock, frozenset(gateways), owner):
        if is_renewal(row):
            await asyncio.to_thread(_settle, store, row, owner, _again(row, clock()))
            continue
        try:
            async with asyncio.timeout(CALL_SECONDS):
                since = row.tried_at or row.not_before
                found = await gateways[row.platform].find(row.dedupe_key, address_of(row), since)
        except CannotAskError:
            settled = _unasked(row, resend, clock())
        except Exception as error:
            log.warning("look_up_failed", key=row.dedupe_key, error=type(error).__name__)
            if row.expires_at > clock():
                continue
            settled = {"state": "dead", "reason": "the platform could not be asked"}
        else:
            settled = (
                {"state": "sent", "sent_at": row.tried_at, "platform_ref": found.ref} if found else _again(row, clock())
            )
        await asyncio.to_thread(_settle, store, row, owner, settled)


def _again(row: OutboxRow, now: datetime) -> dict[str, object]:
    if row.attempt >= TRIES:
        return {"state": "dead", "reason": "sending kept failing"}
    return {"state": "ready", "not_before": now + wait_after(row.attempt)}


def _unasked(row: OutboxRow, resend: bool, now: datetime) -> dict[str, object]:
    """A platform that keeps taking messages without saying so gets one a second time, and no more.

    Where a process died, nothing speaks for such a platform, and the message goes again.
    """
    again = _again(row, now)
    if not resend or (row.state == "unknown" and row.resent):
        return {"state": "dead", "reason": "it may have arrived, and the platform cannot be asked"}
    return again | {"resent": row.resent + 1} if again["state"] == "ready" else again


def _take_over(store: Store, clock: Callable[[], datetime], platforms: frozenset[str], owner: str) -> list[OutboxRow]:
    now = clock()
    with store.begin() as tx:
        return [r for r in rows.lapsed(tx, now, platforms) if rows.take_over(tx, r.id, owner, now + LEASE, now)]


def _settle(store: Store, row: OutboxRow, owner: str, settled: dict[str, object]) -> None:
    with store.begin() as tx:
        rows.settle(tx, row.id, owner, str(settled.pop("state")), **settled)
