"""When an answer is put to people, and that they hear of it. Whom it is put to is the store's `route_for`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.context import NewId
from bot.grading.question import Question
from bot.model import Attempt, MemberId, Origin, Route, Ticket, TicketId, TicketKind
from bot.reviews import peers, points
from bot.reviews.notice import tell_reviewers
from bot.reviews.offers import put_to_people
from bot.store import reviews
from bot.store.session import Tx

AUTO_PER_WEEK = 3
"""Answers of one learner that are put to people without their asking, within seven days."""


def after_grading(tx: Tx, attempt: Attempt, asked: Question, now: datetime, new_id: NewId) -> Ticket | None:
    """Asks people about a graded answer whose band depends on what the grader could not decide.

    Only for full problems that were served, and at most AUTO_PER_WEEK times a week. Also tells the peers of others
    who wait on the same problem that they may judge it now.
    """
    served = attempt.serving
    if attempt.assessment is None or served.concept is not None:
        return None
    tell_reviewers(tx, reviews.open_for_peers(tx, served.problem), now, only=served.member)
    if served.origin is Origin.SELF:
        return None
    if reviews.doubts_since(tx, served.member, now - timedelta(days=7)) >= AUTO_PER_WEEK:
        return None
    return _open(tx, attempt, TicketKind.DOUBT, points.doubts(asked, attempt.assessment), now, new_id)


def ask(tx: Tx, attempt: Attempt, asked: Question, now: datetime, new_id: NewId) -> Ticket | None:
    """Asks people at the learner's wish: recall and self-chosen work too, as often as they like.

    None where nothing is open or nobody could be asked.
    """
    if attempt.assessment is None:
        return None
    return _open(tx, attempt, TicketKind.DOUBT, points.all_open(asked, attempt.assessment), now, new_id)


def appeal(tx: Tx, attempt: Attempt, point: str, now: datetime, new_id: NewId) -> Ticket | None:
    """Puts an appealed point to people, on the appeal that waits already where it has room.

    None where nobody may decide it.
    """
    for known in reviews.tickets_on(tx, attempt.serving.id):
        open_ = reviews.ticket_of(tx, known.id, lock=True) if known.kind is TicketKind.APPEAL else None
        if open_ and open_.state == "open" and len(open_.points) < points.AT_ONCE:
            reviews.change(tx, open_.id, points=[*open_.points, point])
            return reviews.ticket_of(tx, open_.id)
    return _open(tx, attempt, TicketKind.APPEAL, (point,), now, new_id)


def _open(
    tx: Tx, attempt: Attempt, kind: TicketKind, about: tuple[str, ...], now: datetime, new_id: NewId
) -> Ticket | None:
    route = reviews.route_for(tx, attempt.serving.member) if about else None
    if route is None:
        return None
    new = Ticket(
        id=TicketId(new_id()),
        member=attempt.serving.member,
        kind=kind,
        route=route[0],
        cohort=route[1],
        problem=attempt.serving.problem,
        points=about,
        opened_at=now,
        serving=attempt.serving.id,
    )
    if kind is TicketKind.APPEAL and not _can_be_decided(tx, new, reviews.deciders(tx, attempt.serving.id)):
        return None
    return put_to_people(tx, reviews.add(tx, new), now)


def _can_be_decided(tx: Tx, new: Ticket, before: frozenset[MemberId]) -> bool:
    """Whether enough people are left to decide an appeal, sooner or later, who had no part in what came `before`."""
    if reviews.settlers(tx, replace(new, escalated_at=new.opened_at)) - before:
        return True
    learners = reviews.holders(tx, "learner", new.cohort) - {new.member} - before
    return new.route is Route.PEERS and len(learners) >= peers.VOICES
