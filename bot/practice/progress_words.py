"""What a member's progress looks like: what they hold, how they were judged, how well they foresaw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.door.dates import ABBREVIATED, MONTHS, WEEKDAYS
from bot.door.intents import AskToPredict, Practice, ReadVerdict, Review
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Facts,
    Message,
    Picture,
    Spans,
    When,
    bold,
    clip,
    count,
    heading,
    note,
    paragraph,
    spans,
)
from bot.grading import words as grading_words
from bot.model import Attempt, Band, Card, Member
from bot.pictures.progress import AHEAD, WEEKS, ProgressPicture, draw, largest
from bot.practice.words import Next, take_all

SOON = 7
"""Days of the forecast that are written out."""


def progress(
    member: Member,
    *,
    shown: ProgressPicture,
    next_: Next,
    soonest: datetime | None,
    bands: Mapping[Band, int],
    recent: Sequence[tuple[str, Attempt]],
    predictions: Sequence[tuple[Band, Band]] = (),
) -> Message:
    """What the picture shows, as text too; how answers were judged, and (expected, judged) bands."""
    if not recent:
        return Message(
            summary="Your progress",
            blocks=(paragraph("Nothing to show yet: answer a first problem, and it starts here."),),
            buttons=(Button("Give me a problem", Practice(), primary=True),),
        )
    graded = [b for b in (Band.STRONG_HIRE, Band.LEAN_HIRE, Band.NO_HIRE) if bands.get(b)]
    facts: list[tuple[str, Spans]] = [
        ("Answers", spans(", ".join(f"{bands[b]} {b.label}" for b in graded) or "none settled yet")),
        ("Due today", spans(count(next_.due, "concept"), f", {next_.later} in the next days" if next_.later else "")),
    ]
    if soonest and not next_.due and not next_.later:
        facts.append(("Next review", (When(soonest, member.zone, "date"),)))
    if coming := _coming(shown):
        facts.append(("Concepts falling due", spans(coming)))
    if practised := sum(n > 0 for n in shown.days):
        this_week = sum(n > 0 for n in shown.days[-7:])
        also = f", {this_week} of them this week" if this_week else ""
        facts.append(("Practised", spans(f"on {count(practised, 'day')} of the last twelve weeks{also}")))
    if predictions:
        facts.append(("Your own judgement", spans(_calibration(predictions))))
    foresee = () if member.predicts else (Button("Ask what I expect, each time", AskToPredict("yes")),)
    again = tuple(Button(clip(f"Verdict: {t}", LIMITS.BUTTON_LABEL), ReadVerdict(a.serving.id)) for t, a in recent)
    go_on = (
        Button("Review now", Review(), primary=True) if next_.due else Button("Next problem", Practice(), primary=True)
    )
    return Message(
        summary="Your progress",
        title="Your progress",
        blocks=(
            Facts(tuple(facts)),
            *_concepts(shown),
            heading("Latest answers"),
            Bullets(tuple(spans(When(a.answered_at, member.zone, "date"), f" – {result(a)}: {t}") for t, a in recent)),
            note("You hold a concept when you recalled it at your last review. Only you see this."),
        ),
        buttons=(go_on, *take_all(next_), *again, *foresee),
    )


def _concepts(shown: ProgressPicture) -> tuple[Block, ...]:
    title = heading("Concepts you hold, by topic")
    if not shown.topics:
        return (title, paragraph("None yet."))
    rows = [spans(bold(topic), f" – {n} of {of} that you have met") for topic, n, of in largest(shown.topics)]
    return (Picture(draw(shown), _alt(shown)), title, Bullets(tuple(rows)))


def _coming(shown: ProgressPicture) -> str:
    """How many concepts fall due on each of the days after today, as far as they are written out."""
    due = [(shown.today + timedelta(days=n), shown.forecast[n]) for n in range(1, SOON + 1)]
    return ", ".join(f"{_weekday(day)} {n}" for day, n in due if n)


def _alt(shown: ProgressPicture) -> str:
    """The picture in words; its first sentence is the gist."""
    held, met = sum(t[1] for t in shown.topics), sum(t[2] for t in shown.topics)
    practised, falling = sum(n > 0 for n in shown.days), sum(shown.forecast)
    weeks = [sum(shown.days[7 * n : 7 * n + 7]) for n in range(WEEKS)]
    first = shown.today - timedelta(days=shown.today.weekday(), weeks=WEEKS - 1)
    waiting = f" {shown.waiting} more are due already, and come in the next days." if shown.waiting else ""
    return (
        f"Your progress on {_day(shown.today)}: you hold {held} of {count(met, 'concept')} that you have met, answered "
        f"on {count(practised, 'day')} of the last twelve weeks, and {falling} fall due within two weeks. "
        f"Held by topic: {'; '.join(f'{topic} {n} of {of}' for topic, n, of in largest(shown.topics))}. "
        f"Answers in each week from {_day(first)} on: {', '.join(map(str, weeks))}. "
        f"Concepts due on each of {AHEAD} days from today on: {', '.join(map(str, shown.forecast))}.{waiting}"
    )


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()][:ABBREVIATED].title()


def _day(day: date) -> str:
    return f"{_weekday(day)} {day.day} {MONTHS[day.month - 1][:ABBREVIATED].title()} {day.year}"


def _calibration(predictions: Sequence[tuple[Band, Band]]) -> str:
    """How well a member foresees the band, of pairs of the band expected and the band judged."""
    rank = grading_words.PREDICTABLE.index
    right = sum(expected is judged for expected, judged in predictions)
    hopeful = sum(rank(expected) > rank(judged) for expected, judged in predictions)
    strict = len(predictions) - right - hopeful
    said = f"you foresaw the band in {right} of {len(predictions)}"
    tends = [f"{hopeful} too hopeful"] * (hopeful > 0) + [f"{strict} too strict"] * (strict > 0)
    return f"{said}; {', '.join(tends)}" if tends else said


def result(attempt: Attempt) -> str:
    """How an answer was judged, in a word or two."""
    if attempt.outcome is None or attempt.outcome.provisional:
        return "not settled yet"
    return grading_words.band_label(attempt.outcome.band, recall=attempt.serving.concept is not None)


def examples(title: str, attempt: Attempt, card: Card, member: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    today = attempt.answered_at.date()
    busy = ProgressPicture(
        topics=(("Evaluation", 3, 4), ("Retrieval", 1, 2)),
        days=(*(n % 5 * (n % 3 > 0) for n in range(7 * WEEKS - 7)), 2, *(0 for _ in range(6))),
        forecast=(10, 0, 3, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0),
        today=today,
        waiting=30,
    )
    new = ProgressPicture(topics=(), days=(0,) * 7 * WEEKS, forecast=(0,) * AHEAD, today=today)
    return {
        "progress": progress(
            member,
            shown=busy,
            next_=Next(10, 30, 5),
            soonest=card.due_at,
            bands={Band.LEAN_HIRE: 1},
            recent=((title, attempt),),
            predictions=((Band.STRONG_HIRE, Band.LEAN_HIRE), (Band.LEAN_HIRE, Band.LEAN_HIRE)),
        ),
        "progress_empty": progress(member, shown=new, next_=Next(0, 0, 1), soonest=None, bands={}, recent=()),
    }
