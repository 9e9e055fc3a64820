"""What comes by itself about practice: the daily reminder, the question whether to go on, verdicts that are late.

Takes values, gives messages; looks nothing up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.calendar import local_date
from bot.catalogue.problem import Problem
from bot.door.intents import Pause, Practice, Reminders, Review, SaveReminders, Snooze
from bot.door.messages import LIMITS, Block, Bullets, Button, Message, bold, clip, count, note, paragraph, spans
from bot.model import Band, Card, ConceptId, Horizon, Level, Member
from bot.practice.words import Next, are_due, take_all

SHOWN = 3
"""So many concepts are named in a reminder."""


def reminder(
    due: Sequence[Card], next_: Next, names: Mapping[ConceptId, str], member: Member, now: datetime
) -> Message:
    """The one message a day that says what is due today, and why now; most urgent first."""
    named = tuple(spans(bold(names.get(c.concept, c.concept)), f" – {_why_now(c, now, member.zone)}") for c in due)
    more = len(due) - SHOWN
    return Message(
        summary=f"{count(next_.due, 'concept')} to recall, about {next_.minutes} min",
        title="Time to recall",
        blocks=(
            paragraph(f"{are_due(next_.due)}, about {next_.minutes} min:"),
            Bullets(named[:SHOWN]),
            *((note(f"+ {more} more."),) if more > 0 else ()),
            *((note(f"{count(next_.later, 'other')} come in the next days."),) if next_.later else ()),
            *_interview(member, now),
        ),
        buttons=(Button("Review now", Review(), primary=True), *take_all(next_), *_other_ways()),
    )


def _why_now(card: Card, now: datetime, zone: str) -> str:
    days = (local_date(now, zone) - local_date(card.last_at, zone)).days
    ago = "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
    return {1: f"you missed it {ago}", 2: f"it came with effort {ago}"}.get(card.last_rating, f"last recalled {ago}")


def _interview(member: Member, now: datetime) -> tuple[Block, ...]:
    left = (member.horizon.interview_on - local_date(now, member.zone)).days if member.horizon else 0
    return (
        (note(f"Your interview is in {count(left, 'day')}: until then concepts come back sooner."),) if left > 0 else ()
    )


def _other_ways() -> tuple[Button, ...]:
    return (Button("In 3 hours", Snooze("3h")), Button("Remind me less", Reminders()))


def something_new(problem: Problem) -> Message:
    """For somebody who wants to practise every day, on a day on which nothing is due."""
    return _instead("Something new", "Here is one that you have not met yet: ", problem)


def still_open(problem: Problem) -> Message:
    """The same, where a problem has been put before them that they have not answered."""
    return _instead("Still open", "This one still waits for your answer: ", problem)


def _instead(title: str, said: str, problem: Problem) -> Message:
    size = f" ({problem.tags.round.label}, about {problem.tags.minutes} min)."
    return Message(
        summary=f"{title}: a problem for today",
        title=title,
        blocks=(paragraph(f"Nothing is due today. {said}", bold(clip(problem.title, LIMITS.TITLE)), size),),
        buttons=(Button("Show it to me", Practice(), primary=True), *_other_ways()),
    )


def shall_i_go_on(reminded: int, member: Member) -> Message:
    """The one question to somebody who has not stirred since so many reminders."""
    rarer = Button("Remind me every third day", SaveReminders(level=Level.LIGHT))
    return Message(
        summary="Shall I go on reminding you?",
        title="Shall I go on?",
        blocks=(
            paragraph(
                f"You have not been here since my last {count(reminded, 'reminder')}. That is fine, and nothing is "
                "lost: what is due comes back in small portions whenever you do."
            ),
            paragraph("Shall I go on? Until you choose, or ask me for anything, I send no more reminders."),
        ),
        buttons=(
            Button("Yes, go on: review now", Review(), primary=True),
            *(() if member.level is Level.LIGHT else (rarer,)),
            Button("Pause for now", Pause()),
        ),
    )


def late_verdict(message: Message, title: str) -> Message:
    """A verdict that was delayed, sent by itself."""
    return replace(
        message,
        blocks=(note(f"This took longer than it should have: your answer to “{title}”."), *message.blocks),
    )


def regraded(message: Message, title: str, before: Band | None) -> Message:
    """A verdict that was corrected, with what it was before and why."""
    was = f" It was {before.label}." if before else ""
    fair = "You did nothing wrong: the question's rubric was corrected, and your answer was read once more by it."
    return replace(
        message,
        summary="A verdict was corrected",
        blocks=(
            paragraph(f"I have read your answer to “{clip(title, 80)}” again.{was} {fair}"),
            note("Your reviews follow the corrected verdict. Nothing else to do."),
            *message.blocks,
        ),
    )


def examples(p: Problem, judged: Message, card: Card, member: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    names = {card.concept: "A concept"}
    soon = Horizon(local_date(card.due_at, member.zone) + timedelta(days=12), card.last_at)
    cards = [replace(card, last_rating=n) for n in (1, 2, 3, 4)]
    return {
        "reminder": reminder((card,), Next(1, 0, 1), names, member, card.due_at),
        "reminder_of_a_backlog": reminder(cards, Next(4, 30, 2), names, replace(member, horizon=soon), card.due_at),
        "something_new": something_new(p),
        "still_open_today": still_open(p),
        "shall_i_go_on": shall_i_go_on(3, member),
        "late_verdict": late_verdict(judged, p.title),
        "regraded": regraded(judged, p.title, Band.NO_HIRE),
    }
