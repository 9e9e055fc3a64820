"""Which schedules have fallen due, and when each is due next."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import structlog

from bot import calendar
from bot.delivery import outbox
from bot.model import MemberId
from bot.store import delivery as rows
from bot.store.delivery import Schedule
from bot.store.session import Store, Tx

BATCH = 500
USEFUL = timedelta(hours=3)
"""How long after its time a push is still worth sending when the local day has ended."""

log = structlog.get_logger()


def plan(tx: Tx, id: str, member: MemberId, kind: str, zone: str, at: time, now: datetime, *, paused: bool) -> None:
    """Sets a member's daily wall time for a kind of push; the next one lies after now."""
    day, due = calendar.next_after(now, at, zone)
    rows.keep_schedule(tx, Schedule(id, member, kind, zone, at, day, due, paused=paused))


def postpone(tx: Tx, member: MemberId, kind: str, until: datetime) -> bool:
    """Puts the next push of a kind at an instant instead of its usual time; the days after it go on as usual.

    False where the member has no such push planned.
    """
    planned = rows.schedule_of(tx, member, kind)
    if planned is None or planned.paused:
        return False
    rows.move_schedule(tx, planned.id, calendar.local_date(until, planned.zone), until)
    return True


def sweep(store: Store, now: datetime) -> int:
    """Puts what has fallen due into the outbox, once for each time it was planned; returns how many.

    Days that were missed altogether are merged into the latest of them. A schedule
    that cannot be read is put off by a day, so that it stands in nobody else's way.
    """
    put = 0
    while True:
        with store.begin() as tx:
            due = rows.due_schedules(tx, now, BATCH)
            for row in due:
                try:
                    put += _fall_due(tx, row, now)
                except (LookupError, ValueError):
                    log.exception("schedule_broken", schedule=row.id)
                    rows.move_schedule(tx, row.id, row.next_local_date, now + timedelta(days=1))
        if len(due) < BATCH:
            return put


def _fall_due(tx: Tx, row: Schedule, now: datetime) -> bool:
    """Puts the latest planned time until now; the next one lies on a later local date."""
    due_at = row.due_at
    if calendar.local_date(due_at, row.zone) < calendar.local_date(now, row.zone):
        due_at = max(due_at, calendar.last_until(now, row.local_time, row.zone, row.weekdays)[1])
    midnight = calendar.start_of_day(due_at, row.zone, days_later=1)
    next_on, next_at = calendar.next_after(max(now, midnight), row.local_time, row.zone, row.weekdays)
    new = outbox.put(
        tx,
        key=f"{row.kind}:{row.member}:{due_at:%Y-%m-%dT%H:%M}",
        kind=row.kind,
        member=row.member,
        now=now,
        not_before=due_at,
        expires_at=max(midnight, due_at + USEFUL),
    )
    rows.move_schedule(tx, row.id, next_on, next_at)
    return new
