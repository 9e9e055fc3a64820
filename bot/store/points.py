"""Queries of the ledger of points, and of the answers that wait to be booked. What they are worth is not its business.

Weeks and boards are `standings`' queries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select
from sqlalchemy.orm import aliased

from bot.cohort_model import LedgerRow
from bot.model import Band, ConceptId, MemberId, ProblemId, ServingId
from bot.store.cohort_tables import cohort, membership, points
from bot.store.session import Tx
from bot.store.tables import attempt, serving, unbooked

OPEN_FOR = timedelta(days=15)
"""No question takes an answer so long after it was put: an assigned problem is open for 14 days at most."""

# --- what waits


def waiting(tx: Tx, after: str, most: int) -> Sequence[MemberId]:
    """Members with answers that have to be looked at again, in the order of their ids after one."""
    found = select(unbooked.c.member_id).where(unbooked.c.member_id > after).distinct()
    return [MemberId(m) for m in tx.execute(found.order_by(unbooked.c.member_id).limit(most)).scalars()]


def take(tx: Tx, of: MemberId) -> Sequence[ServingId]:
    """A member's answers that have to be looked at again, which are marked so no longer.

    Whoever is just changing what is known of one of them is waited for, and marks it anew if they come later.
    """
    marked = select(unbooked.c.serving_id).where(unbooked.c.member_id == of)
    ids = sorted(tx.execute(marked).scalars())
    if ids:
        tx.execute(select(serving.c.id).where(serving.c.id.in_(ids)).order_by(serving.c.id).with_for_update()).all()
        tx.execute(delete(unbooked).where(unbooked.c.serving_id.in_(ids)))
    return [ServingId(id) for id in ids]


# --- the ledger


def row_of(r: Row[Any]) -> LedgerRow:
    """A row of the ledger as a value."""
    return LedgerRow(
        member=MemberId(r.member_id),
        item=r.item,
        kind=r.kind,
        day=r.day,
        earned_at=r.earned_at,
        booked_at=r.booked_at,
        points=r.points,
        reason=r.reason,
        rule=r.rule,
        id=r.id,
    )


def append(tx: Tx, new: Collection[LedgerRow]) -> None:
    if new:
        tx.execute(
            insert(points),
            [
                {
                    "member_id": r.member,
                    "item": r.item,
                    "kind": r.kind,
                    "day": r.day,
                    "earned_at": r.earned_at,
                    "booked_at": r.booked_at,
                    "points": r.points,
                    "reason": r.reason,
                    "rule": r.rule,
                }
                for r in new
            ],
        )


def of_days(tx: Tx, of: MemberId, first: date, last: date) -> Sequence[LedgerRow]:
    """A member's rows for what they earned from one local date to another, in the order in which they were booked."""
    mine = select(points).where(points.c.member_id == of, points.c.day >= first, points.c.day <= last)
    return sorted((row_of(r) for r in tx.execute(mine)), key=lambda r: r.id)


def of_item(tx: Tx, of: MemberId, item: str) -> Sequence[LedgerRow]:
    """A member's rows for one item, in the order in which they were booked."""
    found = tx.execute(select(points).where(points.c.member_id == of, points.c.item == item))
    return sorted((row_of(r) for r in found), key=lambda r: r.id)


# --- what an answer is compared with


def earlier_texts(
    tx: Tx,
    of: MemberId,
    concepts: Collection[ConceptId],
    problems: Collection[ProblemId],
    before: datetime,
    most: int,
) -> Sequence[str]:
    """A member's latest answers before an instant, to recall questions on any of the concepts and to the problems.

    What could not be graded is left out: the question was put again, and may be answered in the same words.
    """
    found = (
        select(attempt.c.text)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(
            attempt.c.member_id == of,
            attempt.c.answered_at < before,
            or_(
                serving.c.concept.in_(concepts),
                serving.c.concept.is_(None) & serving.c.problem_id.in_(problems),
            ),
            or_(attempt.c.band.is_(None), attempt.c.band != Band.NOT_GRADABLE),
        )
        .order_by(attempt.c.answered_at.desc())
        .limit(most)
    )
    return tx.execute(found).scalars().all()


def has_answered(tx: Tx, prompt: str, of: MemberId, before: datetime) -> bool:
    """Whether a member had answered a cohort's prompt before an instant, so that it could be judged."""
    earlier = (
        select(attempt.c.serving_id)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(
            serving.c.prompt_id == prompt,
            serving.c.member_id == of,
            attempt.c.answered_at < before,
            attempt.c.band.is_(None) | (attempt.c.band != Band.NOT_GRADABLE),
        )
    )
    return tx.execute(earlier.limit(1)).first() is not None


def others_answers(
    tx: Tx, of: MemberId, problem: ProblemId, since: datetime, before: datetime, lengths: tuple[int, int]
) -> Sequence[tuple[ServingId, str]]:
    """Answers to a problem by people who share a living cohort with a member, given from one instant to another.

    Latest first; only those of so many characters, from and to. It begins with the problem, which few have had lately,
    and not with the mates: there may be thousands.
    """
    mine, theirs = aliased(membership), aliased(membership)
    shared = (
        select(mine.c.cohort_id)
        .join(cohort, cohort.c.id == mine.c.cohort_id)
        .where(mine.c.member_id == of, mine.c.left_at.is_(None), cohort.c.archived_at.is_(None))
    )
    is_mate = select(theirs.c.id).where(
        theirs.c.member_id == serving.c.member_id, theirs.c.cohort_id.in_(shared), theirs.c.left_at.is_(None)
    )
    found = (
        select(attempt.c.serving_id, attempt.c.text)
        .join_from(serving, attempt, attempt.c.serving_id == serving.c.id)
        .where(
            serving.c.problem_id == problem,
            serving.c.served_at >= since - OPEN_FOR,
            serving.c.member_id != of,
            attempt.c.answered_at >= since,
            attempt.c.answered_at < before,
            func.length(attempt.c.text).between(*lengths),
            is_mate.exists(),
        )
        .order_by(attempt.c.answered_at.desc())
    )
    return [(ServingId(r.serving_id), r.text) for r in tx.execute(found)]
