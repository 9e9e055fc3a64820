"""Whether words stand in sentences or are a list of keywords. It looks at function words, never at meaning.

Glue is what makes a statement of its neighbours (lexicon.GLUE). The thresholds were set on the bank's exemplars, on
honest answers to other questions, and on lists made of the bank's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.grading import lexicon
from bot.grading.text import Token

LIST, LIST_GLUE = 12, 0.08
"""So many words with a smaller share of glue are a list of keywords, unless they stand in short lines of their own."""

LINE = 6
"""Words of such a line, on average, at the most."""

LONG_LIST, LONG_LIST_GLUE = 25, 0.16
"""So many words with less glue than this are a list in whatever lines they stand."""

BARE_GLUE = 0.10
"""And with less than this they are surely nothing but a list, not somebody's notes: .1 % of honest answers to other
questions, half of the lists."""

SENTENCE, SENTENCE_GLUE = 26, 0.18
"""A sentence of so many words with less glue than this is a list as well, if it is most of the answer."""

CLAUSE, CLAUSE_GLUE = 24, 0.24
"""So are so many words without a comma and with less glue than this."""

SNIPPET, ITEMS = 2.6, 9
"""Words a sentence, on average, up to which a long answer is a list, too; or words between commas, in so many items."""

SHORT_ITEMS, SHORT_SNIPPET = 6, 2.0
"""A short answer of so many items between commas, with so many words each on average at the most, is a list."""


def keyword_list(rest: Sequence[Token]) -> bool:
    """Whether the tokens are keywords strung together rather than sentences."""
    words = [token for token in rest if token.word.isalpha()]
    sentences = [list(group) for _, group in groupby(words, key=lambda token: token.sentence)]
    items = sum(1 for _ in groupby(words, key=lambda token: token.clause))
    if items >= SHORT_ITEMS and len(words) <= SHORT_SNIPPET * items:
        return True
    if len(words) < LONG_LIST:
        orders = sum(_begins_order(token, before) for before, token in zip((None, *words), words, strict=False))
        sparse = _glue(words) + orders < LIST_GLUE * len(words)
        return len(words) >= LIST and sparse and len(words) > LINE * len(sentences)
    if _glue(words) < LONG_LIST_GLUE * len(words) or len(words) <= SNIPPET * len(sentences):
        return True
    return sum(len(sentence) for sentence in sentences if _lists(sentence)) > len(words) / 2


def _lists(sentence: Sequence[Token]) -> bool:
    if len(sentence) >= SENTENCE and _glue(sentence) < SENTENCE_GLUE * len(sentence):
        return True
    items = [list(group) for _, group in groupby(sentence, key=lambda token: token.clause)]
    if len(items) >= ITEMS and len(sentence) < SNIPPET * len(items):
        return True
    return any(len(item) >= CLAUSE and _glue(item) < CLAUSE_GLUE * len(item) for item in items)


def bare(rest: Sequence[Token]) -> bool:
    """Whether they are surely nothing but keywords."""
    words = [token for token in rest if token.word.isalpha()]
    return len(words) >= LONG_LIST and _glue(words) < BARE_GLUE * len(words)


def _glue(words: Sequence[Token]) -> int:
    """Words that make a statement of their neighbours: a list has conjunctions, and articles behind them, as well."""
    return sum(
        token.word in lexicon.GLUE
        and token.word not in lexicon.CONJUNCTIONS
        and not (token.word in lexicon.ARTICLES and _begins_item(token, before))
        for before, token in zip((None, *words), words, strict=False)
    )


def _begins_item(token: Token, before: Token | None) -> bool:
    return before is None or before.clause != token.clause or before.word in lexicon.CONJUNCTIONS


def _begins_order(token: Token, before: Token | None) -> bool:
    """An order such as "check the rows" holds a short note together."""
    return token.word in lexicon.ORDERS and (before is None or before.clause != token.clause)
