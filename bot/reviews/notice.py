"""Who is told that an answer waits, and when: each reviewer at most once a day, on their days and at their own hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import calendar
from bot.delivery import outbox
from bot.members.planning import is_away
from bot.model import MemberId, Ticket
from bot.store import members, office_roles, reviews
from bot.store.session import Tx

WORK = "mentor_work"
"""The kind of push that says: answers wait for you."""


def tell_reviewers(tx: Tx, tickets: Iterable[Ticket], now: datetime, only: MemberId | None = None) -> None:
    """Plans one message a day for everybody who may decide one of the tickets, or for `only` one of them.

    Of a ticket that is offered to a mentor only they are told. None for anybody who is away, nor, with reminders off,
    for a peer or who is in office by a role alone: they were not asked.
    """
    in_office: set[MemberId] = set()
    asked: set[MemberId] = set()
    for ticket in tickets:
        in_office |= reviews.settlers(tx, ticket)
        asked |= {ticket.offered_to} if ticket.offered_to else reviews.audience(tx, ticket)
    in_office = set(office_roles.in_own_right(tx, in_office))
    for id in sorted(asked if only is None else asked & {only}):
        member = members.of_id(tx, id)
        if member is None or is_away(member, now) or not (member.reminders or id in in_office):
            continue
        day, at = calendar.next_after(now, member.remind_at, member.zone, member.weekdays)
        outbox.put(tx, key=f"{WORK}:{id}:{day}", kind=WORK, member=id, now=now, not_before=at)
