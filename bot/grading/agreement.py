"""The chance that an answer says what a reference says, where no author has written down the words to listen for.

A logistic model over the measures of `overlap`, monotone in all but the length; its weights are a data file
(agreement.json, made by benchmarks/train_grader.py). Judged answers to the same question pull the score of answers like
them towards their judgement: a Gaussian process on the logistic scale. Score and band are not its business.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from bot.catalogue.problem import Criterion
from bot.grading import overlap
from bot.grading.overlap import MEASURES, Claim, Lookup, Said
from bot.grading.question import Question
from bot.model import Assessment, Band, Quote, State, Verdict

Judged = tuple[str, float]
"""An answer to the same question, and how much of the claim people found in it: 0, 0.5 or 1."""

KEPT = 512
"""Claims that are kept ready, some ten kilobytes each."""

SWEEPS = 40
"""Passes over the judged answers, after which their pulls have settled."""

BLANK = -8.0
"""The score of an answer that has nothing to say."""

RARE = 0.6
"""From 0, the likeliest band, to 1, the one that grew likeliest by the answer; chosen on two public sets, where the
agreement with people (QWK, macro-F1) is best."""

_WORTH = {Band.STRONG_HIRE: 1.0, Band.LEAN_HIRE: 0.5}


@dataclass(frozen=True, slots=True)
class Model:
    """The fields of agreement.json, where its comment says what they are."""

    weights: Mapping[str, float]
    half: float
    full: float
    said: float
    usual: tuple[float, float, float]
    trust: float
    question: float
    words: float


@dataclass(frozen=True, slots=True)
class Pull:
    """A judged answer, and how strongly it pulls the scores of others."""

    answer: Said
    strength: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a claim before an answer is read."""

    claims: tuple[Claim, ...]
    pulls: tuple[Pull, ...]
    bands: tuple[float, float, float]
    """How much likelier than usual each band is on this question, by the bands of the judged answers."""


@cache
def model() -> Model:
    """The model that is shipped."""
    data = json.loads(files("bot.grading").joinpath("agreement.json").read_text(encoding="utf-8"))
    return Model(**{name: value for name, value in data.items() if name != "comment"})


@lru_cache(maxsize=KEPT)
def known_of(claims: tuple[str, ...], judged: tuple[Judged, ...] = (), question: str = "") -> Known:
    """`claims`: texts any of which says it whole, at least one; `judged`: answers to the same question."""
    use = model()
    ready = tuple(overlap.claim(text, question) for text in claims)
    count = Counter(int(2 * worth) for _, worth in judged)
    bands = [(count[band] / usual + use.trust) / (len(judged) + use.trust) for band, usual in enumerate(use.usual)]
    return Known(ready, _pulls(ready, judged), (bands[0], bands[1], bands[2]))


def chance(known: Known, text: str) -> float:
    """The chance 0..1 that an answer says the claim."""
    return _chance(known, Lookup(overlap.said(text)))


def share(known: Known, text: str) -> float:
    """The expected share 0..1 of the claim that an answer says."""
    return _share(known, Lookup(overlap.said(text)))


def band_chances(overall: float) -> tuple[float, float, float]:
    """The chances that less than half is said, at least half, and nearly all, for an expected share 0..1."""
    return _bands(_score_of(overall))


def likeliest_band(overall: float) -> int:
    """The band, from 0, that an expected share 0..1 of the reference stands for."""
    return likeliest(band_chances(overall), model().usual)


def likeliest(chances: Sequence[float], usual: Sequence[float]) -> int:
    """The likeliest of the bands, from 0; a rare one, by its usual share, from a smaller chance on."""
    weighed = [chance / share**RARE for chance, share in zip(chances, usual, strict=True)]
    return weighed.index(max(weighed))


def correct_chance(overall: float) -> float:
    """The chance that people call an answer correct, for an expected share 0..1."""
    return _logistic(_score_of(overall) - model().said)


