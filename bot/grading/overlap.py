"""How much of a claim an answer holds, measured word by word. It decides what is compared, not what follows from it.

Words are compared as stems, weighed by how much they tell; what the question itself says tells little. A word counts as
said if the answer holds it, a misspelling or a derivation of it, or the denial of its opposite. What stands in a clause
with its opposite, or under a denial, is not said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.grading import lexicon, negation, opposites
from bot.grading.text import Token, read, stem, word_set
from bot.model import Quote

MEASURES = ("recall", "fresh", "amount", "pairs", "ratio")
"""recall: weighted share of the claim's words that the answer says; fresh: the same of those that the question does not
hold; amount: log of the summed weight of the words said, as a few may be said by chance; pairs: share of the claim's
neighbouring words that stand together in the answer; ratio: log of the answer's length over the claim's."""

ECHO = 0.3
"""What a word of the claim still tells if the question says it too."""

MISSPELT, DERIVED, RELATED, REVERSED = 0.9, 0.8, 0.6, 0.8
"""How much of a word is said by its misspelling, by one that begins with it or like it, and by its opposite denied."""

NEIGHBOURS = 3
"""Words apart that still stand together."""

_DIRECTIONS = {
    stem(word): 0.35
    for word in word_set(
        """all no none same other another more less least most much many each every both either neither first only
        never always before after above below up down out off own any one"""
    )
}
"""Function words that can turn a claim around, and their weight beside words that carry meaning."""

_NUMBERS = "zero one two three four five six seven eight nine"
_DIGITS = {word: str(value) for value, word in enumerate(_NUMBERS.split(" "))}

_NO_LONGER = re.compile(r"\bno longer\b", re.IGNORECASE)
_APOSTROPHE = re.compile(r"""(?<=n)["^](?=t\b)""", re.IGNORECASE)
"""Mistyped with a key beside it: isn"t."""

_BLANK = re.compile(
    r"^\W*(?:no (?:submission|response|answer|idea|clue)|empty(?: submission)?|not (?:answered|sure)|nothing|"
    r"i (?:really )?(?:do not|don'?t|dont) (?:know|remember)|idk|dunno|n/?a|none|\?+|your answer here)\b.{0,25}$",
    re.IGNORECASE | re.DOTALL,
)


def weight(stemmed: str) -> float:
    """How much a stem tells: 1, little or nothing. Rarity, which only a table of the subject knows, measurably adds
    nothing on subjects that the table has not seen."""
    return _DIRECTIONS.get(stemmed) or float(lexicon.weight(stemmed) > 0)


@dataclass(frozen=True, slots=True)
class Said:
    """A text as the meaning words that it says."""

    words: Mapping[str, frozenset[tuple[int, bool]]]
    """Stem to where it stands: the number of the clause, and whether under a denial."""
    order: tuple[str, ...]
    sentences: tuple[tuple[Quote, frozenset[str]], ...]
    """Each sentence with its meaning words."""
    blank: bool
    """It says nothing, or only that it has nothing to say."""

    def cosine(self, other: Said) -> float:
        """Likeness 0..1 of the words of two texts."""
        common, own, theirs = (
            sum(weight(stemmed) ** 2 for stemmed in stems)
            for stems in (self.words.keys() & other.words.keys(), self.words, other.words)
        )
        return common / math.sqrt(own * theirs) if common else 0.0


def said(raw: str) -> Said:
    """A text's meaning words; any string will do."""
    # Of the same length, so that a quote keeps its place.
    text = read(_NO_LONGER.sub("not".ljust(len("no longer")), _APOSTROPHE.sub("'", raw)))
    denials = negation.negators(text.tokens)
    words: dict[str, set[tuple[int, bool]]] = {}
    order: list[str] = []
    sentences: list[set[str]] = [set() for _ in text.sentences]
    for index, token in enumerate(text.tokens):
        stemmed = _DIGITS.get(token.word, token.stem)
        if weight(stemmed) > 0:
            words.setdefault(stemmed, set()).add((token.clause, _denied(text.tokens, index, denials)))
            order.append(stemmed)
            sentences[token.sentence].add(stemmed)
    return Said(
        {stemmed: frozenset(how) for stemmed, how in words.items()},
        tuple(order),
        tuple(
            (Quote(raw[at.start : at.end], at.start, at.end), frozenset(stems))
            for at, stems in zip(text.sentences, sentences, strict=True)
        ),
        not order or bool(_BLANK.match(raw)),
    )


