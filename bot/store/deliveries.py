"""The ledger of deliveries as an operator reads it, without the words; and copies of a whole database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update

from bot.model import MemberId
from bot.store.delivery import OPEN
from bot.store.schedules import WAITS
from bot.store.session import Store, Tx
from bot.store.tables import account, member, metadata, outbox, schedule

BATCH = 1_000
"""Rows that are copied at once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message: for whom it was, and what became of it."""

    id: int
    key: str
    member: MemberId | None
    name: str
    """The member's; empty for a message to a channel."""
    zone: str
    """The member's."""
    channel: str
    kind: str
    state: str
    reason: str | None
    last_error: str | None
    attempts: int
    resent: int
    """How often it was sent again although it was perhaps there."""
    not_before: datetime
    sent_at: datetime | None


def entries(
    tx: Tx,
    most: int | None,
    *,
    of: MemberId | None = None,
    states: Collection[str] = (),
    since: datetime | None = None,
) -> Sequence[Entry]:
    """Messages by when they were due, newest first; `most` None: all of them."""
    found = (
        select(outbox, member.c.name, member.c.zone)
        .outerjoin(member, member.c.id == outbox.c.member_id)
        .where(*_chosen(of, states, since))
        .order_by(outbox.c.not_before.desc(), outbox.c.id.desc())
        .limit(most)
    )
    return [
        Entry(
            id=r.id,
            key=r.dedupe_key,
            member=r.member_id and MemberId(r.member_id),
            name=r.name or "",
            zone=r.zone or "UTC",
            channel=r.bucket,
            kind=r.kind,
            state=r.state,
            reason=r.reason,
            last_error=r.last_error,
            attempts=r.attempt,
            resent=r.resent,
            not_before=r.not_before,
            sent_at=r.sent_at,
        )
        for r in tx.execute(found)
    ]


def counts(
    tx: Tx, *, of: MemberId | None = None, states: Collection[str] = (), since: datetime | None = None
) -> tuple[dict[str, int], int]:
    """How many messages are in each state, and how often one was sent again although it was perhaps there."""
    found = select(outbox.c.state, func.count(), func.sum(outbox.c.resent)).where(*_chosen(of, states, since))
    rows = tx.execute(found.group_by(outbox.c.state).order_by(outbox.c.state)).all()
    return {state: n for state, n, _ in rows}, sum(resent for _, _, resent in rows)


def _chosen(of: MemberId | None, states: Collection[str], since: datetime | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if of is not None:
        chosen.append(outbox.c.member_id == of)
    if states:
        chosen.append(outbox.c.state.in_(states))
    if since is not None:
        chosen.append(outbox.c.not_before >= since)
    return chosen


def next_due(tx: Tx, of: MemberId | None = None) -> datetime | None:
    """When the next message is to go out or the next schedule falls due, of one member or of all."""
    waiting = select(func.min(outbox.c.not_before)).where(outbox.c.state.in_(OPEN))
    planned = select(func.min(schedule.c.due_at)).where(WAITS)
    if of is not None:
        waiting, planned = waiting.where(outbox.c.member_id == of), planned.where(schedule.c.member_id == of)
    return min((at for q in (waiting, planned) if (at := tx.execute(q).scalar())), default=None)


def next_ready(tx: Tx) -> datetime | None:
    """When the next message that nobody has begun to send may go out."""
    return tx.execute(select(func.min(outbox.c.not_before)).where(outbox.c.state == "ready")).scalar()


def platforms(tx: Tx) -> list[str]:
    """The platforms on which anybody is, or something waits."""
    names = select(account.c.platform).union(select(outbox.c.platform))
    return sorted(tx.execute(names).scalars())


def skip_ready(tx: Tx, until: datetime, reason: str) -> set[int]:
    """Skips what waits and was to go out by an instant; returns their ids."""
    waiting = update(outbox).where(outbox.c.state == "ready", outbox.c.not_before <= until)
    return set(tx.execute(waiting.values(state="skipped", reason=reason).returning(outbox.c.id)).scalars())


def all_seen(tx: Tx, at: datetime) -> None:
    """Supposes that every member wished for something at an instant."""
    tx.execute(update(member).values(seen_at=at))


def copy(source: Store, target: Store) -> None:
    """Copies every row into a database that is at the same schema and empty, all as of one moment."""
    with source.read() as here, target.begin() as there:
        for table in metadata.sorted_tables:
            for part in here.execute(select(table)).partitions(BATCH):
                there.execute(insert(table), [dict(r._mapping) for r in part])
