"""Queries about how a cohort is doing: figures of those who learn in it, who has gone silent, and who is thanked.

Of a learner only what came while they were in the cohort counts, and it still counts when they have left: else what is
missing then would be theirs. What of it may be told is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, func, select

from bot.cohort_model import Office
from bot.model import Band, CohortId, Judge, MemberId, ServingId, TicketKind
from bot.store.cohort_tables import membership, points, prompt
from bot.store.session import Tx
from bot.store.tables import attempt, log, member, serving, ticket


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are, and of how many different people."""

    total: int
    people: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What has been answered to one question: a problem, or one of its concepts."""

    problem: str
    concept: str | None
    answers: int
    people: int
    credit: float
    """The sum of the scores, each 0..1: the share of what was asked that is met (`grading.rubric`)."""
    unsure: int
    """Of so many answers the band still depends on what the grader could not decide."""


Span = tuple[datetime, datetime]
"""A time [since, until)."""


# --- figures


def learners(tx: Tx, of: CohortId, since: datetime) -> int:
    """How many learn in a cohort, or did since an instant."""
    there = membership.c.left_at.is_(None) | (membership.c.left_at > since)
    return tx.execute(select(func.count()).select_from(membership).where(*_learnt_in(of), there)).scalar_one()


def answers(tx: Tx, of: CohortId, spans: Sequence[Span]) -> list[Counted]:
    """The answers of each of these times, which do not overlap."""
    return _by_span(tx, of, attempt, attempt.c.answered_at, spans)


def cleared(tx: Tx, of: CohortId, spans: Sequence[Span]) -> list[Counted]:
    """The due concepts that were cleared in each of these times, which do not overlap, as they brought points."""
    return _by_span(tx, of, points, points.c.earned_at, spans, points.c.kind == "due")


def _by_span(
    tx: Tx, of: CohortId, table: Table, at: ColumnElement[datetime], spans: Sequence[Span], *where: ColumnElement[bool]
) -> list[Counted]:
    if not spans:
        return []
    which = case(*(((at >= since) & (at < until), n) for n, (since, until) in enumerate(spans)))
    each = (
        select(which.label("n"), table.c.member_id)
        .join_from(membership, table, table.c.member_id == membership.c.member_id)
        .where(*_learnt_in(of), *_within(at, min(s for s, _ in spans), max(u for _, u in spans)), *where)
        .subquery()
    )
    counts = select(each.c.n, func.count(), func.count(each.c.member_id.distinct()))
    rows = tx.execute(counts.group_by(each.c.n))
    found = {n: Counted(total, people) for n, total, people in rows}
    return [found.get(n, Counted(0, 0)) for n in range(len(spans))]


def answered(tx: Tx, of: CohortId, span: Span) -> Sequence[Answered]:
    """What was answered in a time, as far as it could be judged."""
    figures = func.count(), func.count(attempt.c.member_id.distinct()), func.sum(attempt.c.score)
    unsure = func.sum(case((attempt.c.provisional, 1), else_=0))
    found = _judged(of, span, *_QUESTION, *figures, unsure)
    return [Answered(*r) for r in tx.execute(found.group_by(*_QUESTION))]


def who_answered(
    tx: Tx, of: CohortId, span: Span, problems: Collection[str]
) -> Sequence[tuple[str, str | None, MemberId]]:
    """Who has answered these problems or concepts of theirs in a time: the problem, the concept, and the learner."""
    found = _judged(of, span, *_QUESTION, attempt.c.member_id).where(serving.c.problem_id.in_(problems)).distinct()
    return [(r[0], r[1], MemberId(r[2])) for r in tx.execute(found)]


def settled_doubts(tx: Tx, of: CohortId, span: Span) -> dict[str, int]:
    """On how many answers of a time, by problem, people were asked about a doubt of the grader that is no more."""
    found = _judged(of, span, serving.c.problem_id, func.count(attempt.c.serving_id.distinct()))
    found = found.join(ticket, ticket.c.serving_id == attempt.c.serving_id)
    found = found.where(ticket.c.kind == TicketKind.DOUBT, attempt.c.provisional.is_(False))
    return {r[0]: r[1] for r in tx.execute(found.group_by(serving.c.problem_id))}


def appealed(tx: Tx, of: CohortId, span: Span) -> dict[str, int]:
    """How many answers of a time, by problem, their learners have appealed."""
    found = _judged(of, span, serving.c.problem_id, func.count(attempt.c.serving_id.distinct()))
    same = (log.c.member_id == membership.c.member_id) & (log.c.serving_id == attempt.c.serving_id)
    found = found.join(log, same).where(log.c.kind == "appealed")
    return {r[0]: r[1] for r in tx.execute(found.group_by(serving.c.problem_id))}


def appeals_decided(tx: Tx, of: CohortId, span: Span) -> Sequence[tuple[str, ServingId, dict[str, str]]]:
    """What people said of appealed answers of a time: the problem, the answer, and the state by point."""
    found = (
        _judged(of, span, serving.c.problem_id, attempt.c.serving_id, ticket.c.id, log.c.data)
        .join(ticket, ticket.c.serving_id == attempt.c.serving_id)
        .join(log, (log.c.member_id == attempt.c.member_id) & (log.c.serving_id == attempt.c.serving_id))
        .where(ticket.c.kind == TicketKind.APPEAL, log.c.kind == "reviewed")
    )
    return [
        (r.problem_id, ServingId(r.serving_id), {p: said["state"] for p, said in r.data["points"].items()})
        for r in tx.execute(found)
        if r.data["ticket"] == r.id
    ]


def prompted(tx: Tx, of: CohortId, span: Span) -> Sequence[tuple[str, datetime, int]]:
    """The problems put before a cohort in a time, newest first: which, when, and how many answered in it."""
    since, until = span
    seated = (
        select(serving.c.prompt_id, attempt.c.member_id)
        .join_from(membership, attempt, _OF_ATTEMPT)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(*_learnt_in(of), *_within(attempt.c.answered_at, since, until), serving.c.prompt_id.is_not(None))
        .subquery()
    )
    found = (
        select(prompt.c.problem_id, prompt.c.opened_at, func.count(seated.c.member_id.distinct()))
        .join_from(prompt, seated, seated.c.prompt_id == prompt.c.id, isouter=True)
        .where(prompt.c.cohort_id == of, prompt.c.opened_at >= since, prompt.c.opened_at < until)
        .group_by(prompt.c.id, prompt.c.problem_id, prompt.c.opened_at)
        .order_by(prompt.c.opened_at.desc(), prompt.c.id)
    )
    return [(r[0], r[1], r[2]) for r in tx.execute(found)]


def waiting(tx: Tx, of: CohortId) -> tuple[Counted, datetime | None]:
    """The tickets of a cohort that wait, and since when the oldest does."""
    found = select(func.count(), func.count(ticket.c.member_id.distinct()), func.min(ticket.c.opened_at))
    row = tx.execute(found.where(ticket.c.cohort_id == of, ticket.c.state == "open")).one()
    return Counted(row[0], row[1]), row[2]


def settled(tx: Tx, of: CohortId, last: int) -> Sequence[tuple[MemberId, datetime, datetime]]:
    """The tickets of a cohort that were settled last: whose, and from when to when they waited."""
    found = select(ticket.c.member_id, ticket.c.opened_at, ticket.c.closed_at)
    found = found.where(ticket.c.cohort_id == of, ticket.c.state == "settled").order_by(ticket.c.closed_at.desc())
    return [(MemberId(r[0]), r[1], r[2]) for r in tx.execute(found.limit(last))]


_OF_ATTEMPT = attempt.c.member_id == membership.c.member_id
_QUESTION = serving.c.problem_id, serving.c.concept


def _judged(of: CohortId, span: Span, *what: Any) -> Select[Any]:
    """Of the answers of a time, as far as they could be judged."""
    return (
        select(*what)
        .select_from(membership)
        .join(attempt, _OF_ATTEMPT)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(*_learnt_in(of), *_within(attempt.c.answered_at, *span), attempt.c.band != Band.NOT_GRADABLE)
    )


def _within(at: ColumnElement[datetime], since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    inside = (at >= membership.c.joined_at) & (membership.c.left_at.is_(None) | (at < membership.c.left_at))
    return (at >= since, at < until, inside)


def _learnt_in(of: CohortId) -> tuple[ColumnElement[bool], ...]:
    """Who learns in it, or did."""
    return (membership.c.cohort_id == of, membership.c.role == Office.LEARNER)


# --- who


def not_seen_since(tx: Tx, of: CohortId, at: datetime) -> Sequence[tuple[MemberId, datetime]]:
    """Those who learn in a cohort, agreed to be asked after, and wished for nothing since; and when each joined it."""
    quiet = (member.c.seen_at <= at) | member.c.seen_at.is_(None)
    found = select(member.c.id, membership.c.joined_at).join(membership, membership.c.member_id == member.c.id)
    return [
        (MemberId(r.id), r.joined_at) for r in tx.execute(found.where(*_learns_in(of), membership.c.check_in, quiet))
    ]


def noted(tx: Tx, of: CohortId, kind: str, since: datetime) -> Sequence[tuple[MemberId, datetime]]:
    """In whose log, of those who learn in a cohort, events of a kind name it since an instant, and when."""
    learners = select(membership.c.member_id).where(*_learns_in(of))
    found = select(log).where(log.c.member_id.in_(learners), log.c.kind == kind, log.c.at >= since)
    return [(MemberId(r.member_id), r.at) for r in tx.execute(found) if r.data.get("cohort") == of]


def settled_by(tx: Tx, of: CohortId, since: datetime, until: datetime) -> frozenset[MemberId]:
    """The mentors whose word settled an answer of a cohort in a time [since, until)."""
    closed = (
        select(ticket.c.id, ticket.c.member_id)
        .where(ticket.c.cohort_id == of, ticket.c.closed_at >= since, ticket.c.closed_at < until)
        .subquery()
    )
    said = select(log.c.data, closed.c.id).join(closed, closed.c.member_id == log.c.member_id)
    rows = tx.execute(said.where(log.c.kind == "reviewed", log.c.at >= since, log.c.at < until))
    by_mentors = [r.data for r in rows if r.data["ticket"] == r.id and r.data["by"] == Judge.MENTOR]
    return frozenset(MemberId(id) for data in by_mentors for id in data["reviewers"])


def _learns_in(of: CohortId) -> tuple[ColumnElement[bool], ...]:
    return (*_learnt_in(of), membership.c.left_at.is_(None))
