"""How a grader does on judged answers: what it predicts for each, beside the two baselines that know the labels only.

Questions are independent of each other: a prediction learns from no other question, and exemplars of the own question
are taken out of the test. It knows no grader by name.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from bot.grading import agreement, metrics
from bot.grading.grader import Grader
from bot.grading.labelled import LEAN, STRONG, Labelled, question_of
from bot.grading.metrics import Judged, Measures, Point
from bot.grading.question import Question
from bot.grading.rubric import BONUS, MAX_BONUS
from bot.model import Assessment, State, Verdict

SPREAD = 0.05
"""Least standard deviation of an expected score: no grader knows an answer's worth more closely."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a grader or a baseline on the same answers."""

    measures: Measures
    coverage: dict[str, float]
    """Percentage of the answers, the most confident first, to accuracy on them."""
    ci: dict[str, tuple[float, float] | None]
    """Measure to its 95 % interval by resampling questions."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A grader measured on a file."""

    grader: str
    version: str
    bands: bool
    """Whether bands were predicted; otherwise correct or not."""
    n: int
    questions: int
    exemplars: int
    """Answers that were given as exemplars and therefore not tested, copies of them included."""
    result: Summary
    majority: Summary
    """Always the commonest label of all rows tested."""
    majority_per_question: Summary
    """Always the commonest label of the question's rows tested: an oracle, as it looks at their labels."""
    decided: int | None
    """Labelled criteria that the grader decided; None where none is labelled."""
    confident_errors: float | None
    """Per 100 decided criteria."""
    p50_ms: float
    p95_ms: float
    cost_usd: float
    unanswered: int
    """Answers on which the grader had nothing to say and another one, or none, spoke in its place."""


def evaluate(
    rows: Sequence[Labelled], grader: Grader, timer: Callable[[], float], *, exemplars: int = 0, seed: int = 0
) -> Evaluation:
    """Grades every row, at least one, with `exemplars` judged answers of its question to learn from.

    `timer` gives seconds on any steadily running clock.
    """
    classes = 3 if rows[0].band is not None else 2
    judged: list[Judged] = []
    seconds: list[float] = []
    assessment = Assessment(())
    cost, unanswered = 0.0, 0
    by_question: dict[str, list[Labelled]] = defaultdict(list)
    for row in rows:
        by_question[row.question_id].append(row)
    for group in by_question.values():
        examples = choose(group, exemplars, seed)
        asked: dict[object, Question] = {}
        for row in _untouched(group, examples):
            wording = (row.question, row.references, tuple((c.id, c.statement, c.weight) for c in row.criteria))
            if wording not in asked:
                asked[wording] = question_of(row, examples)
            start = timer()
            assessment = grader.grade(asked[wording], row.answer)
            seconds.append(timer() - start)
            cost += assessment.cost_usd
            unanswered += bool(assessment.fallback)
            judged.append(judge(row, asked[wording], assessment))
    counts = metrics.tally(judged, classes)
    return Evaluation(
        grader=assessment.grader,
        version=assessment.version,
        bands=classes == 3,
        n=len(judged),
        questions=len(by_question),
        exemplars=len(rows) - len(judged),
        result=_summary(judged, classes, seed),
        majority=_baseline(majority(judged), classes, seed),
        majority_per_question=_baseline(majority_per_question(judged), classes, seed),
        decided=counts.surely[0] if any(counts.points) else None,
        confident_errors=metrics.confident_errors(counts),
        p50_ms=1000 * _quantile(seconds, 0.50),
        p95_ms=1000 * _quantile(seconds, 0.95),
        cost_usd=cost,
        unanswered=unanswered,
    )


def _summary(judged: Sequence[Judged], classes: int, seed: int) -> Summary:
    return Summary(
        metrics.measures(metrics.tally(judged, classes)),
        metrics.coverage(judged),
        metrics.intervals(judged, classes, seed),
    )


