"""Queries of delivery: schedules, the outbox and the inbox. The words of a message are not its business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model import MemberId
from bot.store.session import Tx
from bot.store.tables import inbox, meta, outbox, schedule


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


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message that is to be sent, or what became of it."""

    id: int
    dedupe_key: str
    kind: str
    member: MemberId | None
    bucket: str
    data: dict[str, Any]
    state: str
    """ready, claimed, sending, sent, unknown, skipped or dead."""
    reason: str | None
    not_before: datetime
    expires_at: datetime
    attempt: int
    sent_at: datetime | None


def accept(tx: Tx, workspace: str, event_id: str, now: datetime) -> bool:
    """Remembers a platform's event; False where it was already taken in."""
    try:
        with tx.begin_nested():
            tx.execute(insert(inbox).values(workspace=workspace, event_id=event_id, at=now))
    except IntegrityError:
        return False
    return True


def forget_events(tx: Tx, before: datetime) -> None:
    tx.execute(delete(inbox).where(inbox.c.at < before))


# --- schedules


def _schedule(r: Row[Any]) -> Schedule:
    return Schedule(
        id=r.id,
        member=MemberId(r.member_id),
        kind=r.kind,
        zone=r.zone,
        local_time=r.local_time,
        next_local_date=r.next_local_date,
        due_at=r.due_at,
        weekdays=tuple(int(d) for d in r.weekdays),
        paused=r.paused,
    )


def schedule_of(tx: Tx, member: MemberId, kind: str) -> Schedule | None:
    row = tx.execute(select(schedule).where(schedule.c.member_id == member, schedule.c.kind == kind)).one_or_none()
    return _schedule(row) if row else None


def keep_schedule(tx: Tx, new: Schedule) -> None:
    """Writes a member's schedule of a kind, in the place of the one they had."""
    values = {
        "zone": new.zone,
        "local_time": new.local_time,
        "weekdays": "".join(str(d) for d in new.weekdays),
        "next_local_date": new.next_local_date,
        "due_at": new.due_at,
        "paused": new.paused,
    }
    had = update(schedule).where(schedule.c.member_id == new.member, schedule.c.kind == new.kind)
    if tx.execute(had.values(**values)).rowcount == 0:
        tx.execute(insert(schedule).values(id=new.id, member_id=new.member, kind=new.kind, **values))


