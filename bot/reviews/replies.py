"""Answers to a learner's wishes about reviews: appeal, ask, take back, thank, lend."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Context
from bot.door.intents import Appeal, AskReview, Compare, KeepPrivate, Lend, Thank
from bot.door.messages import LIMITS, Message
from bot.errors import RolecallError
from bot.grading import rubric
from bot.grading import words as grading_words
from bot.grading.question import Question
from bot.grading.text import sentences
from bot.model import FLAGS, Assessment, Attempt, Band, ServingId, Ticket, TicketId, TicketKind
from bot.practice import replies as practice
from bot.practice.projection import question_of, record
from bot.reviews import lending, opening, points, ruling, words
from bot.store import learning, reviews


def appeal(ctx: Context, wish: Appeal) -> Message:
    """Shows what can be appealed, asks which sentence says it, or appeals."""
    attempt, assessment, asked = _own(ctx, wish.serving)
    serving = attempt.serving
    if attempt.outcome is None or attempt.outcome.band is Band.NOT_GRADABLE:
        raise RolecallError(words.NOT_JUDGED)
    decided = reviews.points_of(ctx.tx, serving, "reviewed")
    already = reviews.points_of(ctx.tx, serving, "appealed")
    open_ = [p for p in _objectionable(ctx, asked, assessment) if p not in decided | already]
    if not wish.point:
        if not open_:
            raise RolecallError(words.NOTHING_TO_APPEAL)
        reviewed = reviews.route_for(ctx.tx, ctx.member.id) is not None
        return words.objections(asked, serving.id, open_, reviewed=reviewed)
    if wish.point in decided:
        raise RolecallError(words.FINAL)
    if wish.point in already:
        return words.appealed_already(reviews.waiting(ctx.tx, serving.id))
    if wish.point not in open_:
        raise RolecallError(words.NOTHING_TO_APPEAL)
    start: int | None = None
    end: int | None = None
    if criterion := ruling.criterion_of(asked, wish.point):
        found = sentences(attempt.text)
        if not wish.sentence and len(found) > 1:
            offered = sorted(ruling.likeliest(criterion, found)[: LIMITS.BUTTONS])
            return words.which_sentence(asked, serving.id, wish.point, [(n, found[n]) for n in offered])
        chosen = wish.sentence or "0"
        if not chosen.isdecimal() or int(chosen) >= len(found):
            raise RolecallError(words.NO_SENTENCE)
        start, end = found[int(chosen)].start, found[int(chosen)].end
    return _appeal(ctx, attempt, wish.point, start, end)


def _appeal(ctx: Context, attempt: Attempt, point: str, start: int | None, end: int | None) -> Message:
    id = attempt.serving.id
    ticket = opening.appeal(ctx.tx, attempt, point, ctx.now, ctx.new_id)
    if ticket is None and point == FLAGS:
        raise RolecallError(words.NOBODY_LEFT)
    waits = ticket.id if ticket else None
    record(ctx.tx, ctx.event("appealed", id, point=point, start=start, end=end, ticket=waits))
    return words.appealed(reviews.place_of(ctx.tx, ticket), point) if ticket else words.appealed_alone(id)


def _objectionable(ctx: Context, asked: Question, assessment: Assessment) -> tuple[str, ...]:
    """What the grading offers, and what a guard noticed where somebody could look at it."""
    doubted = rubric.withheld(asked, assessment) and reviews.route_for(ctx.tx, ctx.member.id) is not None
    return (*grading_words.objectionable(asked, assessment), *((FLAGS,) if doubted else ()))


def _own(ctx: Context, id: ServingId) -> tuple[Attempt, Assessment, Question]:
    """A judged answer of the member's own. Raises RolecallError for any other."""
    attempt = learning.attempt_of(ctx.tx, id) if id else None
    if attempt is None:
        raise RolecallError(words.GONE)
    if attempt.serving.member != ctx.member.id:
        raise RolecallError(words.FOREIGN)
    if attempt.assessment is None:
        raise RolecallError(words.UNREAD)
    return attempt, attempt.assessment, question_of(ctx.tx, attempt.serving)


def ask(ctx: Context, wish: AskReview) -> Message:
    """Puts what is open in an answer to people, because the learner asked."""
    attempt, assessment, asked = _own(ctx, wish.serving)
    waiting = reviews.waiting(ctx.tx, attempt.serving.id)
    if waiting is None:
        opening.ask(ctx.tx, attempt, asked, ctx.now, ctx.new_id)
        waiting = reviews.waiting(ctx.tx, attempt.serving.id)
    if waiting is None:
        raise RolecallError(words.NOBODY_TO_ASK if points.all_open(asked, assessment) else words.NOTHING_OPEN)
    return words.in_the_queue(waiting)


def keep_private(ctx: Context, wish: KeepPrivate) -> Message:
    """Takes an answer or a concept out of the queue; the learner's own comparison follows."""
    ticket = _ticket(ctx, wish.ticket)
    if ticket.state != "open":
        raise RolecallError(words.NOT_WAITING)
    if ticket.kind is TicketKind.APPEAL:
        raise RolecallError(words.APPEAL_STAYS)
    reviews.change(ctx.tx, ticket.id, state="withdrawn", closed_at=ctx.now)
    record(ctx.tx, ctx.event("withdrawn", ticket.serving, ticket=ticket.id))
    if ticket.serving is None:
        return words.leech_withdrawn()
    return words.withdrawn(practice.compare(ctx, Compare(ticket.serving)))


def _ticket(ctx: Context, id: TicketId) -> Ticket:
    ticket = reviews.ticket_of(ctx.tx, id, lock=True)
    if ticket is None:
        raise RolecallError(words.GONE)
    if ticket.member != ctx.member.id:
        raise RolecallError(words.FOREIGN)
    return ticket


def thank(ctx: Context, wish: Thank) -> Message:
    """Thanks everybody who decided on a ticket, once."""
    ticket = _ticket(ctx, wish.ticket)
    decided = [d for d in reviews.decisions(ctx.tx, ticket.id) if d.decided_at is not None]
    if not decided:
        raise RolecallError(words.NOBODY_TO_THANK)
    for one in decided:
        if one.thanked_at is None:
            reviews.keep(ctx.tx, replace(one, thanked_at=ctx.now))
    return words.thanked()


def lend(ctx: Context, wish: Lend) -> Message:
    """Lends an answer to the grader as an example; a second time changes nothing."""
    attempt, _, _ = _own(ctx, wish.serving)
    if not lending.may_be_lent(attempt):
        raise RolecallError(words.NOT_LENDABLE)
    if not any(e.serving == wish.serving for e in learning.events_of(ctx.tx, ctx.member.id, {"lent"})):
        record(ctx.tx, ctx.event("lent", wish.serving))
    return words.lent()
