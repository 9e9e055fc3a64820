"""The default grader: no key, no network, the same verdict for the same text every time, and it says what it heard.

Per criterion a few measures between 0 and 1 go into a small logistic model (weights.json); where the outcome is not
clear the verdict is `unsure`. Score and band are not its business.
"""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.catalogue.problem import Criterion, Misconception, Problem
from bot.grading import guards, lexicon, negation, rubric
from bot.grading.matching import Ear, Heard, Pattern, Sound, pattern
from bot.grading.question import Question
from bot.grading.text import LONG, Text, clauses, read, stem, word_set
from bot.model import Assessment, CriterionId, Flag, Mistake, Quote, State, Verdict

VERSION = "1"
COMPILED = 600
"""Problems kept ready; the least recently used one goes first."""

_DOUBTFUL = frozenset({Flag.KEYWORD_LIST, Flag.WORD_SALAD, Flag.NEGATED_REFERENCE})
"""Flags under which nothing that was heard is decided."""

_NOTHING = re.compile(
    r"^\W*(?:(?:sorry|hm+|um+|honestly)\W+)*"
    r"(?:i (?:really |honestly )?(?:do not|don'?t|dont) (?:know|remember|have a clue)|idk|no idea|no clue|not sure|"
    r"pass|skip|i have no (?:idea|clue)|dunno|can'?t (?:say|remember)|nothing|n/?a|none|\?+)"
    r"(?:\W+(?:sorry|at all|about (?:this|it|that)|this one|yet|really|it|this))*\W*$",
    re.IGNORECASE,
)
"""An honest "I don't know": decided, and nothing is looked for."""

_META = frozenset(
    stem(word)
    for word in word_set(
        """says names explains recommends states mentions gives describes notes identifies points proposes suggests
        argues answer candidate least something concrete example one two three"""
    )
)
"""Stems of the words in which a statement speaks about the answer."""


@dataclass(frozen=True, slots=True)
class _Sample:
    """A sentence of an exemplar that shows a criterion being met."""

    exemplar: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Compiled:
    ear: Ear
    patterns: Mapping[str, Pattern]
    """By id of criterion and `misconception:` plus id."""
    claims: Mapping[str, tuple[frozenset[str], ...]]
    """By criterion: the stems of its statement and of the reference's words for it."""
    samples: Mapping[str, tuple[_Sample, ...]]


class DeterministicGrader:
    """Grades by listening for the author's ways to say each thing. Safe to share; keeps compiled problems."""

    def __init__(self) -> None:
        self._compiled: OrderedDict[tuple[str, int], tuple[Problem, _Compiled]] = OrderedDict()

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        """Verdicts on every criterion of the question; `without` names exemplars not to learn from."""
        text = read(answer)
        finding = guards.inspect(question, text)
        if _NOTHING.match(answer[:200]) or rubric.NOT_GRADABLE.intersection(finding.flags):
            return self._assessment([_silent(c) for c in question.criteria], (), finding.flags)
        compiled = self._compile(question.problem)
        sound = compiled.ear.listen(text)
        heard = {key: sound.heard(claim, finding.ignored) for key, claim in compiled.patterns.items()}
        doubtful = bool(_DOUBTFUL.intersection(finding.flags))
        mistakes = () if doubtful else _mistakes(question.problem, compiled, sound, finding.ignored)
        windows = _windows(compiled.ear, text, finding.ignored)
        voices = {str(c.id) for c in question.problem.criteria if c.kind != "bonus" and heard[c.id].complete}
        voices.update(mistake.misconception for mistake in mistakes)
        verdicts = []
        for criterion in question.criteria:
            measures = _measures(criterion, compiled, heard[criterion.id], windows, without)
            measures["voice"] = min(1.0, len(voices - {criterion.id}) / 2) * (not heard[criterion.id].complete)
            verdicts.append(_verdict(criterion, heard[criterion.id], measures, text, doubtful))
        return self._assessment(verdicts, mistakes, finding.flags)

    def _assessment(
        self, verdicts: Sequence[Verdict], mistakes: tuple[Mistake, ...], flags: tuple[Flag, ...]
    ) -> Assessment:
        return Assessment(tuple(verdicts), mistakes, flags, grader="deterministic", version=VERSION)

    def _compile(self, problem: Problem) -> _Compiled:
        key = (str(problem.id), problem.version)
        known = self._compiled.get(key)
        # The same id and version with other text is a problem being edited.
        if known is not None and known[0] is problem:
            self._compiled.move_to_end(key)
            return known[1]
        compiled = _compile(problem)
        self._compiled[key] = (problem, compiled)
        while len(self._compiled) > COMPILED:
            self._compiled.popitem(last=False)
        return compiled


def _compile(problem: Problem) -> _Compiled:
    patterns: dict[str, Pattern] = {c.id: pattern(c) for c in problem.criteria}
    patterns |= {_key(m): pattern(m) for m in problem.misconceptions}
    honest = [e for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]
    texts = (problem.reference, *(c.statement for c in problem.criteria), *(e.text for e in honest))
    vocabulary = frozenset(t.stem for part in texts for t in read(part).tokens if lexicon.weight(t.stem) > 0)
    ear = Ear(patterns.values(), vocabulary)
    claims = {
        str(c.id): tuple(ear.stems(read(part).tokens) - _META for part in (c.statement, c.reference_span))
        for c in problem.criteria
    }
    samples: dict[str, list[_Sample]] = {c.id: [] for c in problem.criteria}
    for exemplar in honest:
        text = read(exemplar.text)
        sound = ear.listen(text)
        for met in exemplar.met:
            heard = sound.heard(patterns[met]) if met in samples else None
            if heard is not None and heard.complete:
                tokens = [t for t in text.tokens if heard.first <= t.sentence <= heard.last]
                samples[met].append(_Sample(exemplar.id, ear.stems(tokens)))
    return _Compiled(ear, patterns, claims, {key: tuple(found) for key, found in samples.items()})


