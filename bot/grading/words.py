"""What is said about a graded answer: the band, the gap worth most, each criterion with the learner's own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.catalogue.problem import Criterion, Problem
from bot.door.intents import Appeal, AskReview, Compare, KeepPrivate, WriteAnswer
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
from bot.grading import rubric
from bot.grading.question import Question
from bot.grading.text import sentences
from bot.model import (
    FLAGS,
    Assessment,
    Attempt,
    Band,
    CriterionId,
    Flag,
    Judge,
    Outcome,
    Quote,
    Route,
    State,
    TicketKind,
    Verdict,
    Waiting,
)

ALL_OPEN = CriterionId("*")
"""In a comparison: every point that is still open."""
QUOTE = 240
"""Characters of a quote that are shown; the whole answer stays one command away."""

AGAIN = 48
"""Characters of a quote that was shown before."""

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
    Flag.COPIED_REFERENCE: "It is very close to a model answer, so I cannot tell what you know. Say it your way.",
    Flag.OTHER_LANGUAGE: "I can only judge English for now. Short, simple English is fine.",
    Flag.OFF_TOPIC: "It does not seem to speak about this question. Read it once more and start with your first step.",
    Flag.KEYWORD_LIST: "It lists terms without saying anything about them. Say in sentences what, when and why.",
    Flag.NEGATED_REFERENCE: "It says what is not so more than what is. Say plainly what you would do, and why.",
    Flag.WORD_SALAD: "I cannot follow the sentences. Say it again in plain ones.",
    Flag.INJECTION: "Part of it speaks to the grader; I left that out. Say what you would tell the interviewer.",
}


def verdict(
    asked: Question,
    attempt: Attempt,
    *,
    memory: Sequence[Block],
    onward: tuple[Button, ...],
    waiting: Waiting | None = None,
    reviewable: bool = False,
    closed: Collection[str] = (),
) -> Message:
    """The verdict on a graded attempt: band, most valuable gap first, every criterion with its evidence.

    `memory` says when it comes back; `onward` are the ways to go on, the likeliest first. `waiting`: people will look
    at it; `reviewable`: they would if asked. `closed`: points that cannot be appealed any more.
    """
    assessment, outcome = attempt.assessment, attempt.outcome
    if assessment is None or outcome is None:
        raise ValueError("an attempt without a verdict has nothing to say")
    if outcome.band is Band.NOT_GRADABLE:
        return _not_gradable(assessment, onward)
    unsure = None if waiting else next(iter(_unsure(asked, attempt)), None)
    body: list[Block] = [
        *_band(assessment, outcome, waiting, recall=asked.is_recall),
        *_expected(attempt, outcome, asked),
    ]
    open_ = any(v.state is State.UNSURE for v in assessment.verdicts)
    body += [note(assessment.fallback)] if assessment.fallback and open_ else []
    body += _flags(assessment)
    body += _mistakes(asked, assessment)
    body += _gap(asked, assessment, outcome)
    body += [heading("Point by point"), _points(asked, assessment)]
    body += [] if unsure else _follow_up(asked, assessment)
    body += memory
    body += _wait(waiting) if waiting else []
    doubted = reviewable and not waiting and rubric.withheld(asked, assessment)
    points = (*objectionable(asked, assessment), *((FLAGS,) if doubted else ()))
    objections = _objections(asked, attempt, [p for p in points if p not in closed])
    buttons = (*onward, *objections, *_of_waiting(waiting))
    if unsure:
        body += [heading("Your judgement, please"), *_question_to_the_learner(asked, unsure)]
        ask = (Button("Ask somebody to read it", AskReview(attempt.serving.id)),) if reviewable else ()
        buttons = _sentences(asked, attempt, unsure, (*ask, *onward, *objections))
    return Message(
        summary="Your answer has been read",
        title=_band_title(outcome, recall=asked.is_recall),
        blocks=tuple(body),
        buttons=buttons,
    )


PREDICTABLE = (Band.NO_HIRE, Band.LEAN_HIRE, Band.STRONG_HIRE)
"""The bands that a learner may expect, lowest first."""


def _expected(attempt: Attempt, outcome: Outcome, asked: Question) -> list[Block]:
    """How the band that the learner expected compares with one that is settled."""
    expected = attempt.predicted
    if expected is None or outcome.provisional or asked.is_recall:
        return []
    if expected is outcome.band:
        return [note(f"You expected {expected.label}, and that is what it is: you judge yourself well.")]
    stricter = PREDICTABLE.index(outcome.band) < PREDICTABLE.index(expected)
    return [
        note(f"You expected {expected.label}. An interviewer would have been {'stricter' if stricter else 'kinder'}.")
    ]


OBJECTIONS = 2
"""Points that are appealed with one click each; of more, the learner is shown a list."""


def objectionable(asked: Question, assessment: Assessment) -> tuple[str, ...]:
    """Ids of the criteria that the learner may say they met, and of the misconceptions that they may deny."""
    open_ = (
        str(v.criterion)
        for v in assessment.verdicts
        if v.state in {State.MISSED, State.PARTLY} and not v.by.is_reviewer and _counts(asked, v)
    )
    return (*open_, *(m.misconception for m in assessment.mistakes if not m.appealed))


def _objections(asked: Question, attempt: Attempt, points: Sequence[str]) -> tuple[Button, ...]:
    id = attempt.serving.id
    if len(points) > OBJECTIONS:
        return (Button("I did say that …", Appeal(id)),)
    return tuple(Button(objection(asked, point), Appeal(id, point)) for point in points)


def objection(asked: Question, point: str) -> str:
    """What the button says with which a learner appeals."""
    if point == FLAGS:
        return "It is an honest answer"
    if any(m.id == point for m in asked.problem.misconceptions):
        return "I did not mean that mistake"
    return clip(f"I did say: {_lower(asked.problem.criterion(point).statement)}", LIMITS.BUTTON_LABEL)


WHO = {Route.MENTORS: "A mentor", Route.PEERS: "Two of your peers, without knowing whose it is,"}


def _wait(waiting: Waiting) -> list[Block]:
    what = "your appeal" if waiting.kind is TicketKind.APPEAL else "what I am not sure of"
    decide = "decides" if waiting.route is Route.MENTORS else "decide"
    return [
        heading("Somebody will look at it"),
        paragraph(f"{WHO[waiting.route]} {decide} {what}. {queue_place(waiting)} You hear it once; go on meanwhile."),
    ]


def queue_place(waiting: Waiting) -> str:
    """Where an answer stands in the queue and how long that usually takes."""
    before = "1 waits" if waiting.ahead == 1 else f"{waiting.ahead} wait"
    place = "It is next in the queue." if waiting.ahead == 0 else f"{before} before it."
    return place if waiting.median is None else f"{place} The last ones took {_about(waiting.median)}."


def _about(length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    if hours < 1:
        return "less than an hour"
    return f"about {round(hours)} hours" if hours < 36 else f"about {round(hours / 24)} days"


def _of_waiting(waiting: Waiting | None) -> tuple[Button, ...]:
    if waiting is None or waiting.kind is not TicketKind.DOUBT:
        return ()
    return (Button("Keep it to myself", KeepPrivate(waiting.ticket)),)


RECALLED = {Band.STRONG_HIRE: "Recalled", Band.LEAN_HIRE: "Half recalled", Band.NO_HIRE: "Not recalled yet"}


def band_label(band: Band, *, recall: bool) -> str:
    """What a band is called; a recall question is no interview question."""
    return RECALLED.get(band, band.label) if recall else band.label


def _band_title(outcome: Outcome, *, recall: bool) -> str:
    if outcome.provisional:
        lowest, highest = (band_label(b, recall=recall) for b in (outcome.lowest, outcome.highest))
        return f"Between {lowest} and {highest}"
    own = ", by your own judgement" if outcome.by_learner else ""
    return band_label(outcome.band, recall=recall) + own


def _band(assessment: Assessment, outcome: Outcome, waiting: Waiting | None, *, recall: bool) -> list[Block]:
    if outcome.provisional:
        if claims := _claims(assessment):
            return [paragraph(f"Provisional: you say {claims}, and that counts until somebody has looked.")]
        how = "Somebody else will read it." if waiting else "You can settle it below."
        return [paragraph(f"Provisional: I am not sure about one point or more. {how}")]
    if recall:
        return []
    return [paragraph(IN_THE_ROOM[outcome.band], " This is practice, not a prediction.")]


def _claims(assessment: Assessment) -> str:
    """What the learner says in the appeals that wait; "" where none does."""
    said = ["that you said it"] if any(v.appealed for v in assessment.verdicts) else []
    meant = ["that you did not mean it"] if any(m.appealed and not m.denied for m in assessment.mistakes) else []
    return " and ".join(said + meant)


def _flags(assessment: Assessment) -> list[Block]:
    return [note(MISSING[f]) for f in _told(assessment.flags)]


def _told(flags: Sequence[Flag]) -> list[Flag]:
    """The flags worth a sentence: where nothing but an instruction was found, only that."""
    return [f for f in flags if not (f is Flag.EMPTY and Flag.INJECTION in flags)]


def _gap(asked: Question, assessment: Assessment, outcome: Outcome) -> list[Block]:
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
        heading("What would round it off" if outcome.band is Band.STRONG_HIRE else "What is worth most now"),
        paragraph(f"{said}: {_lower(criterion.statement)}"),
        paragraph("You could say: ", bold(f"“{says_it(asked.problem, criterion)}”")),
    ]


def _lower(statement: str) -> str:
    """The statement as the second half of a sentence; names and abbreviations keep their capitals."""
    first = statement.split(maxsplit=1)[0]
    return statement if not first[1:].islower() else statement[0].lower() + statement[1:]


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


def _points(asked: Question, assessment: Assessment) -> Bullets:
    """Every criterion that is worth a word; a sentence of the learner's is quoted once."""
    quoted: set[str] = set()
    items = []
    for v in assessment.verdicts:
        if _worth_saying(asked, v):
            items.append(_criterion(asked, v, again=v.quote is not None and v.quote.text in quoted))
            quoted |= {v.quote.text} if v.quote else set()
    return Bullets(tuple(items))