def due_schedules(tx: Tx, now: datetime, most: int) -> Sequence[Schedule]:
    rows = tx.execute(
        select(schedule)
        .where(schedule.c.due_at <= now, schedule.c.paused.is_(False))
        .order_by(schedule.c.due_at, schedule.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [_schedule(r) for r in rows]


def move_schedule(tx: Tx, id: str, next_local_date: date, due_at: datetime) -> None:
    tx.execute(update(schedule).where(schedule.c.id == id).values(next_local_date=next_local_date, due_at=due_at))


# --- the outbox

LEASED = ("claimed", "sending", "unknown")
_ROW = (
    outbox.c.id,
    outbox.c.dedupe_key,
    outbox.c.kind,
    outbox.c.member_id,
    outbox.c.bucket,
    outbox.c.data,
    outbox.c.state,
    outbox.c.reason,
    outbox.c.not_before,
    outbox.c.expires_at,
    outbox.c.attempt,
    outbox.c.sent_at,
)


def _outbox(r: Any) -> OutboxRow:
    return OutboxRow(
        id=r.id,
        dedupe_key=r.dedupe_key,
        kind=r.kind,
        member=r.member_id and MemberId(r.member_id),
        bucket=r.bucket,
        data=r.data,
        state=r.state,
        reason=r.reason,
        not_before=r.not_before,
        expires_at=r.expires_at,
        attempt=r.attempt,
        sent_at=r.sent_at,
    )


def put(
    tx: Tx,
    *,
    dedupe_key: str,
    kind: str,
    member: MemberId,
    bucket: str,
    nonce: str,
    data: dict[str, Any],
    now: datetime,
    not_before: datetime,
    expires_at: datetime,
) -> bool:
    """Puts a message into the outbox; False where one with the same key is there already."""
    try:
        with tx.begin_nested():
            tx.execute(
                insert(outbox).values(
                    dedupe_key=dedupe_key,
                    kind=kind,
                    member_id=member,
                    bucket=bucket,
                    nonce=nonce,
                    data=data,
                    state="ready",
                    created_at=now,
                    not_before=not_before,
                    expires_at=expires_at,
                    attempt=0,
                )
            )
    except IntegrityError:
        return False
    return True


def claim(tx: Tx, now: datetime, owner: str, until: datetime, most: int) -> Sequence[OutboxRow]:
    """Takes up to `most` messages that are ready, under a lease."""
    ready = (
        select(outbox.c.id)
        .where(outbox.c.state == "ready", outbox.c.not_before <= now)
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(ready.scalar_subquery()))
        .values(state="claimed", lease_owner=owner, lease_until=until)
        .returning(*_ROW)
    ).all()
    return sorted((_outbox(r) for r in rows), key=lambda r: (r.not_before, r.id))


def settle(tx: Tx, id: int, owner: str, state: str, **values: object) -> bool:
    """Moves a message on; False where the lease is no longer ours."""
    moved = update(outbox).where(outbox.c.id == id, outbox.c.lease_owner == owner, outbox.c.state.in_(LEASED))
    if state in {"ready", "sent", "skipped", "dead"}:
        values |= {"lease_owner": None, "lease_until": None}
    return tx.execute(moved.values(state=state, **values)).rowcount == 1


def lapsed(tx: Tx, now: datetime) -> Sequence[OutboxRow]:
    """Messages that were perhaps sent: whoever was sending them did not say."""
    rows = tx.execute(select(*_ROW).where(outbox.c.state.in_(["sending", "unknown"]), outbox.c.lease_until <= now))
    return [_outbox(r) for r in rows]


def release_claims(tx: Tx, now: datetime) -> None:
    """Gives back what was claimed and never sent; safe at any time."""
    stale = update(outbox).where(outbox.c.state == "claimed", outbox.c.lease_until <= now)
    tx.execute(stale.values(state="ready", lease_owner=None, lease_until=None))


def end_leases(tx: Tx, now: datetime) -> None:
    """Ends every lease, for a process that is alone with its database and has just started."""
    tx.execute(update(outbox).where(outbox.c.state.in_(LEASED)).values(lease_until=now))


def take_over(tx: Tx, id: int, owner: str, until: datetime, now: datetime) -> bool:
    """Takes a lapsed message under our own lease."""
    mine = update(outbox).where(outbox.c.id == id, outbox.c.lease_until <= now)
    return tx.execute(mine.values(state="unknown", lease_owner=owner, lease_until=until)).rowcount == 1


def next_due(tx: Tx) -> datetime | None:
    """The next instant at which a schedule, a waiting message or a lease has something to do."""
    times = [
        tx.execute(select(func.min(schedule.c.due_at)).where(schedule.c.paused.is_(False))).scalar(),
        tx.execute(select(func.min(outbox.c.not_before)).where(outbox.c.state == "ready")).scalar(),
        tx.execute(select(func.min(outbox.c.lease_until)).where(outbox.c.state.in_(LEASED))).scalar(),
    ]
    return min((t for t in times if t), default=None)


def ledger(tx: Tx, member: MemberId, most: int) -> Sequence[OutboxRow]:
    """What was, or was not, sent to a member, newest first."""
    rows = tx.execute(
        select(*_ROW)
        .where(outbox.c.member_id == member)
        .order_by(outbox.c.not_before.desc(), outbox.c.id.desc())
        .limit(most)
    )
    return [_outbox(r) for r in rows]


def inbox_size(tx: Tx) -> int:
    return tx.execute(select(func.count()).select_from(inbox)).scalar_one()


# --- settings of the installation


def setting(tx: Tx, key: str) -> str | None:
    return tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def keep_setting(tx: Tx, key: str, value: str) -> None:
    tx.execute(delete(meta).where(meta.c.key == key))
    tx.execute(insert(meta).values(key=key, value=value))
