"""Queries of reviews by people: tickets, claims, decisions, and who could be asked. Who may decide is not its business.

An audience is a route and a cohort; mentors without a cohort review the whole installation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from bot.model import (
    Band,
    CohortId,
    ConceptId,
    Decision,
    Event,
    MemberId,
    ProblemId,
    Route,
    Serving,
    ServingId,
    Ticket,
    TicketId,
    TicketKind,
    Waiting,
)
from bot.store import learning
from bot.store.cohort_tables import cohort, membership
from bot.store.session import Tx
from bot.store.stored import rulings_from, rulings_to
from bot.store.tables import attempt, decision, log, review, serving, ticket

LAST, ENOUGH = 20, 3
"""The median wait is that of the last so many tickets; of fewer than ENOUGH nothing is said."""
REST = timedelta(days=14)
"""How long a concept that waits for a mentor's note is left out of due work, at most."""

# --- tickets


def _ticket(r: Row[Any]) -> Ticket:
    return Ticket(
        id=TicketId(r.id),
        member=MemberId(r.member_id),
        kind=TicketKind(r.kind),
        route=Route(r.route),
        problem=ProblemId(r.problem_id),
        points=tuple(r.points),
        opened_at=r.opened_at,
        serving=r.serving_id and ServingId(r.serving_id),
        concept=r.concept and ConceptId(r.concept),
        cohort=r.cohort_id and CohortId(r.cohort_id),
        state=r.state,
        escalated_at=r.escalated_at,
        closed_at=r.closed_at,
        offered_to=r.offered_to and MemberId(r.offered_to),
        offered_at=r.offered_at,
    )


def add(tx: Tx, new: Ticket) -> Ticket:
    """Keeps a new ticket. It opens after every other, also within one instant, so that no place goes backwards."""
    last = tx.execute(select(func.max(ticket.c.opened_at))).scalar()
    if last is not None and last >= new.opened_at:
        new = replace(new, opened_at=last + timedelta(microseconds=1))
    tx.execute(
        insert(ticket).values(
            id=new.id,
            member_id=new.member,
            kind=new.kind,
            route=new.route,
            cohort_id=new.cohort,
            problem_id=new.problem,
            serving_id=new.serving,
            concept=new.concept,
            points=list(new.points),
            state=new.state,
            opened_at=new.opened_at,
        )
    )
    return new


def ticket_of(tx: Tx, id: TicketId, *, lock: bool = False) -> Ticket | None:
    """A ticket; with `lock` nobody else may change it before this transaction ends."""
    found = select(ticket).where(ticket.c.id == id)
    row = tx.execute(found.with_for_update() if lock else found).one_or_none()
    return _ticket(row) if row else None


def change(tx: Tx, id: TicketId, **values: object) -> None:
    """Sets columns of a ticket: route, cohort_id, points, state, escalated_at, closed_at."""
    tx.execute(update(ticket).where(ticket.c.id == id).values(**values))


def _tickets(tx: Tx, *where: ColumnElement[bool]) -> Sequence[Ticket]:
    rows = tx.execute(select(ticket).where(*where).order_by(ticket.c.opened_at, ticket.c.id))
    return [_ticket(r) for r in rows]


def open_tickets(tx: Tx, opened_until: datetime | None = None) -> Sequence[Ticket]:
    """The tickets that wait, oldest first; with an instant those opened until then and not yet escalated."""
    waits = [ticket.c.state == "open"]
    if opened_until is not None:
        waits += [ticket.c.opened_at <= opened_until, ticket.c.escalated_at.is_(None)]
    return _tickets(tx, *waits)


def escalate(tx: Tx, id: TicketId, now: datetime) -> bool:
    """Marks an open ticket as having waited too long; False where it is marked already, or settled."""
    waits = update(ticket).where(ticket.c.id == id, ticket.c.state == "open", ticket.c.escalated_at.is_(None))
    return tx.execute(waits.values(escalated_at=now, offered_to=None)).rowcount == 1


def offered(tx: Tx) -> Sequence[Ticket]:
    """The tickets that wait and are offered to one mentor, oldest first."""
    return _tickets(tx, ticket.c.state == "open", ticket.c.offered_to.is_not(None))


