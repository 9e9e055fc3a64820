"""What can be said of one point on a form, what the grader proposes, and how a field is read. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue.problem import Criterion
from bot.door.messages import LIMITS
from bot.grading.question import Question
from bot.grading.text import read, sentences
from bot.model import Attempt, Quote, Ruling, State, Verdict

_CHOICE = re.compile(r"(met|partly):(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field: its value, and the ruling that it stands for."""

    value: str
    ruling: Ruling


def criterion_of(asked: Question, point: str) -> Criterion | None:
    """The criterion that a point is; None for a misconception or FLAGS."""
    return next((c for c in asked.criteria if c.id == point), None)


def options(asked: Question, attempt: Attempt, point: str, *, led: bool = False) -> tuple[Option, ...]:
    """All that can be said of a point, at most as many as a field has choices.

    Of a criterion: missed, met by a sentence, half met by a sentence. Of more sentences than there are choices the
    likeliest are offered, in the order of the answer; `led`: after what the grader quotes.
    """
    criterion = criterion_of(asked, point)
    if criterion is None:
        return Option("met", Ruling(State.MET)), Option("missed", Ruling(State.MISSED))
    found = sentences(attempt.text)
    quote = _proposed(attempt, point) if led else None
    ranked = likeliest(criterion, found, quote)
    room = LIMITS.CHOICES - 1

    def place(n: int) -> tuple[bool, int]:
        return not (quote and quote.overlaps(found[n])), n

    met, half = sorted(ranked[:room], key=place), sorted(ranked[: max(0, room - len(ranked))], key=place)
    return (
        Option("missed", Ruling(State.MISSED)),
        *(Option(f"met:{n}", Ruling(State.MET, found[n])) for n in met),
        *(Option(f"partly:{n}", Ruling(State.PARTLY, found[n])) for n in half),
    )


def likeliest(criterion: Criterion, found: Sequence[Quote], first: Quote | None = None) -> list[int]:
    """The sentences by number, those first that share most words with what is asked for, after the one proposed."""
    wanted = {t.stem for t in read(f"{criterion.statement} {criterion.reference_span}").tokens}

    def rank(n: int) -> tuple[bool, int, int]:
        shared = len(wanted & {t.stem for t in read(found[n].text).tokens})
        return not (first and first.overlaps(found[n])), -shared, n

    return sorted(range(len(found)), key=rank)


def proposal(asked: Question, attempt: Attempt, point: str) -> str:
    """The value that says what the grader would; "" where it has no side or the learner has spoken against it."""
    verdict = _verdict(attempt, point)
    if verdict is None:
        return "met" if criterion_of(asked, point) is None and not _denied(attempt, point) else ""
    if verdict.appealed:
        return ""
    quote = verdict.quote
    likely = verdict.state is State.MET or (verdict.state is State.UNSURE and (verdict.chance or 0) >= 0.5)
    if verdict.state is State.PARTLY or likely:
        found = sentences(attempt.text)
        at = next((n for n, s in enumerate(found) if quote and quote.overlaps(s)), None)
        return "" if at is None else f"{'partly' if verdict.state is State.PARTLY else 'met'}:{at}"
    return "missed"


def rule(asked: Question, attempt: Attempt, point: str, value: str) -> Ruling | None:
    """What a field's value says; None for one that says nothing of this point."""
    if criterion_of(asked, point) is None:
        return {"met": Ruling(State.MET), "missed": Ruling(State.MISSED)}.get(value)
    if value == "missed":
        return Ruling(State.MISSED)
    found = sentences(attempt.text)
    chosen = _CHOICE.fullmatch(value)
    if chosen is None or int(chosen[2]) >= len(found):
        return None
    return Ruling(State(chosen[1]), found[int(chosen[2])])


def _verdict(attempt: Attempt, point: str) -> Verdict | None:
    verdicts = attempt.assessment.verdicts if attempt.assessment else ()
    return next((v for v in verdicts if v.criterion == point), None)


def _proposed(attempt: Attempt, point: str) -> Quote | None:
    verdict = _verdict(attempt, point)
    return verdict.quote if verdict else None


def _denied(attempt: Attempt, point: str) -> bool:
    mistakes = attempt.assessment.mistakes if attempt.assessment else ()
    return any(m.misconception == point and m.appealed for m in mistakes)
