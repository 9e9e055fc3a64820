"""From verdicts to score and band, in code: no grader decides either. It knows nothing of how verdicts come about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.catalogue.problem import BandRule, Criterion
from bot.grading.question import Question
from bot.model import (
    FLAGS,
    Assessment,
    Band,
    Flag,
    Judge,
    Mistake,
    Outcome,
    Quote,
    Ruling,
    State,
    Verdict,
)

NOT_GRADABLE = frozenset({Flag.EMPTY, Flag.TOO_SHORT, Flag.OTHER_LANGUAGE, Flag.OFF_TOPIC, Flag.COPIED_PROMPT})
"""Flags that leave nothing to grade. An answer of nothing but instructions to the grader is EMPTY as well."""

WITHHELD = frozenset(Flag) - NOT_GRADABLE
"""Flags with which no answer gets past Lean Hire."""

BONUS, MAX_BONUS, MINOR = 0.05, 0.10, 0.10
"""Score for a bonus criterion, for all of them together, and what a minor misconception costs."""

_CREDIT = {State.MET: 1.0, State.PARTLY: 0.5, State.MISSED: 0.0, State.UNSURE: 0.0}


def outcome(question: Question, assessment: Assessment) -> Outcome:
    """Score and band: `lowest`, which is also the band, counts unsure criteria as missed and `highest` as met."""
    low, band = _judge(question, _at_worst(assessment))
    _, highest = _judge(question, _at_best(assessment))
    own = frozenset(str(v.criterion) for v in assessment.verdicts if v.by_learner and not v.appealed)
    rests = (bool(own) or any(m.denied for m in assessment.mistakes)) and (
        _judge(question, _settled_as(_undenied(assessment), own, State.MISSED))[1]
        is not _judge(question, _settled_as(assessment, own, State.MET))[1]
    )
    return Outcome(
        score=low, band=band, lowest=band, highest=highest, provisional=band is not highest, by_learner=rests
    )


def settle(assessment: Assessment, criterion_id: str, quote: Quote | None) -> Assessment:
    """The learner's own comparison: an unsure criterion becomes met with their quote, or missed without one.

    Criteria that are not unsure stay as they are.
    """

    def settled(verdict: Verdict) -> Verdict:
        if verdict.criterion != criterion_id or verdict.state is not State.UNSURE:
            return verdict
        state, why = (State.MISSED, "you found no sentence that says it")
        if quote is not None:
            state, why = State.MET, "you picked this sentence yourself"
        return replace(verdict, state=state, quote=quote, confidence=1.0, why=why, by=Judge.LEARNER)

    return replace(assessment, verdicts=tuple(settled(verdict) for verdict in assessment.verdicts))


def appeal(assessment: Assessment, point: str, quote: Quote | None, *, alone: bool = False) -> Assessment:
    """The learner's word against the grader's: the criterion is met by `quote`, or the misconception is not held.

    The band waits for somebody to look; `alone`, where there is nobody, it rests on the learner's own judgement.
    """

    def claimed(verdict: Verdict) -> Verdict:
        if verdict.criterion != point or quote is None:
            return verdict
        why = "you say that this sentence says it"
        return replace(verdict, state=State.MET, quote=quote, why=why, by=Judge.LEARNER, appealed=not alone)

    return replace(
        assessment,
        verdicts=tuple(map(claimed, assessment.verdicts)),
        mistakes=tuple(
            replace(m, appealed=True, denied=alone) if m.misconception == point else m for m in assessment.mistakes
        ),
    )


def decide(assessment: Assessment, rulings: Mapping[str, Ruling], by: Judge) -> Assessment:
    """What people decided, in the place of whatever a grader or the learner said."""

    def ruled(verdict: Verdict) -> Verdict:
        ruling = rulings.get(str(verdict.criterion))
        if ruling is None:
            return verdict
        why = "peers read it" if by is Judge.PEERS else "a mentor read it"
        return Verdict(verdict.criterion, ruling.state, ruling.quote, 1.0, why, by, chance=verdict.chance)

    falls = {point for point, ruling in rulings.items() if ruling.state is State.MISSED}
    stands = set(rulings) - falls
    return replace(
        assessment,
        verdicts=tuple(map(ruled, assessment.verdicts)),
        mistakes=tuple(
            m if m.misconception not in stands else replace(m, appealed=False, denied=False)
            for m in assessment.mistakes
            if m.misconception not in falls
        ),
        flags=tuple(f for f in assessment.flags if f not in WITHHELD) if FLAGS in falls else assessment.flags,
    )


def share(question: Question, assessment: Assessment, concept: str) -> float | None:
    """Weighted share 0..1 met of a concept's asked must and core criteria; None while one is unsure or none asked."""
    states = _states(assessment)
    asked = [c for c in question.criteria if c.concept == concept and c.kind != "bonus" and c.id in states]
    if not asked or any(states[c.id] is State.UNSURE for c in asked):
        return None
    return sum(c.weight * _CREDIT[states[c.id]] for c in asked) / sum(c.weight for c in asked)


