"""What is odd about an answer as a whole, before any criterion is judged. A guard never accuses and gives no verdict.

Thresholds were set on the bank's exemplars and on short honest notes; each is a named constant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue.problem import Problem
from bot.grading import injection, lexicon, negation, shape
from bot.grading.question import Question
from bot.grading.text import Text, Token, read, stem, word_set
from bot.model import Band, Flag

SHORTEST = 4
"""Words; fewer are too short for a whole problem unless they hold a number. A recall may be answered in one word."""

RUN = 6
"""Words in a row that count as copied."""

COPIED = 0.7
"""Share of an answer's words that stand in copied runs when the answer counts as a copy."""

REFERENCE = 0.5
"""Share of the reference's (or a long answer's) runs of five words found in the other when it counts as copied."""

FEWEST_RUNS = 8
"""Such runs, at the least."""

FEW, SAME = 4, 0.7
"""Meaning words of a sentence worth comparing, and the share of all words of two that makes them the same."""

TURNED = 0.3
"""Share of an answer's sentences that turn one of the reference around when it counts as negated; at least two."""

ON_TOPIC = 0.18
"""Share of the answer's meaning words that the problem's own texts hold, at the least."""

OFF_TOPIC_WORDS, BROAD = 15, 120
"""Meaning words of the answer, and distinct words of the problem's own texts, below which nothing is off topic."""

REMAINS = 0.3
"""Share of topical words that what is left without the orders to the grader must have to be an answer."""

_NOT_ENGLISH = word_set(
    """der das und ist nicht ein eine mit für auf von zu wird werden sind oder wenn aber sich wie ich wir les des
    est une dans pour que qui avec sur pas ne sont plus ce cette nous vous être avoir du et mais el los las una es por
    para del como más pero su sus lo esto esta está hay muy cuando porque il gli che della nel non è di sono
    più questo questa anche quando perché os uma não com é em são mas isso também muito pelo pela het een niet voor
    zijn dat wordt ook maar aan als jest nie że się na jak są dla tego przez ale lub ve bir bu için ile değil olarak
    daha çok gibi ama yang dan untuk dengan tidak adalah dari ini itu pada akan juga och att det som är inte på för"""
)
"""Function words of languages that learners slip into, none of them an English word."""
_ENGLISH_ALSO = frozenset({"i", "a", "it's"})
_JUDGING = frozenset(stem(word) for word in ("rubric", "grader", "criteria", "judge"))
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Finding:
    """The flags of an answer, and the sentences (by number) that are no evidence for anything."""

    flags: tuple[Flag, ...]
    ignored: frozenset[int] = frozenset()
    bare: bool = False
    """Nothing but a long list of keywords: words without a statement."""


@dataclass(frozen=True, slots=True)
class Known:
    """A problem's own texts, ready to be compared with."""

    prompt: frozenset[tuple[str, ...]]
    hints: frozenset[tuple[str, ...]]
    answers: tuple[frozenset[tuple[str, ...]], ...]
    """Runs of five words of the reference, and of the criteria's statements."""
    sentences: tuple[tuple[frozenset[str], int], ...]
    """Of the reference and the strong exemplars: each sentence's stems and how often it denies."""
    vocabulary: frozenset[str]


def flags(question: Question, answer: str) -> tuple[Flag, ...]:
    """What the guards notice, in the order of the Flag enumeration."""
    return inspect(question, read(answer), known_of(question.problem)).flags


def inspect(question: Question, text: Text, known: Known) -> Finding:
    """Flags and unusable sentences of an answer that was read; `known` is of the question's problem."""
    if not text.tokens:
        return Finding((Flag.EMPTY,))
    found: set[Flag] = set()
    on_judging = not _JUDGING.isdisjoint(known.vocabulary)
    addressed = frozenset(i for i, s in enumerate(text.plain) if injection.addressed(s, on_judging))
    if addressed:
        found.add(Flag.INJECTION)
    copied = frozenset[int]()
    for flag, runs in ((Flag.COPIED_PROMPT, known.prompt), (Flag.COPIED_HINT, known.hints)):
        sentences, whole = _copied(text, runs, addressed)
        copied |= sentences
        if whole:
            found.add(flag)
    ignored = addressed | copied
    rest = [token for token in text.tokens if token.sentence not in ignored]
    meaning = [token for token in rest if lexicon.weight(token.stem) > 0]
    topical = sum(token.stem in known.vocabulary for token in meaning)
    answers = not addressed or topical >= max(SHORTEST, REMAINS * len(meaning))
    if not answers or not any(_LETTER.match(t.word) or t.word[0].isdigit() for t in text.tokens):
        found.add(Flag.EMPTY)
    elif other_language(rest):
        found.add(Flag.OTHER_LANGUAGE)
    elif _too_short(question, text.tokens):
        found.add(Flag.TOO_SHORT)
    elif Flag.COPIED_PROMPT not in found and Flag.COPIED_HINT not in found:
        found |= _shape(text, rest, len(meaning), topical, known, question.is_recall)
    bare = Flag.KEYWORD_LIST in found and shape.bare(rest)
    return Finding(tuple(flag for flag in Flag if flag in found), ignored, bare)


