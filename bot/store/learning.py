"""Queries about learning: the log, and the projections that practice reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model import (
    Assessment,
    Attempt,
    Band,
    Card,
    ConceptId,
    Event,
    MemberId,
    Origin,
    Outcome,
    ProblemId,
    Serving,
    ServingId,
)
from bot.store.session import Tx
from bot.store.stored import assessment_from, assessment_to
from bot.store.tables import (
    PROJECTIONS,
    attempt,
    card,
    exposure,
    log,
    review,
    rubric,
    serving,
    unbooked,
    ungraded,
)

# --- the log


def append(tx: Tx, event: Event) -> Event:
    """Writes an event to the log; returns it with its position."""
    done = tx.execute(
        insert(log)
        .values(member_id=event.member, kind=event.kind, at=event.at, serving_id=event.serving, data=event.data)
        .returning(log.c.id)
    )
    return replace(event, id=done.scalar_one())


def events(tx: Tx) -> Iterator[Event]:
    """The whole log, oldest first."""
    last = 0
    while rows := tx.execute(select(log).where(log.c.id > last).order_by(log.c.id).limit(1000)).all():
        for r in rows:
            yield _event(r)
        last = rows[-1].id


def events_of(tx: Tx, of: MemberId, kinds: Collection[str]) -> Sequence[Event]:
    """A member's events of these kinds, oldest first."""
    rows = tx.execute(select(log).where(log.c.member_id == of, log.c.kind.in_(kinds)))
    # sorted here: with ORDER BY id SQLite reads all of a member's events rather than the index by kind
    return sorted((_event(r) for r in rows), key=lambda e: e.id)


def _event(r: Row[Any]) -> Event:
    return Event(MemberId(r.member_id), r.kind, r.at, r.serving_id and ServingId(r.serving_id), r.data, r.id)


def clear_projections(tx: Tx) -> None:
    for table in PROJECTIONS:
        tx.execute(delete(table))


def log_size(tx: Tx) -> int:
    return int(tx.execute(select(func.coalesce(func.max(log.c.id), 0))).scalar_one())


# --- problems as they were served


def keep_rubric(tx: Tx, problem: ProblemId, version: int, body: str) -> None:
    """Keeps a problem as served, once for each version."""
    known = select(rubric.c.version).where(rubric.c.problem_id == problem, rubric.c.version == version)
    if tx.execute(known).first() is None:
        with suppress(IntegrityError), tx.begin_nested():
            tx.execute(insert(rubric).values(problem_id=problem, version=version, body=body))


def rubric_body(tx: Tx, problem: ProblemId, version: int) -> str:
    kept = select(rubric.c.body).where(rubric.c.problem_id == problem, rubric.c.version == version)
    return str(tx.execute(kept).scalar_one())


# --- servings


def _serving(r: Row[Any]) -> Serving:
    return Serving(
        id=ServingId(r.id),
        member=MemberId(r.member_id),
        problem=ProblemId(r.problem_id),
        version=r.version,
        variant=r.variant,
        origin=Origin(r.origin),
        served_at=r.served_at,
        expires_at=r.expires_at,
        concept=r.concept and ConceptId(r.concept),
        hints=r.hints,
        revealed=r.revealed,
        closed_at=r.closed_at,
        prompt=r.prompt_id or "",
    )


def add_serving(tx: Tx, new: Serving, number: int) -> None:
    """Keeps a new serving; `number` is its place in the log."""
    tx.execute(
        insert(serving).values(
            id=new.id,
            member_id=new.member,
            problem_id=new.problem,
            version=new.version,
            variant=new.variant,
            concept=new.concept,
            origin=new.origin,
            hints=0,
            revealed=False,
            prompt_id=new.prompt or None,
            number=number,
            served_at=new.served_at,
            expires_at=new.expires_at,
        )
    )
    key = {
        "member_id": new.member,
        "problem_id": new.problem,
        "variant": new.variant,
        "concept": new.concept or "",
    }
    seen = update(exposure).where(*(exposure.c[k] == v for k, v in key.items()))
    if tx.execute(seen.values(times=exposure.c.times + 1, last_at=new.served_at)).rowcount == 0:
        tx.execute(insert(exposure).values(**key, times=1, last_at=new.served_at))


