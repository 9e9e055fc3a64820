"""Who is reading an answer now, and whether there is room for one more. Pure.

A claim that lapses leaves the ticket at its old place: the queue is ordered by when a ticket was opened, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Decision, Judge, MemberId, Ticket
from bot.reviews import peers

LENGTH = timedelta(minutes=30)


def is_free(ticket: Ticket, judge: Judge, decisions: Sequence[Decision], me: MemberId, now: datetime) -> bool:
    """Whether somebody may take a ticket: one mentor at a time, or as many peers as are still needed."""
    others = sum(d.reviewer != me for d in live(decisions, now))
    if judge is Judge.MENTOR:
        return others == 0
    votes = [d.points for d in decisions if d.decided_at is not None]
    return others < peers.needed(ticket.points, votes)


def live(decisions: Iterable[Decision], now: datetime) -> list[Decision]:
    """The claims that hold at an instant."""
    return [d for d in decisions if d.decided_at is None and d.claimed_until > now]


def claim(ticket: Ticket, mine: Decision | None, me: MemberId, now: datetime) -> Decision:
    """A claim from now on. What its holder has decided so far stays."""
    return replace(mine or Decision(ticket.id, me, now, now), claimed_until=now + LENGTH)
