"""What was heard of each criterion, as a few measures between 0 and 1, and the chance that follows from them.

The chance is a logistic model, one for what was heard whole and one for what was not (weights.json). Where a verdict
begins to be sure is not decided here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.catalogue.problem import Criterion, Misconception, Problem
from bot.grading import guards, lexicon
from bot.grading.matching import Ear, Heard, Pattern, Sound, pattern
from bot.grading.question import Question
from bot.grading.text import Text, read, stem, word_set

FULL = 25
"""Words of an answer that has had room to say everything."""

ROOM, BRIEF = 15, 0.4
"""Words for each criterion from which an answer's length tells no more, and the share of them below which it does not
either: no answer that the weights were fitted on is briefer."""

TWIN = 0.5
"""Likeness to an exemplar's sentence from which more of it tells more than the weights were fitted on."""

_META = frozenset(
    stem(word)
    for word in word_set(
        """says names explains recommends states mentions gives describes notes identifies points proposes suggests
        argues answer candidate least something concrete example one two three"""
    )
)
"""Stems of the words in which a statement speaks about the answer."""


@dataclass(frozen=True, slots=True)
class _Bag:
    """Stems with their summed weight: a sentence, a claim, a window of the answer."""

    stems: frozenset[str]
    weight: float
    exemplar: str = ""
    """The exemplar that a sample is from."""


def _bag(stems: frozenset[str], exemplar: str = "") -> _Bag:
    return _Bag(stems, sum(map(lexicon.weight, stems)), exemplar)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A problem made ready for listening."""

    known: guards.Known
    ear: Ear
    patterns: Mapping[str, Pattern]
    """By id of criterion and `key` of misconception."""
    claims: Mapping[str, tuple[_Bag, ...]]
    """By criterion: the stems of its statement and of the reference's words for it."""
    samples: Mapping[str, tuple[_Bag, ...]]
    """By criterion: the stems of exemplars' sentences that meet it."""
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one answer gave to hear."""

    question: Question
    sound: Sound
    heard: Mapping[str, Heard]
    windows: Sequence[_Bag]
    strange: bool
    """No word of the answer belongs to the problem."""
    held: frozenset[str]
    """The misconceptions that the answer holds."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The model's inputs for one criterion; weights.json says what they are."""

    said: bool
    """Heard whole and not denied."""
    values: Mapping[str, float]


def key(misconception: Misconception) -> str:
    """Where a misconception stands among the patterns."""
    return f"misconception:{misconception.id}"


def compile_problem(problem: Problem) -> Compiled:
    """Ready to listen; costs some ten milliseconds."""
    patterns: dict[str, Pattern] = {c.id: pattern(c) for c in problem.criteria}
    patterns |= {key(m): pattern(m) for m in problem.misconceptions}
    honest = [e for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]
    texts = (problem.reference, *(c.statement for c in problem.criteria), *(e.text for e in honest))
    vocabulary = frozenset(t.stem for part in texts for t in read(part).tokens if lexicon.weight(t.stem) > 0)
    ear = Ear(patterns.values(), vocabulary)
    claims = {
        str(c.id): tuple(_bag(ear.stems(read(part).tokens) - _META) for part in (c.statement, c.reference_span))
        for c in problem.criteria
    }
    samples: dict[str, list[_Bag]] = {c.id: [] for c in problem.criteria}
    for exemplar in honest:
        text = read(exemplar.text)
        sound = ear.listen(text)
        for met in exemplar.met:
            heard = sound.heard(patterns[met]) if met in samples else None
            if heard is not None and heard.complete:
                tokens = [t for t in text.tokens if heard.first <= t.sentence <= heard.last]
                samples[met].append(_bag(ear.stems(tokens), exemplar.id))
    heard_in = {which: tuple(found) for which, found in samples.items()}
    return Compiled(guards.known_of(problem), ear, patterns, claims, heard_in, vocabulary)


def listen(
    question: Question, compiled: Compiled, sound: Sound, ignored: frozenset[int], held: frozenset[str]
) -> Hearing:
    """Everything that is listened for in an answer; sentences in `ignored` are no evidence."""
    heard = {which: sound.heard(claim, ignored) for which, claim in compiled.patterns.items()}
    windows = _windows(compiled.ear, sound.text, ignored)
    strange = all(window.stems.isdisjoint(compiled.vocabulary) for window in windows)
    return Hearing(question, sound, heard, windows, strange, held)


def _windows(ear: Ear, text: Text, ignored: frozenset[int]) -> list[_Bag]:
    """Every sentence and every two neighbouring ones that may be evidence."""
    usable = [i for i in range(len(text.sentences)) if i not in ignored]
    stems = {i: ear.stems(text.words_of(i)) for i in usable}
    windows = [_bag(stems[i]) for i in usable]
    return windows + [_bag(stems[i] | stems[j]) for i, j in pairwise(usable) if j == i + 1]


