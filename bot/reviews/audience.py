"""Who may see and decide a ticket, and as what. Pure; checked on every use, not only where tickets are listed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.model import CohortId, Judge, MemberId, Route, Ticket, TicketKind


class Refusal(StrEnum):
    """Why somebody may not decide."""

    OWN = "own"
    FOREIGN = "foreign"
    NOT_PRACTISED = "not_practised"
    DECIDED = "decided"
    """They have had their say on this ticket."""
    DECIDED_BEFORE = "decided_before"
    """An appeal against what they had a part in."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What counts of a person who wants to decide a ticket."""

    id: MemberId
    offices: Collection[tuple[str, CohortId | None]]
    """learner, mentor or organiser, and of which cohort; None is the whole installation."""
    practised: bool = False
    """They have answered the same problem themselves."""
    decided: bool = False
    decided_before: bool = False
    """They have decided something about the same answer, on this ticket or another; only looked up for an appeal."""


def judges_as(ticket: Ticket, who: Reviewer) -> Judge | Refusal:
    """MENTOR or PEERS, or why not. Organisers come in, as mentors do, once a ticket has waited too long."""
    if who.id == ticket.member:
        return Refusal.OWN
    late = ticket.escalated_at is not None
    settles = (_holds(who, "mentor", ticket) and (ticket.route is Route.MENTORS or late)) or (
        late and _holds(who, "organiser", ticket)
    )
    peer = ticket.route is Route.PEERS and ticket.cohort is not None and ("learner", ticket.cohort) in who.offices
    if not settles and not peer:
        return Refusal.FOREIGN
    if who.decided:
        return Refusal.DECIDED
    if ticket.kind is TicketKind.APPEAL and who.decided_before:
        return Refusal.DECIDED_BEFORE
    if settles:
        return Judge.MENTOR
    return Judge.PEERS if who.practised else Refusal.NOT_PRACTISED


def _holds(who: Reviewer, office: str, ticket: Ticket) -> bool:
    return (office, None) in who.offices or (office, ticket.cohort) in who.offices
