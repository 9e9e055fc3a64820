"""Whether an answer only repeats what was written before. Pure: it knows no member and accuses nobody.

Figures: of 528 pairs of honest answers to the same problem of the bank (exemplars, mostly of 44 to 120 different
words) the likest have a token-set ratio of 66; of 170 answers two reach 80 with the reference, both about half as long
as it, and none with the hints. Of the 24 honest answers of one or two sentences in tests/grading/labelled.jsonl seven
reach 80 with theirs: who says one thing in few words must use the words of the matter. So short answers are repeats
only word for word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import fuzz

from bot.cohorts.points import REPEATS_HINT, REPEATS_OWN, REPEATS_REFERENCE
from bot.model import ServingId

OWN, SOURCE = 85, 80
"""Token-set ratio, 0..100, at which an answer repeats one's own earlier one, and the reference or a hint."""
VERBATIM = 95
"""Ratio, 0..100, at which a text is another, or a stretch of it, word for word."""
FEW, SHORT = 20, 40
"""Different words: below FEW nothing is compared, since what is short is soon known by heart; below SHORT, and for
recall questions, whose answers are to be known by heart, only what is there word for word."""
COMPARABLE = 0.6
"""The share of the larger text's different words that the smaller has, at the least, for the ratio to mean anything:
of a text that holds all words of the other it is 100."""
SAME, SAME_LENGTH = 95, 80
"""Ratio at which two members' answers are nearly the same, and the characters of an answer at the least."""

_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """A text's words in lower case, without what only looks different."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(_WORD.findall(text.casefold()))


def repeats(answer: str, earlier: Iterable[str], reference: str, hints: Iterable[str], *, recall: bool = False) -> str:
    """What an answer repeats, as the ledger's reason; "" where it is the member's own words.

    `earlier`: their own answers to the same concepts; `recall`: whether one concept was asked for.
    """
    mine = plain(answer)
    for reason, most, texts in (
        (REPEATS_REFERENCE, SOURCE, (reference,)),
        (REPEATS_HINT, SOURCE, hints),
        (REPEATS_OWN, OWN, earlier),
    ):
        if any(_repeats(mine, plain(text), most, recall) for text in texts):
            return reason
    return ""


def _repeats(mine: str, text: str, most: int, recall: bool) -> bool:
    own, other = len(set(mine.split())), len(set(text.split()))
    if own < FEW or not other:
        return False
    if recall or own < SHORT:
        # what is much longer is no stretch of it
        return len(mine) * VERBATIM <= len(text) * 100 and fuzz.partial_ratio(mine, text, score_cutoff=VERBATIM) > 0
    alike = fuzz.token_set_ratio(mine, text, score_cutoff=most)
    comparable = min(own, other) >= COMPARABLE * max(own, other)
    return alike > 0 and (comparable or (own < other and alike >= VERBATIM))


def likeness(one: str, other: str) -> int:
    """How alike two members' answers are, in percent."""
    return round(fuzz.ratio(plain(one), plain(other)))


def nearly_the_same(answer: str, others: Iterable[tuple[ServingId, str]]) -> ServingId | None:
    """The first of other members' answers that is so like this one that a person may look at it."""
    mine = plain(answer)
    if len(mine) < SAME_LENGTH:
        return None
    return next((id for id, text in others if fuzz.ratio(mine, plain(text), score_cutoff=SAME) > 0), None)