def must_missed(question: Question, assessment: Assessment, concept: str) -> bool:
    """True when a must criterion of the concept that was asked for is decided as missed."""
    states = _states(assessment)
    return any(
        c.kind == "must" and c.concept == concept and states.get(c.id) is State.MISSED for c in question.criteria
    )


def fatal(question: Question, assessment: Assessment) -> bool:
    """True when the answer holds a misconception that no interviewer would let pass, by what is known so far."""
    return _count(question, _at_best(assessment), "fatal") > 0


def withheld(question: Question, assessment: Assessment) -> bool:
    """Whether only what a guard noticed may stand between the answer and Strong Hire."""
    honest = replace(assessment, flags=tuple(f for f in assessment.flags if f not in WITHHELD))
    best = outcome(question, honest).highest
    return best is Band.STRONG_HIRE and outcome(question, assessment).highest is Band.LEAN_HIRE


def _judge(question: Question, assessment: Assessment) -> tuple[float, Band]:
    """Score and band of an assessment without unsure criteria."""
    states = _states(assessment)
    score = _score(question, assessment, states)
    if NOT_GRADABLE.intersection(assessment.flags):
        return score, Band.NOT_GRADABLE
    bands = question.problem.bands
    if score > 0:
        held = _count(question, assessment, "fatal") > 0
        if _passes(bands.strong_hire, question.criteria, states, score, held):
            return score, Band.LEAN_HIRE if WITHHELD.intersection(assessment.flags) else Band.STRONG_HIRE
        if _passes(bands.lean_hire, question.criteria, states, score, held):
            return score, Band.LEAN_HIRE
    return score, Band.NO_HIRE


def _passes(
    rule: BandRule, asked: tuple[Criterion, ...], states: dict[str, State], score: float, held_fatal: bool
) -> bool:
    if held_fatal and rule.no_fatal:
        return False
    needed = set(rule.all).intersection(c.id for c in asked)
    return all(states.get(wanted) is State.MET for wanted in needed) and score >= rule.min_score - 1e-9


def _score(question: Question, assessment: Assessment, states: dict[str, State]) -> float:
    def credit(criteria: Iterable[Criterion]) -> float:
        return sum(c.weight * _CREDIT[states.get(c.id, State.MISSED)] for c in criteria)

    needed = [c for c in question.criteria if c.kind != "bonus"]
    extra = [c for c in question.criteria if c.kind == "bonus"]
    if not needed:
        needed, extra = extra, []
    score = credit(needed) / sum(c.weight for c in needed) if needed else 0.0
    score += min(MAX_BONUS, BONUS * sum(states.get(c.id) is State.MET for c in extra))
    score -= MINOR * _count(question, assessment, "minor")
    return min(1.0, max(0.0, score))


def _count(question: Question, assessment: Assessment, severity: str) -> int:
    of = {m.id for m in question.problem.misconceptions if m.severity == severity}
    return len(of.intersection(mistake.misconception for mistake in assessment.mistakes))


def _states(assessment: Assessment) -> dict[str, State]:
    return {str(verdict.criterion): verdict.state for verdict in assessment.verdicts}


def _at_worst(assessment: Assessment) -> Assessment:
    return _settled(assessment, State.MISSED, tuple(m for m in assessment.mistakes if not m.denied))


def _undenied(assessment: Assessment) -> Assessment:
    """The assessment with every misconception that only the learner's own word took away."""
    return replace(assessment, mistakes=tuple(replace(m, denied=False) for m in assessment.mistakes))


def _at_best(assessment: Assessment) -> Assessment:
    return _settled(assessment, State.MET, tuple(m for m in assessment.mistakes if not m.appealed))


def _settled(assessment: Assessment, state: State, mistakes: tuple[Mistake, ...]) -> Assessment:
    """The assessment as if every open criterion, unsure or appealed, were in one state."""
    verdicts = (replace(v, state=state) if v.state is State.UNSURE or v.appealed else v for v in assessment.verdicts)
    return replace(assessment, verdicts=tuple(verdicts), mistakes=mistakes)


def _settled_as(assessment: Assessment, ids: frozenset[str], state: State) -> Assessment:
    changed = tuple(replace(v, state=state) if v.criterion in ids else v for v in assessment.verdicts)
    return _at_worst(replace(assessment, verdicts=changed))