def _key(misconception: Misconception) -> str:
    return f"misconception:{misconception.id}"


def _windows(ear: Ear, text: Text, ignored: frozenset[int]) -> list[tuple[int, int, frozenset[str]]]:
    """Every sentence and every two neighbouring ones, with their stems."""
    by_sentence = [ear.stems(()) for _ in text.sentences]
    grouped: dict[int, list[int]] = {}
    for index, token in enumerate(text.tokens):
        grouped.setdefault(token.sentence, []).append(index)
    for number, indexes in grouped.items():
        by_sentence[number] = ear.stems(text.tokens[i] for i in indexes)
    usable = [i for i in range(len(text.sentences)) if i not in ignored]
    windows = [(i, i, by_sentence[i]) for i in usable]
    windows += [(i, j, by_sentence[i] | by_sentence[j]) for i, j in pairwise(usable) if j == i + 1]
    return windows


def _measures(
    criterion: Criterion,
    compiled: _Compiled,
    heard: Heard,
    windows: Sequence[tuple[int, int, frozenset[str]]],
    without: frozenset[str],
) -> dict[str, float]:
    """The model's inputs, each 0..1."""
    samples = [s.stems for s in compiled.samples[criterion.id] if s.exemplar not in without]
    recall = max((_recall(c, w) for c in compiled.claims[criterion.id] for _, _, w in windows), default=0.0)
    exemplar = max((_alike(s, w) for s in samples for _, _, w in windows), default=0.0)
    complete = heard.complete and not heard.contrary
    return {
        "complete": float(complete),
        "spread": float(complete and heard.first != heard.last),
        "typo": float(complete and any(hit.typo for hit in heard.hits)),
        "partial": 0.0 if complete else heard.coverage * 0.99,
        "recall": recall,
        "exemplar": exemplar,
    }


def _recall(claim: frozenset[str], window: frozenset[str]) -> float:
    total = sum(map(lexicon.weight, claim))
    return sum(lexicon.weight(s) for s in claim if s in window) / total if total else 0.0


def _alike(sample: frozenset[str], window: frozenset[str]) -> float:
    total = sum(map(lexicon.weight, sample)) + sum(map(lexicon.weight, window))
    return 2 * sum(lexicon.weight(s) for s in sample if s in window) / total if total else 0.0


@cache
def _weights() -> Mapping[str, float]:
    data = json.loads(files("bot.grading").joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in data.items() if name != "comment"}


def chance(measures: Mapping[str, float]) -> float:
    """The model's probability that a criterion is met."""
    weights = _weights()
    z = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in measures.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def _verdict(criterion: Criterion, heard: Heard, measures: Mapping[str, float], text: Text, doubtful: bool) -> Verdict:
    weights = _weights()
    p = chance(measures)
    quote = _quote(heard, text) if heard.hits else None
    words = _words(heard, text)
    state = State.UNSURE
    if heard.contrary:
        p = 0.5
        why = f"heard {words}, but beside a denial"
    elif p >= weights["met"] and heard.complete and not doubtful:
        state = State.MET
        why = f"heard {words}"
    elif p <= weights["missed"]:
        state, quote = State.MISSED, None
        why = f"listened for: {criterion.statement}"
    else:
        why = f"heard {words}, which may or may not say it" if heard.hits else "heard none of the usual words for it"
    return Verdict(CriterionId(criterion.id), state, quote, round(max(p, 1 - p), 3), why)


def _silent(criterion: Criterion) -> Verdict:
    return Verdict(CriterionId(criterion.id), State.MISSED, None, 1.0, f"listened for: {criterion.statement}")


def _words(heard: Heard, text: Text) -> str:
    """The learner's own words that were heard, in quotation marks."""
    spans = sorted({(text.tokens[h.start].start, text.tokens[h.end - 1].end) for h in heard.hits})
    return ", ".join(f'"{text.raw[a:b]}"' for a, b in spans)


def _quote(heard: Heard, text: Text) -> Quote:
    """The sentences of the window, or the clauses of a long one that hold the words."""
    whole = text.span(heard.first, heard.last)
    if len(whole.text) <= LONG:
        return whole
    start = min(text.tokens[hit.start].start for hit in heard.hits)
    end = max(text.tokens[hit.end - 1].end for hit in heard.hits)
    pieces = [p for s in text.sentences[heard.first : heard.last + 1] for p in (clauses(s) or (s,))]
    first = max((p.start for p in pieces if p.start <= start), default=start)
    last = min((p.end for p in pieces if p.end >= end), default=end)
    return Quote(text.raw[first:last], first, last)


def _mistakes(problem: Problem, compiled: _Compiled, sound: Sound, ignored: frozenset[int]) -> tuple[Mistake, ...]:
    """Misconceptions said in one sentence, by the speaker's own account and not under a denial."""
    found = []
    others = frozenset(i for i, s in enumerate(sound.text.sentences) if negation.reported(s.text)) | ignored
    for misconception in problem.misconceptions:
        heard = sound.heard(compiled.patterns[_key(misconception)], others, reach=0)
        if heard.complete and not heard.contrary:
            found.append(Mistake(misconception.id, _quote(heard, sound.text), 0.9))
    return tuple(found)
