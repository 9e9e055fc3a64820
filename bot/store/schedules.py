"""Queries of schedules: when a kind of push falls due for a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, not_, select, update

from bot.model import MemberId
from bot.store.session import Tx
from bot.store.tables import schedule


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a kind of push falls due for a member: a wall time on local dates."""

    id: str
    member: MemberId
    kind: str
    zone: str
    local_time: time
    next_local_date: date
    due_at: datetime
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    paused: bool = False
    snoozed: bool = False
    """The member moved the next one to an instant of their own."""
    last_local_date: date | None = None
    """The last local date that was used, in whatever zone the member then lived."""


WAITS = not_(schedule.c.paused)
"""Not paused, said as the index on `due_at` says it: in other words, no database would use it."""


@cache
def _weekdays(digits: str) -> tuple[int, ...]:
    return tuple(int(d) for d in digits if d.isdecimal())


def _schedule(r: Row[Any]) -> Schedule:
    return Schedule(
        id=r.id,
        member=MemberId(r.member_id),
        kind=r.kind,
        zone=r.zone,
        local_time=r.local_time,
        next_local_date=r.next_local_date,
        due_at=r.due_at,
        weekdays=_weekdays(r.weekdays),
        paused=r.paused,
        snoozed=r.snoozed,
        last_local_date=r.last_local_date,
    )


def schedule_of(tx: Tx, member: MemberId, kind: str) -> Schedule | None:
    row = tx.execute(select(schedule).where(schedule.c.member_id == member, schedule.c.kind == kind)).one_or_none()
    return _schedule(row) if row else None


def keep(tx: Tx, new: Schedule) -> None:
    """Writes a member's schedule of a kind, in the place of the one they had."""
    values = {
        "zone": new.zone,
        "local_time": new.local_time,
        "weekdays": "".join(str(d) for d in new.weekdays),
        "next_local_date": new.next_local_date,
        "last_local_date": new.last_local_date,
        "due_at": new.due_at,
        "paused": new.paused,
        "snoozed": new.snoozed,
    }
    had = update(schedule).where(schedule.c.member_id == new.member, schedule.c.kind == new.kind)
    if tx.execute(had.values(**values)).rowcount == 0:
        tx.execute(insert(schedule).values(id=new.id, member_id=new.member, kind=new.kind, **values))


def pause_all(tx: Tx, member: MemberId) -> None:
    """Pauses every schedule of a member."""
    tx.execute(update(schedule).where(schedule.c.member_id == member).values(paused=True))


def due(tx: Tx, now: datetime, most: int) -> Sequence[Schedule]:
    """What has fallen due, longest ago first. Nobody else gets the same rows before this transaction ends."""
    rows = tx.execute(
        select(schedule)
        .where(schedule.c.due_at <= now, WAITS)
        .order_by(schedule.c.due_at, schedule.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [_schedule(r) for r in rows]


_MOVE = (
    update(schedule)
    .where(schedule.c.id == bindparam("_id"))
    .values(
        next_local_date=bindparam("_next"),
        last_local_date=bindparam("_last"),
        due_at=bindparam("_due"),
        snoozed=bindparam("_snoozed"),
    )
)


def move(tx: Tx, moved: Sequence[Schedule]) -> None:
    """Writes when these fall due next."""
    if moved:
        tx.execute(
            _MOVE,
            [
                {
                    "_id": s.id,
                    "_next": s.next_local_date,
                    "_last": s.last_local_date,
                    "_due": s.due_at,
                    "_snoozed": s.snoozed,
                }
                for s in moved
            ],
        )


def waiting(tx: Tx, after: str, most: int) -> Sequence[Schedule]:
    """Schedules that wait for their wall time, by id, beginning behind an id. Nobody else may change them meanwhile."""
    rows = tx.execute(
        select(schedule)
        .where(schedule.c.id > after, WAITS, not_(schedule.c.snoozed))
        .order_by(schedule.c.id)
        .limit(most)
        .with_for_update()
    )
    return [_schedule(r) for r in rows]


def next_due(tx: Tx) -> datetime | None:
    """When the next schedule falls due."""
    return tx.execute(select(func.min(schedule.c.due_at)).where(WAITS)).scalar()
