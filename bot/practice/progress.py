"""The answer to "how am I doing": what a member holds, what is due, and how they were judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, time, timedelta

from bot import calendar
from bot.context import Context
from bot.door.messages import Message
from bot.model import Attempt, Card, Serving
from bot.pictures.progress import AHEAD, WEEKS, ProgressPicture
from bot.practice import picking
from bot.practice import progress_words as words
from bot.practice.learner import learner_of
from bot.practice.picking import Learner
from bot.practice.words import Next
from bot.store import history

HELD_FROM = 2
"""The lowest last rating (Hard) at which a concept counts as held."""
RECENT = 5


def progress(ctx: Context) -> Message:
    learner = learner_of(ctx)
    today, later = picking.today(learner, ctx.bank, ctx.now)
    on = calendar.local_date(ctx.now, ctx.member.zone)
    recent = history.recent_attempts(ctx.tx, ctx.member.id, RECENT)
    return words.progress(
        ctx.member,
        shown=ProgressPicture(
            topics=_topics(ctx, learner.cards),
            days=_days(ctx, on),
            forecast=(len(today), *_coming(ctx, learner, on)),
            today=on,
            waiting=later,
        ),
        next_=Next(len(today), later, picking.minutes(len(today), None)),
        soonest=picking.soonest(learner, ctx.bank),
        bands=history.bands(ctx.tx, ctx.member.id),
        predictions=history.predictions(ctx.tx, ctx.member.id),
        recent=titled(ctx, recent),
    )


def titled(ctx: Context, attempts: Sequence[Attempt]) -> Sequence[tuple[str, Attempt]]:
    """Answers, each with what it was about."""
    return [(_title(ctx, a.serving), a) for a in attempts]


def _title(ctx: Context, of: Serving) -> str:
    if of.concept:
        return f"Recall: {ctx.bank.concepts.get(of.concept, of.concept)}"
    known = ctx.bank.problems.get(of.problem)
    return known.title if known else of.problem


def _topics(ctx: Context, cards: Sequence[Card]) -> tuple[tuple[str, int, int], ...]:
    """(topic, concepts held, concepts met), by name."""
    met: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for card in cards:
        topic = ctx.bank.topics.get(ctx.bank.topic_of(card.concept), "Other")
        met[topic] += 1
        held[topic] += card.last_rating >= HELD_FROM
    return tuple((t, held[t], met[t]) for t in sorted(met))


def _days(ctx: Context, today: date) -> tuple[int, ...]:
    """Answers on each local day, from a Monday to the Sunday of this week."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    since = calendar.instant(first, time(0), ctx.member.zone)
    answered = history.answered_since(ctx.tx, ctx.member.id, since)
    on = Counter(calendar.local_date(at, ctx.member.zone) for at in answered)
    return tuple(on[first + timedelta(days=n)] for n in range(7 * WEEKS))


def _coming(ctx: Context, learner: Learner, today: date) -> tuple[int, ...]:
    """How many concepts fall due on each local day after today, as far as the picture looks ahead."""
    awake = [c for c in learner.cards if c.concept not in learner.resting and ctx.bank.problems_for(c.concept)]
    due_on = Counter(calendar.local_date(c.due_at, learner.zone) for c in awake)
    return tuple(due_on[today + timedelta(days=n)] for n in range(1, AHEAD))
