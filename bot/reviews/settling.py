"""From what reviewers said to what holds: the event in the learner's log, the closed ticket, and the one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.cohorts.booking import book_review
from bot.delivery import outbox
from bot.model import Decision, Event, Judge, Route, Ruling, Ticket
from bot.practice.projection import record
from bot.reviews import peers
from bot.reviews.offers import put_to_people
from bot.store import learning, reviews
from bot.store.session import Tx
from bot.store.stored import rulings_to

SETTLED = "settled"
"""The kind of push that tells a learner what people decided."""


def by_mentor(tx: Tx, ticket: Ticket, done: Decision, now: datetime) -> None:
    """A mentor's word settles a ticket at once."""
    _close(tx, ticket, now)
    _record(tx, ticket, {p: done.points[p] for p in ticket.points}, Judge.MENTOR, [done], now)
    book_review(tx, ticket, [done.reviewer], now)


def by_peers(tx: Tx, ticket: Ticket, now: datetime) -> None:
    """Settles the points on which peers agree; those on which they differ go to a mentor, or to a third peer."""
    decided = [d for d in reviews.decisions(tx, ticket.id) if d.decided_at is not None]
    votes = [d.points for d in decided]
    agreed = peers.settled(ticket.points, votes)
    rest = tuple(p for p in ticket.points if p not in agreed)
    if not rest:
        _close(tx, ticket, now)
    else:
        reviews.change(tx, ticket.id, points=list(rest))
        spoken = {d.reviewer for d in decided} | {ticket.member}
        if peers.disputed(rest, votes) and reviews.mentors_of(tx, ticket.cohort) - spoken:
            reviews.change(tx, ticket.id, route=Route.MENTORS)
            if moved := reviews.ticket_of(tx, ticket.id):
                put_to_people(tx, moved, now)
    if agreed:
        told = reviews.reviewed_events(tx, ticket)
        _record(tx, ticket, agreed, Judge.PEERS, decided[-1:] if told else decided, now)
        book_review(tx, ticket, peers.upheld(agreed, decided), now)


def _close(tx: Tx, ticket: Ticket, now: datetime) -> None:
    reviews.change(tx, ticket.id, state="settled", closed_at=now)


def _record(
    tx: Tx, ticket: Ticket, rulings: Mapping[str, Ruling], by: Judge, done: Sequence[Decision], now: datetime
) -> None:
    before = learning.attempt_of(tx, ticket.serving) if ticket.serving else None
    record(
        tx,
        Event(
            ticket.member,
            "reviewed",
            now,
            ticket.serving,
            {
                "ticket": ticket.id,
                "by": by,
                "reviewers": [d.reviewer for d in done],
                "points": rulings_to(rulings),
                "note": "\n\n".join(d.note for d in done if d.note),
            },
        ),
    )
    bands = [before.outcome.lowest, before.outcome.highest] if before and before.outcome else []
    n = len(reviews.reviewed_events(tx, ticket))
    data: dict[str, object] = {"ticket": ticket.id, "n": n, "before": bands}
    outbox.put(tx, key=f"{SETTLED}:{ticket.id}:{n}", kind=SETTLED, member=ticket.member, now=now, data=data)