def _criterion(asked: Question, v: Verdict, *, again: bool) -> Spans:
    criterion = asked.problem.criterion(v.criterion)
    label = {State.MET: "Met", State.PARTLY: "Half", State.MISSED: "Missed", State.UNSURE: "Unsure"}[v.state]
    label += _SETTLED_BY.get(v.by, "") if not v.appealed else ", as you say"
    extra = " (a bonus)" if criterion.kind == "bonus" else ""
    said = (" You said: ", Text(f"“{clip(v.quote.text, AGAIN if again else QUOTE)}”", "italic")) if v.quote else ()
    return spans(bold(label), f"{extra} – {criterion.statement}", *said)


_SETTLED_BY = {
    Judge.LEARNER: ", by your own judgement",
    Judge.PEERS: ", say your peers",
    Judge.MENTOR: ", says a mentor",
}


def _mistakes(asked: Question, assessment: Assessment) -> list[Block]:
    found: list[Block] = []
    for mistake in (m for m in assessment.mistakes if not m.appealed):
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
        buttons=_sentences(asked, attempt, unsure[0], onward),
    )


def _unsure(asked: Question, attempt: Attempt) -> list[Verdict]:
    """What the learner is asked to settle: a bonus only where nothing else is open and the band hangs on it."""
    verdicts = attempt.assessment.verdicts if attempt.assessment else ()
    open_ = [v for v in verdicts if v.state is State.UNSURE]
    provisional = attempt.outcome is not None and attempt.outcome.provisional
    return [v for v in open_ if _counts(asked, v)] or (open_ if provisional else [])