def serving_of(tx: Tx, id: ServingId, *, lock: bool = False) -> Serving | None:
    """A serving; with `lock` nobody else may change it before this transaction ends."""
    found = select(serving).where(serving.c.id == id)
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    return _serving(row) if row else None


def open_serving(tx: Tx, of: MemberId, now: datetime) -> Serving | None:
    """The latest serving that still waits for an answer."""
    row = tx.execute(
        select(serving)
        .where(serving.c.member_id == of, serving.c.closed_at.is_(None), serving.c.expires_at > now)
        .order_by(serving.c.number.desc())
        .limit(1)
    ).one_or_none()
    return _serving(row) if row else None


def serving_for(tx: Tx, of: MemberId, prompt: str) -> Serving | None:
    """The latest serving in which a cohort's prompt was put before a member."""
    mine = select(serving).where(serving.c.prompt_id == prompt, serving.c.member_id == of)
    row = tx.execute(mine.order_by(serving.c.number.desc()).limit(1)).one_or_none()
    return _serving(row) if row else None


def latest_serving(tx: Tx, of: MemberId) -> Serving | None:
    newest = select(serving).where(serving.c.member_id == of).order_by(serving.c.number.desc()).limit(1)
    row = tx.execute(newest).one_or_none()
    return _serving(row) if row else None


def change_serving(tx: Tx, id: ServingId, **values: object) -> None:
    tx.execute(update(serving).where(serving.c.id == id).values(**values))


def exposures(tx: Tx, of: MemberId) -> dict[tuple[ProblemId, str, str], tuple[datetime, int]]:
    """(problem, variant, concept of a recall question or "") -> when it was last put, and how often."""
    rows = tx.execute(select(exposure).where(exposure.c.member_id == of))
    return {(ProblemId(r.problem_id), r.variant, r.concept): (r.last_at, r.times) for r in rows}


def served_within(tx: Tx, before: Serving, length: timedelta) -> bool:
    """Whether the same variant was put before the member in the time before this serving."""
    earlier = select(serving.c.id).where(
        serving.c.member_id == before.member,
        serving.c.served_at < before.served_at,
        serving.c.served_at >= before.served_at - length,
        serving.c.problem_id == before.problem,
        serving.c.variant == before.variant,
        serving.c.id != before.id,
    )
    return tx.execute(earlier.limit(1)).first() is not None


# --- attempts


def _attempt(r: Row[Any], of: Serving) -> Attempt:
    return Attempt(
        serving=of,
        text=r.text,
        answered_at=r.answered_at,
        assessment=assessment_from(r.assessment) if r.assessment else None,
        outcome=None
        if r.band is None
        else Outcome(r.score, Band(r.band), Band(r.lowest), Band(r.highest), r.provisional, r.by_learner),
        predicted=Band(r.predicted) if r.predicted else None,
    )


def add_attempt(tx: Tx, of: Serving, text: str, at: datetime, retry_at: datetime) -> bool:
    """Keeps an answer, to be graded; False where the serving already has one."""
    try:
        with tx.begin_nested():
            tx.execute(insert(attempt).values(serving_id=of.id, member_id=of.member, text=text, answered_at=at))
    except IntegrityError:
        return False
    if tx.execute(select(ungraded.c.tries).where(ungraded.c.serving_id == of.id)).first() is None:
        tx.execute(insert(ungraded).values(serving_id=of.id, member_id=of.member, tries=0, retry_at=retry_at))
    return True


_ANSWER = tuple(c for c in attempt.columns if c.name not in {"serving_id", "member_id"})


def attempt_of(tx: Tx, id: ServingId) -> Attempt | None:
    found = select(serving, *_ANSWER).join(attempt, attempt.c.serving_id == serving.c.id).where(serving.c.id == id)
    row = tx.execute(found).one_or_none()
    return _attempt(row, _serving(row)) if row else None


