"""The fit of bot/grading/weights.json: the chance that a criterion is met, from what was heard of it.

Rows: every criterion of the first blind answers on which both raters agree (benchmarks/grader.py tells their origin),
and of the bank's exemplars, each heard without itself, at EXEMPLAR of a row's weight because their authors also wrote
what is listened for. Two logistic models, one for what was heard whole and one for the rest, with the signs below and
a penalty on large weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.grader import KNOWN, blind, calibration_error, label
from bot.catalogue import load
from bot.grading.deterministic import DeterministicGrader
from bot.grading.exemplars import near_duplicates
from bot.grading.question import full
from bot.model import ProblemId

FILE = Path(__file__).parents[1] / "bot" / "grading" / "weights.json"
EXEMPLAR = 0.25
MISTAKEN, FORESEEN = ("fatal", "minor", "near"), 0.35
"""Measures of misconceptions, and the share of them that is heard in answers which nobody knew who wrote what is
listened for. The blind answers of the fit were known, so the rest of their weight does without."""

PENALTY = 0.5
SWEEPS = 60

SIGNS: Mapping[str, Mapping[str, int]] = {
    "said": {
        "recall": 1, "company": 1, "alone": 0, "bonus": 0,
        "spread": -1, "fatal": -1, "minor": -1, "near": -1, "denials": -1,
    },
    "unsaid": {
        "denied": 0, "partial": 1, "recall": 1, "exemplar": 1, "company": 0, "alone": 0,
        "length": 0, "bonus": -1, "voice": -1, "silent": -1, "figure": -1, "fatal": -1, "minor": -1,
        "near": -1,
    },
}  # fmt: skip
"""Of each measure: whether it can only raise the chance, only lower it, or either."""

BY_HAND: Mapping[str, Mapping[str, float]] = {"unsaid": {"twin": 8.0, "strange": -2.0}}
"""Weights of what hardly any row has: nearly the same words as an exemplar that meets the criterion, or none of the
problem's at all."""

