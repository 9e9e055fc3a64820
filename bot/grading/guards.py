"""What is odd about an answer as a whole, before any criterion is judged. A guard never accuses and gives no verdict.

Thresholds were set on the bank's exemplars and on short honest notes; each is a named constant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.catalogue.problem import Problem
from bot.grading import injection, language, lexicon, likeness, negation, order, shape
from bot.grading.question import Question
from bot.grading.text import READ, Text, Token, read, stem
from bot.model import Band, Flag

SHORTEST = 4
"""Words; fewer are too short for a whole problem unless they hold a number. A recall may be answered in one word."""

RUN = 6
"""Words in a row that count as copied."""

COPIED = 0.7
"""Share of an answer's words that stand in copied runs when the answer counts as a copy."""

DENYING, SENTENCES = 0.8, 3
"""Share of an answer's sentences, so many at the least, that deny something when it says what is not and never what
is: 1 % of honest answers."""

ON_TOPIC = 0.18
"""Share of the answer's meaning words that the problem's own texts hold, at the least."""

OFF_TOPIC_WORDS, BROAD = 15, 120
"""Meaning words of the answer, and distinct words of the problem's own texts, below which nothing is off topic."""

REMAINS = 0.3
"""Share of topical words that what is left without the orders to the grader must have to be an answer."""

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
    sources: tuple[likeness.Source, ...]
    """The reference and the criteria's statements."""
    strong: Mapping[str, tuple[likeness.Line, ...]]
    """The sentences of the strong exemplars, by id."""
    vocabulary: frozenset[str]


def flags(question: Question, answer: str) -> tuple[Flag, ...]:
    """What the guards notice, in the order of the Flag enumeration."""
    return inspect(question, read(answer), known_of(question.problem)).flags


def inspect(question: Question, text: Text, known: Known, without: frozenset[str] = frozenset()) -> Finding:
    """Flags and unusable sentences of an answer that was read; `known` is of the question's problem.

    `without` names exemplars that the answer is not compared with.
    """
    if not text.tokens:
        return Finding((Flag.EMPTY,))
    found: set[Flag] = set()
    on_judging = len(_JUDGING & known.vocabulary) > 1
    addressed = frozenset(i for i, s in enumerate(text.plain) if injection.addressed(s, on_judging))
    if addressed or injection.hidden(text.raw[:READ], on_judging):
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
    elif language.foreign(rest, known.vocabulary):
        found.add(Flag.OTHER_LANGUAGE)
    elif _too_short(question, text.tokens):
        found.add(Flag.TOO_SHORT)
    elif Flag.COPIED_PROMPT not in found and Flag.COPIED_HINT not in found:
        found |= _copies(text, rest, known, without, question.is_recall)
        found |= _shape(rest, len(meaning), topical, known, question.is_recall)
    bare = Flag.KEYWORD_LIST in found and shape.bare(rest)
    return Finding(tuple(flag for flag in Flag if flag in found), ignored, bare)


def _copies(text: Text, rest: Sequence[Token], known: Known, without: frozenset[str], recall: bool) -> set[Flag]:
    # A recall may be answered with what the reference says, if it is known by heart; and no learner is shown an
    # exemplar, so that who says the same has found the words alone.
    found: set[Flag] = set()
    if not recall and likeness.copied(rest, known.sources):
        found.add(Flag.COPIED_REFERENCE)
    said = [line for source in known.sources for line in source.lines]
    said += [line for id, lines in known.strong.items() if id not in without for line in lines]
    if likeness.denied(text, said) or _denies(text):
        found.add(Flag.NEGATED_REFERENCE)
    return found


def _denies(text: Text) -> bool:
    """Whether an answer takes back what it says, or does little but deny."""
    if any(map(negation.disowned, text.plain)):
        return True
    denials = sum(
        negation.framed(sentence) or bool(negation.negators(text.words_of(index)))
        for index, sentence in enumerate(text.plain)
    )
    return len(text.plain) >= SENTENCES and denials >= DENYING * len(text.plain)


def _shape(rest: Sequence[Token], meaning: int, topical: int, known: Known, recall: bool) -> set[Flag]:
    # A recall may be answered with a list.
    found: set[Flag] = set()
    if len(known.vocabulary) >= BROAD and meaning >= OFF_TOPIC_WORDS and topical < ON_TOPIC * meaning:
        found.add(Flag.OFF_TOPIC)
    if not recall and shape.keyword_list(rest):
        found.add(Flag.KEYWORD_LIST)
    if order.jumbled(rest):
        found.add(Flag.WORD_SALAD)
    return found


def known_of(problem: Problem) -> Known:
    """What the guards compare an answer to a problem with; made once for each problem, in some 20 ms."""
    claims = (*problem.criteria, *problem.misconceptions)
    honest = [e for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]
    prompt = "\n".join([problem.prompt, *(v.prompt for v in problem.variants), *(r.ask for r in problem.recall)])
    hints = "\n".join(hint.text for hint in problem.hints)
    statements = "\n".join(c.statement for c in problem.criteria)
    words = [*(e.text for e in honest), *(way for c in claims for way in c.ways if isinstance(way, str))]
    texts = (prompt, hints, problem.reference, statements, "\n".join(words))
    return Known(
        prompt=likeness.runs(read(prompt).tokens, RUN),
        hints=likeness.runs(read(hints).tokens, RUN),
        sources=(likeness.source(problem.reference), likeness.source(statements)),
        strong={e.id: likeness.lines(e.text) for e in honest if e.band is Band.STRONG_HIRE},
        vocabulary=frozenset(token.stem for text in texts for token in read(text).tokens),
    )


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
