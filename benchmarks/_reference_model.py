"""The fit of bot/grading/agreement.json: the weights with which an answer is compared with a reference.

Fitted on two sources that may be shipped: answers of the SAF data set (Short Answer Feedback, English part, MIT; JSON
lines with `question_id`, `question`, `reference`, `answer`, `band`; without those that answer nothing), and this
project's own answers with a verdict on each criterion (the exemplars of the bank and the first set of
benchmarks/data/blind_answers.jsonl). Both share the weights; SAF says where half and nearly all of a reference begin,
the criteria say where a claim begins to be said.

The fit: logistic regression on the cumulative bands and on the criteria, ridge, no weight on the wrong side of zero, by
coordinates. Two runs give the same file. RIDGE, BALANCE and JUDGED were chosen by how well a fit carries over to other
data sets; no weight was fitted on those.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.grader import KNOWN, blind, label
from bot.catalogue import load
from bot.grading import agreement, metrics, overlap
from bot.grading.overlap import MEASURES, Lookup

TARGET = Path(__file__).parents[1] / "bot" / "grading" / "agreement.json"

RIDGE = 100.0
"""So strong because the answers to one question are much alike: weights fitted closely do not carry over."""

BALANCE = 0.3
"""From 0, each answer counts as much, to 1, each band: other questions have other shares of them."""

SWEEPS = 60
FREE = frozenset({"ratio"})
"""Measures of which more may speak against an answer."""

JUDGED = {"trust": 12.0, "question": 0.2, "words": 4.0}
"""Of the Gaussian process and the bands of the judged answers; chosen with five of them a question."""

CUTS = ("half", "full", "said")
COMMENT = (
    "Made by benchmarks/train_grader.py from {answers} answers of the SAF data set (MIT) and {verdicts} verdicts on "
    "this project's own answers. `weights`: of the measures of bot/grading/overlap.py; they sum up to a score on the "
    "logistic scale. `half`, `full`, `said`: the scores from which at least half or nearly all of a reference, and a "
    "claim, is more likely said than not. `usual`: shares of the bands, and `trust`: how many judged answers they "
    "weigh. `question`, `words`: variances of the Gaussian process over judged answers, for what is particular to the "
    "question and to the words of an answer."
)


@dataclass(frozen=True, slots=True)
class Row:
    """An answer's measures, and for the cuts that it tells of whether it is beyond them."""

    question: str
    measures: tuple[float, ...]
    beyond: tuple[tuple[int, bool], ...]
    band: int | None = None


def saf_rows(path: Path) -> list[Row]:
    found = []
    claims: dict[tuple[str, str], overlap.Claim] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        key = row["reference"], row["question"]
        claims.setdefault(key, overlap.claim(*key))
        answer = overlap.said(row["answer"])
        beyond = () if answer.blank else ((0, row["band"] >= 1), (1, row["band"] == 2))
        measured = overlap.measure([claims[key]], Lookup(answer))
        found.append(Row(row["question_id"], measured, beyond, row["band"]))
    return found


def own_rows() -> Iterator[Row]:
    bank = load()
    for problem in bank.problems.values():
        for exemplar in problem.exemplars:
            if exemplar.style in {"keyword_stuffing", "injection"}:
                continue
            text = Lookup(overlap.said(exemplar.text))
            for criterion in problem.criteria:
                if criterion.id not in exemplar.partly:
                    claims = _claims((criterion.statement, criterion.reference_span), problem.prompt)
                    yield Row(problem.id, overlap.measure(claims, text), ((2, criterion.id in exemplar.met),))
    for answer, asked in blind(bank, KNOWN):
        text = Lookup(overlap.said(answer["answer"]))
        for criterion in asked.criteria:
            if (found := label(answer, criterion.id)) is not None:
                claims = _claims((criterion.statement, criterion.reference_span), asked.prompt)
                yield Row(asked.problem.id, overlap.measure(claims, text), ((2, found == "met"),))


