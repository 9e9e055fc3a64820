"""What the summary of a member's week says at the moment it is sent, or why it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta

from bot import calendar
from bot.context import Context
from bot.delivery.outbox import Skip
from bot.door.messages import Message
from bot.model import Attempt, Band, Card, ConceptId
from bot.practice import picking, weekly_words
from bot.practice.learner import learner_of
from bot.practice.progress import HELD_FROM
from bot.practice.reminders import unwanted
from bot.practice.weekly_words import Week
from bot.practice.words import Next
from bot.store import history, learning

DAYS = 7


def summary(ctx: Context, until: date) -> Message | Skip:
    """The seven local days up to a date, for which it was planned, and what the seven after today will bring."""
    if why := unwanted(ctx):
        return Skip(why)
    if not ctx.member.summary:
        return Skip("you wanted no weekly summary")
    zone, today = ctx.member.zone, calendar.local_date(ctx.now, ctx.member.zone)
    since = calendar.instant(until - timedelta(days=DAYS - 1), time(0), zone)
    attempts = learning.attempts_since(ctx.tx, ctx.member.id, since)
    learner = learner_of(ctx)
    cards, later = picking.today(learner, ctx.bank, ctx.now)
    coming = _coming(ctx, learner.cards, today)
    if not attempts and not cards and not coming:
        return Skip("nothing happened that week, and nothing is due in the next")
    before = history.ratings_until(ctx.tx, ctx.member.id, since)
    after = {c.concept: c.last_rating for c in learner.cards}
    settled = [a for a in attempts if a.outcome and not a.outcome.provisional and a.serving.concept is None]
    week = Week(
        answers=len(attempts),
        days=len({calendar.local_date(a.answered_at, zone) for a in attempts}),
        bands=Counter(a.outcome.band for a in settled if a.outcome),
        foreseen=_foreseen(settled),
        held=_names(ctx, [c for c, r in after.items() if r >= HELD_FROM > before.get(c, 0)]),
        lost=_names(ctx, [c for c, r in before.items() if r >= HELD_FROM > after.get(c, HELD_FROM)]),
        due=Next(len(cards), later, picking.minutes(len(cards), None)),
        coming=coming,
    )
    return weekly_words.summary(week, ctx.member, today)


def _coming(ctx: Context, cards: Sequence[Card], today: date) -> dict[date, int]:
    """How many concepts fall due on each of the next local days; days without any are left out."""
    askable = [c for c in cards if ctx.bank.problems_for(c.concept)]
    due_on = Counter(calendar.local_date(c.due_at, ctx.member.zone) for c in askable)
    days = [today + timedelta(days=n) for n in range(1, DAYS + 1)]
    return {day: due_on[day] for day in days if due_on[day]}


def _foreseen(settled: Sequence[Attempt]) -> tuple[int, int]:
    """How many bands were foreseen, of how many that were predicted."""
    said = [(a.predicted, a.outcome.band) for a in settled if a.predicted and a.outcome]
    judged = [(expected, band) for expected, band in said if band is not Band.NOT_GRADABLE]
    return sum(expected is band for expected, band in judged), len(judged)


def _names(ctx: Context, concepts: Sequence[ConceptId]) -> tuple[str, ...]:
    return tuple(sorted(ctx.bank.concepts.get(c, c) for c in concepts))