def measure(
    criterion: Criterion, compiled: Compiled, hearing: Hearing, without: frozenset[str] = frozenset()
) -> Measures:
    """The measures of one criterion; `without` names exemplars not to learn from."""
    heard = hearing.heard[criterion.id]
    said = heard.clear
    alone = _alone(hearing.question)
    values = {
        "recall": max((_recall(c, w) for c in compiled.claims[criterion.id] for w in hearing.windows), default=0.0),
        "company": 0.0 if alone else _company(criterion, hearing),
        "alone": float(alone),
        "bonus": float(criterion.kind == "bonus"),
        **_wrong(hearing),
        **(_of_said(heard, hearing) if said else _of_unsaid(criterion, compiled, hearing, without)),
    }
    return Measures(said, values)


def _alone(question: Question) -> bool:
    """Whether a sentence answers the question, so that other criteria and length tell nothing."""
    return question.is_recall or question.problem.tags.warm_up or len(question.criteria) == 1


def _company(criterion: Criterion, hearing: Hearing) -> float:
    """The weighted share of the other criteria that were heard."""
    others = [c for c in hearing.question.criteria if c.id != criterion.id]
    heard = sum(c.weight for c in others if hearing.heard[c.id].clear)
    return heard / sum(c.weight for c in others) if others else 0.0


def _wrong(hearing: Hearing) -> dict[str, float]:
    """Signs that the answer as a whole is on the wrong track."""
    problem = hearing.question.problem
    severities = {m.severity for m in problem.misconceptions if m.id in hearing.held}
    near = max(
        (heard.coverage for m in problem.misconceptions if not (heard := hearing.heard[key(m)]).contrary), default=0.0
    )
    return {
        "fatal": float("fatal" in severities),
        "minor": float("minor" in severities),
        "near": 0.0 if severities else near,
    }


def _of_said(heard: Heard, hearing: Hearing) -> dict[str, float]:
    return {"spread": float(heard.first != heard.last), "denials": min(1.0, denials(hearing) / 2)}


def denials(hearing: Hearing) -> int:
    """How many criteria were heard beside a denial only."""
    return sum(hearing.heard[c.id].contrary for c in hearing.question.problem.criteria)


def _of_unsaid(criterion: Criterion, compiled: Compiled, hearing: Hearing, without: frozenset[str]) -> dict[str, float]:
    heard, words = hearing.heard[criterion.id], len(hearing.sound.text.tokens)
    # Beside a denial likeness tells nothing: one little word is the difference.
    samples = [s for s in compiled.samples[criterion.id] if s.exemplar not in without and not heard.contrary]
    voice = not _alone(hearing.question) and _others_heard(criterion, hearing)
    exemplar = max((_alike(s, w) for s in samples for w in hearing.windows), default=0.0)
    return {
        "denied": float(heard.contrary),
        "partial": 0.0 if heard.contrary or not _alone(hearing.question) else heard.coverage,
        "exemplar": exemplar,
        "twin": max(0.0, exemplar - TWIN) / (1 - TWIN),
        "voice": float(voice),
        "silent": float(voice and not heard.hits and words >= FULL),
        "figure": float(hearing.sound.lacks_figure(compiled.patterns[criterion.id], heard)),
        "strange": float(hearing.strange),
        "length": _length(words, hearing.question),
    }


def _length(words: int, question: Question) -> float:
    return 1.0 if _alone(question) else max(BRIEF, min(1.0, words / (ROOM * len(question.criteria))))


def _others_heard(criterion: Criterion, hearing: Hearing) -> bool:
    """Whether the answer says anything else in the usual words."""
    return bool(hearing.held) or any(
        hearing.heard[c.id].complete
        for c in hearing.question.problem.criteria
        if c.kind != "bonus" and c.id != criterion.id
    )


def _recall(claim: _Bag, window: _Bag) -> float:
    return sum(map(lexicon.weight, claim.stems & window.stems)) / claim.weight if claim.weight else 0.0


def _alike(sample: _Bag, window: _Bag) -> float:
    total = sample.weight + window.weight
    return 2 * sum(map(lexicon.weight, sample.stems & window.stems)) / total if total else 0.0


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    data = json.loads(files("bot.grading").joinpath("weights.json").read_text(encoding="utf-8"))
    return {which: data[which] for which in ("said", "unsaid")}


def chance(measures: Measures) -> float:
    """The model's probability 0..1 that a criterion is met."""
    weights = _weights()["said" if measures.said else "unsaid"]
    z = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in measures.values.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
