"""What practice needs to know of a member at this moment: the one place where cards are read for them."""

from __future__ import annotations

from bot import calendar
from bot.context import Context
from bot.model import Card
from bot.practice import memory, picking
from bot.practice.picking import Learner
from bot.store import history, learning, reviews


def cards_of(ctx: Context) -> tuple[Card, ...]:
    """The member's cards, due by their own dates and in time for their interview."""
    zone, horizon = ctx.member.zone, ctx.member.horizon
    today = calendar.local_date(ctx.now, zone)
    return tuple(memory.as_of(c, zone, horizon, today) for c in learning.cards(ctx.tx, ctx.member.id))


def learner_of(ctx: Context) -> Learner:
    last = learning.latest_serving(ctx.tx, ctx.member.id)
    topic = None
    if last:
        problem = ctx.bank.problems.get(last.problem)
        topic = ctx.bank.topic_of(last.concept) if last.concept else problem.topic if problem else None
    midnight = calendar.start_of_day(ctx.now, ctx.member.zone)
    return Learner(
        role=ctx.member.role,
        zone=ctx.member.zone,
        cards=cards_of(ctx),
        exposures=learning.exposures(ctx.tx, ctx.member.id),
        last_topic=topic,
        resting=reviews.resting(ctx.tx, ctx.member.id, ctx.now),
        recalled_today=history.recalled_since(ctx.tx, ctx.member.id, midnight),
        days_left=_days_left(ctx),
    )


def _days_left(ctx: Context) -> int | None:
    horizon, today = ctx.member.horizon, calendar.local_date(ctx.now, ctx.member.zone)
    return (horizon.interview_on - today).days if horizon and horizon.interview_on >= today else None


def has_backlog(ctx: Context) -> bool:
    """Whether more is overdue than today's share of it."""
    _, later = picking.today(learner_of(ctx), ctx.bank, ctx.now)
    return later > 0