def offer(tx: Tx, known: Ticket, to: MemberId | None, now: datetime) -> bool:
    """Offers an open ticket to a mentor, or to nobody alone; False where somebody else has done so meanwhile."""
    same = (ticket.c.id == known.id) & (ticket.c.state == "open")
    same &= ticket.c.offered_to.is_not_distinct_from(known.offered_to)
    same &= ticket.c.offered_at.is_not_distinct_from(known.offered_at)
    return tx.execute(update(ticket).where(same).values(offered_to=to, offered_at=now)).rowcount == 1


def loads(tx: Tx, mentors: Collection[MemberId], since: datetime) -> Counter[MemberId]:
    """How many open tickets are offered to each of these mentors, and how many they have decided since an instant."""
    offered_to, done = ticket.c.offered_to, decision.c.member_id
    waiting_ = select(offered_to, func.count()).where(offered_to.in_(mentors), ticket.c.state == "open")
    decided = select(done, func.count()).where(done.in_(mentors), decision.c.decided_at >= since)
    found: Counter[MemberId] = Counter()
    for rows in (tx.execute(waiting_.group_by(offered_to)), tx.execute(decided.group_by(done))):
        found.update({MemberId(id): n for id, n in rows})
    return found


def escalated_since(tx: Tx, since: datetime) -> Sequence[Ticket]:
    """The tickets that still wait and were escalated after an instant, oldest first."""
    return _tickets(tx, ticket.c.state == "open", ticket.c.escalated_at > since)


def tickets_on(tx: Tx, on: ServingId) -> Sequence[Ticket]:
    """All tickets about an answer, oldest first."""
    return _tickets(tx, ticket.c.serving_id == on)


def open_for_peers(tx: Tx, problem: ProblemId) -> Sequence[Ticket]:
    """The tickets on a problem that wait for peers, oldest first."""
    return _tickets(tx, ticket.c.state == "open", ticket.c.route == Route.PEERS, ticket.c.problem_id == problem)


def leeches(tx: Tx, of: MemberId) -> Sequence[Ticket]:
    """All leech tickets of a learner, oldest first."""
    return _tickets(tx, ticket.c.member_id == of, ticket.c.kind == TicketKind.LEECH)


def resting(tx: Tx, of: MemberId, now: datetime) -> frozenset[ConceptId]:
    """Concepts that wait for a mentor's note, and are not asked until it comes or REST is over."""
    waiting_ = [t for t in leeches(tx, of) if t.state == "open" and t.opened_at > now - REST]
    return frozenset(t.concept for t in waiting_ if t.concept)


def doubts_since(tx: Tx, of: MemberId, since: datetime) -> int:
    """How many tickets of doubt were opened for a learner since an instant."""
    opened = select(func.count()).where(
        ticket.c.member_id == of, ticket.c.kind == TicketKind.DOUBT, ticket.c.opened_at > since
    )
    return tx.execute(opened).scalar_one()


def waiting(tx: Tx, on: ServingId) -> Waiting | None:
    """What is told to the learner of an answer that people will look at; None where nobody will."""
    found = next((t for t in tickets_on(tx, on) if t.state == "open"), None)
    return place_of(tx, found) if found else None


def place_of(tx: Tx, of: Ticket) -> Waiting:
    """The place of an open ticket among all of its cohort, so that it only falls, also where peers pass one on."""
    same = ticket.c.cohort_id.is_(None) if of.cohort is None else ticket.c.cohort_id == of.cohort
    ahead = select(func.count()).where(same, ticket.c.state == "open", ticket.c.opened_at < of.opened_at)
    settled = (
        select(ticket.c.opened_at, ticket.c.closed_at)
        .where(same, ticket.c.route == of.route, ticket.c.state == "settled")
        .order_by(ticket.c.closed_at.desc())
        .limit(LAST)
    )
    took = [r.closed_at - r.opened_at for r in tx.execute(settled)]
    return Waiting(
        of.id,
        of.kind,
        of.route,
        ahead=tx.execute(ahead).scalar_one(),
        median=median(took) if len(took) >= ENOUGH else None,
    )


def next_turn(tx: Tx, after: timedelta, offer: timedelta) -> datetime | None:
    """When the next open ticket has waited for a length of time, or been with the same mentor for another unread."""
    oldest = select(func.min(ticket.c.opened_at)).where(ticket.c.state == "open", ticket.c.escalated_at.is_(None))
    waited = tx.execute(oldest).scalar()
    held = (
        select(ticket.c.offered_at, func.max(decision.c.claimed_until))
        .join(decision, (decision.c.ticket_id == ticket.c.id) & decision.c.decided_at.is_(None), isouter=True)
        .where(ticket.c.state == "open", ticket.c.offered_to.is_not(None))
        .group_by(ticket.c.id, ticket.c.offered_at)
    )
    turns = [max(at + offer, read_until or at) for at, read_until in tx.execute(held)]
    return min([*turns, *([waited + after] if waited else [])], default=None)


