"""What a push about reviews says at the moment it is sent, or why it is not."""

from __future__ import annotations

from collections.abc import Mapping

from bot.anonymous import without_names
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.members.planning import is_away
from bot.model import Band, Judge, ServingId, Ticket, TicketId
from bot.practice.replies import verdict
from bot.reviews import mentor_words, words
from bot.reviews.escalation import ESCALATED
from bot.reviews.judging import NOTE, title_of
from bot.reviews.leech import LEECH
from bot.reviews.notice import WORK
from bot.reviews.queue import seen_by
from bot.reviews.settling import SETTLED
from bot.store import learning, members, reviews

KINDS = frozenset({WORK, SETTLED, NOTE, ESCALATED, LEECH})


def push(ctx: Context, kind: str, data: Mapping[str, object]) -> Message | Skip:
    """The message of a row of one of KINDS, for the member it goes to."""
    if kind == WORK:
        return _work(ctx)
    if kind == NOTE:
        return _note(ctx, data)
    ticket = reviews.ticket_of(ctx.tx, TicketId(str(data["ticket"])))
    if ticket is None:
        return Skip("the answer is no longer there")
    if kind == SETTLED:
        return _settled(ctx, ticket, data)
    if ticket.state != "open":
        return Skip("it was settled meanwhile")
    if kind == LEECH:
        return words.leech_opened(_concept(ctx, ticket), int(str(data["lapses"])), ticket.id)
    return words.takes_longer(reviews.place_of(ctx.tx, ticket), title_of(ctx, ticket))


def _work(ctx: Context) -> Message | Skip:
    if is_away(ctx.member, ctx.now):
        return Skip("you are away")
    free = [s for s in seen_by(ctx.tx, ctx.member.id, ctx.now) if s.free and (s.first or not s.ticket.offered_to)]
    late = sum(s.ticket.escalated_at is not None for s in free)
    return mentor_words.work(len(free), late) if free else Skip("nothing waited any more")


def _note(ctx: Context, data: Mapping[str, object]) -> Message | Skip:
    attempt = learning.attempt_of(ctx.tx, ServingId(str(data["serving"])))
    if attempt is None:
        return Skip("the answer is no longer there")
    problem = ctx.bank.problems.get(attempt.serving.problem)
    title = problem.title if problem else attempt.serving.problem
    return words.shared_note(title, str(data["note"]), str(data["name"]), attempt.serving.id)


def _settled(ctx: Context, ticket: Ticket, data: Mapping[str, object]) -> Message | Skip:
    number, before = data["n"], data["before"]
    events = reviews.reviewed_events(ctx.tx, ticket)
    if not isinstance(number, int) or not isinstance(before, list) or number > len(events):
        return Skip("the decision is no longer there")
    decided = events[number - 1].data
    names = _names(ctx, decided)
    hidden = decided["by"] != Judge.MENTOR or reviews.is_blind(ctx.tx, ticket.cohort)
    name = "" if hidden else next(iter(names), "")
    said = without_names(str(decided["note"]), names) if hidden else str(decided["note"])
    if ticket.concept:
        topic = ctx.bank.topic_of(ticket.concept)
        return words.leech_settled(_concept(ctx, ticket), topic, said, name, ticket.id)
    attempt = learning.attempt_of(ctx.tx, ticket.serving) if ticket.serving else None
    if attempt is None:
        return Skip("the answer is no longer there")
    return words.settled(
        verdict(ctx, attempt.serving.id),
        title_of(ctx, ticket),
        ticket=ticket.id,
        attempt=attempt,
        before=[Band(b) for b in before],
        by=Judge(str(decided["by"])),
        name=name,
        said=said,
    )


def _names(ctx: Context, decided: Mapping[str, object]) -> list[str]:
    """The names of those who decided, as far as they are still here."""
    who = decided["reviewers"]
    found = [members.of_id(ctx.tx, id) for id in who] if isinstance(who, list) else []
    return [reviewer.name for reviewer in found if reviewer]


def _concept(ctx: Context, ticket: Ticket) -> str:
    return ctx.bank.concepts.get(ticket.concept, ticket.concept) if ticket.concept else ""
