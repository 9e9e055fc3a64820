"""What a push about practice says at the moment it is sent, or why it is not."""

from __future__ import annotations

from bot import calendar
from bot.context import Context
from bot.delivery.outbox import Later, Skip
from bot.door.messages import Message
from bot.members.replies import is_away
from bot.model import Band, ServingId
from bot.practice import picking, words
from bot.practice.picking import due as due_cards
from bot.practice.projection import question_of
from bot.practice.replies import learner_of, verdict
from bot.store import learning


def due(ctx: Context) -> Message | Skip | Later:
    """The daily reminder, asked again at the moment of sending."""
    if not ctx.member.reminders:
        return Skip("reminders are off")
    if is_away(ctx.member, ctx.now):
        return Skip("reminders are paused")
    waiting = due_cards(learner_of(ctx), ctx.bank, ctx.now)
    if not waiting:
        return Skip("nothing was due")
    midnight = calendar.start_of_day(ctx.now, ctx.member.zone)
    if learning.answered_since(ctx.tx, ctx.member.id, midnight):
        return Skip("you had practised already that day")
    return words.reminder(waiting, ctx.bank.concepts, picking.minutes(len(waiting), None), ctx.now, ctx.member.zone)


def late_verdict(ctx: Context, serving: ServingId) -> Message | Skip:
    attempt = learning.attempt_of(ctx.tx, serving)
    if attempt is None or attempt.outcome is None:
        return Skip("the answer is no longer there")
    problem = ctx.bank.problems.get(attempt.serving.problem)
    return words.late_verdict(verdict(ctx, serving), problem.title if problem else attempt.serving.problem)


def regraded(ctx: Context, serving: ServingId, before: str) -> Message | Skip:
    """A verdict that a corrected rubric changed; `before` is the band that was told, if it was settled."""
    attempt = learning.attempt_of(ctx.tx, serving)
    if attempt is None or attempt.outcome is None:
        return Skip("the answer is no longer there")
    title = question_of(ctx.tx, attempt.serving).problem.title
    return words.regraded(verdict(ctx, serving), title, Band(before) if before else None)