# --- who could be asked


def offices(tx: Tx, of: MemberId) -> frozenset[tuple[str, CohortId | None]]:
    """What somebody is, and in which cohort; without one it holds for the whole installation."""
    rows = tx.execute(
        select(membership.c.role, membership.c.cohort_id)
        .outerjoin(cohort, cohort.c.id == membership.c.cohort_id)
        .where(membership.c.member_id == of, membership.c.left_at.is_(None), cohort.c.archived_at.is_(None))
    )
    return frozenset((r.role, r.cohort_id and CohortId(r.cohort_id)) for r in rows)


def holders(tx: Tx, role: str, of: CohortId | None) -> frozenset[MemberId]:
    """Who is a learner, mentor or organiser of exactly this cohort; without one, of the whole installation."""
    where = membership.c.cohort_id.is_(None) if of is None else membership.c.cohort_id == of
    rows = tx.execute(
        select(membership.c.member_id).where(membership.c.role == role, membership.c.left_at.is_(None), where)
    )
    return frozenset(MemberId(m) for m in rows.scalars())


def mentors_of(tx: Tx, of: CohortId | None) -> frozenset[MemberId]:
    """The mentors who may review in a cohort: its own and those of the installation."""
    return holders(tx, "mentor", of) | holders(tx, "mentor", None)


def organisers_of(tx: Tx, of: CohortId | None) -> frozenset[MemberId]:
    """The organisers of a cohort and those of the installation."""
    return holders(tx, "organiser", of) | holders(tx, "organiser", None)


def route_for(tx: Tx, of: MemberId) -> tuple[Route, CohortId | None] | None:
    """Who could review a learner's answers: a cohort they learn in, or else the mentors of the installation.

    A cohort that wants no reviewers means nobody, where no other cohort of the learner has some.
    """
    learns_in = tx.execute(
        select(cohort.c.id, cohort.c.reviewers)
        .join(membership, membership.c.cohort_id == cohort.c.id)
        .where(
            membership.c.member_id == of,
            membership.c.role == "learner",
            membership.c.left_at.is_(None),
            cohort.c.archived_at.is_(None),
        )
        .order_by(membership.c.joined_at, membership.c.id)
    ).all()
    for r in learns_in:
        id = CohortId(r.id)
        if r.reviewers == "mentors" and holders(tx, "mentor", id) - {of}:
            return Route.MENTORS, id
        if r.reviewers == "peers" and len(holders(tx, "learner", id) - {of}) >= 2:
            return Route.PEERS, id
    if any(r.reviewers == "none" for r in learns_in):
        return None
    return (Route.MENTORS, None) if holders(tx, "mentor", None) - {of} else None


def audience(tx: Tx, of: Ticket) -> frozenset[MemberId]:
    """Who is asked about a ticket: `settlers`, and the peers who have practised the problem; never the learner."""
    peers = holders(tx, "learner", of.cohort) if of.route is Route.PEERS and of.cohort else frozenset()
    practised = frozenset(p for p in peers - {of.member} if has_practised(tx, p, of.problem))
    return settlers(tx, of) | practised


def settlers(tx: Tx, of: Ticket) -> frozenset[MemberId]:
    """Whose word alone settles a ticket: its mentors, and organisers too once it has waited too long."""
    late = of.escalated_at is not None
    mentors = mentors_of(tx, of.cohort) if late or of.route is Route.MENTORS else frozenset()
    return (mentors | organisers_of(tx, of.cohort) if late else mentors) - {of.member}


def is_blind(tx: Tx, of: CohortId | None) -> bool:
    """Whether neither side of a review in the cohort learns the other's name."""
    return bool(tx.execute(select(cohort.c.blind).where(cohort.c.id == of)).scalar())


def has_practised(tx: Tx, member: MemberId, problem: ProblemId) -> bool:
    """Whether somebody has answered the full problem so that it could be judged."""
    found = (
        select(attempt.c.serving_id)
        .join(serving, serving.c.id == attempt.c.serving_id)
        .where(
            attempt.c.member_id == member,
            serving.c.problem_id == problem,
            serving.c.concept.is_(None),
            attempt.c.band != Band.NOT_GRADABLE,
        )
    )
    return tx.execute(found.limit(1)).first() is not None


