"""What organisers are asked about points, and what the member hears; never an answer. Takes values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.door.cohort_intents import AppealVoid, ClearDoubt, ExplainVoid, Points, PointsDoubts, VoidPoints
from bot.door.messages import (
    LIMITS,
    Bullets,
    Button,
    Field,
    Form,
    Message,
    Spans,
    When,
    bold,
    clip,
    count,
    note,
    paragraph,
    quote,
    spans,
)

SHORTEST, LONGEST = 10, 500
"""Characters of a reason."""

GONE = "I know nothing of that any more. /rolecall cohort doubts shows what is open."
NOT_YOURS = "That is for the other organisers of the cohort to decide."
DECIDED = "That has been decided meanwhile. /rolecall cohort doubts shows what is open."
NOBODY_DECIDES = "No cohort that you are in has somebody who could look at it again, so the points stay as they are."
NO_APPEAL = "There is nothing to appeal here. /rolecall me points shows your points and their reasons."


@dataclass(frozen=True, slots=True)
class Case:
    """Something that an organiser is asked about."""

    doubt: str
    appealed: bool
    member: str
    """The name of who answered later, whose points it is about."""
    other: str
    """The name of who answered first; "" where they are no longer here."""
    title: str
    likeness: int | None
    """In percent; None where the other answer is no longer there."""
    at: datetime
    """When the later answer was given."""
    points: int
    reason: str
    """What the organiser said who took the points back."""
    may_decide: bool


def listed(cohort: str, cases: Sequence[Case], more: int, zone: str) -> Message:
    """`more`: how many wait beside those shown."""
    name = clip(cohort, 60)
    if not cases:
        return Message(
            summary="Nothing is open",
            blocks=(paragraph(f"No answers in “{name}” ask for your judgement."),),
        )
    return Message(
        summary="Points that you are asked about",
        title=clip(f"Points in doubt in {name}", LIMITS.TITLE),
        blocks=(
            Bullets(tuple(_case(case, zone) for case in cases), numbered=True),
            *((paragraph(f"{more} more wait behind these."),) if more else ()),
            note(
                "Two people who learned from the same page write alike, and copying each other is a reason to talk, "
                "not more. Nobody but the organisers knows of this. The texts stay with those who wrote them."
            ),
        ),
        buttons=tuple(b for n, case in enumerate(cases, 1) for b in _buttons(n, case)),
    )


def _case(case: Case, zone: str) -> Spans:
    alike = f"{case.likeness} % alike" if case.likeness is not None else "the other answer is no longer there"
    said = spans(
        bold(clip(case.member, 40)),
        " and ",
        bold(clip(case.other, 40)) if case.other else "somebody who is no longer here",
        f": {clip(case.title, 80)}, {alike}, ",
        When(case.at, zone),
        f". It is about {count(case.points, 'point')} of {clip(case.member, 40)}.",
    )
    if not case.appealed:
        return said
    whose = "" if case.may_decide else " Another organiser decides now, since you did before."
    why = clip(case.reason, 200).rstrip(".")
    return (*said, *spans(f" They appeal against having lost them; the reason was: {why}.{whose}"))


def _buttons(n: int, case: Case) -> tuple[Button, ...]:
    if not case.may_decide:
        return ()
    stay, go = ("give them back", "they stay taken back") if case.appealed else ("the points stay", "take them back")
    return Button(f"{n}: {stay}", ClearDoubt(case.doubt)), Button(f"{n}: {go}", ExplainVoid(case.doubt))


def form(doubt: str, member: str, *, appealed: bool) -> Form:
    return Form(
        title="They stay taken back" if appealed else "Take points back",
        fields=(
            Field(
                "reason",
                clip(f"Why, for {member} to read", LIMITS.FIELD_LABEL),
                kind="paragraph",
                max_length=LONGEST,
                hint="They get this word for word. Name nobody else in it.",
            ),
        ),
        submits=VoidPoints(doubt),
    )


def say_why(doubt: str) -> Message:
    return Message(
        summary="Say why",
        blocks=(
            paragraph(
                f"A reason of {SHORTEST} to {LONGEST} characters is needed, since they read it. I changed nothing."
            ),
        ),
        buttons=(Button("Write the reason", ExplainVoid(doubt), primary=True),),
    )


def asked_again(name: str, cohort: str) -> Message:
    """To an organiser: somebody has appealed."""
    return Message(
        summary="Somebody asks for points to be looked at again",
        blocks=(
            paragraph(
                f"Somebody in “{clip(name, 60)}” appeals against having lost points, and waits for what you decide."
            ),
        ),
        buttons=(Button("Look at it", PointsDoubts(cohort), primary=True),),
    )


def cleared(cohort: str) -> Message:
    return _done("The points stay", "The points stay, and nobody hears of it.", cohort)


def taken_back(member: str, points: int, cohort: str) -> Message:
    said = f"{count(points, 'point')} of {clip(member, 40)} {'is' if points == 1 else 'are'} taken back."
    return _done("The points are taken back", f"{said} They read your reason, and may appeal.", cohort)


def upheld(member: str, cohort: str) -> Message:
    return _done("It stays so", f"The points stay taken back. {clip(member, 40)} reads your reason.", cohort)


def given_back(member: str, cohort: str) -> Message:
    return _done("The points are given back", f"{clip(member, 40)} has the points again, and hears of it.", cohort)


def _done(summary: str, said: str, cohort: str) -> Message:
    return Message(summary, (paragraph(said),), (Button("What else is open", PointsDoubts(cohort)),))


# --- what the member hears


def voided(doubt: str, title: str, at: datetime, zone: str, points: int, reason: str) -> Message:
    return Message(
        summary="Some of your points were taken back",
        blocks=(
            paragraph(
                f"An organiser has taken back the {count(points, 'point')} for your answer to “{clip(title, 80)}” of ",
                When(at, zone, "date"),
                ": it is nearly the same as another member's. They write:",
            ),
            quote(reason),
            paragraph(
                "Your verdict and your memory stay as they are. If this is wrong, say so: another organiser looks at "
                "it where there is one."
            ),
            note("Only you and the organisers know of this."),
        ),
        buttons=(Button("Appeal", AppealVoid(doubt), primary=True), Button("My points", Points())),
    )


def appealed() -> Message:
    return Message(
        summary="Your appeal is with the organisers",
        blocks=(paragraph("Your appeal is with the organisers of your cohort. I tell you what they decide."),),
    )


def restored(title: str) -> Message:
    return Message(
        summary="Your points are back",
        blocks=(paragraph(f"You have the points for “{clip(title, 80)}” again: an organiser has agreed with you."),),
        buttons=(Button("My points", Points()),),
    )


def stays(title: str, reason: str) -> Message:
    return Message(
        summary="Your appeal is decided",
        blocks=(
            paragraph(
                f"An organiser has looked at “{clip(title, 80)}” once more: the points stay taken back. They write:"
            ),
            quote(reason),
            note("Your verdict and your memory stay as they are. This is the last word on the points."),
        ),
        buttons=(Button("My points", Points()),),
    )