def attempts_at(tx: Tx, prompt: str) -> Sequence[Attempt]:
    """The answers to a cohort's prompt, oldest first."""
    answered = select(serving, *_ANSWER).join(attempt, attempt.c.serving_id == serving.c.id)
    rows = tx.execute(answered.where(serving.c.prompt_id == prompt).order_by(attempt.c.answered_at, serving.c.number))
    return [_attempt(r, _serving(r)) for r in rows]


def keep_prediction(tx: Tx, id: ServingId, band: Band) -> None:
    tx.execute(update(attempt).where(attempt.c.serving_id == id).values(predicted=band))


def keep_assessment(tx: Tx, id: ServingId, assessment: Assessment, outcome: Outcome) -> None:
    tx.execute(
        update(attempt)
        .where(attempt.c.serving_id == id)
        .values(
            assessment=assessment_to(assessment),
            score=outcome.score,
            band=outcome.band,
            lowest=outcome.lowest,
            highest=outcome.highest,
            provisional=outcome.provisional,
            by_learner=outcome.by_learner,
        )
    )
    tx.execute(delete(ungraded).where(ungraded.c.serving_id == id))
    owner = select(attempt.c.serving_id, attempt.c.member_id).where(attempt.c.serving_id == id)
    known = select(unbooked.c.serving_id).where(unbooked.c.serving_id == id)
    tx.execute(insert(unbooked).from_select(["serving_id", "member_id"], owner.where(~known.exists())))


def mark_unbooked(tx: Tx, of: MemberId) -> None:
    """Has the points of all that a member has answered looked at again."""
    graded = select(attempt.c.serving_id, attempt.c.member_id).where(
        attempt.c.member_id == of, attempt.c.assessment.is_not(None)
    )
    known = select(unbooked.c.serving_id).where(unbooked.c.serving_id == attempt.c.serving_id)
    tx.execute(insert(unbooked).from_select(["serving_id", "member_id"], graded.where(~known.exists())))


def answers(tx: Tx, of: MemberId) -> int:
    """How many answers of a member are kept."""
    return tx.execute(select(func.count()).where(attempt.c.member_id == of)).scalar_one()


def waiting_for_grade(tx: Tx, now: datetime | None, most: int = 1000) -> Sequence[ServingId]:
    """Answers without a verdict whose next try is due; all of them where no instant is given."""
    waiting = select(ungraded.c.serving_id).order_by(ungraded.c.retry_at, ungraded.c.serving_id).limit(most)
    if now is not None:
        waiting = waiting.where(ungraded.c.retry_at <= now)
    return [ServingId(id) for id in tx.execute(waiting).scalars()]


def try_grading(tx: Tx, id: ServingId, until: datetime, *, due_by: datetime | None = None) -> bool:
    """Keeps others from grading the same answer until an instant.

    False where somebody else does so already, if an answer that is not due by an instant is none of ours.
    """
    waiting = update(ungraded).where(ungraded.c.serving_id == id)
    if due_by is not None:
        waiting = waiting.where(ungraded.c.retry_at <= due_by)
    return tx.execute(waiting.values(retry_at=until)).rowcount == 1


def grading_tries(tx: Tx, id: ServingId) -> int:
    """How often grading an answer has failed so far."""
    return tx.execute(select(ungraded.c.tries).where(ungraded.c.serving_id == id)).scalar() or 0


def next_grading(tx: Tx) -> datetime | None:
    return tx.execute(select(func.min(ungraded.c.retry_at))).scalar()


def grading_failed(tx: Tx, id: ServingId, retry_at: datetime, error: str) -> None:
    tx.execute(
        update(ungraded)
        .where(ungraded.c.serving_id == id)
        .values(tries=ungraded.c.tries + 1, retry_at=retry_at, last_error=error[:200])
    )


def answered_since(tx: Tx, of: MemberId, since: datetime) -> bool:
    found = select(attempt.c.serving_id).where(attempt.c.member_id == of, attempt.c.answered_at >= since)
    return tx.execute(found.limit(1)).first() is not None