# --- claims and decisions


def _decision(r: Row[Any]) -> Decision:
    return Decision(
        ticket=TicketId(r.ticket_id),
        reviewer=MemberId(r.member_id),
        claimed_at=r.claimed_at,
        claimed_until=r.claimed_until,
        points=rulings_from(r.points),
        note=r.note,
        decided_at=r.decided_at,
        thanked_at=r.thanked_at,
    )


def decisions(tx: Tx, on: TicketId) -> Sequence[Decision]:
    """Claims on a ticket and what was decided, in the order in which it was decided; claims last."""
    rows = tx.execute(select(decision).where(decision.c.ticket_id == on))
    found = [_decision(r) for r in rows]
    return sorted(found, key=lambda d: (d.decided_at is None, d.decided_at or d.claimed_at, d.reviewer))


def decisions_by(tx: Tx, reviewer: MemberId, since: datetime) -> Sequence[Decision]:
    """What somebody has decided since an instant."""
    rows = tx.execute(select(decision).where(decision.c.member_id == reviewer, decision.c.decided_at >= since))
    return [_decision(r) for r in rows]


def keep(tx: Tx, new: Decision) -> None:
    """Writes a claim or decision, in the place of what the same reviewer had on the ticket."""
    values = {
        "claimed_at": new.claimed_at,
        "claimed_until": new.claimed_until,
        "points": rulings_to(new.points),
        "note": new.note,
        "decided_at": new.decided_at,
        "thanked_at": new.thanked_at,
    }
    key = (decision.c.ticket_id == new.ticket) & (decision.c.member_id == new.reviewer)
    if tx.execute(update(decision).where(key).values(**values)).rowcount == 0:
        tx.execute(insert(decision).values(ticket_id=new.ticket, member_id=new.reviewer, **values))


def release(tx: Tx, on: TicketId, reviewer: MemberId) -> bool:
    """Gives a claim back; False where there was none, or it has become a decision."""
    mine = delete(decision).where(
        decision.c.ticket_id == on, decision.c.member_id == reviewer, decision.c.decided_at.is_(None)
    )
    return tx.execute(mine).rowcount == 1


def deciders(tx: Tx, on: ServingId) -> frozenset[MemberId]:
    """Everybody who has decided something about an answer, on whichever ticket."""
    rows = tx.execute(
        select(decision.c.member_id)
        .join(ticket, ticket.c.id == decision.c.ticket_id)
        .where(ticket.c.serving_id == on, decision.c.decided_at.is_not(None))
    )
    return frozenset(MemberId(m) for m in rows.scalars())


def unplaced_note(tx: Tx, reviewer: MemberId, on: TicketId) -> str:
    """The latest note on a ticket that could not be taken, or ""."""
    rows = tx.execute(
        select(log.c.data)
        .where(log.c.member_id == reviewer, log.c.kind == "unplaced", log.c.serving_id.is_(None))
        .order_by(log.c.id.desc())
    )
    return next((str(r.data["text"]) for r in rows if r.data.get("ticket") == on), "")


def reviewed_events(tx: Tx, of: Ticket) -> Sequence[Event]:
    """What people have decided on a ticket, in the learner's log, oldest first."""
    return [e for e in learning.events_of(tx, of.member, {"reviewed"}) if e.data.get("ticket") == of.id]


def points_of(tx: Tx, on: Serving, *kinds: Literal["appealed", "reviewed"]) -> frozenset[str]:
    """The points of an answer that its learner has appealed, or that people have decided."""
    found: set[str] = set()
    for event in learning.events_of(tx, on.member, kinds):
        if event.serving == on.id:
            decided = event.data.get("points")
            found |= set(decided) if isinstance(decided, dict) else {str(event.data["point"])}
    return frozenset(found)


# --- what a mentor is shown of a concept that keeps being forgotten


def history(tx: Tx, of: MemberId, concept: ConceptId) -> Sequence[tuple[datetime, int, ServingId]]:
    """Every rating (1..4) of a concept, oldest first: when, which, and by which answer."""
    rows = tx.execute(
        select(review.c.at, review.c.rating, review.c.serving_id)
        .where(review.c.member_id == of, review.c.concept == concept)
        .order_by(review.c.at, review.c.serving_id)
    )
    return [(r.at, r.rating, ServingId(r.serving_id)) for r in rows]