MEANING = (
    "Logistic weights of the measures of bot/grading/measures.py. `said`: for a criterion heard whole and not "
    "denied; `unsaid`: for the others. Fitted by benchmarks/train_grader.py. `recall`: weighted share of the "
    "statement's or the reference's words in a window of two sentences; `company`: weighted share of the other "
    "criteria that were heard; `spread`: heard in two neighbouring sentences; `alone`: a question that a sentence "
    "answers; `bonus`: a bonus criterion; `denials`: criteria heard beside a denial; `fatal`, `minor`: the answer "
    "holds such a misconception; `near`: share of a misconception that was heard, if none was whole; `denied`: "
    "heard beside a denial only; `partial`: share of the groups heard, if alone; `exemplar`: likeness to a sentence "
    "of an exemplar that meets it; `twin`: likeness beyond half, set by hand; `voice`: the answer says other things "
    "in the usual words; `silent`: in a full answer that does so not one word for this was heard; `figure`: a "
    "number that it needs was not heard; `length`: words for each criterion; `strange`: no word of the answer "
    "belongs to the problem, set by hand."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion of an answer: what was heard of it, and whether it is met."""

    problem: ProblemId
    said: bool
    values: Mapping[str, float]
    met: bool
    weight: float


def rows(grader: DeterministicGrader) -> Iterator[Row]:
    """All labelled criteria."""
    bank = load()
    for answer, question in blind(bank, KNOWN):
        for which, measured in grader.measured(question, answer["answer"]).items():
            wanted = label(answer, which)
            if wanted is not None:
                yield Row(question.problem.id, measured.said, measured.values, wanted == "met", 1.0)
    for problem in bank.problems.values():
        for exemplar in problem.exemplars:
            if exemplar.style in {"injection", "keyword_stuffing"}:
                continue
            question, without = full(problem, exemplar.variant), near_duplicates(problem, exemplar)
            for which, measured in grader.measured(question, exemplar.text, without).items():
                if which not in exemplar.partly:
                    yield Row(problem.id, measured.said, measured.values, which in exemplar.met, EXEMPLAR)


def fit(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """The weights of both models."""
    unforeseen = [half for row in rows for half in _half_foreseen(row)]
    return {
        which: _logistic([r for r in unforeseen if r.said == (which == "said")], signs) | dict(BY_HAND.get(which, {}))
        for which, signs in SIGNS.items()
    }


def _half_foreseen(row: Row) -> Iterator[Row]:
    """A blind answer's row as it is, and without the misconceptions that were heard."""
    if row.weight == EXEMPLAR or not any(row.values[name] for name in MISTAKEN):
        yield row
        return
    yield replace(row, weight=row.weight * FORESEEN)
    without = {name: 0.0 if name in MISTAKEN else x for name, x in row.values.items()}
    yield replace(row, values=without, weight=row.weight * (1 - FORESEEN))


def _logistic(rows: Sequence[Row], signs: Mapping[str, int]) -> dict[str, float]:
    """Penalised maximum likelihood by Newton steps along one weight at a time, each kept on its side of zero."""
    columns = {
        name: [(i, row.values[name]) for i, row in enumerate(rows) if row.values.get(name)] for name in signs
    } | {"bias": [(i, 1.0) for i in range(len(rows))]}
    weights = dict.fromkeys(columns, 0.0)
    z = [0.0] * len(rows)
    for _ in range(SWEEPS):
        for name, column in columns.items():
            penalty = 0.0 if name == "bias" else PENALTY
            slope, curve = -penalty * weights[name], penalty + 1e-6
            for i, x in column:
                p = 1 / (1 + math.exp(-z[i]))
                slope += rows[i].weight * (rows[i].met - p) * x
                curve += rows[i].weight * max(p * (1 - p), 0.01) * x * x
            sign = signs.get(name, 0)
            new = weights[name] + slope / curve
            new = max(0.0, new) if sign > 0 else min(0.0, new) if sign < 0 else new
            for i, x in column:
                z[i] += (new - weights[name]) * x
            weights[name] = new
    return {name: round(value, 2) for name, value in weights.items()}


def chance(row: Row, weights: Mapping[str, Mapping[str, float]]) -> float:
    """The chance that `weights` give a row, as bot.grading.measures does."""
    model = weights["said" if row.said else "unsaid"]
    return 1 / (1 + math.exp(-model["bias"] - sum(model.get(name, 0.0) * x for name, x in row.values.items())))


def cross_fitted(rows: Sequence[Row]) -> list[float]:
    """The chance of every row, by weights fitted on the other problems."""
    found: dict[int, float] = {}
    for problem in sorted({row.problem for row in rows}):
        weights = fit([row for row in rows if row.problem != problem])
        found |= {i: chance(row, weights) for i, row in enumerate(rows) if row.problem == problem}
    return [found[i] for i in range(len(rows))]


def write() -> None:
    """Fits and writes weights.json."""
    found = list(rows(DeterministicGrader()))
    FILE.write_text(json.dumps({"comment": MEANING, **fit(found)}, indent=2) + "\n", encoding="utf-8")


def report() -> None:
    """How well the chance is calibrated, and the risk at some thresholds, on problems that were left out of the fit."""
    found = list(rows(DeterministicGrader()))
    chances = cross_fitted(found)
    for name, weight in (("blind answers", 1.0), ("exemplars", EXEMPLAR)):
        chosen = [(p, row.met) for p, row in zip(chances, found, strict=True) if row.weight == weight]
        print(f"{name}: calibration error {calibration_error(chosen):.3f}, criteria {len(chosen)}")
        for threshold in (0.75, 0.8, 0.85, 0.87, 0.9, 0.92, 0.95):
            decided = [(p, met) for p, met in chosen if max(p, 1 - p) >= threshold]
            wrong = sum((p > 0.5) != met for p, met in decided)
            share, risk = len(decided) / len(chosen), 100 * wrong / max(1, len(decided))
            print(f"  {threshold:.2f}: {share:.3f} decided, {risk:.1f} wrong per 100")
