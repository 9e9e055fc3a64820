"""Queries about what is to be done for cohorts, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from bot.cohort_model import Entry
from bot.model import CohortId
from bot.store.cohort_tables import agenda, cohort
from bot.store.session import Tx


def _entry(r: Row[Any]) -> Entry:
    return Entry(
        cohort=CohortId(r.cohort_id),
        kind=r.kind,
        due_at=r.due_at,
        local_time=r.local_time,
        weekdays=tuple(int(d) for d in r.weekdays),
        next_local_date=r.next_local_date,
        last_local_date=r.last_local_date,
        settings=r.settings,
    )


def keep(tx: Tx, entry: Entry) -> None:
    """Writes an entry, in the place of the cohort's entry of the same kind."""
    values = {
        "due_at": entry.due_at,
        "local_time": entry.local_time,
        "weekdays": "".join(str(d) for d in entry.weekdays),
        "next_local_date": entry.next_local_date,
        "last_local_date": entry.last_local_date,
        "settings": dict(entry.settings),
    }
    if tx.execute(update(agenda).where(_is(entry.cohort, entry.kind)).values(**values)).rowcount == 0:
        tx.execute(insert(agenda).values(cohort_id=entry.cohort, kind=entry.kind, **values))


def put_off(tx: Tx, entry: Entry, until: datetime) -> None:
    """Moves what is due as it was; what somebody else has done or changed meanwhile stays as it is."""
    same = _is(entry.cohort, entry.kind) & (agenda.c.due_at == entry.due_at)
    tx.execute(update(agenda).where(same).values(due_at=until))


def drop(tx: Tx, of: CohortId, kind: str) -> None:
    tx.execute(delete(agenda).where(_is(of, kind)))


def entry_of(tx: Tx, of: CohortId, kind: str) -> Entry | None:
    row = tx.execute(select(agenda).where(_is(of, kind))).one_or_none()
    return _entry(row) if row else None


def of_cohort(tx: Tx, of: CohortId) -> Sequence[Entry]:
    """All that is planned for a cohort, soonest first."""
    rows = tx.execute(select(agenda).where(agenda.c.cohort_id == of).order_by(agenda.c.due_at, agenda.c.kind))
    return [_entry(r) for r in rows]


def next_of_all(tx: Tx, now: datetime) -> Entry | None:
    """The entry that has been due for longest; nobody else gets it, or its cohort, before this transaction ends.

    Cohorts that somebody is changing are left for later: they hold the cohort, and may want the entry.
    """
    found = (
        select(agenda)
        .join_from(cohort, agenda, cohort.c.id == agenda.c.cohort_id)
        .where(agenda.c.due_at <= now, _GOES_ON)
        .order_by(agenda.c.due_at, agenda.c.cohort_id, agenda.c.kind)
        .limit(1)
        .with_for_update(of=[cohort, agenda], skip_locked=True)
    )
    row = tx.execute(found).one_or_none()
    return _entry(row) if row else None


def lacking(tx: Tx, kind: str) -> Sequence[CohortId]:
    """The living cohorts without an entry of a kind: those of an operator, and of the time before the agenda."""
    planned = select(agenda.c.cohort_id).where(agenda.c.cohort_id == cohort.c.id, agenda.c.kind == kind)
    rows = tx.execute(select(cohort.c.id).where(cohort.c.archived_at.is_(None), ~planned.exists()))
    return [CohortId(id) for id in rows.scalars()]


def next_due(tx: Tx) -> datetime | None:
    """When the next entry falls due."""
    known = select(func.min(agenda.c.due_at)).join(cohort, cohort.c.id == agenda.c.cohort_id)
    return tx.execute(known.where(_GOES_ON)).scalar()


# What is repeated ends with its cohort; what is done once, such as making a board final, still is.
_GOES_ON = cohort.c.archived_at.is_(None) | (agenda.c.weekdays == "")


def _is(of: CohortId, kind: str) -> ColumnElement[bool]:
    return (agenda.c.cohort_id == of) & (agenda.c.kind == kind)
