"""The answer to "what is there for me today": it puts together what is known, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.context import Context
from bot.door.messages import Message
from bot.members.planning import is_away
from bot.model import Attempt, Serving
from bot.practice import picking
from bot.practice import today_words as words
from bot.practice.learner import learner_of
from bot.practice.progress import titled
from bot.practice.projection import question_of
from bot.practice.today_words import Around, Day, Open
from bot.practice.words import Next
from bot.store import history, learning

RECENT = 3


def today(ctx: Context, around: Around) -> Message:
    """`around`: what is known outside practice; a question of a cohort that is open anyway is told once."""
    learner = learner_of(ctx)
    cards, later = picking.today(learner, ctx.bank, ctx.now)
    serving = learning.open_serving(ctx.tx, ctx.member.id, ctx.now)
    day = Day(
        has_begun=bool(learner.exposures),
        open=_open(ctx, serving) if serving else None,
        next_=Next(len(cards), later, picking.minutes(len(cards), None)),
        soonest=picking.soonest(learner, ctx.bank),
        days_left=learner.days_left,
        recent=_recent(ctx),
    )
    asked = [one for one in around.asked if serving is None or one.prompt != serving.prompt]
    shown = Around(asked, around.points, around.to_read)
    return words.today(ctx.member, day, shown, away=is_away(ctx.member, ctx.now))


def _open(ctx: Context, serving: Serving) -> Open:
    problem = question_of(ctx.tx, serving).problem
    if serving.concept:
        topic = ctx.bank.topic_of(serving.concept)  # the concept's name may be half of the answer
        return Open(serving.id, f"Recall: {ctx.bank.topics.get(topic, topic)}")
    return Open(serving.id, problem.title, serving.hints + 1, len(problem.hints) - serving.hints)


def _recent(ctx: Context) -> Sequence[tuple[str, Attempt]]:
    return titled(ctx, history.recent_attempts(ctx.tx, ctx.member.id, RECENT))
