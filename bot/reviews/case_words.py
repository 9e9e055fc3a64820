"""What a reviewer reads of one answer, the form in which it is judged, and how a concept went that keeps slipping away.

Peers see nothing of what the grader thinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.catalogue.markdown import blocks
from bot.catalogue.problem import Problem
from bot.door.intents import ReleaseTicket, SubmitReview, TakeTicket, WriteReview
from bot.door.messages import (
    LIMITS,
    Block,
    Bullets,
    Button,
    Choice,
    Field,
    Form,
    Message,
    Paragraph,
    Spans,
    Text,
    bold,
    clip,
    count,
    heading,
    note,
    paragraph,
    quote,
    spans,
)
from bot.grading import words as grading_words
from bot.grading.question import Question, full
from bot.model import FLAGS, Attempt, Flag, Judge, Mistake, Ruling, State, Ticket, TicketId, Verdict
from bot.reviews import claims, ruling
from bot.reviews.mentor_words import KIND, NOTE, length
from bot.reviews.points import AT_ONCE

FIELDS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Case:
    """A claimed ticket about an answer, with what its reviewer may see."""

    ticket: Ticket
    asked: Question
    attempt: Attempt
    points: tuple[str, ...]
    """What is still to be decided."""
    judge: Judge
    author: str
    """"" where the name stays hidden."""


def answer(case: Case, now: datetime) -> Message:
    """The problem, what is to be decided, and the answer. Peers see nothing of what the grader thinks."""
    mentor = case.judge is Judge.MENTOR
    said = _highlighted(case.attempt) if mentor else quote(case.attempt.text)
    problem = case.asked.problem
    return Message(
        summary="An answer to read",
        title=clip(problem.title, LIMITS.TITLE),
        blocks=(
            note(_about(case, now)),
            *blocks(case.asked.prompt),
            heading(f"{clip(case.author, 60)} wrote" if case.author else "The answer"),
            said,
            heading("To decide"),
            Bullets(tuple(_point(case, p) for p in case.points)),
            *(_noticed(case) if mentor else ()),
        ),
        buttons=(
            Button("Grade", WriteReview(case.ticket.id), primary=True),
            Button("Give back", ReleaseTicket(case.ticket.id)),
        ),
    )


def _about(case: Case, now: datetime) -> str:
    hints = case.attempt.serving.hints
    used = f" · {count(hints, 'hint')} used" if hints and case.judge is Judge.MENTOR else ""
    why = KIND[case.ticket.kind] if case.judge is Judge.MENTOR else "your view decides with another peer's"
    return (
        f"Waiting {length(now - case.ticket.opened_at)}: {why}{used} · yours for {claims.LENGTH.seconds // 60} minutes"
    )


def _point(case: Case, point: str) -> Spans:
    criterion = ruling.criterion_of(case.asked, point)
    if criterion is None:
        return spans(bold(_name(case.asked, point)), _doubt(case, point))
    good = f" A good answer: “{grading_words.says_it(case.asked.problem, criterion)}”"
    return spans(bold(criterion.statement), good, *_proposal(case, point))


def _name(asked: Question, point: str) -> str:
    if point == FLAGS:
        return "Is it an honest answer?"
    wrong = next(m for m in asked.problem.misconceptions if m.id == point)
    return f"Is this said: {wrong.statement}"


def _doubt(case: Case, point: str) -> str:
    if point == FLAGS:
        return " Something about it made me doubt; as long as that stands, it gets no more than Lean Hire."
    if case.judge is not Judge.MENTOR:
        return ""
    heard = next((m.quote.text for m in _mistakes(case.attempt) if m.misconception == point), "")
    return f" The grader heard it in “{clip(heard, 120)}”; the learner says they did not mean that." if heard else ""


def _proposal(case: Case, point: str) -> tuple[str, ...]:
    if case.judge is not Judge.MENTOR or case.attempt.assessment is None:
        return ()
    verdict = next((v for v in case.attempt.assessment.verdicts if v.criterion == point), None)
    if verdict is None:
        return ()
    if verdict.appealed:
        return (f" The learner says: “{clip(verdict.quote.text if verdict.quote else '', 160)}”",)
    return (f" The grader: {_SAYS[verdict.state]}{f' ({verdict.why})' if verdict.why else ''}.",)


_SAYS = {State.MET: "met", State.PARTLY: "half", State.MISSED: "missed", State.UNSURE: "not sure"}

_NOTICED = {
    Flag.INJECTION: "Part of it speaks to the grader. Judge only what is said about the problem.",
    Flag.KEYWORD_LIST: "It may be a list of terms rather than an answer.",
    Flag.NEGATED_REFERENCE: "It may deny what a good answer says.",
    Flag.WORD_SALAD: "Some sentences may not hold together.",
    Flag.COPIED_HINT: "It is close to a hint.",
    Flag.COPIED_REFERENCE: "It is close to the reference answer.",
}


def _noticed(case: Case) -> tuple[Block, ...]:
    flags = case.attempt.assessment.flags if case.attempt.assessment else ()
    return tuple(note(_NOTICED[f]) for f in flags if f in _NOTICED)


def _mistakes(attempt: Attempt) -> tuple[Mistake, ...]:
    return attempt.assessment.mistakes if attempt.assessment else ()


def _highlighted(attempt: Attempt) -> Paragraph:
    """The answer with the places that the grader quotes in bold."""
    verdicts = attempt.assessment.verdicts if attempt.assessment else ()
    quotes = [v.quote for v in verdicts if v.quote] + [m.quote for m in _mistakes(attempt)]
    return Paragraph(tuple(_marked(attempt.text, sorted((q.start, q.end) for q in quotes))), "quote")


def _marked(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Text]:
    at = 0
    for start, end in places:
        if end <= at:
            continue
        if start > at:
            yield Text(text[at:start])
        yield bold(text[max(start, at) : end])
        at = end
    if at < len(text):
        yield Text(text[at:])


def form(case: Case, said: str) -> Form:
    """Up to four points and a note; `said` is the note as far as it is written."""
    now = case.points[:AT_ONCE]
    return Form(
        title="Your judgement",
        fields=(
            *(_field(case, name, point) for name, point in zip(FIELDS, now, strict=False)),
            _note_field(said, required=False),
        ),
        submits=SubmitReview(case.ticket.id, points=",".join(now)),
    )


def _field(case: Case, name: str, point: str) -> Field:
    mentor = case.judge is Judge.MENTOR
    criterion = ruling.criterion_of(case.asked, point)
    statement = " ".join((criterion.statement if criterion else _name(case.asked, point)).split())
    label = clip(statement, LIMITS.FIELD_LABEL)
    rest = statement[len(label) - 1 :].strip() if label != statement else ""
    return Field(
        name=name,
        label=label,
        kind="choice",
        choices=tuple(
            Choice(o.value, clip(_said(case.asked, point, o.ruling), LIMITS.CHOICE_LABEL))
            for o in ruling.options(case.asked, case.attempt, point, led=mentor)
        ),
        initial=ruling.proposal(case.asked, case.attempt, point) if mentor else "",
        hint=f"… {clip(rest, 100)}" if rest else "",
    )


def _said(asked: Question, point: str, said: Ruling) -> str:
    if point == FLAGS:
        return "The doubt stands" if said.state is State.MET else "It is an honest answer"
    if ruling.criterion_of(asked, point) is None:
        return "It is said" if said.state is State.MET else "It is not meant"
    if said.quote is None:
        return "Missed: no sentence says it"
    return f"{'Met' if said.state is State.MET else 'Half'}: “{said.quote.text}”"


def _note_field(said: str, *, required: bool) -> Field:
    return Field(
        name="note",
        label="A note for the learner" if required else "A note for the learner (optional)",
        kind="paragraph",
        required=required,
        max_length=NOTE,
        initial=said[:NOTE],
        hint="What would make it better, in a sentence or two",
    )


def note_form(ticket: TicketId, said: str) -> Form:
    """A note is all that a concept which keeps slipping away asks for."""
    return Form("Another way in", (_note_field(said, required=True),), SubmitReview(ticket))


# --- a concept that keeps slipping away


@dataclass(frozen=True, slots=True)
class Tried:
    """One time a concept was asked for."""

    on: str
    """The local date."""
    rating: int
    """1 Again, 2 Hard, 3 Good, 4 Easy."""
    problem: str


def leech(ticket: TicketId, concept: str, author: str, tried: Sequence[Tried], missed: Sequence[str]) -> Message:
    """How a concept went: when, by which problem, and the points that were missed most."""
    how = {1: "did not come", 2: "came with effort", 3: "came well", 4: "came easily"}
    return Message(
        summary="A concept that keeps slipping away",
        title=clip(f"Another way into: {concept}", LIMITS.TITLE),
        blocks=(
            paragraph(
                f"This concept keeps slipping away from {clip(author, 60) or 'a learner'}. What would you tell them: "
                "another picture, an example, something to read?"
            ),
            heading("How it went"),
            Bullets(tuple(spans(f"{t.on} – {how[t.rating]}: {t.problem}") for t in tried)),
            *((heading("Missed most"), Bullets(tuple(spans(m) for m in missed))) if missed else ()),
        ),
        buttons=(
            Button("Write a note", WriteReview(ticket), primary=True),
            Button("Give back", ReleaseTicket(ticket)),
        ),
    )


def leech_answered() -> Message:
    return Message(
        summary="Thank you",
        blocks=(paragraph("Thank you. Your note is on its way, and the concept is back in their reviews."),),
        buttons=(Button("Next answer", TakeTicket(), primary=True),),
    )


def examples(p: Problem, ticket: Ticket, attempt: Attempt, now: datetime) -> dict[str, Message]:
    """One example of each message, for rendering tests."""
    first = p.criteria[0]
    unsure = Verdict(first.id, State.UNSURE, why="heard none of the usual words for it", chance=0.4)
    if attempt.assessment is None:
        raise ValueError("the example needs a verdict")
    verdicts = (unsure, *attempt.assessment.verdicts[1:])
    doubted = replace(attempt, assessment=replace(attempt.assessment, verdicts=verdicts, flags=(Flag.INJECTION,)))
    case = Case(ticket, full(p), doubted, (first.id, FLAGS), Judge.MENTOR, "Ana")
    tried = (Tried("2026-01-05", 1, p.title),)
    return {
        "mentor_answer": answer(case, now),
        "peer_answer": answer(replace(case, judge=Judge.PEERS, author=""), now),
        "leech": leech(ticket.id, "Precision and recall", "Ana", tried, (first.statement,)),
        "leech_answered": leech_answered(),
    }
