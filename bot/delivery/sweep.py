"""Which schedules have fallen due, and when each is due next: once for each local date, whatever clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import structlog

from bot import calendar
from bot.delivery import outbox
from bot.model import MemberId
from bot.store import delivery as rows
from bot.store import members, schedules
from bot.store.delivery import NewRow
from bot.store.schedules import Schedule
from bot.store.session import Store, Tx

BATCH = 500
USEFUL = timedelta(hours=3)
"""How long after its time a push is still worth sending when the local day has ended."""
LASTING = {"weekly_summary": timedelta(days=2)}
"""Kinds that stay worth sending for longer than their day."""

log = structlog.get_logger()


def plan(
    tx: Tx,
    id: str,
    member: MemberId,
    kind: str,
    zone: str,
    at: time,
    now: datetime,
    *,
    paused: bool,
    weekdays: tuple[int, ...] = calendar.EVERY_DAY,
) -> None:
    """Sets a member's wall time and weekdays for a kind of push.

    The next one lies after now, on a later local date than the last one that fell due: nobody gets two for one date
    by travelling. `id` is the schedule's where there was none.
    """
    had = schedules.schedule_of(tx, member, kind)
    used = had.last_local_date if had else None
    day, due = calendar.next_after(now, at, zone, weekdays, later_than=used)
    schedules.keep(tx, Schedule(id, member, kind, zone, at, day, due, weekdays, paused=paused, last_local_date=used))


def postpone(tx: Tx, member: MemberId, kind: str, until: datetime) -> bool:
    """Puts the next push of a kind at an instant instead of its usual time; the days after it go on as usual.

    False where the member has no such push planned.
    """
    planned = schedules.schedule_of(tx, member, kind)
    if planned is None or planned.paused:
        return False
    on = calendar.local_date(until, planned.zone)
    schedules.move(tx, [replace(planned, next_local_date=on, due_at=until, snoozed=True)])
    return True


def sweep(store: Store, now: datetime) -> int:
    """Puts what has fallen due into the outbox, once for each time it was planned; returns how many.

    Days that were missed altogether are merged into the latest of them. A schedule
    that cannot be read is put off by a day, so that it stands in nobody else's way.
    """
    put = 0
    while True:
        with store.begin() as tx:
            due = schedules.due(tx, now, BATCH)
            accounts = members.first_accounts(tx, [s.member for s in due])
            new: list[NewRow] = []
            moved: list[Schedule] = []
            for planned in due:
                try:
                    key, on, at = _occurrence(planned, now)
                    moved.append(_after(planned, on, at, now))
                except (LookupError, ValueError):
                    log.exception("schedule_broken", schedule=planned.id)
                    moved.append(replace(planned, due_at=now + timedelta(days=1)))
                    continue
                account = accounts.get(planned.member)
                if account and at <= now:
                    new.append(
                        outbox.new_row(
                            account,
                            planned.member,
                            key=key,
                            kind=planned.kind,
                            not_before=at,
                            expires_at=_useful_until(planned, at),
                            data={"on": on.isoformat()} | ({"snoozed": True} if planned.snoozed else {}),
                        )
                    )
            put += rows.put(tx, new, now)
            schedules.move(tx, moved)
        if len(due) < BATCH:
            return put


def realign(store: Store, now: datetime) -> int:
    """Brings the instants of all schedules in line with the zone data of today; returns how many had to move."""
    moved, last = 0, ""
    while True:
        with store.begin() as tx:
            batch = schedules.waiting(tx, last, BATCH)
            wrong = [
                replace(s, due_at=at)
                for s in batch
                if s.due_at > now and (at := calendar.instant(s.next_local_date, s.local_time, s.zone)) != s.due_at
            ]
            schedules.move(tx, wrong)
        moved += len(wrong)
        if len(batch) < BATCH:
            return moved
        last = batch[-1].id


def _occurrence(planned: Schedule, now: datetime) -> tuple[str, date, datetime]:
    """What has fallen due: its key, the local date that it is for, and its instant.

    The instant lies after now where zone data changed since it was planned, and it has not fallen due after all.
    """
    on, at = planned.next_local_date, planned.due_at
    if planned.snoozed and calendar.local_date(now, planned.zone) <= on:
        return f"{planned.kind}:{planned.member}:{on}@{at:%H%M}", on, at  # in UTC, where no minute comes twice
    if not planned.snoozed:
        at = calendar.instant(on, planned.local_time, planned.zone)
    if on < calendar.local_date(now, planned.zone):
        last_on, last_at = calendar.last_until(now, planned.local_time, planned.zone, planned.weekdays)
        on, at = max((on, at), (last_on, last_at))
    return f"{planned.kind}:{planned.member}:{on}", on, at


def _after(planned: Schedule, on: date, at: datetime, now: datetime) -> Schedule:
    """The schedule when its occurrence on a date is used up; or moved to it, where that has still to come."""
    if at > now:
        return replace(planned, next_local_date=on, due_at=at)
    used = max(on, planned.last_local_date or on)
    next_on, next_at = calendar.next_after(now, planned.local_time, planned.zone, planned.weekdays, later_than=used)
    return replace(planned, next_local_date=next_on, due_at=next_at, last_local_date=used, snoozed=False)


def _useful_until(planned: Schedule, at: datetime) -> datetime:
    if lasting := LASTING.get(planned.kind):
        return at + lasting
    return max(calendar.start_of_day(at, planned.zone, days_later=1), at + USEFUL)