def _baseline(judged: Sequence[Judged], classes: int, seed: int) -> Summary:
    """A baseline's confidence is the share of its label among the rows tested: its calibration says nothing."""
    found = _summary(judged, classes, seed)
    return replace(found, measures=replace(found.measures, ece=None), ci=found.ci | {"ece": None})


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def choose(rows: Sequence[Labelled], count: int, seed: int) -> tuple[Labelled, ...]:
    """Rows of one question to serve as its exemplars: as evenly over the labels as they allow, the commonest first.

    Never the same text twice, never an empty one, never more than half of the texts; the order of rows does not matter.
    """
    texts = {_plain(row.answer): row for row in sorted(rows, key=lambda row: row.label) if row.answer.strip()}
    drawn = sorted(texts.values(), key=lambda row: metrics.draw(seed, row.question_id, row.answer))
    shelves = {label: [row for row in drawn if row.label == label] for label in _by_frequency(rows)}
    turns = sorted(
        (place, order, row.line, row) for order, shelf in enumerate(shelves.values()) for place, row in enumerate(shelf)
    )
    return tuple(row for _, _, _, row in turns[: min(count, len(drawn) // 2)])


def _by_frequency(rows: Iterable[Labelled]) -> list[int]:
    count = Counter(row.label for row in rows)
    return sorted(count, key=lambda label: (-count[label], label))


def _untouched(rows: Iterable[Labelled], examples: Iterable[Labelled]) -> list[Labelled]:
    """The rows that are neither exemplars nor word for word like one: a test never sees itself."""
    seen = {_plain(row.answer) for row in examples}
    return [row for row in rows if _plain(row.answer) not in seen]


def _plain(answer: str) -> str:
    return " ".join(answer.casefold().split())


def judge(row: Labelled, question: Question, assessment: Assessment) -> Judged:
    """The prediction that an assessment amounts to, beside the row's label.

    The median class of its chances; where the grader judges the whole, the band that it takes it for.
    """
    chances = _chances(row, question, assessment)
    if row.band is not None and assessment.overall is not None:
        predicted = agreement.likeliest_band(assessment.overall)
    else:
        predicted = max(label for label in range(len(chances)) if label == 0 or sum(chances[label:]) >= 0.5)
    verdicts = {str(verdict.criterion): verdict for verdict in assessment.verdicts}
    points = tuple(
        Point(c.id, c.met, chance_of(verdicts[c.id]) >= 0.5, verdicts[c.id].state in {State.MET, State.MISSED})
        for c in row.criteria
    )
    return Judged(row.question_id, row.label, predicted, chances[predicted], points)


def _chances(row: Labelled, question: Question, assessment: Assessment) -> tuple[float, ...]:
    """The chance of each class, from the lowest: by the grader's view of the whole, or else of the criteria."""
    if assessment.overall is not None:
        if row.band is not None:
            return agreement.band_chances(assessment.overall)
        right = agreement.correct_chance(assessment.overall)
        return 1 - right, right
    mean, spread = expected_score(question, assessment)
    if row.band is None:
        return 1 - mean, mean
    score = NormalDist(mean, max(spread, SPREAD))
    below = score.cdf(LEAN), score.cdf(STRONG)
    return below[0], below[1] - below[0], 1 - below[1]


def chance_of(verdict: Verdict) -> float:
    """0..1: the chance that a criterion is met, from the verdict's state where the grader gives no chance."""
    if verdict.chance is not None:
        return verdict.chance
    if verdict.state is State.MET:
        return verdict.confidence
    return 1 - verdict.confidence if verdict.state is State.MISSED else 0.5


def expected_score(question: Question, assessment: Assessment) -> tuple[float, float]:
    """Mean and standard deviation of the rubric's score, 0..1, if each criterion is met by its chance."""
    chances = {str(verdict.criterion): chance_of(verdict) for verdict in assessment.verdicts}
    needed = [c for c in question.criteria if c.kind != "bonus"]
    extra = [c for c in question.criteria if c.kind == "bonus"]
    if not needed:
        needed, extra = extra, []
    total = sum(c.weight for c in needed)
    mean = sum(c.weight * chances[c.id] for c in needed) / total
    mean += min(MAX_BONUS, BONUS * sum(chances[c.id] for c in extra))
    variance = sum((c.weight / total) ** 2 * chances[c.id] * (1 - chances[c.id]) for c in needed)
    return min(1.0, mean), math.sqrt(variance)


def majority(judged: Sequence[Judged]) -> list[Judged]:
    """What always saying the commonest label, and the commonest state of all criteria, would have given."""
    label, share = _commonest([each.label for each in judged])
    met, _ = _commonest([point.met for each in judged for point in each.points])
    return [
        replace(
            each,
            predicted=label,
            confidence=share,
            points=tuple(replace(point, heard=bool(met), decided=True) for point in each.points),
        )
        for each in judged
    ]


def majority_per_question(judged: Sequence[Judged]) -> list[Judged]:
    """What knowing each question's commonest label, and each criterion's commonest state, would have given."""
    labels: dict[str, list[int]] = defaultdict(list)
    states: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for each in judged:
        labels[each.question].append(each.label)
        for point in each.points:
            states[each.question, point.criterion].append(point.met)
    best = {question: _commonest(found) for question, found in labels.items()}
    usual = {key: bool(_commonest(found)[0]) for key, found in states.items()}
    return [
        replace(
            each,
            predicted=best[each.question][0],
            confidence=best[each.question][1],
            points=tuple(
                replace(point, heard=usual[each.question, point.criterion], decided=True) for point in each.points
            ),
        )
        for each in judged
    ]


def _commonest(values: Sequence[int]) -> tuple[int, float]:
    """The commonest value, the lowest of equally common ones, and its share; (0, 0) of none."""
    count = Counter(values)
    best = min(count, key=lambda value: (-count[value], value), default=0)
    return int(best), count[best] / len(values) if values else 0.0
