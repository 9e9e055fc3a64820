"""Whether words stand in an order that people write, by which kinds of words follow each other. It reads no meaning.

A function word is a kind of its own, other words are known by their ending, clause and sentence breaks count as well.
"The" before an ending in -s speaks for a sentence, "the of" against one. The figures are in order.json, made by
benchmarks/_word_weights.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from bot.grading import lexicon
from bot.grading.text import Token

SENTENCE, CLAUSE, OTHER, OPEN = ".", ",", "#", "-"
"""Kinds: the end of a sentence and of a clause, numbers and signs, and (with an ending behind it) any other word."""

ENDINGS = ("ing", "ed", "ly", "s", "tion", "er", "al", "ity", "ment", "ive", "able")

NEXT_BUT_ONE = 0.5
"""How much kinds two places apart count, beside neighbours."""

USUAL, DOUBT = 0.15, 4.0
"""Words are in no order if their evidence is less than USUAL for each neighbouring pair with a function word, less
DOUBT in all. So are 95 % of the bank's strong exemplars when shuffled, .3 % of the answers that were written for the
bank's problems, and 2 % of pupils' and students' answers to other questions."""

PAIRS = 8
"""Such pairs, at the least."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts of kinds, and of pairs of kinds at a distance of one and of two."""

    kinds: Mapping[str, int]
    total: int
    pairs: tuple[Mapping[str, int], Mapping[str, int]]


@cache
def _table() -> _Table:
    data = json.loads(files("bot.grading").joinpath("order.json").read_text(encoding="utf-8"))
    first, second = (
        {f"{kind} {follower}": n for kind, followers in data[name].items() for follower, n in followers.items()}
        for name in ("next", "next_but_one")
    )
    return _Table(data["kinds"], sum(data["kinds"].values()), (first, second))


def kinds(tokens: Sequence[Token]) -> Iterator[str]:
    """The kinds of the tokens, with the breaks between clauses and sentences."""
    yield SENTENCE
    before: Token | None = None
    for token in tokens:
        if before is not None and token.sentence != before.sentence:
            yield SENTENCE
        elif before is not None and token.clause != before.clause:
            yield CLAUSE
        yield _kind(token.word)
        before = token
    yield SENTENCE


@lru_cache(maxsize=8192)
def _kind(word: str) -> str:
    if word in lexicon.GLUE:
        return word
    if not word.isalpha():
        return OTHER
    return OPEN + next((e for e in ENDINGS if word.endswith(e) and len(word) > len(e) + 2), "")


@lru_cache(maxsize=16384)
def _evidence(first: str, second: str, distance: int) -> float:
    """How much more often than by chance two kinds stand so, as a logarithm."""
    table = _table()
    expected = table.kinds.get(first, 1) * table.kinds.get(second, 1) / table.total
    return math.log((table.pairs[distance - 1].get(f"{first} {second}", 0) + 1) / (expected + 1))


def jumbled(tokens: Sequence[Token]) -> bool:
    """Whether the tokens stand in no order that people write."""
    row = list(kinds(tokens))
    near = [(a, b) for a, b in pairwise(row) if not (a[0] == b[0] == OPEN)]
    far = [(a, b) for a, b in zip(row, row[2:], strict=False) if not (a[0] == b[0] == OPEN)]
    evidence = sum(_evidence(a, b, 1) for a, b in near) + NEXT_BUT_ONE * sum(_evidence(a, b, 2) for a, b in far)
    return len(near) >= PAIRS and evidence < USUAL * len(near) - DOUBT
