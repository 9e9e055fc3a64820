"""How good predictions are, in figures. It knows neither graders nor questions, only labels beside predictions.

All measures but the coverage curve are functions of counts that add up over questions (`Tally`), so that resampling
questions costs additions only. A measure is None where it does not apply or is not defined.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

BINS = 10
"""Equal bins of confidence for the expected calibration error."""

COVERED = (100, 80, 60, 40, 20)
"""Percentages of the answers, the most confident first, at which accuracy is given."""

RESAMPLES, INTERVAL = 500, 0.95


@dataclass(frozen=True, slots=True)
class Point:
    """One criterion of an answer: whether people found it met, whether the grader did, and whether without doubt."""

    criterion: str
    met: bool
    heard: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One prediction beside its label, both from 0 to classes - 1."""

    question: str
    label: int
    predicted: int
    confidence: float
    """0..1: the chance given to the predicted class."""
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of predictions, which add up."""

    confusion: tuple[int, ...]
    """By label and, within a label, by prediction; its length is the square of the number of classes."""
    points: tuple[int, ...]
    """Criteria that are (missed, missed), (missed, met), (met, missed), (met, met) by people and by the grader."""
    surely: tuple[int, int]
    """Criteria that were decided, and how many of them wrongly."""
    bins: tuple[tuple[int, float, int], ...]
    """Per bin of confidence: predictions, sum of confidence, right ones."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is reported of a grader. Shares are 0..1."""

    accuracy: float
    macro_f1: float
    """Mean over the classes that occur among labels or predictions."""
    qwk: float | None
    """Quadratically weighted kappa; bands only."""
    two_band_flips: float | None
    """Share of answers put at the other end: band 0 as 2 or 2 as 0; bands only."""
    kappa: float | None
    """Cohen's kappa over all labelled criteria; doubtful ones count by their likelier side."""
    ece: float | None
    """Expected calibration error of `confidence`."""


def tally(judged: Iterable[Judged], classes: int) -> Tally:
    """The counts of some predictions."""
    confusion = [0] * classes**2
    points, surely = [0] * 4, [0, 0]
    bins = [[0, 0.0, 0] for _ in range(BINS)]
    for each in judged:
        confusion[each.label * classes + each.predicted] += 1
        cell = bins[min(BINS - 1, int(each.confidence * BINS))]
        cell[0] += 1
        cell[1] += each.confidence
        cell[2] += each.label == each.predicted
        for point in each.points:
            points[2 * point.met + point.heard] += 1
            surely[0] += point.decided
            surely[1] += point.decided and point.met is not point.heard
    whole = tuple((int(n), conf, int(right)) for n, conf, right in bins)
    return Tally(tuple(confusion), tuple(points), (surely[0], surely[1]), whole)


def measures(counts: Tally) -> Measures:
    """The measures of at least one prediction."""
    classes = math.isqrt(len(counts.confusion))
    rows = [counts.confusion[i * classes : (i + 1) * classes] for i in range(classes)]
    n = sum(counts.confusion)
    bands = classes > 2
    return Measures(
        accuracy=sum(rows[i][i] for i in range(classes)) / n,
        macro_f1=_macro_f1(rows),
        qwk=kappa(rows, squared=True) if bands else None,
        two_band_flips=(rows[0][-1] + rows[-1][0]) / n if bands else None,
        kappa=kappa((counts.points[:2], counts.points[2:])) if any(counts.points) else None,
        ece=sum(abs(conf - right) for _, conf, right in counts.bins) / n,
    )


def confident_errors(counts: Tally) -> float | None:
    """Wrong criteria per 100 decided ones; None where none was decided."""
    decided, wrong = counts.surely
    return 100 * wrong / decided if decided else None


def _macro_f1(rows: Sequence[Sequence[int]]) -> float:
    columns = list(zip(*rows, strict=True))
    found: list[float] = []
    for i, row in enumerate(rows):
        seen = sum(row) + sum(columns[i])
        if seen:
            found.append(2 * row[i] / seen)
    return sum(found) / len(found)


def kappa(rows: Sequence[Sequence[int]], *, squared: bool = False) -> float | None:
    """Agreement beyond chance of two raters, from their square table of counts; 1 is perfect, 0 is chance.

    `squared` weighs a disagreement by the square of its distance. None where both always say the same one thing.
    """
    columns = list(zip(*rows, strict=True))
    n = sum(sum(row) for row in rows)
    seen = expected = 0.0
    for i, row in enumerate(rows):
        for j, count in enumerate(row):
            weight = float((i - j) ** 2 if squared else i != j)
            seen += weight * count
            expected += weight * sum(row) * sum(columns[j]) / n
    return 1 - seen / expected if expected else None


def coverage(judged: Sequence[Judged]) -> dict[str, float]:
    """Accuracy on the most confident share of the answers, by percentage as text.

    Where the limit falls among answers of equal confidence they count by their mean, so that order cannot matter.
    """
    ranked = sorted(judged, key=lambda each: -each.confidence)
    groups = [
        (len(group), sum(each.label == each.predicted for each in group))
        for group in (list(same) for _, same in groupby(ranked, key=lambda each: each.confidence))
    ]
    found = {}
    for percent in COVERED:
        wanted = left = len(ranked) * percent / 100
        right = 0.0
        for size, hits in groups:
            taken = min(left, size)
            right += hits * taken / size
            left -= taken
        found[str(percent)] = right / wanted
    return found


def intervals(judged: Sequence[Judged], classes: int, seed: int) -> dict[str, tuple[float, float] | None]:
    """95 % bootstrap intervals of each measure, resampling questions; None where a measure does not apply.

    Of a single question nothing can be said about others: all are None.
    """
    by_question: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        by_question[each.question].append(each)
    parts = [tally(group, classes) for group in by_question.values()]
    samples: dict[str, list[float]] = {name: [] for name in Measures.__dataclass_fields__}
    if len(parts) > 1:
        for round_ in range(RESAMPLES):
            drawn = Counter(draw(seed, round_, i) % len(parts) for i in range(len(parts)))
            found = asdict(measures(_total(parts, drawn)))
            for name, value in found.items():
                if value is not None:
                    samples[name].append(value)
    return {name: _interval(values) for name, values in samples.items()}


def _total(parts: Sequence[Tally], times: Mapping[int, int]) -> Tally:
    """The sum of some tallies, each counted so many times."""
    used = [(parts[i], n) for i, n in times.items()]
    size = len(parts[0].confusion)
    return Tally(
        tuple(sum(p.confusion[i] * n for p, n in used) for i in range(size)),
        tuple(sum(p.points[i] * n for p, n in used) for i in range(4)),
        (sum(p.surely[0] * n for p, n in used), sum(p.surely[1] * n for p, n in used)),
        tuple(
            (
                sum(p.bins[i][0] * n for p, n in used),
                sum(p.bins[i][1] * n for p, n in used),
                sum(p.bins[i][2] * n for p, n in used),
            )
            for i in range(BINS)
        ),
    )


def draw(*key: object) -> int:
    """A whole number of 64 bits that looks drawn and follows from the key alone, on every machine."""
    return int.from_bytes(hashlib.blake2b(repr(key).encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _interval(values: list[float]) -> tuple[float, float] | None:
    if len(values) < RESAMPLES // 2:
        return None
    ordered = sorted(values)
    few = int(len(ordered) * (1 - INTERVAL) / 2)
    return ordered[few], ordered[-1 - few]
