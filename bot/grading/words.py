"""What is said about a graded answer: the band, the gap worth most, each criterion with the learner's own words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.catalogue.problem import Criterion, Problem
from bot.door.intents import Compare, Practice
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Message,
    Spans,
    Text,
    bold,
    clip,
    heading,
    note,
    paragraph,
    spans,
)
from bot.grading.question import Question
from bot.grading.text import sentences
from bot.model import Assessment, Attempt, Band, CriterionId, Flag, Outcome, Quote, State, Verdict

ALL_OPEN = CriterionId("*")
"""In a comparison: every point that is still open."""
QUOTE = 240
"""Characters of a quote that are shown; the whole answer stays one command away."""

IN_THE_ROOM = {
    Band.STRONG_HIRE: "An interviewer would write this down as a clear yes for this question.",
    Band.LEAN_HIRE: "An interviewer would lean towards yes, and still have a doubt to settle.",
    Band.NO_HIRE: "An interviewer would not pass this answer yet.",
}

MISSING = {
    Flag.EMPTY: "There are no words in it that I can read. Write what you would say aloud: two sentences will do.",
    Flag.TOO_SHORT: "It is too short to judge. Say what you would do and why, in a sentence or two.",
    Flag.COPIED_PROMPT: "It repeats the question. Tell me what you would answer, in your own words.",
    Flag.COPIED_HINT: "It repeats a hint. Say what follows from it, in your own words.",
    Flag.COPIED_REFERENCE: "It is very close to the reference answer, so I cannot tell what you know. Say it your way.",
    Flag.OTHER_LANGUAGE: "I can only judge English for now. Short, simple English is fine.",
    Flag.OFF_TOPIC: "It does not seem to speak about this question. Read it once more and start with your first step.",
    Flag.KEYWORD_LIST: "It lists terms without saying anything about them. Say in sentences what, when and why.",
    Flag.NEGATED_REFERENCE: "It seems to deny what a good answer says. Check what you meant, and say it plainly.",
    Flag.WORD_SALAD: "I cannot follow the sentences. Say it again in plain ones.",
    Flag.INJECTION: "Part of it speaks to the grader instead of the interviewer. I left that part out.",
}


def verdict(
    asked: Question,
    attempt: Attempt,
    *,
    memory: Sequence[Block],
    onward: tuple[Button, ...],
) -> Message:
    """The verdict on a graded attempt: band, most valuable gap first, every criterion with its evidence.

    `memory` says when it comes back; `onward` are the ways to go on, the likeliest first.
    """
    assessment, outcome = attempt.assessment, attempt.outcome
    if assessment is None or outcome is None:
        raise ValueError("an attempt without a verdict has nothing to say")
    if outcome.band is Band.NOT_GRADABLE:
        return _not_gradable(asked, assessment, onward)
    unsure = next(iter(_unsure(asked, attempt)), None)
    body: list[Block] = [*_band(outcome), *_flags(assessment)]
    body += _mistakes(asked, assessment)
    body += _gap(asked, assessment)
    body.append(heading("Point by point"))
    body.append(Bullets(tuple(_criterion(asked, v) for v in assessment.verdicts if _worth_saying(asked, v))))
    if unsure:
        body += [heading("Your judgement, please"), *_question_to_the_learner(asked, unsure)]
        buttons = _sentences(asked, attempt, unsure, onward[:1])
    else:
        body += _follow_up(asked, assessment)
        buttons = onward
    body += memory
    return Message(
        summary="Your answer has been read",
        title=_band_title(outcome),
        blocks=tuple(body),
        buttons=buttons,
    )


def _band_title(outcome: Outcome) -> str:
    if outcome.provisional:
        return f"Between {outcome.lowest.label} and {outcome.highest.label}"
    return f"{outcome.band.label}{', by your own judgement' if outcome.by_learner else ''}"


def _band(outcome: Outcome) -> list[Block]:
    if outcome.provisional:
        return [
            paragraph("Provisional: I am not sure about one point or more. You can settle it below."),
            note("Your own judgement counts for your memory, never for points."),
        ]
    return [paragraph(IN_THE_ROOM[outcome.band], " This is practice, not a prediction.")]


def _flags(assessment: Assessment) -> list[Block]:
    return [note(MISSING[f]) for f in assessment.flags]


def _gap(asked: Question, assessment: Assessment) -> list[Block]:
    """The missed criterion that weighs most, and what to say instead."""
    missed = [
        (c, v)
        for c in asked.criteria
        for v in assessment.verdicts
        if v.criterion == c.id and v.state in {State.MISSED, State.PARTLY} and c.kind != "bonus"
    ]
    if not missed:
        return []
    criterion, found = max(missed, key=lambda m: (m[0].weight, m[1].state is State.MISSED))
    said = "You are half there" if found.state is State.PARTLY else "An interviewer would have listened for this"
    return [
        heading("What is worth most now"),
        paragraph(f"{said}: {_lower(criterion.statement)}"),
        paragraph("You could say: ", bold(f"“{says_it(asked.problem, criterion)}”")),
    ]


def _lower(statement: str) -> str:
    """The statement as the second half of a sentence; names and abbreviations keep their capitals."""
    first = statement.split(maxsplit=1)[0]
    return statement if first[1:2].isupper() else statement[0].lower() + statement[1:]


def says_it(p: Problem, criterion: Criterion) -> str:
    """The sentence of the reference that meets a criterion."""
    at = p.reference.find(criterion.reference_span)
    if at < 0:
        return criterion.reference_span
    ends = [i for sign in (". ", "! ", "? ", "\n") if (i := p.reference.rfind(sign, 0, at)) >= 0]
    start = max(ends, default=-2) + 2
    after = at + len(criterion.reference_span)
    stops = [i + 1 for sign in (". ", "! ", "? ", "\n") if (i := p.reference.find(sign, after - 1)) >= 0]
    return clip(p.reference[start : min(stops, default=len(p.reference))], QUOTE + 60)


def _counts(asked: Question, v: Verdict) -> bool:
    return asked.problem.criterion(v.criterion).kind != "bonus"


def _worth_saying(asked: Question, v: Verdict) -> bool:
    """A bonus that is not there is no shortcoming."""
    return _counts(asked, v) or v.state in {State.MET, State.PARTLY}


def _criterion(asked: Question, v: Verdict) -> Spans:
    criterion = asked.problem.criterion(v.criterion)
    label = {State.MET: "Met", State.PARTLY: "Half", State.MISSED: "Missed", State.UNSURE: "Unsure"}[v.state]
    if v.by_learner:
        label += ", by your own judgement"
    extra = " (a bonus)" if criterion.kind == "bonus" else ""
    said = (" You said: ", Text(f"“{clip(v.quote.text, QUOTE)}”", "italic")) if v.quote else ()
    return spans(bold(label), f"{extra} – {criterion.statement}", *said)


def _mistakes(asked: Question, assessment: Assessment) -> list[Block]:
    found: list[Block] = []
    for mistake in assessment.mistakes:
        wrong = next(m for m in asked.problem.misconceptions if m.id == mistake.misconception)
        weight = "This alone decides it" if wrong.severity == "fatal" else "A slip"
        found.append(
            paragraph(
                bold(f"{weight}."),
                " You said: ",
                Text(f"“{clip(mistake.quote.text, QUOTE)}”", "italic"),
                f" {wrong.feedback}",
            )
        )
    return found


def _question_to_the_learner(asked: Question, unsure: Verdict) -> list[Block]:
    criterion = asked.problem.criterion(unsure.criterion)
    return [
        paragraph(f"I could not tell whether you said this: {_lower(criterion.statement)}"),
        paragraph("A good answer puts it like this: ", bold(f"“{says_it(asked.problem, criterion)}”")),
        paragraph("Which sentence of yours says this?"),
    ]


def next_comparison(asked: Question, attempt: Attempt, onward: tuple[Button, ...]) -> Message | None:
    """The next point that the learner is asked to settle; None where nothing is open."""
    unsure = _unsure(asked, attempt)
    if not unsure:
        return None
    return Message(
        summary="One more point",
        title=f"Noted. {len(unsure)} more to settle",
        blocks=tuple(_question_to_the_learner(asked, unsure[0])),
        buttons=_sentences(asked, attempt, unsure[0], onward[:1]),
    )


def _unsure(asked: Question, attempt: Attempt) -> list[Verdict]:
    verdicts = attempt.assessment.verdicts if attempt.assessment else ()
    return [v for v in verdicts if v.state is State.UNSURE and _counts(asked, v)]


def _sentences(asked: Question, attempt: Attempt, unsure: Verdict, later: tuple[Button, ...]) -> tuple[Button, ...]:
    found: Sequence[Quote] = sentences(attempt.text)
    picks = tuple(
        Button(clip(f"“{s.text}”", LIMITS.BUTTON_LABEL), Compare(attempt.serving.id, unsure.criterion, str(i)))
        for i, s in enumerate(found[: LIMITS.BUTTONS - 3])
        if s.text.strip()
    )
    none = Button("None of them", Compare(attempt.serving.id, unsure.criterion, "none"))
    rest = Button("None, for the rest too", Compare(attempt.serving.id, ALL_OPEN, "none"))
    return (*picks, none, *((rest,) if len(_unsure(asked, attempt)) > 1 else ()), *later)


def _follow_up(asked: Question, assessment: Assessment) -> list[Block]:
    open_ = {v.criterion for v in assessment.verdicts if v.state is not State.MET}
    chosen = next((f for f in asked.problem.follow_ups if f.when_missing in open_), None)
    return [paragraph(bold("They would ask next:"), f" {chosen.ask}")] if chosen else []


def _not_gradable(asked: Question, assessment: Assessment, onward: tuple[Button, ...]) -> Message:
    return Message(
        summary="Your answer could not be judged",
        title=Band.NOT_GRADABLE.label,
        blocks=(
            *(paragraph(MISSING[f]) for f in assessment.flags),
            note("Nothing is lost and nothing counts against you. Your words are kept."),
        ),
        buttons=(Button("Try again", Practice(asked.problem.id), primary=True), *onward),
    )
