"""What happens when an answer waits too long: organisers may decide it too, and all whom it concerns hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery import outbox
from bot.model import TicketKind
from bot.reviews.notice import tell_reviewers
from bot.store import reviews
from bot.store.session import Store

AFTER = timedelta(hours=48)
ESCALATED = "escalated"
"""The kind of push that says to a learner: it takes longer."""


def escalate(store: Store, now: datetime) -> int:
    """Marks the tickets that have waited for AFTER and tells those concerned; returns how many."""
    with store.begin() as tx:
        late = reviews.open_tickets(tx, opened_until=now - AFTER)
        for ticket in late:
            reviews.change(tx, ticket.id, escalated_at=now)
            tell_reviewers(tx, replace(ticket, escalated_at=now), now)
            if ticket.kind is not TicketKind.LEECH:
                key = f"{ESCALATED}:{ticket.id}:{ticket.member}"
                outbox.put(tx, key=key, kind=ESCALATED, member=ticket.member, now=now, data={"ticket": ticket.id})
    return len(late)
