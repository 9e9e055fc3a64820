"""What happens while an answer waits: after a day another mentor is asked, after two organisers may decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.delivery import outbox
from bot.model import TicketKind
from bot.reviews.notice import tell_reviewers
from bot.reviews.offers import OFFER, pass_on
from bot.store import reviews
from bot.store.session import Store, Tx

AFTER = timedelta(hours=48)
REMINDED_FOR = timedelta(days=7)
"""How long those who may decide an escalated ticket hear of it each day."""
ESCALATED = "escalated"
"""The kind of push that says to a learner: it takes longer."""


def escalate(store: Store, now: datetime) -> int:
    """Marks the tickets that have waited for AFTER and tells those concerned, and passes others on; returns how many.

    Those who may decide are told again each day while one waits. Any number of workers may do this at once: of two
    that see the same ticket one marks it, and a second message for the same day is not put.
    """
    marked = 0
    with store.begin() as tx:
        for ticket in reviews.open_tickets(tx, opened_until=now - AFTER):
            if reviews.escalate(tx, ticket.id, now):
                marked += 1
                if ticket.kind is not TicketKind.LEECH:
                    key = f"{ESCALATED}:{ticket.id}:{ticket.member}"
                    outbox.put(tx, key=key, kind=ESCALATED, member=ticket.member, now=now, data={"ticket": ticket.id})
        tell_reviewers(tx, reviews.escalated_since(tx, now - REMINDED_FOR), now)
        pass_on(tx, now)
    return marked


def next_turn(tx: Tx) -> datetime | None:
    """When `escalate` has something to do next, as far as that is known."""
    return reviews.next_turn(tx, AFTER, OFFER)
