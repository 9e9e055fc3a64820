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
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from threading import Lock

from bot.catalogue.problem import Criterion, Misconception, Problem
from bot.grading import guards, lexicon, negation, rubric
from bot.grading.matching import Ear, Heard, Pattern, Sound, pattern
from bot.grading.question import Question
from bot.grading.text import LONG, Text, clauses, read, stem, word_set
from bot.model import Assessment, CriterionId, Flag, Mistake, Quote, State, Verdict

VERSION = "1"
COMPILED = 100
"""Problems kept ready, about half a megabyte each; the least recently used one goes first."""

KEYWORDS, KEYWORD_SHARE = 6, 0.8
"""So many meaning words of which such a share is listened for are a list of keywords, whatever stands between them:
lists made of the bank's own `says` have more, 1 of 260 honest answers has."""

FULL = 25
"""Words of an answer that has had room to say everything."""

ARGUES_AGAINST = 2
"""Criteria whose words stand beside a denial from which an answer argues against the rubric: nothing is surely met."""

_DOUBTFUL = frozenset({Flag.KEYWORD_LIST, Flag.WORD_SALAD, Flag.NEGATED_REFERENCE})
"""Flags under which nothing that was heard is decided."""

_GIVES_UP = re.compile(
    r"^\W*(?:(?:sorry|hm+|um+|honestly)\W+)*"
    r"(?:i (?:really |honestly )?(?:do not|don'?t|dont) (?:know|remember|have a clue)|idk|no idea|no clue|not sure|"
    r"pass|skip|i have no (?:idea|clue)|dunno|can'?t (?:say|remember)|nothing|n/?a|none|\?+)"
    r"(?:\W+(?:sorry|at all|about (?:this|it|that)|this one|yet|really|it|this))*\W*$",
    re.IGNORECASE,
)


_META = frozenset(
    stem(word)
    for word in word_set(
        """says names explains recommends states mentions gives describes notes identifies points proposes suggests
        argues answer candidate least something concrete example one two three"""
    )
)
"""Stems of the words in which a statement speaks about the answer."""


def gives_up(answer: str) -> bool:
    """Whether an answer is an honest "I don't know": decided, and nothing is looked for."""
    return bool(_GIVES_UP.match(answer[:200]))


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
class _Compiled:
    known: guards.Known
    ear: Ear
    patterns: Mapping[str, Pattern]
    """By id of criterion and `misconception:` plus id."""
    claims: Mapping[str, tuple[_Bag, ...]]
    """By criterion: the stems of its statement and of the reference's words for it."""
    samples: Mapping[str, tuple[_Bag, ...]]
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Listening:
    """What one answer gave to hear."""

    sound: Sound
    heard: Mapping[str, Heard]
    windows: Sequence[_Bag]
    voices: frozenset[str]
    """What the answer says in the usual words: ids of criteria and misconceptions."""
    strange: bool
    """No word of the answer belongs to the problem."""


class DeterministicGrader:
    """Grades by listening for the author's ways to say each thing. Safe to share; keeps compiled problems."""

    def __init__(self) -> None:
        self._compiled: OrderedDict[tuple[str, int], tuple[Problem, _Compiled]] = OrderedDict()
        self._lock = Lock()

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        """Verdicts on every criterion of the question; `without` names exemplars not to learn from."""
        text = read(answer)
        if text.tokens and gives_up(answer):
            return self._assessment([_silent(c) for c in question.criteria], (), ())
        compiled = self._compile(question.problem)
        finding = guards.inspect(question, text, compiled.known)
        if rubric.NOT_GRADABLE.intersection(finding.flags):
            return self._assessment([_silent(c) for c in question.criteria], (), finding.flags)
        if finding.bare:
            listed = [replace(_silent(c), why="a list of words makes no statement") for c in question.criteria]
            return self._assessment(listed, (), finding.flags)
        sound = compiled.ear.listen(text)
        heard = {key: sound.heard(claim, finding.ignored) for key, claim in compiled.patterns.items()}
        flags = finding.flags
        if Flag.KEYWORD_LIST not in flags and _only_keywords(question, compiled, sound, finding.ignored):
            flags = tuple(flag for flag in Flag if flag in {*flags, Flag.KEYWORD_LIST})
        odd = bool(_DOUBTFUL.intersection(flags))
        mistakes = () if odd else _mistakes(question.problem, compiled, sound, finding.ignored)
        windows = _windows(compiled.ear, text, finding.ignored)
        strange = all(window.stems.isdisjoint(compiled.vocabulary) for window in windows)
        listening = _Listening(sound, heard, windows, _voices(question.problem, heard, mistakes), strange)
        denied = sum(heard[c.id].contrary for c in question.problem.criteria)
        doubtful = odd or denied >= ARGUES_AGAINST
        verdicts = [
            _verdict(c, heard[c.id], _measures(c, compiled, listening, without), text, doubtful)
            for c in question.criteria
        ]
        return self._assessment(verdicts, mistakes, flags)

    def _assessment(
        self, verdicts: Sequence[Verdict], mistakes: tuple[Mistake, ...], flags: tuple[Flag, ...]
    ) -> Assessment:
        return Assessment(tuple(verdicts), mistakes, flags, grader="deterministic", version=VERSION)

    def _compile(self, problem: Problem) -> _Compiled:
        key = (str(problem.id), problem.version)
        with self._lock:
            known = self._compiled.get(key)
            # The same id and version with other text is a problem being edited.
            if known is None or not (known[0] is problem or known[0] == problem):
                known = self._compiled[key] = (problem, _compile(problem))
            self._compiled.move_to_end(key)
            while len(self._compiled) > COMPILED:
                self._compiled.popitem(last=False)
            return known[1]


