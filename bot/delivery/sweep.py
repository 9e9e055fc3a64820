"""Which schedules have fallen due, and when each is due next."""

from __future__ import annotations

from datetime import datetime, time

from bot import calendar
from bot.delivery import outbox
from bot.model import Account, MemberId
from bot.store import delivery as rows
from bot.store import members
from bot.store.delivery import Schedule
from bot.store.session import Store, Tx

BATCH = 500


def plan(tx: Tx, id: str, member: MemberId, kind: str, zone: str, at: time, now: datetime, *, paused: bool) -> None:
    """Sets a member's daily wall time for a kind of push; the next one lies after now."""
    day, due = calendar.next_after(now, at, zone)
    rows.keep_schedule(tx, Schedule(id, member, kind, zone, at, day, due, paused=paused))


def postpone(tx: Tx, member: MemberId, kind: str, until: datetime, now: datetime) -> bool:
    """Puts the next push of a kind at an instant, in the place of any planned before it.

    False where the member has no such push planned.
    """
    planned = rows.schedule_of(tx, member, kind)
    accounts = members.accounts(tx, member)
    if planned is None or planned.paused or not accounts:
        return False
    key = f"{kind}:{member}:{until.isoformat(timespec='minutes')}"
    outbox.put(tx, key=key, kind=kind, member=member, account=accounts[0], now=now, not_before=until)
    if planned.due_at <= until:
        on, at = calendar.next_after(until, planned.local_time, planned.zone, planned.weekdays)
        rows.move_schedule(tx, planned.id, on, at)
    return True


def sweep(store: Store, now: datetime) -> int:
    """Puts what has fallen due into the outbox, once for each local date; returns how many.

    Days that were missed altogether are merged into the latest of them.
    """
    put = 0
    while True:
        with store.begin() as tx:
            due = rows.due_schedules(tx, now, BATCH)
            for row in due:
                put += _fall_due(tx, row, now)
        if len(due) < BATCH:
            return put


def _fall_due(tx: Tx, row: Schedule, now: datetime) -> bool:
    on, _ = calendar.last_until(now, row.local_time, row.zone, row.weekdays)
    on = max(on, row.next_local_date)
    next_on, next_at = calendar.next_after(max(now, row.due_at), row.local_time, row.zone, row.weekdays)
    accounts: tuple[Account, ...] = members.accounts(tx, row.member)
    new = bool(accounts) and outbox.put(
        tx,
        key=f"{row.kind}:{row.member}:{on.isoformat()}",
        kind=row.kind,
        member=row.member,
        account=accounts[0],
        now=now,
        not_before=row.due_at,
        expires_at=next_at,
    )
    rows.move_schedule(tx, row.id, next_on, next_at)
    return new
