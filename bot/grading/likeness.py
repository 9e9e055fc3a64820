"""Whether an answer is made of a text that the problem holds: copied, retouched, or copied and denied.

It compares words and their order, never meaning; what follows from a likeness is the guards' business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from bot.grading import lexicon, negation
from bot.grading.text import Text, Token, read

RUN = 5
"""Words in a row that are compared at once."""

COPIED, FEWEST = 0.5, 8
"""Share of a source's (or a long answer's) runs that are found in the other when it counts as copied; so many at the
least. Also the share of an answer's words that stand in echoes of sentences of a source."""

SAME_WORDS, WORDS = 0.85, 20
"""Share of the words of an answer, so many at the least, that a single source holds when it is that source in another
order or retouched. Honest answers to the bank's problems have .79 at the most."""

NEARLY, FEWER = 0.9, 10
"""A shorter answer, of so many words at the least, must hold more of them in the order of a sentence or a short
source."""

ECHO, SENTENCE, LONGER = 0.85, 6, 2.0
"""Share of a sentence's words found in the same order in another, which is at most so many times as long; sentences
of fewer words say too little to be compared."""

ECHOED = 30
"""Words in echoes, at the least, when an answer counts as made of them: one sentence may be alike by chance."""

FEW, SAME = 4, 0.7
"""Meaning words of a sentence worth comparing for a denial, and the share of all of two that makes them the same."""

TURNED = 0.3
"""Share of an answer's sentences that turn one of a source around when it counts as denied; at least two, or the only
one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a source."""

    words: tuple[str, ...]
    stems: frozenset[str]
    """Those that carry meaning."""
    denials: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text that an answer may be copied from."""

    runs: frozenset[tuple[str, ...]]
    words: tuple[str, ...]
    lines: tuple[Line, ...]


def source(raw: str) -> Source:
    """A text ready to be compared with."""
    tokens = read(raw).tokens
    return Source(runs(tokens, RUN), tuple(token.word for token in tokens), lines(raw))


def lines(raw: str) -> tuple[Line, ...]:
    """The sentences of a text, ready to be compared with."""
    text = read(raw)
    return tuple(
        Line(tuple(t.word for t in tokens), _meaning(tokens), negation.denials(tokens))
        for tokens in (text.words_of(index) for index in range(len(text.sentences)))
    )


def runs(tokens: Sequence[Token], size: int) -> frozenset[tuple[str, ...]]:
    """Every `size` words in a row."""
    words = [token.word for token in tokens]
    return frozenset(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def copied(rest: Sequence[Token], sources: Collection[Source]) -> bool:
    """Whether the tokens are a source, most of one, or hold most of one; a few words may be changed."""
    own, words = runs(rest, RUN), Counter(token.word for token in rest)
    for each in sources:
        shared = len(own & each.runs)
        if shared >= FEWEST and shared >= COPIED * min(len(each.runs), len(own)):
            return True
        same = (words & Counter(each.words)).total()
        if len(rest) >= WORDS and len(each.words) <= LONGER * len(rest) and same >= SAME_WORDS * len(rest):
            return True
    if FEWER <= len(rest) < WORDS:
        rows = [row for each in sources for row in (each.words, *(line.words for line in each.lines))]
        said = [token.word for token in rest]
        return any(len(row) <= LONGER * len(rest) and _in_order(said, row) >= NEARLY * len(rest) for row in rows)
    return _echoed(rest, sources) >= max(ECHOED, COPIED * len(rest))


def _echoed(rest: Sequence[Token], sources: Collection[Source]) -> int:
    """Words in sentences that echo a source's."""
    sentences: dict[int, list[str]] = {}
    for token in rest:
        sentences.setdefault(token.sentence, []).append(token.word)
    others = [line for each in sources for line in each.lines]
    return sum(len(words) for words in sentences.values() if any(_echoes(words, line) for line in others))


def _echoes(words: Sequence[str], line: Line) -> bool:
    short, long = sorted((len(words), len(line.words)))
    if short < SENTENCE or long > LONGER * short:
        return False
    return _in_order(words, line.words) >= ECHO * short


def _in_order(one: Sequence[str], other: Sequence[str]) -> int:
    """The most words that both hold in the same order."""
    return LCSseq.similarity(one, other)


def denied(text: Text, said: Iterable[Line]) -> bool:
    """Whether sentences that are others' but for a denial stand in the answer."""
    telling = [line for line in said if len(line.stems) >= FEW]
    turned = 0
    for index, sentence in enumerate(text.plain):
        tokens = text.words_of(index)
        stems = _meaning(tokens)
        if len(stems) < FEW:
            continue
        words = [token.word for token in tokens]
        same = [line.denials for line in telling if _same(stems, line.stems) or _echoes(words, line)]
        against = negation.denials(tokens) + negation.framed(sentence) + negation.reported(sentence)
        turned += bool(same) and against not in same
    return turned >= min(2, len(text.sentences)) and turned >= TURNED * len(text.sentences)


def _same(stems: frozenset[str], others: frozenset[str]) -> bool:
    return len(stems & others) >= SAME * len(stems | others)


def _meaning(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.stem for token in tokens if lexicon.weight(token.stem) > 0)