def _compile(problem: Problem) -> _Compiled:
    patterns: dict[str, Pattern] = {c.id: pattern(c) for c in problem.criteria}
    patterns |= {_key(m): pattern(m) for m in problem.misconceptions}
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
    heard_in = {key: tuple(found) for key, found in samples.items()}
    return _Compiled(guards.known_of(problem), ear, patterns, claims, heard_in, vocabulary)


def _only_keywords(question: Question, compiled: _Compiled, sound: Sound, ignored: frozenset[int]) -> bool:
    """Whether an answer is made of the words that are listened for and of next to nothing else."""
    if question.is_recall or question.problem.tags.warm_up:
        return False
    share, words = sound.share((compiled.patterns[c.id] for c in question.problem.criteria), ignored)
    return words >= KEYWORDS and share >= KEYWORD_SHARE


def _key(misconception: Misconception) -> str:
    return f"misconception:{misconception.id}"


def _windows(ear: Ear, text: Text, ignored: frozenset[int]) -> list[_Bag]:
    """Every sentence and every two neighbouring ones that may be evidence."""
    usable = [i for i in range(len(text.sentences)) if i not in ignored]
    stems = {i: ear.stems(text.words_of(i)) for i in usable}
    windows = [_bag(stems[i]) for i in usable]
    return windows + [_bag(stems[i] | stems[j]) for i, j in pairwise(usable) if j == i + 1]


def _voices(problem: Problem, heard: Mapping[str, Heard], mistakes: tuple[Mistake, ...]) -> frozenset[str]:
    said = (str(c.id) for c in problem.criteria if c.kind != "bonus" and heard[c.id].complete)
    return frozenset(said).union(mistake.misconception for mistake in mistakes)


def _measures(
    criterion: Criterion, compiled: _Compiled, listening: _Listening, without: frozenset[str]
) -> dict[str, float]:
    """The model's inputs, each 0..1; weights.json says what they are."""
    heard, windows = listening.heard[criterion.id], listening.windows
    complete = heard.clear
    others = not complete and bool(listening.voices - {criterion.id})
    # What was heard anyway needs no likeness to others.
    samples = [s for s in compiled.samples[criterion.id] if s.exemplar not in without and not complete]
    return {
        "complete": float(complete),
        "spread": float(complete and heard.first != heard.last),
        "typo": float(complete and any(hit.typo for hit in heard.hits)),
        "partial": 0.0 if complete else heard.coverage,
        "figure": float(listening.sound.lacks_figure(compiled.patterns[criterion.id], heard)),
        "recall": max((_recall(c, w) for c in compiled.claims[criterion.id] for w in windows), default=0.0),
        "exemplar": max((_alike(s, w) for s in samples for w in windows), default=0.0),
        "voice": float(others),
        "silent": float(others and not heard.hits and len(listening.sound.text.tokens) >= FULL),
        "strange": float(listening.strange),
    }


def _recall(claim: _Bag, window: _Bag) -> float:
    return sum(map(lexicon.weight, claim.stems & window.stems)) / claim.weight if claim.weight else 0.0


def _alike(sample: _Bag, window: _Bag) -> float:
    total = sample.weight + window.weight
    return 2 * sum(map(lexicon.weight, sample.stems & window.stems)) / total if total else 0.0


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
    for misconception in problem.misconceptions:
        theirs = ignored
        while True:
            heard = sound.heard(compiled.patterns[_key(misconception)], theirs, reach=0)
            if not heard.complete or heard.contrary:
                break
            if not negation.reported(sound.text.plain[heard.first]):
                found.append(Mistake(misconception.id, _quote(heard, sound.text), 0.9))
                break
            theirs |= {heard.first}
    return tuple(found)
