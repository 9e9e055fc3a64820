"""Which tickets somebody may decide now, as the store knows them; the rules are `audience` and `claims`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.model import CohortId, Judge, MemberId, Route, Ticket, TicketKind
from bot.reviews import claims
from bot.reviews.audience import Refusal, Reviewer, judges_as
from bot.store import reviews
from bot.store.session import Tx


@dataclass(frozen=True, slots=True)
class Seen:
    """An open ticket, as one reviewer sees it."""

    ticket: Ticket
    judge: Judge
    free: bool
    """There is room for one more reader: nobody else is at it, or peers are still needed."""
    mine: bool
    """They have claimed it."""
    first: bool
    """It is offered to them."""


def standing(
    tx: Tx, ticket: Ticket, me: MemberId, offices: Collection[tuple[str, CohortId | None]] | None = None
) -> Judge | Refusal:
    """What somebody may decide a ticket as, or why not."""
    return judges_as(
        ticket,
        Reviewer(
            me,
            reviews.offices(tx, me) if offices is None else offices,
            practised=ticket.route is Route.PEERS and reviews.has_practised(tx, me, ticket.problem),
            decided=any(d.reviewer == me and d.decided_at is not None for d in reviews.decisions(tx, ticket.id)),
            decided_before=ticket.kind is TicketKind.APPEAL
            and ticket.serving is not None
            and me in reviews.deciders(tx, ticket.serving),
        ),
    )


def seen_by(tx: Tx, me: MemberId, now: datetime) -> list[Seen]:
    """The open tickets that somebody may decide, those offered to them first, and the oldest before others."""
    held = reviews.offices(tx, me)
    found: list[Seen] = []
    for ticket in reviews.open_tickets(tx) if held else ():
        if isinstance(judges_as(ticket, Reviewer(me, held, practised=True)), Refusal):
            continue  # whatever else is true of them
        judge = standing(tx, ticket, me, held)
        if isinstance(judge, Judge):
            on = reviews.decisions(tx, ticket.id)
            mine = any(d.reviewer == me for d in claims.live(on, now))
            found.append(Seen(ticket, judge, claims.is_free(ticket, judge, on, me, now), mine, ticket.offered_to == me))
    return sorted(found, key=lambda seen: not seen.first)


def waiting_for(tx: Tx, me: MemberId, now: datetime) -> int | None:
    """How many answers somebody could judge now; None for who has none, and is neither mentor nor organiser."""
    free = sum(seen.free or seen.mine for seen in seen_by(tx, me, now))
    judges = any(office != "learner" for office, _ in reviews.offices(tx, me))
    return free if free or judges else None