def attempts_since(tx: Tx, of: MemberId, since: datetime, *, until: datetime | None = None) -> Sequence[Attempt]:
    """A member's answers since an instant, up to and at another, oldest first."""
    found = (
        select(serving, *_ANSWER)
        .join(attempt, attempt.c.serving_id == serving.c.id)
        .where(attempt.c.member_id == of, attempt.c.answered_at >= since)
        .order_by(attempt.c.answered_at, serving.c.number)
    )
    rows = tx.execute(found if until is None else found.where(attempt.c.answered_at <= until))
    return [_attempt(r, _serving(r)) for r in rows]


def latest_unplaced(tx: Tx, of: Serving) -> str:
    """The latest text meant for a serving that could not be taken as its answer, or ""."""
    row = tx.execute(
        select(log.c.data)
        .where(log.c.member_id == of.member, log.c.kind == "unplaced", log.c.serving_id == of.id)
        .order_by(log.c.id.desc())
        .limit(1)
    ).one_or_none()
    return str(row.data.get("text", "")) if row else ""


# --- memory


def keep_reviews(tx: Tx, of: Serving, ratings: dict[ConceptId, int], at: datetime) -> None:
    """Replaces what a serving says about each concept's memory."""
    tx.execute(delete(review).where(review.c.serving_id == of.id))
    said = {"serving_id": of.id, "member_id": of.member, "at": at}
    if ratings:
        tx.execute(insert(review), [{**said, "concept": concept, "rating": r} for concept, r in ratings.items()])


def reviews(tx: Tx, of: MemberId, concept: ConceptId) -> Sequence[tuple[datetime, int]]:
    """A concept's ratings, oldest first."""
    rows = tx.execute(
        select(review.c.at, review.c.rating)
        .where(review.c.member_id == of, review.c.concept == concept)
        .order_by(review.c.at, review.c.serving_id)
    )
    return [(r.at, r.rating) for r in rows]


def forget_reviews(tx: Tx, of: Collection[ServingId]) -> set[ConceptId]:
    """Forgets what servings say about memory; returns of which concepts that was."""
    found = set[ConceptId]()
    for id in of:
        found |= reviewed_concepts(tx, id)
        tx.execute(delete(review).where(review.c.serving_id == id))
    return found


def reviewed_concepts(tx: Tx, of: ServingId) -> set[ConceptId]:
    return {ConceptId(c) for c in tx.execute(select(review.c.concept).where(review.c.serving_id == of)).scalars()}


def has_reviews_before(tx: Tx, of: MemberId, concept: ConceptId, at: datetime) -> bool:
    found = select(review.c.rating).where(review.c.member_id == of, review.c.concept == concept, review.c.at < at)
    return tx.execute(found.limit(1)).first() is not None


def keep_card(tx: Tx, of: MemberId, concept: ConceptId, new: Card | None) -> None:
    """Writes a concept's card, or removes it."""
    tx.execute(delete(card).where(card.c.member_id == of, card.c.concept == concept))
    if new:
        tx.execute(
            insert(card).values(
                member_id=of,
                concept=concept,
                due_at=new.due_at,
                stability=new.stability,
                difficulty=new.difficulty,
                last_at=new.last_at,
                last_rating=new.last_rating,
                interval_days=new.interval_days,
                reviews=new.reviews,
                passes=new.passes,
                lapses=new.lapses,
            )
        )


def cards(tx: Tx, of: MemberId) -> tuple[Card, ...]:
    """A member's cards, soonest due first."""
    rows = tx.execute(select(card).where(card.c.member_id == of).order_by(card.c.due_at, card.c.concept))
    return tuple(
        Card(
            concept=ConceptId(r.concept),
            due_at=r.due_at,
            stability=r.stability,
            difficulty=r.difficulty,
            last_at=r.last_at,
            last_rating=r.last_rating,
            interval_days=r.interval_days,
            reviews=r.reviews,
            passes=r.passes,
            lapses=r.lapses,
        )
        for r in rows
    )