def _denied(tokens: Sequence[Token], index: int, denials: Mapping[int, int]) -> bool:
    return negation.before(tokens, index, denials, ()) or negation.after(tokens, index + 1, ())


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that an answer may say, with the weight of each of its words beside the question."""

    said: Said
    weights: Mapping[str, float]
    fresh: frozenset[str]
    """Stems that the question does not hold."""
    pairs: frozenset[tuple[str, str]]


def claim(text: str, question: str) -> Claim:
    """A claim ready to be compared with answers to the question."""
    own, asked = said(text), Lookup(said(question))
    fresh = frozenset(stemmed for stemmed in own.words if asked.nearest(stemmed)[0] < DERIVED)
    weights = {stemmed: weight(stemmed) * (1.0 if stemmed in fresh else ECHO) for stemmed in own.words}
    return Claim(own, weights, fresh, frozenset(pairwise(own.order)))


class Lookup:
    """Finds the words of claims in one text; each word is looked up once."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self._nearest: dict[str, tuple[float, str]] = {}
        self._initial: dict[str, list[str]] = {}
        for stemmed in said.words:
            self._initial.setdefault(stemmed[0], []).append(stemmed)

    def nearest(self, stemmed: str) -> tuple[float, str]:
        """How much of a word is said, 0..1, and the stem that says it."""
        if stemmed not in self._nearest:
            self._nearest[stemmed] = self._find(stemmed)
        return self._nearest[stemmed]

    def _find(self, stemmed: str) -> tuple[float, str]:
        if stemmed in self.said.words:
            return 1.0, stemmed
        near = ((_kinship(stemmed, other), other) for other in self._initial.get(stemmed[0], ()))
        return max(near, default=(0.0, ""))

    def says(self, stemmed: str, denied: Collection[bool], turned: Collection[int]) -> float:
        """How much of a word is said, 0..1, as a claim says it: `denied` is whether under a denial; `turned` are the
        clauses that speak of the claim's opposite."""
        strength, found = self.nearest(stemmed)
        if not strength:
            strength, found = REVERSED, self.opposite(stemmed)
        places = self.said.words.get(found, ())
        return strength if any((under != (clause in turned)) in denied for clause, under in places) else 0.0

    def opposite(self, stemmed: str) -> str:
        """An opposite of a word that is not said itself; empty if there is none."""
        if self.nearest(stemmed)[0]:
            return ""
        return min(opposites.of(stemmed) & self.said.words.keys(), default="")


def _kinship(one: str, other: str) -> float:
    shorter, longer = sorted((len(one), len(other)))
    if one[0].isdigit() or shorter < 4:
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return DERIVED
    if shorter < 5:
        return 0.0
    allowed = 1 if len(one) < 8 else 2
    if OSA.distance(one, other, score_cutoff=allowed) <= allowed:
        return MISSPELT
    common = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    return RELATED if shorter > 5 and common >= max(5, 0.6 * longer) else 0.0


def measure(claims: Sequence[Claim], answer: Lookup) -> tuple[float, ...]:
    """The MEASURES of the claim, of at least one, of which the answer says the largest share."""
    return max(_measure(claim, answer) for claim in claims)


def _measure(claim: Claim, answer: Lookup) -> tuple[float, ...]:
    weights, order = claim.weights, answer.said.order
    contrary = {answer.opposite(stemmed) for stemmed in weights} - weights.keys()
    turned = {clause for stemmed in contrary for clause, _ in answer.said.words.get(stemmed, ())}
    heard = {
        stemmed: answer.says(stemmed, {under for _, under in places}, turned)
        for stemmed, places in claim.said.words.items()
    }
    recall = _share(heard, weights, weights)
    meant = {answer.nearest(stemmed)[1]: stemmed if much else "" for stemmed, much in heard.items()}
    line = [meant.get(stemmed, stemmed) for stemmed in order]
    together = {(one, other) for at, one in enumerate(line) for other in line[at + 1 : at + NEIGHBOURS]}
    return (
        recall,
        _share(heard, weights, claim.fresh) if claim.fresh else recall,
        math.log1p(sum(weights[stemmed] * much for stemmed, much in heard.items())),
        len(claim.pairs & together) / len(claim.pairs) if claim.pairs else recall,
        math.log((1 + len(order)) / (1 + len(claim.said.order))),
    )


def _share(heard: Mapping[str, float], weights: Mapping[str, float], stems: Iterable[str]) -> float:
    total = sum(weights[stemmed] for stemmed in stems)
    return sum(weights[stemmed] * heard[stemmed] for stemmed in stems) / total if total else 0.0