def _sentences(asked: Question, attempt: Attempt, unsure: Verdict, later: tuple[Button, ...]) -> tuple[Button, ...]:
    found = sorted(enumerate(sentences(attempt.text)), key=lambda one: not _quoted(unsure, one[1]))
    none = Button("None of them", Compare(attempt.serving.id, unsure.criterion, "none"))
    rest = Button("None, for the rest too", Compare(attempt.serving.id, ALL_OPEN, "none"))
    others = (none, *((rest,) if len(_unsure(asked, attempt)) > 1 else ()), *later)
    picks = tuple(
        Button(clip(f"“{s.text}”", LIMITS.BUTTON_LABEL), Compare(attempt.serving.id, unsure.criterion, str(i)))
        for i, s in found[: LIMITS.BUTTONS - len(others)]
        if s.text.strip()
    )
    return (*picks, *others)


def _quoted(v: Verdict, sentence: Quote) -> bool:
    return v.quote is not None and v.quote.overlaps(sentence)


def _follow_up(asked: Question, assessment: Assessment) -> list[Block]:
    open_ = {v.criterion for v in assessment.verdicts if v.state is not State.MET}
    chosen = next((f for f in asked.problem.follow_ups if f.when_missing in open_), None)
    return [paragraph(bold("They would ask next:"), f" {chosen.ask}")] if chosen else []


def _not_gradable(assessment: Assessment, onward: tuple[Button, ...]) -> Message:
    return Message(
        summary="Your answer could not be judged",
        title=Band.NOT_GRADABLE.label,
        blocks=(
            *(paragraph(MISSING[f]) for f in _told(assessment.flags)),
            note("Nothing counts against you, and the question stays open: answer it once more."),
        ),
        buttons=(Button("Answer again", WriteAnswer(), primary=True), *onward[1:]),
    )
