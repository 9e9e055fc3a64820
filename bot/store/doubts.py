"""Queries of doubts: points that an organiser is asked about. Who may decide is not its business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import aliased

from bot.cohort_model import Doubt
from bot.model import CohortId, MemberId, ServingId
from bot.store.cohort_tables import cohort, doubt, membership
from bot.store.session import Tx
from bot.store.tables import serving

WAITS = ("open", "appealed")
"""The states in which an organiser is asked."""


def _doubt(r: Row[Any]) -> Doubt:
    return Doubt(
        id=r.id,
        member=MemberId(r.member_id),
        serving=r.serving_id,
        other_serving=r.other_serving_id,
        opened_at=r.opened_at,
        state=r.state,
        reason=r.reason,
        decided_by=MemberId(r.decided_by) if r.decided_by else None,
        decided_at=r.decided_at,
    )


def add(tx: Tx, new: Doubt) -> None:
    """Keeps a doubt; an answer has one at most."""
    if tx.execute(select(doubt.c.id).where(doubt.c.serving_id == new.serving)).first() is None:
        tx.execute(
            insert(doubt).values(
                id=new.id,
                member_id=new.member,
                serving_id=new.serving,
                other_serving_id=new.other_serving,
                opened_at=new.opened_at,
                state=new.state,
                reason=new.reason,
            )
        )


def of_id(tx: Tx, id: str) -> Doubt | None:
    row = tx.execute(select(doubt).where(doubt.c.id == id)).one_or_none()
    return _doubt(row) if row else None


def of_serving(tx: Tx, id: ServingId) -> Doubt | None:
    row = tx.execute(select(doubt).where(doubt.c.serving_id == id)).one_or_none()
    return _doubt(row) if row else None


def decide(tx: Tx, id: str, state: str, by: MemberId, now: datetime, reason: str) -> None:
    changed = {"state": state, "decided_by": by, "decided_at": now, "reason": reason}
    tx.execute(update(doubt).where(doubt.c.id == id).values(**changed))


def appeal(tx: Tx, id: str) -> None:
    """Who decided first, and why, is still known."""
    tx.execute(update(doubt).where(doubt.c.id == id).values(state="appealed"))


def waiting(tx: Tx, of: CohortId) -> Sequence[Doubt]:
    """What the organisers of a cohort are asked about: appeals first, then the oldest.

    The author is in the cohort; the author of the other answer is, or was, or is nowhere any more.
    """
    mine, theirs = aliased(membership), aliased(membership)
    found = (
        select(doubt)
        .outerjoin(serving, serving.c.id == doubt.c.other_serving_id)
        .where(
            doubt.c.state.in_(WAITS),
            select(mine.c.id)
            .where(mine.c.member_id == doubt.c.member_id, mine.c.cohort_id == of, mine.c.left_at.is_(None))
            .exists(),
            serving.c.id.is_(None)
            | select(theirs.c.id).where(theirs.c.member_id == serving.c.member_id, theirs.c.cohort_id == of).exists(),
        )
        .order_by(doubt.c.state, doubt.c.opened_at, doubt.c.id)
    )
    return [_doubt(r) for r in tx.execute(found)]


def cohorts_of(tx: Tx, of: Doubt) -> Sequence[CohortId]:
    """The living cohorts whose organisers may decide a doubt, by the same rule as `waiting`."""
    mine, theirs = aliased(membership), aliased(membership)
    other = select(serving.c.member_id).where(serving.c.id == of.other_serving).scalar_subquery()
    found = (
        select(mine.c.cohort_id)
        .join(cohort, cohort.c.id == mine.c.cohort_id)
        .where(
            mine.c.member_id == of.member,
            mine.c.left_at.is_(None),
            cohort.c.archived_at.is_(None),
            other.is_(None)
            | select(theirs.c.id).where(theirs.c.member_id == other, theirs.c.cohort_id == mine.c.cohort_id).exists(),
        )
        .distinct()
        .order_by(mine.c.cohort_id)
    )
    return [CohortId(id) for id in tx.execute(found).scalars()]
