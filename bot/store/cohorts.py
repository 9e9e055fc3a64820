"""Queries about cohorts: groups that learn together, and who is what in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from bot.model import CohortId, MemberId
from bot.store.session import Tx
from bot.store.tables import cohort, membership

PRESET = "study_group"
NAME = 100
"""Characters of a cohort's name."""


def named(tx: Tx, name: str) -> CohortId | None:
    """The cohort of this name that is not archived, the oldest of several."""
    found = (
        select(cohort.c.id).where(cohort.c.name == name, cohort.c.archived_at.is_(None)).order_by(cohort.c.created_at)
    )
    id = tx.execute(found.limit(1)).scalar()
    return CohortId(id) if id else None


def name_of(tx: Tx, id: CohortId | None) -> str:
    """What a cohort is called, or ""."""
    return tx.execute(select(cohort.c.name).where(cohort.c.id == id)).scalar() or ""


def create(tx: Tx, id: CohortId, name: str, zone: str, now: datetime) -> None:
    """A study group whose mentors review; `change` sets it up otherwise."""
    tx.execute(insert(cohort).values(id=id, name=name, preset=PRESET, zone=zone, self_service=False, created_at=now))


def change(tx: Tx, id: CohortId, **values: object) -> None:
    """Sets columns of a cohort, such as reviewers (mentors, peers or none) and blind."""
    tx.execute(update(cohort).where(cohort.c.id == id).values(**values))


def enrol(tx: Tx, id: str, member: MemberId, to: CohortId, role: str, now: datetime) -> bool:
    """Makes a member learner, mentor or organiser of a cohort; False where they already are."""
    key = (membership.c.member_id == member) & (membership.c.cohort_id == to) & (membership.c.role == role)
    held = tx.execute(select(membership.c.left_at).where(key)).one_or_none()
    if held is None:
        tx.execute(
            insert(membership).values(id=id, member_id=member, cohort_id=to, role=role, on_board=False, joined_at=now)
        )
        return True
    tx.execute(update(membership).where(key).values(left_at=None))
    return held.left_at is not None


def reviewed_by(tx: Tx, member: MemberId) -> dict[CohortId, str]:
    """The cohorts in which somebody may come to review, and their names; all for one who holds an office everywhere."""
    held = select(membership.c.cohort_id).where(membership.c.member_id == member, membership.c.left_at.is_(None))
    everywhere = held.where(membership.c.cohort_id.is_(None), membership.c.role != "learner")
    known = select(cohort.c.id, cohort.c.name).where(cohort.c.archived_at.is_(None))
    if tx.execute(everywhere.limit(1)).first() is None:
        known = known.where(cohort.c.id.in_(held))
    return {CohortId(r.id): r.name for r in tx.execute(known)}