def _shape(text: Text, rest: Sequence[Token], meaning: int, topical: int, known: Known, recall: bool) -> set[Flag]:
    # A recall may be answered with a list, and with what the reference says if it is known by heart.
    found: set[Flag] = set()
    if len(known.vocabulary) >= BROAD and meaning >= OFF_TOPIC_WORDS and topical < ON_TOPIC * meaning:
        found.add(Flag.OFF_TOPIC)
    if not recall and _copies_reference(rest, known):
        found.add(Flag.COPIED_REFERENCE)
    if _negates_reference(text, known):
        found.add(Flag.NEGATED_REFERENCE)
    if not recall and shape.keyword_list(rest):
        found.add(Flag.KEYWORD_LIST)
    if shape.shuffled(rest, text.raw):
        found.add(Flag.WORD_SALAD)
    return found


def known_of(problem: Problem) -> Known:
    """What the guards compare an answer to a problem with; made once for each problem, in some 20 ms."""
    claims = (*problem.criteria, *problem.misconceptions)
    honest = [e for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]
    prompt = "\n".join([problem.prompt, *(v.prompt for v in problem.variants), *(r.ask for r in problem.recall)])
    hints = "\n".join(hint.text for hint in problem.hints)
    statements = "\n".join(c.statement for c in problem.criteria)
    answers = "\n".join(e.text for e in honest if e.band is Band.STRONG_HIRE)
    words = [*(e.text for e in honest), *(way for c in claims for way in c.ways if isinstance(way, str))]
    sentences = [
        (_meaning(text.words_of(index)), _denials(text.words_of(index)))
        for text in (read(problem.reference), read(answers))
        for index in range(len(text.sentences))
    ]
    texts = (prompt, hints, problem.reference, statements, "\n".join(words))
    return Known(
        prompt=_runs(read(prompt).tokens, RUN),
        hints=_runs(read(hints).tokens, RUN),
        answers=tuple(_runs(read(text).tokens, 5) for text in (problem.reference, statements)),
        sentences=tuple((stems, denials) for stems, denials in sentences if len(stems) >= FEW),
        vocabulary=frozenset(token.stem for text in texts for token in read(text).tokens),
    )


def _runs(tokens: Sequence[Token], size: int) -> frozenset[tuple[str, ...]]:
    words = [token.word for token in tokens]
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def _copied(text: Text, runs: frozenset[tuple[str, ...]], addressed: frozenset[int]) -> tuple[frozenset[int], bool]:
    """Sentences that are mostly copied, and whether the answer as a whole is."""
    tokens = [token for token in text.tokens if token.sentence not in addressed]
    words = [token.word for token in tokens]
    marked = set[int]()
    for i in range(len(words) - RUN + 1):
        if tuple(words[i : i + RUN]) in runs:
            marked.update(range(i, i + RUN))
    if not marked:
        return frozenset(), False
    total: dict[int, int] = {}
    held: dict[int, int] = {}
    for index, token in enumerate(tokens):
        total[token.sentence] = total.get(token.sentence, 0) + 1
        held[token.sentence] = held.get(token.sentence, 0) + (index in marked)
    sentences = frozenset(s for s in total if held[s] >= 0.8 * total[s])
    return sentences, len(marked) >= COPIED * len(words)


def _too_short(question: Question, tokens: Sequence[Token]) -> bool:
    if question.is_recall:
        return False
    return len(tokens) < SHORTEST and not any(token.word[0].isdigit() for token in tokens)


def other_language(tokens: Sequence[Token]) -> bool:
    letters = [c for token in tokens for c in token.word if c.isalpha()]
    if len(letters) >= 4 and sum(c > "\u036f" for c in letters) > 0.5 * len(letters):
        return True
    foreign = sum(token.word in _NOT_ENGLISH for token in tokens)
    english = sum(token.word in lexicon.GLUE or token.word in _ENGLISH_ALSO for token in tokens)
    return foreign >= 3 and foreign > 2 * english and foreign >= 0.12 * len(tokens)


def _copies_reference(rest: Sequence[Token], known: Known) -> bool:
    own = _runs(rest, 5)
    for runs in known.answers:
        shared = len(own & runs)
        if shared >= FEWEST_RUNS and shared >= REFERENCE * min(len(runs), len(own)):
            return True
    return False


def _negates_reference(text: Text, known: Known) -> bool:
    """Whether sentences that are the reference's but for a denial stand in the answer."""
    turned = 0
    for index, sentence in enumerate(text.plain):
        tokens = text.words_of(index)
        stems = _meaning(tokens)
        if len(stems) < FEW:
            continue
        same = [count for own, count in known.sentences if len(stems & own) >= SAME * len(stems | own)]
        turned += bool(same) and _denials(tokens) + negation.framed(sentence) not in same
    return turned >= 2 and turned >= TURNED * len(text.sentences)


def _meaning(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.stem for token in tokens if lexicon.weight(token.stem) > 0)


def _denials(tokens: Sequence[Token]) -> int:
    return len(negation.negators(tokens))
