"""How a member's week reads: kind and exact, and for nobody else. Takes values; looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.calendar import instant
from bot.door.dates import ABBREVIATED, WEEKDAYS
from bot.door.intents import Practice, Progress, Reminders, Review
from bot.door.messages import Block, Button, Facts, Message, Spans, When, count, heading, note, paragraph, spans
from bot.model import Band, Horizon, Member
from bot.practice.memory import NOON
from bot.practice.words import Next

NAMED = 5
"""So many concepts are named in one line."""


@dataclass(frozen=True, slots=True)
class Week:
    """What a member did in seven local days, and what falls due in the seven after them."""

    answers: int
    days: int
    """Local days on which something was answered."""
    bands: Mapping[Band, int]
    """Of settled answers to full problems."""
    foreseen: tuple[int, int]
    """Bands that were foreseen, of bands that were predicted."""
    held: Sequence[str]
    """Names of concepts that are held now and were not a week ago."""
    lost: Sequence[str]
    """Names of concepts that were held a week ago and slipped."""
    due: Next
    """What is due by now."""
    coming: Mapping[date, int]
    """Local date -> concepts that fall due; days without any are left out."""


def summary(week: Week, member: Member, today: date) -> Message:
    return Message(
        summary="Your week, and the one to come",
        title="Your week",
        blocks=(*_past(week), *_ahead(week, member, today), note("Only you see this.")),
        buttons=(
            Button("Review now", Review(), primary=True)
            if week.due.due
            else Button("Next problem", Practice(), primary=True),
            Button("My progress", Progress()),
            Button("Change my reminders", Reminders()),
        ),
    )


def _past(week: Week) -> tuple[Block, ...]:
    if not week.answers:
        return (paragraph("No answers in these seven days. Weeks like that happen, and nothing you learned is lost."),)
    facts: list[tuple[str, Spans]] = [
        ("Answers", spans(f"{week.answers}, on {week.days} of 7 days")),
    ]
    graded = [b for b in (Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE) if week.bands.get(b)]
    if graded:
        facts.append(("Full problems", spans(", ".join(f"{week.bands[b]} {b.label}" for b in graded))))
    if week.held:
        facts.append(("New in memory", spans(_listed(week.held))))
    if week.lost:
        facts.append(("Slipped, and coming back", spans(_listed(week.lost))))
    right, predicted = week.foreseen
    if predicted:
        facts.append(("Your own judgement", spans(f"you foresaw the band in {right} of {predicted}")))
    return (Facts(tuple(facts)),)


def _ahead(week: Week, member: Member, today: date) -> tuple[Block, ...]:
    facts: list[tuple[str, Spans]] = []
    if week.due.due:
        rest = f", {week.due.later} more in the next days" if week.due.later else ""
        facts.append(("Due now", spans(f"{count(week.due.due, 'concept')}, about {week.due.minutes} min{rest}")))
    if week.coming:
        days = ", ".join(
            f"{WEEKDAYS[day.weekday()][:ABBREVIATED].title()} {n}" for day, n in sorted(week.coming.items())
        )
        facts.append(("Concepts falling due", spans(days)))
    left = (member.horizon.interview_on - today).days if member.horizon else -1
    if member.horizon and left >= 0:
        on = When(instant(member.horizon.interview_on, NOON, member.zone), member.zone, "date")
        facts.append(("Your interview", spans(on, f", in {count(left, 'day')}" if left else ": today")))
    ahead = Facts(tuple(facts)) if facts else paragraph("Nothing falls due: a good week for something new.")
    return (heading("The next seven days"), ahead)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return "; ".join(names[:NAMED]) + (f" + {more} more" if more > 0 else "")


def examples(member: Member, today: date) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    coming = {today + timedelta(days=1): 3, today + timedelta(days=4): 1}
    busy = Week(
        answers=9,
        days=4,
        bands={Band.STRONG_HIRE: 1, Band.LEAN_HIRE: 2},
        foreseen=(2, 3),
        held=("A concept", "Another concept"),
        lost=("A third concept",),
        due=Next(10, 30, 5),
        coming=coming,
    )
    idle = Week(answers=0, days=0, bands={}, foreseen=(0, 0), held=(), lost=(), due=Next(0, 0, 1), coming=coming)
    soon = Horizon(today + timedelta(days=18), datetime.combine(today, time(9), UTC))
    return {
        "week": summary(busy, replace(member, horizon=soon), today),
        "week_without_answers": summary(idle, member, today),
    }
