"""Which answers become examples for the grader, and how they are written down: lent by their authors, without names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.anonymous import without_names
from bot.catalogue.problem import Problem
from bot.model import Assessment, Attempt, Band, State


@dataclass(frozen=True, slots=True)
class Lent:
    """An answer whose author lent it, and the names that must not stand in it."""

    attempt: Attempt
    names: tuple[str, ...]


def may_be_lent(attempt: Attempt) -> bool:
    """Whether an answer may become an example: one to a full problem, with a band that is settled."""
    outcome = attempt.outcome
    return (
        outcome is not None
        and not outcome.provisional
        and outcome.band is not Band.NOT_GRADABLE
        and attempt.serving.concept is None
    )


def exemplars(problem: Problem, lent: Iterable[Lent]) -> list[dict[str, object]]:
    """The exemplars of a problem file, as YAML takes them, oldest first.

    Only answers that may be lent and that people decided on; what equals an exemplar that is there already is left
    out.
    """
    known = {" ".join(e.text.split()) for e in problem.exemplars}
    taken = {str(e.id) for e in problem.exemplars}
    found: list[dict[str, object]] = []
    for one in lent:
        attempt, assessment, outcome = one.attempt, one.attempt.assessment, one.attempt.outcome
        if assessment is None or outcome is None or not may_be_lent(attempt):
            continue
        text = without_names(attempt.text, one.names)
        plain = " ".join(text.split())
        if plain in known or not any(v.by.is_reviewer for v in assessment.verdicts):
            continue
        known.add(plain)
        id = next(f"l{n}" for n in range(1, len(taken) + 2) if f"l{n}" not in taken)
        taken.add(id)
        found.append({"id": id, "band": str(outcome.band), **_verdicts(assessment), "style": "learner", "text": text})
        if attempt.serving.variant != "v1":
            found[-1]["variant"] = attempt.serving.variant
    return found


def _verdicts(assessment: Assessment) -> dict[str, object]:
    verdicts = assessment.verdicts
    found: dict[str, object] = {"met": [str(v.criterion) for v in verdicts if v.state is State.MET]}
    if partly := [str(v.criterion) for v in verdicts if v.state is State.PARTLY]:
        found["partly"] = partly
    if mistakes := [m.misconception for m in assessment.mistakes]:
        found["misconceptions"] = mistakes
    return found
