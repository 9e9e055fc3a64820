"""The answer to "how am I doing": what a member holds, what is due, and how they were judged."""

from __future__ import annotations

from collections import Counter

from bot.context import Context
from bot.door.messages import Message
from bot.practice import picking
from bot.practice import progress_words as words
from bot.practice.learner import learner_of
from bot.practice.words import Next
from bot.store import history

HELD_FROM = 2
"""The lowest last rating (Hard) at which a concept counts as held."""
RECENT = 5


def progress(ctx: Context) -> Message:
    learner = learner_of(ctx)
    met: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for card in learner.cards:
        topic = ctx.bank.topics.get(ctx.bank.topic_of(card.concept), "Other")
        met[topic] += 1
        held[topic] += card.last_rating >= HELD_FROM
    today, later = picking.today(learner, ctx.bank, ctx.now)
    recent = history.recent_attempts(ctx.tx, ctx.member.id, RECENT)
    titles = {p.id: p.title for p in ctx.bank.problems.values()} | {
        c: f"Recall: {name}" for c, name in ctx.bank.concepts.items()
    }
    return words.progress(
        ctx.member,
        held=[(t, held[t], met[t]) for t in sorted(met)],
        next_=Next(len(today), later, picking.minutes(len(today), None)),
        soonest=picking.soonest(learner, ctx.bank),
        bands=history.bands(ctx.tx, ctx.member.id),
        predictions=history.predictions(ctx.tx, ctx.member.id),
        recent=[(titles.get(a.serving.concept or a.serving.problem, a.serving.problem), a) for a in recent],
    )