def assess(question: Question, answer: str, threshold: float, without: frozenset[str] = frozenset()) -> Assessment:
    """Verdicts by comparing the answer with each criterion's statement, and as a whole with the references.

    `threshold`, 0.5..1: how sure a verdict must be; `without` names exemplars not to learn from.
    """
    problem, lookup = question.problem, Lookup(overlap.said(answer))
    exemplars = [exemplar for exemplar in problem.exemplars if exemplar.id not in without]
    # Exemplars that were judged as a whole only tell nothing of a criterion.
    told = exemplars if any(exemplar.met for exemplar in exemplars) else []
    verdicts = []
    for criterion in question.criteria:
        claims = tuple(dict.fromkeys((criterion.statement, criterion.reference_span)))
        known = known_of(claims, tuple((e.text, float(criterion.id in e.met)) for e in told), question.prompt)
        verdicts.append(_verdict(criterion, known, lookup, threshold))
    judged = tuple((exemplar.text, _WORTH.get(exemplar.band, 0.0)) for exemplar in exemplars)
    whole = known_of(question.references or (problem.reference,), judged, question.prompt)
    return Assessment(tuple(verdicts), overall=_share(whole, lookup))


def _verdict(criterion: Criterion, known: Known, answer: Lookup, threshold: float) -> Verdict:
    p = _chance(known, answer)
    quote = _quote(known, answer) if p > 1 - threshold else None
    state = State.MISSED if p <= 1 - threshold else State.MET if p >= threshold and quote else State.UNSURE
    why = f"compared with: {criterion.statement}"
    return Verdict(criterion.id, state, quote, round(max(p, 1 - p), 3), why, chance=round(p, 4))


def _quote(known: Known, answer: Lookup) -> Quote | None:
    """The sentence of the answer that holds most of a claim."""

    def held(stems: frozenset[str], claim: Claim) -> float:
        near = ((weight, *answer.nearest(stemmed)) for stemmed, weight in claim.weights.items())
        return sum(weight * much for weight, much, found in near if found in stems)

    best, quote = 0.0, None
    for sentence, stems in answer.said.sentences:
        here = max(held(stems, claim) for claim in known.claims)
        if here > best:
            best, quote = here, sentence
    return quote


def _chance(known: Known, answer: Lookup) -> float:
    return _logistic(_score(known, answer) - model().said)


def _share(known: Known, answer: Lookup) -> float:
    chances = [chance * by for chance, by in zip(_bands(_score(known, answer)), known.bands, strict=True)]
    return (chances[1] / 2 + chances[2]) / sum(chances)


def _score(known: Known, answer: Lookup) -> float:
    return _base(known.claims, answer) + sum(pull.strength * _kernel(pull.answer, answer.said) for pull in known.pulls)


def _base(claims: Sequence[Claim], answer: Lookup) -> float:
    if answer.said.blank:
        return BLANK
    weights = model().weights
    return sum(weights[name] * much for name, much in zip(MEASURES, overlap.measure(claims, answer), strict=True))


def _kernel(one: Said, other: Said) -> float:
    """How much of what a judgement says of one answer holds for another."""
    return model().question + model().words * one.cosine(other)


def _pulls(claims: Sequence[Claim], judged: Sequence[Judged]) -> tuple[Pull, ...]:
    """The most probable Gaussian process under the judgements, found answer by answer."""
    answers = [overlap.said(text) for text, _ in judged]
    base = [_base(claims, Lookup(answer)) for answer in answers]
    kernel = [[_kernel(one, other) for other in answers] for one in answers]
    strengths = [0.0] * len(answers)
    for _ in range(SWEEPS):
        for at, (_, worth) in enumerate(judged):
            score = base[at] + sum(k * s for k, s in zip(kernel[at], strengths, strict=True))
            strengths[at] += (_slope(score, worth) - strengths[at]) / (1 + kernel[at][at] / 4)
    return tuple(map(Pull, answers, strengths))


def _slope(score: float, worth: float) -> float:
    """How the log chance of a judgement grows with the score."""
    low, middle, high = _bands(score)
    if worth >= 1:
        return low + middle
    return low - high if worth >= 0.5 else -(middle + high)


def _bands(score: float) -> tuple[float, float, float]:
    half, full = _logistic(score - model().half), _logistic(score - model().full)
    return 1 - half, half - full, full


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def _score_of(share: float) -> float:
    """The score whose expected share this is: the positive root of a quadratic in exp(score)."""
    kept = min(1 - 1e-9, max(1e-9, share))
    half, full = math.exp(-model().half), math.exp(-model().full)
    a, b, c = half * full * (2 * kept - 2), (half + full) * (2 * kept - 1), 2 * kept
    return math.log((-b - math.sqrt(b * b - 4 * a * c)) / (2 * a))
