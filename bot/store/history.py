"""Queries about what somebody has done so far, for progress, summaries and regrading. They change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.model import Attempt, Band, ConceptId, MemberId, Origin, ProblemId, ServingId
from bot.store.learning import attempt_of
from bot.store.session import Tx
from bot.store.tables import account, attempt, log, member, review, serving


def bands(tx: Tx, of: MemberId) -> dict[Band, int]:
    """How many of a member's answers to full problems ended in each band."""
    rows = tx.execute(
        select(attempt.c.band, func.count())
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(attempt.c.member_id == of, attempt.c.provisional.is_(False), serving.c.concept.is_(None))
        .group_by(attempt.c.band)
    )
    return {Band(band): n for band, n in rows}


def recent_attempts(tx: Tx, of: MemberId, most: int) -> Sequence[Attempt]:
    """The latest graded answers, newest first."""
    rows = tx.execute(
        select(attempt.c.serving_id)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(attempt.c.member_id == of, attempt.c.band.is_not(None))
        .order_by(attempt.c.answered_at.desc(), serving.c.number.desc())
        .limit(most)
    )
    return [found for id in rows.scalars() if (found := attempt_of(tx, ServingId(id)))]


def graded_before(tx: Tx, problem: ProblemId, version: int, since: datetime) -> Sequence[Attempt]:
    """Graded answers since an instant to earlier versions of a problem, oldest first."""
    rows = tx.execute(
        select(attempt.c.serving_id)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(
            serving.c.problem_id == problem,
            serving.c.version < version,
            attempt.c.band.is_not(None),
            attempt.c.answered_at >= since,
        )
        .order_by(attempt.c.answered_at, attempt.c.serving_id)
    )
    return [found for id in rows.scalars() if (found := attempt_of(tx, ServingId(id)))]


def scores(tx: Tx, of: MemberId, most: int) -> Sequence[tuple[ProblemId, ConceptId | None, float]]:
    """Problem, concept of a recall question, and score of the latest answers that a grader settled, newest first."""
    rows = tx.execute(
        select(serving.c.problem_id, serving.c.concept, attempt.c.score)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(
            attempt.c.member_id == of,
            attempt.c.provisional.is_(False),
            attempt.c.by_learner.is_(False),
            attempt.c.band != Band.NOT_GRADABLE,
        )
        .order_by(attempt.c.answered_at.desc(), serving.c.number.desc())
        .limit(most)
    )
    return [(ProblemId(r.problem_id), r.concept and ConceptId(r.concept), r.score) for r in rows]


def predictions(tx: Tx, of: MemberId) -> Sequence[tuple[Band, Band]]:
    """The band that the member expected and the band that a settled answer got, oldest first."""
    rows = tx.execute(
        select(attempt.c.predicted, attempt.c.band)
        .where(
            attempt.c.member_id == of,
            attempt.c.predicted.is_not(None),
            attempt.c.provisional.is_(False),
            attempt.c.band != Band.NOT_GRADABLE,
        )
        .order_by(attempt.c.answered_at, attempt.c.serving_id)
    )
    return [(Band(r.predicted), Band(r.band)) for r in rows]


def lent(tx: Tx) -> tuple[Sequence[tuple[Attempt, tuple[str, ...]]], int]:
    """Answers whose authors lent them, oldest first, each with its author's names; and how many others there are."""
    rows = tx.execute(
        select(attempt.c.serving_id, attempt.c.member_id)
        .join(log, (log.c.serving_id == attempt.c.serving_id) & (log.c.kind == "lent"))
        .where(attempt.c.band.is_not(None))
        .group_by(attempt.c.serving_id, attempt.c.member_id, attempt.c.answered_at)
        .order_by(attempt.c.answered_at, attempt.c.serving_id)
    ).all()
    graded = tx.execute(select(func.count()).where(attempt.c.band.is_not(None))).scalar_one()
    found = [(a, names_of(tx, MemberId(r.member_id))) for r in rows if (a := attempt_of(tx, ServingId(r.serving_id)))]
    return found, graded - len(found)


def names_of(tx: Tx, of: MemberId) -> tuple[str, ...]:
    """What somebody is called: the name that they chose, and those of their accounts."""
    shown = select(account.c.display_name).where(account.c.member_id == of)
    called = select(member.c.name).where(member.c.id == of)
    return tuple(sorted({*tx.execute(shown).scalars(), *tx.execute(called).scalars()}))


def ratings_until(tx: Tx, of: MemberId, before: datetime) -> dict[ConceptId, int]:
    """The last rating (1..4) of each concept that was reviewed before an instant."""
    rows = tx.execute(
        select(review.c.concept, review.c.rating)
        .where(review.c.member_id == of, review.c.at < before)
        .order_by(review.c.at, review.c.serving_id)
    )
    return {ConceptId(r.concept): r.rating for r in rows}


def recalled_since(tx: Tx, of: MemberId, since: datetime) -> int:
    """How many concepts were rated since an instant because they, or their problem, had been put as due."""
    rated = (
        select(func.count(review.c.concept.distinct()))
        .join(serving, serving.c.id == review.c.serving_id)
        .where(review.c.member_id == of, review.c.at >= since, serving.c.origin == Origin.DUE)
    )
    return tx.execute(rated).scalar_one()


def answered_since(tx: Tx, of: MemberId, since: datetime) -> Sequence[datetime]:
    """When a member answered since an instant, graded or not, oldest first."""
    answered = select(attempt.c.answered_at).where(attempt.c.member_id == of, attempt.c.answered_at >= since)
    return tx.execute(answered.order_by(attempt.c.answered_at)).scalars().all()
