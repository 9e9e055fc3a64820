"""The default grader: no key, no network, the same verdict for the same text every time, and it says what it heard.

A verdict follows from the chance that a criterion is met (measures.py): where the chance is sure enough, met or missed,
in between `unsure`. Score and band are not its business.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from bot.catalogue.problem import Criterion, Problem
from bot.grading import agreement, guards, measures, negation, rubric
from bot.grading.matching import Heard, Sound
from bot.grading.measures import Compiled, Hearing, Measures
from bot.grading.question import Question
from bot.grading.text import LONG, Text, clauses, read
from bot.model import Assessment, CriterionId, Flag, Mistake, Quote, State, Verdict

VERSION = "2"
THRESHOLD = 0.91
"""How sure a verdict must be, 0.5..1; the risk at other thresholds: `python benchmarks/grader.py --curve`."""

COMPILED = 100
"""Problems kept ready, about half a megabyte each; the least recently used one goes first."""

KEYWORDS, KEYWORD_SHARE = 6, 0.8
"""So many meaning words of which such a share is listened for are a list of keywords, whatever stands between them:
lists made of the bank's own `says` have more, 1 of 260 honest answers has."""

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


def gives_up(answer: str) -> bool:
    """Whether an answer is an honest "I don't know": decided, and nothing is looked for."""
    return bool(_GIVES_UP.match(answer[:200]))


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What an answer gave to hear, and what the guards say of it."""

    compiled: Compiled
    hearing: Hearing
    mistakes: tuple[Mistake, ...]
    flags: tuple[Flag, ...]


class DeterministicGrader:
    """Grades by listening for the author's ways to say each thing. Safe to share; keeps compiled problems.

    `threshold`, 0.5..1: how sure a verdict must be to be met or missed rather than unsure.
    """

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self.threshold = threshold
        self._compiled: OrderedDict[tuple[str, int], tuple[Problem, Compiled]] = OrderedDict()
        self._lock = Lock()

    def grade(self, question: Question, answer: str, without: frozenset[str] = frozenset()) -> Assessment:
        """Verdicts on every criterion of the question; `without` names exemplars not to learn from."""
        if not any(criterion.says for criterion in question.criteria):
            known = self._compile(question.problem).known
            flags = guards.inspect(question, read(answer), known, without).flags
            return replace(agreement.assess(question, answer, self.threshold, without), flags=flags, version=VERSION)
        heard = self._hear(question, answer, without)
        if isinstance(heard, Assessment):
            return heard
        hearing = heard.hearing
        odd = bool(_DOUBTFUL.intersection(heard.flags))
        doubtful = odd or measures.denials(hearing) >= ARGUES_AGAINST
        verdicts = [
            self._verdict(c, hearing, measures.measure(c, heard.compiled, hearing, without), doubtful)
            for c in question.criteria
        ]
        return _assessment(verdicts, heard.mistakes, heard.flags)

    def measured(
        self, question: Question, answer: str, without: frozenset[str] = frozenset()
    ) -> dict[CriterionId, Measures]:
        """The measures from which verdicts follow, by criterion; none for an answer that is settled before them."""
        heard = self._hear(question, answer, without)
        if isinstance(heard, Assessment):
            return {}
        return {c.id: measures.measure(c, heard.compiled, heard.hearing, without) for c in question.criteria}

    def _hear(self, question: Question, answer: str, without: frozenset[str]) -> _Evidence | Assessment:
        text = read(answer)
        if text.tokens and gives_up(answer):
            return _assessment([_silent(c) for c in question.criteria], (), ())
        compiled = self._compile(question.problem)
        finding = guards.inspect(question, text, compiled.known, without)
        if rubric.NOT_GRADABLE.intersection(finding.flags):
            return _assessment([_silent(c) for c in question.criteria], (), finding.flags)
        if finding.bare:
            listed = [replace(_silent(c), why="a list of words makes no statement") for c in question.criteria]
            return _assessment(listed, (), finding.flags)
        sound = compiled.ear.listen(text)
        flags = finding.flags
        if Flag.KEYWORD_LIST not in flags and _only_keywords(question, compiled, sound, finding.ignored):
            flags = tuple(flag for flag in Flag if flag in {*flags, Flag.KEYWORD_LIST})
        odd = bool(_DOUBTFUL.intersection(flags))
        mistakes = () if odd else _mistakes(question.problem, compiled, sound, finding.ignored)
        held = frozenset(mistake.misconception for mistake in mistakes)
        return _Evidence(compiled, measures.listen(question, compiled, sound, finding.ignored, held), mistakes, flags)

    def _compile(self, problem: Problem) -> Compiled:
        key = (str(problem.id), problem.version)
        with self._lock:
            known = self._compiled.get(key)
            # The same id and version with other text is a problem being edited.
            if known is None or not (known[0] is problem or known[0] == problem):
                known = self._compiled[key] = (problem, measures.compile_problem(problem))
            self._compiled.move_to_end(key)
            while len(self._compiled) > COMPILED:
                self._compiled.popitem(last=False)
            return known[1]

    def _verdict(self, criterion: Criterion, hearing: Hearing, measured: Measures, doubtful: bool) -> Verdict:
        heard, text = hearing.heard[criterion.id], hearing.sound.text
        left_open = heard.complete and any(map(negation.left_open, text.plain[heard.first : heard.last + 1]))
        p = min(measures.chance(measured), 0.5 if doubtful or left_open else 1.0)
        words = _words(heard, text)
        state, quote = State.UNSURE, _quote(heard, text) if heard.hits else None
        if p <= 1 - self.threshold:
            state, quote = State.MISSED, None
            why = f"listened for: {criterion.statement}"
        elif heard.contrary:
            why = f"heard {words}, but beside a denial"
        elif left_open:
            why = f"heard {words}, but the sentence leaves it open"
        elif p >= self.threshold and heard.complete:
            state = State.MET
            why = f"heard {words}"
        else:
            why = (
                f"heard {words}, which may or may not say it" if heard.hits else "heard none of the usual words for it"
            )
        return Verdict(criterion.id, state, quote, round(max(p, 1 - p), 3), why, chance=round(p, 3))


def _assessment(verdicts: Sequence[Verdict], mistakes: tuple[Mistake, ...], flags: tuple[Flag, ...]) -> Assessment:
    return Assessment(tuple(verdicts), mistakes, flags, grader="deterministic", version=VERSION)


def _only_keywords(question: Question, compiled: Compiled, sound: Sound, ignored: frozenset[int]) -> bool:
    """Whether an answer is made of the words that are listened for and of next to nothing else."""
    if question.is_recall or question.problem.tags.warm_up:
        return False
    share, words = sound.share((compiled.patterns[c.id] for c in question.problem.criteria), ignored)
    return words >= KEYWORDS and share >= KEYWORD_SHARE


def _silent(criterion: Criterion) -> Verdict:
    why = f"listened for: {criterion.statement}"
    return Verdict(criterion.id, State.MISSED, None, 1.0, why, chance=0.0)


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


def _mistakes(problem: Problem, compiled: Compiled, sound: Sound, ignored: frozenset[int]) -> tuple[Mistake, ...]:
    """Misconceptions said in one sentence, by the speaker's own account and not under a denial."""
    found = []
    for misconception in problem.misconceptions:
        theirs = ignored
        while True:
            heard = sound.heard(compiled.patterns[measures.key(misconception)], theirs, reach=0)
            if not heard.complete or heard.contrary:
                break
            if not negation.reported(sound.text.plain[heard.first]):
                found.append(Mistake(misconception.id, _quote(heard, sound.text), 0.9))
                break
            theirs |= {heard.first}
    return tuple(found)
