"""What a push about practice says at the moment it is sent, or why it is not."""

from __future__ import annotations

from datetime import timedelta

from bot import calendar
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.members.planning import REMINDER, is_away
from bot.model import Band, Level, Origin, ServingId
from bot.practice import picking, reminder_words
from bot.practice.learner import learner_of
from bot.practice.projection import question_of
from bot.practice.replies import verdict
from bot.practice.words import Next
from bot.store import delivery, learning

LIGHT_DAYS = 3
"""On the light level a reminder comes at most once in so many local days."""
PATIENCE = 3
"""Reminders without any sign of life after which the next is a question, and then there is silence."""
SEEN_WITHIN = timedelta(minutes=5)
"""`Member.seen_at` is as exact as this."""


def due(ctx: Context, *, snoozed: bool = False) -> Message | Skip:
    """The daily reminder. One that the member moved themselves comes as they were told: if something is due then."""
    member, today = ctx.member, calendar.local_date(ctx.now, ctx.member.zone)
    if why := unwanted(ctx):
        return Skip(why)
    if not snoozed and today.weekday() not in member.weekdays:
        return Skip("it was not one of your days")
    if not snoozed and member.level is Level.LIGHT and _reminded_within(ctx, LIGHT_DAYS):
        return Skip("you wished for one every third day at most")
    if not snoozed and learning.answered_since(ctx.tx, member.id, calendar.start_of_day(ctx.now, member.zone)):
        return Skip("you had practised already that day")
    said = _wording(ctx)
    if isinstance(said, Message) and (missed := _unanswered(ctx)) >= PATIENCE:
        return reminder_words.shall_i_go_on(missed, member)
    return said


def unwanted(ctx: Context) -> str | None:
    """Why a member wants no scheduled push at all now."""
    if not ctx.member.reminders:
        return "your reminders were off"
    if is_away(ctx.member, ctx.now):
        return "your reminders were paused"
    if _unanswered(ctx) > PATIENCE:
        return "I had asked whether to go on, and had no word from you"
    return None


def _unanswered(ctx: Context) -> int:
    """How many reminders were sent since the member was last seen."""
    seen = ctx.member.seen_at
    return len(delivery.sent_since(ctx.tx, ctx.member.id, REMINDER, seen + SEEN_WITHIN)) if seen else 0


def _reminded_within(ctx: Context, days: int) -> bool:
    """Whether a reminder was sent on one of the last local days, of which today is one."""
    since = calendar.start_of_day(ctx.now, ctx.member.zone, days_later=1 - days)
    return bool(delivery.sent_since(ctx.tx, ctx.member.id, REMINDER, since))


def _wording(ctx: Context) -> Message | Skip:
    learner = learner_of(ctx)
    cards, later = picking.today(learner, ctx.bank, ctx.now)
    if cards:
        next_ = Next(len(cards), later, picking.minutes(len(cards), None))
        return reminder_words.reminder(cards, next_, ctx.bank.concepts, ctx.member, ctx.now)
    if ctx.member.level is Level.ACTIVE:
        if waits := learning.open_serving(ctx.tx, ctx.member.id, ctx.now):
            return reminder_words.still_open(question_of(ctx.tx, waits).problem)
        new = picking.pick(learner, ctx.bank, ctx.now)
        return reminder_words.something_new(new.problem) if new and new.origin is Origin.NEW else Skip(NOTHING_NEW)
    return Skip("nothing was due")


NOTHING_NEW = "nothing was due, and you have met every problem for your role"


def late_verdict(ctx: Context, serving: ServingId) -> Message | Skip:
    attempt = learning.attempt_of(ctx.tx, serving)
    if attempt is None or attempt.outcome is None:
        return Skip("the answer is no longer there")
    problem = ctx.bank.problems.get(attempt.serving.problem)
    return reminder_words.late_verdict(verdict(ctx, serving), problem.title if problem else attempt.serving.problem)


def regraded(ctx: Context, serving: ServingId, before: str) -> Message | Skip:
    """A verdict that a corrected rubric changed; `before` is the band that was told, if it was settled."""
    attempt = learning.attempt_of(ctx.tx, serving)
    if attempt is None or attempt.outcome is None:
        return Skip("the answer is no longer there")
    title = question_of(ctx.tx, attempt.serving).problem.title
    return reminder_words.regraded(verdict(ctx, serving), title, Band(before) if before else None)
