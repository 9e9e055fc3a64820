"""Which mentor hears of an answer first, so that work is spread, and when it is the next one's turn.

Anybody who may decide it may take it all the while; peers are never asked one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import calendar
from bot.members.planning import is_away
from bot.model import Judge, MemberId, Route, Ticket
from bot.reviews import claims
from bot.reviews.notice import tell_reviewers
from bot.reviews.queue import standing
from bot.store import members, reviews
from bot.store.session import Tx

OFFER = timedelta(hours=24)
"""How long one mentor is told alone."""
LATELY = timedelta(days=7)
"""What was decided within it counts as load."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mentor who is here and may decide."""

    id: MemberId
    hears_at: datetime
    """Their next hour on one of their days."""
    load: int
    """Open answers that are offered to them, and what they have decided LATELY."""


def first(candidates: Sequence[Candidate], now: datetime) -> MemberId | None:
    """The least loaded of those who hear of it within OFFER; where nobody does, who hears first. Ties go by id."""
    if soon := [c for c in candidates if c.hears_at < now + OFFER]:
        return min(soon, key=lambda c: (c.load, c.id)).id
    return min(candidates, key=lambda c: (c.hears_at, c.load, c.id)).id if candidates else None


def put_to_people(tx: Tx, ticket: Ticket, now: datetime) -> Ticket:
    """Offers an answer to one of several mentors, who does not have it now; where nobody could, tells all it concerns.

    Returns the ticket as it is then.
    """
    mentors = reviews.settlers(tx, ticket) if ticket.route is Route.MENTORS else frozenset()
    others = mentors - {ticket.offered_to}
    to = first(_candidates(tx, ticket, others, now), now) if len(mentors) > 1 else None
    if to is None and ticket.offered_to is None:
        tell_reviewers(tx, [ticket], now)
    elif reviews.offer(tx, ticket, to, now):
        ticket = replace(ticket, offered_to=to, offered_at=now)
        tell_reviewers(tx, [ticket], now)
    return ticket


def pass_on(tx: Tx, now: datetime) -> None:
    """Offers to the next mentor what one has had for OFFER, or who had it is away or may decide it no more.

    What somebody is reading stays. Where no other mentor is here all are told.
    """
    for ticket in reviews.offered(tx):
        if claims.live(reviews.decisions(tx, ticket.id), now):
            continue
        if now >= (ticket.offered_at or now) + OFFER or not _candidates(tx, ticket, {ticket.offered_to}, now):
            put_to_people(tx, ticket, now)


def stranded(tx: Tx, now: datetime) -> int:
    """How many answers wait for mentors of whom none is here."""
    waits = [t for t in reviews.open_tickets(tx) if t.route is Route.MENTORS or t.escalated_at]
    return sum(not _candidates(tx, ticket, reviews.settlers(tx, ticket), now) for ticket in waits)


def _candidates(tx: Tx, ticket: Ticket, ids: Iterable[MemberId | None], now: datetime) -> list[Candidate]:
    here = [m for id in ids if id and (m := members.of_id(tx, id)) and not is_away(m, now)]
    able = [m for m in here if standing(tx, ticket, m.id) is Judge.MENTOR]
    loads = reviews.loads(tx, [m.id for m in able], now - LATELY)
    return [
        Candidate(m.id, calendar.next_after(now, m.remind_at, m.zone, m.weekdays)[1], loads.get(m.id, 0)) for m in able
    ]
