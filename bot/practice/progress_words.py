"""What a member's progress looks like: what they hold, how they were judged, how well they foresaw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.door.intents import AskToPredict, Practice, ReadVerdict, Review
from bot.door.messages import (
    LIMITS,
    Bullets,
    Button,
    Facts,
    Message,
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
from bot.practice.words import Next, take_all


def progress(
    member: Member,
    *,
    held: Sequence[tuple[str, int, int]],
    next_: Next,
    soonest: datetime | None,
    bands: Mapping[Band, int],
    recent: Sequence[tuple[str, Attempt]],
    predictions: Sequence[tuple[Band, Band]] = (),
) -> Message:
    """Concepts by topic as (topic, held, met so far), how answers were judged, and (expected, judged) bands."""
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
            heading("Concepts you hold, by topic"),
            Bullets(tuple(spans(bold(topic), f" – {n} of {of} that you have met") for topic, n, of in held))
            if held
            else paragraph("None yet."),
            heading("Latest answers"),
            Bullets(tuple(spans(When(a.answered_at, member.zone, "date"), f" – {_result(a)}: {t}") for t, a in recent)),
            note("You hold a concept when you recalled it at your last review. Only you see this."),
        ),
        buttons=(go_on, *take_all(next_), *again, *foresee),
    )


def _calibration(predictions: Sequence[tuple[Band, Band]]) -> str:
    """How well a member foresees the band, of pairs of the band expected and the band judged."""
    rank = grading_words.PREDICTABLE.index
    right = sum(expected is judged for expected, judged in predictions)
    hopeful = sum(rank(expected) > rank(judged) for expected, judged in predictions)
    strict = len(predictions) - right - hopeful
    said = f"you foresaw the band in {right} of {len(predictions)}"
    tends = [f"{hopeful} too hopeful"] * (hopeful > 0) + [f"{strict} too strict"] * (strict > 0)
    return f"{said}; {', '.join(tends)}" if tends else said


def _result(attempt: Attempt) -> str:
    if attempt.outcome is None or attempt.outcome.provisional:
        return "not settled yet"
    return grading_words.band_label(attempt.outcome.band, recall=attempt.serving.concept is not None)


def examples(title: str, attempt: Attempt, card: Card, member: Member) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    return {
        "progress": progress(
            member,
            held=(("Retrieval", 1, 2),),
            next_=Next(10, 30, 5),
            soonest=card.due_at,
            bands={Band.LEAN_HIRE: 1},
            recent=((title, attempt),),
            predictions=((Band.STRONG_HIRE, Band.LEAN_HIRE), (Band.LEAN_HIRE, Band.LEAN_HIRE)),
        ),
        "progress_empty": progress(member, held=(), next_=Next(0, 0, 1), soonest=None, bands={}, recent=()),
    }
