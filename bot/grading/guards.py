"""What is odd about an answer as a whole, before any criterion is judged. A guard never accuses and gives no verdict.

Thresholds were set on the bank's exemplars and on short honest notes; each is a named constant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.grading import injection, lexicon, negation
from bot.grading.question import Question
from bot.grading.text import Text, Token, read, stem, word_set
from bot.model import Flag

SHORTEST = 4
"""Words; fewer are too short for a whole problem unless they hold a number. A recall may be answered in one word."""

RUN = 6
"""Words in a row that count as copied."""

COPIED = 0.7
"""Share of an answer's words that stand in copied runs when the answer counts as a copy."""

REFERENCE = 0.5
"""Share of the reference's (or a long answer's) runs of five words found in the other when it counts as copied."""

ON_TOPIC = 0.08
"""Share of the answer's meaning words that the problem's own texts hold, at the least."""

LIST = 12
"""Words, at the least, of a list of keywords."""

LIST_GLUE = 0.12
"""Share of glue words under which words are a list of keywords, whatever stands between them."""

LIST_SENTENCE, SENTENCE_GLUE = 26, 0.26
"""A single sentence of so many words with less glue than this is a list as well."""

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


@dataclass(frozen=True, slots=True)
class _Known:
    """A problem's own texts, ready to be compared with."""

    prompt: frozenset[tuple[str, ...]]
    hints: frozenset[tuple[str, ...]]
    reference: frozenset[tuple[str, ...]]
    reference_sentences: tuple[tuple[frozenset[str], int], ...]
    vocabulary: frozenset[str]


def flags(question: Question, answer: str) -> tuple[Flag, ...]:
    """What the guards notice, in the order of the Flag enumeration."""
    return inspect(question, read(answer)).flags


def inspect(question: Question, text: Text) -> Finding:
    """Flags and unusable sentences of an answer that was read."""
    if not text.tokens:
        return Finding((Flag.EMPTY,))
    known = _known(question)
    found: set[Flag] = set()
    on_judging = not _JUDGING.isdisjoint(known.vocabulary)
    addressed = frozenset(i for i, s in enumerate(text.sentences) if injection.addressed(s.text, on_judging))
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
    elif _too_short(question, text.tokens):
        found.add(Flag.TOO_SHORT)
    elif _other_language(rest):
        found.add(Flag.OTHER_LANGUAGE)
    elif Flag.COPIED_PROMPT not in found and Flag.COPIED_HINT not in found:
        found |= _shape(text, rest, len(meaning), topical, known)
    return Finding(tuple(flag for flag in Flag if flag in found), ignored)


def _shape(text: Text, rest: Sequence[Token], meaning: int, topical: int, known: _Known) -> set[Flag]:
    found: set[Flag] = set()
    if meaning >= 8 and topical < ON_TOPIC * meaning:
        found.add(Flag.OFF_TOPIC)
    if _copies_reference(rest, known):
        found.add(Flag.COPIED_REFERENCE)
    if _negates_reference(text, known):
        found.add(Flag.NEGATED_REFERENCE)
    if _keyword_list(rest):
        found.add(Flag.KEYWORD_LIST)
    return found


@lru_cache(maxsize=512)
def _known_texts(key: tuple[str, ...]) -> _Known:
    prompt, reference, hints, *own = key
    sentences = []
    text = read(reference)
    for index in range(len(text.sentences)):
        tokens = [token for token in text.tokens if token.sentence == index]
        stems = frozenset(token.stem for token in tokens if lexicon.weight(token.stem) > 0)
        sentences.append((stems, _denials(tokens)))
    words = frozenset(token.stem for part in (prompt, reference, hints, *own) for token in read(part).tokens)
    return _Known(
        prompt=_runs(read(prompt).tokens, RUN),
        hints=_runs(read(hints).tokens, RUN),
        reference=_runs(text.tokens, 5),
        reference_sentences=tuple(sentences),
        vocabulary=words,
    )


def _known(question: Question) -> _Known:
    problem = question.problem
    hints = "\n".join(hint.text for hint in problem.hints)
    own = [c.statement for c in problem.criteria]
    own += [
        way
        for claim in (*problem.criteria, *problem.misconceptions)
        for g in claim.says
        for way in g
        if isinstance(way, str)
    ]
    own += [e.text for e in problem.exemplars if e.style not in {"injection", "keyword_stuffing"}]
    prompts = "\n".join(dict.fromkeys((question.prompt, problem.prompt, *(v.prompt for v in problem.variants))))
    return _known_texts((prompts, problem.reference, hints, "\n".join(own)))


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
    if question.is_recall or question.problem.tags.warm_up:
        return False
    return len(tokens) < SHORTEST and not any(token.word[0].isdigit() for token in tokens)


def _other_language(tokens: Sequence[Token]) -> bool:
    letters = [c for token in tokens for c in token.word if c.isalpha()]
    if len(letters) >= 4 and sum(c > "\u036f" for c in letters) > 0.5 * len(letters):
        return True
    foreign = sum(token.word in _NOT_ENGLISH for token in tokens)
    english = sum(token.word in lexicon.GLUE or token.word in _ENGLISH_ALSO for token in tokens)
    return foreign >= 3 and foreign > 2 * english and foreign >= 0.12 * len(tokens)


def _copies_reference(rest: Sequence[Token], known: _Known) -> bool:
    own = _runs(rest, 5)
    shared = len(own & known.reference)
    if shared < 8:
        return False
    return shared >= REFERENCE * len(known.reference) or shared >= REFERENCE * len(own)


def _negates_reference(text: Text, known: _Known) -> bool:
    """Whether sentences that are the reference's but for a denial stand in the answer."""
    turned = 0
    for index, sentence in enumerate(text.sentences):
        tokens = [token for token in text.tokens if token.sentence == index]
        stems = frozenset(token.stem for token in tokens if lexicon.weight(token.stem) > 0)
        if len(stems) < 4:
            continue
        denials = _denials(tokens) + negation.framed(sentence.text)
        turned += any(
            len(stems & own) >= 0.75 * max(len(own), 4) and denials != count for own, count in known.reference_sentences
        )
    return turned >= 2 or (turned == 1 and len(text.sentences) <= 2)


def _denials(tokens: Sequence[Token]) -> int:
    return len(negation.negators(tokens))


def _keyword_list(rest: Sequence[Token]) -> bool:
    sentences: dict[int, list[str]] = {}
    for token in rest:
        if token.word.isalpha():
            sentences.setdefault(token.sentence, []).append(token.word)
    if _lists([word for words in sentences.values() for word in words], LIST, LIST_GLUE):
        return True
    return any(_lists(words, LIST_SENTENCE, SENTENCE_GLUE) for words in sentences.values())


def _lists(words: Sequence[str], least: int, share: float) -> bool:
    glue = sum(word in lexicon.GLUE and word not in lexicon.CONJUNCTIONS for word in words)
    return len(words) >= least and glue < share * len(words)
