"""Whether the grader agrees with a problem's exemplars, each graded without itself. It does not decide how to grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.catalogue.problem import Exemplar, Problem
from bot.grading import rubric
from bot.grading.deterministic import DeterministicGrader
from bot.grading.question import full
from bot.grading.text import read
from bot.model import Assessment, Band, Flag, Outcome, State

ALIKE = 0.7
"""Shared share of stems from which two exemplars are near-duplicates."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One disagreement: `field` is `exemplars.e3`, `criteria.c2` or `reference`; `remedy`: what to write instead."""

    exemplar: str | None
    field: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Report:
    """Disagreements on one problem, and the figures that only count over the whole bank."""

    faults: tuple[Fault, ...]
    decided: int
    """Criteria decided (not unsure) of those `judged`."""
    judged: int
    strong: int
    """Strong exemplars that are not paraphrases, and how many of them reach Strong Hire unreviewed."""
    strong_reached: int


def check(problem: Problem, grader: DeterministicGrader | None = None) -> Report:
    """Grade every exemplar without itself and its near-duplicates, and the reference."""
    grader = grader or DeterministicGrader()
    faults: list[Fault] = []
    decided = judged = strong = reached = 0
    for exemplar in problem.exemplars:
        question = full(problem, exemplar.variant)
        assessment = grader.grade(question, exemplar.text, near_duplicates(problem, exemplar))
        result = rubric.outcome(question, assessment)
        judged += len(assessment.verdicts)
        decided += sum(verdict.state is not State.UNSURE for verdict in assessment.verdicts)
        faults += _wrong_verdicts(exemplar, assessment)
        faults += _wrong_mistakes(exemplar, assessment)
        faults += _wrong_band(exemplar, result, assessment)
        if exemplar.band is Band.STRONG_HIRE and exemplar.style != "paraphrase":
            strong += 1
            reached += result.lowest is Band.STRONG_HIRE
    faults += _wrong_reference(problem, grader)
    return Report(tuple(faults), decided, judged, strong, reached)


def near_duplicates(problem: Problem, exemplar: Exemplar) -> frozenset[str]:
    """The exemplar itself and those that say the same in nearly the same words."""
    own = _stems(exemplar.text)
    return frozenset(
        e.id
        for e in problem.exemplars
        if e.id == exemplar.id or len(own & _stems(e.text)) >= ALIKE * len(own | _stems(e.text))
    )


def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in read(text).tokens)


def _wrong_verdicts(exemplar: Exemplar, assessment: Assessment) -> Iterator[Fault]:
    for verdict in assessment.verdicts:
        which = str(verdict.criterion)
        if which in exemplar.partly:
            continue
        if verdict.state is State.MET and which not in exemplar.met:
            said = verdict.quote.text if verdict.quote else ""
            yield Fault(
                exemplar.id,
                f"criteria.{which}",
                f"surely met by {exemplar.id} ({verdict.why}, in: {_short(said)}), but the exemplar says not",
                f"narrow the says of {which} (a second group, a longer phrase), or add {which} to the exemplar's met",
            )
        elif verdict.state is State.MISSED and which in exemplar.met:
            yield Fault(
                exemplar.id,
                f"criteria.{which}",
                f"surely missed by {exemplar.id}, but the exemplar says it is met",
                f"add the exemplar's words for it to the says of {which}, or take {which} out of the exemplar's met",
            )


def _wrong_mistakes(exemplar: Exemplar, assessment: Assessment) -> Iterator[Fault]:
    for mistake in assessment.mistakes:
        if mistake.misconception not in exemplar.misconceptions:
            yield Fault(
                exemplar.id,
                f"misconceptions.{mistake.misconception}",
                f"the grader hears it in {exemplar.id} ({_short(mistake.quote.text)}), the exemplar does not list it",
                f"narrow the says of {mistake.misconception}, or list it in the exemplar's misconceptions",
            )


def _wrong_band(exemplar: Exemplar, result: Outcome, assessment: Assessment) -> Iterator[Fault]:
    flags = ", ".join(assessment.flags) or "none"
    states = ", ".join(f"{v.criterion} {v.state}" for v in assessment.verdicts)
    seen = (
        f"flags: {flags}; {states}; misconceptions: {', '.join(m.misconception for m in assessment.mistakes) or 'none'}"
    )
    if not _between(result, exemplar.band):
        yield Fault(
            exemplar.id,
            f"exemplars.{exemplar.id}",
            f"graded {result.lowest} to {result.highest}, expected {exemplar.band} ({seen})",
            "look at the criteria named here: widen or narrow their says, or correct the exemplar's band",
        )
    if exemplar.style in {"keyword_stuffing", "injection"} and result.highest is Band.STRONG_HIRE:
        yield Fault(
            exemplar.id,
            f"exemplars.{exemplar.id}",
            f"{exemplar.style.replace('_', ' ')} could still reach Strong Hire ({seen})",
            "report the text as a gap of the guards in bot/grading/guards.py, with a test",
        )


def _wrong_reference(problem: Problem, grader: DeterministicGrader) -> Iterator[Fault]:
    question = full(problem)
    assessment = grader.grade(question, problem.reference)
    honest = tuple(flag for flag in assessment.flags if flag is not Flag.COPIED_REFERENCE)
    result = rubric.outcome(question, replace(assessment, flags=honest))
    if result.lowest is Band.STRONG_HIRE:
        return
    wanting = ", ".join(f"{v.criterion} {v.state} ({v.why})" for v in assessment.verdicts if v.state is not State.MET)
    wrong = ", ".join(m.misconception for m in assessment.mistakes)
    yield Fault(
        None,
        "reference",
        f"graded {result.lowest}, expected strong_hire; flags: {', '.join(honest) or 'none'}; "
        f"not met: {wanting or 'none'}; misconceptions: {wrong or 'none'}",
        "let the reference say each criterion in words that its says holds",
    )


def _between(result: Outcome, expected: Band) -> bool:
    order = (Band.NOT_GRADABLE, Band.NO_HIRE, Band.LEAN_HIRE, Band.STRONG_HIRE)
    return order.index(result.lowest) <= order.index(expected) <= order.index(result.highest)


def _short(text: str, limit: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