def _claims(texts: Sequence[str], question: str) -> list[overlap.Claim]:
    return [overlap.claim(text, question) for text in texts]


def fit(rows: Sequence[Row]) -> agreement.Model:
    """Weights and cuts on the measures' own scales."""
    bands = [row.band for row in rows if row.band is not None]
    shares = [bands.count(band) / len(bands) for band in range(3)]
    balance = [(1 / 3 / share) ** BALANCE for share in shares]
    total = sum(share * by for share, by in zip(shares, balance, strict=True))
    usual = [round(share * by / total, 4) for share, by in zip(shares, balance, strict=True)]
    rows = [row for row in rows if row.beyond]
    columns = list(zip(*(row.measures for row in rows), strict=True))
    middle = [statistics.fmean(column) for column in columns]
    spread = [statistics.pstdev(column) or 1.0 for column in columns]
    scaled = [[(m - a) / s for m, a, s in zip(row.measures, middle, spread, strict=True)] for row in rows]
    # A band's two cuts together count as one judgement.
    cases = [
        (x, cut, is_so, (balance[row.band] if row.band is not None else 1.0) / len(row.beyond))
        for x, row in zip(scaled, rows, strict=True)
        for cut, is_so in row.beyond
    ]
    weights, cuts = [0.0] * len(MEASURES), [0.0] * len(CUTS)
    scores = [0.0] * len(cases)
    for _ in range(SWEEPS):
        for at, name in enumerate(MEASURES):
            slope, bend = 2 * RIDGE * weights[at], 2 * RIDGE
            for (x, cut, is_so, share), z in zip(cases, scores, strict=True):
                p = 1 / (1 + math.exp(cuts[cut] - z))
                slope += share * (p - is_so) * x[at]
                bend += share * p * (1 - p) * x[at] ** 2
            new = weights[at] - slope / bend
            if name not in FREE:
                new = max(0.0, new)
            moved, weights[at] = new - weights[at], new
            if moved:
                scores = [z + moved * case[0][at] for z, case in zip(scores, cases, strict=True)]
        for which in range(len(CUTS)):
            slope = bend = 1e-9
            for (_, cut, is_so, share), z in zip(cases, scores, strict=True):
                if cut == which:
                    p = 1 / (1 + math.exp(cuts[cut] - z))
                    slope += share * (is_so - p)
                    bend += share * p * (1 - p)
            cuts[which] -= slope / bend
    raw = [w / s for w, s in zip(weights, spread, strict=True)]
    offset = sum(w * a for w, a in zip(raw, middle, strict=True))
    half, nearly_all, said = (round(cut + offset, 4) for cut in cuts)
    named = {name: round(w, 4) for name, w in zip(MEASURES, raw, strict=True)}
    return agreement.Model(named, half, nearly_all, said, (usual[0], usual[1], usual[2]), **JUDGED)


def write(path: Path) -> None:
    """Fits and writes agreement.json; `path` is a file of SAF answers."""
    saf, own = saf_rows(path), list(own_rows())
    data = {"comment": COMMENT.format(answers=len(saf), verdicts=len(own)), **asdict(fit(saf + own))}
    TARGET.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def report(path: Path) -> None:
    """SAF with each question left out of the fit."""
    saf, own = saf_rows(path), list(own_rows())
    judged = []
    for question in sorted({row.question for row in saf}):
        model = fit([row for row in saf if row.question != question] + list(own))
        for row in saf:
            if row.question == question and row.band is not None:
                score = sum(w * m for w, m in zip(model.weights.values(), row.measures, strict=True))
                score = score if row.beyond else agreement.BLANK
                half, nearly_all = (1 / (1 + math.exp(cut - score)) for cut in (model.half, model.full))
                chances = (1 - half, half - nearly_all, nearly_all)
                band = agreement.likeliest(chances, model.usual)
                judged.append(metrics.Judged(question, row.band, band, chances[band]))
    print("SAF, each question left out:", metrics.measures(metrics.tally(judged, 3)))
    print("Accuracy on the surest:", metrics.coverage(judged))
