"""Which of the author's ways to say a thing an answer holds, and where. It decides hearing, not verdicts.

A way is a word, a stem or a phrase whose words stand in order with small gaps, or a quantity. A claim is heard where
enough of its groups stand in one sentence or in two neighbouring ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.catalogue.problem import Claim, Quantity
from bot.grading import lexicon, negation, numbers
from bot.grading.text import Text, Token, read, stem

GAP = 2
"""Foreign words allowed between two words of a phrase."""

_PREFIX = 4
_TYPO = 6
_ARTICLES = frozenset({"a", "an", "the"})

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A way heard in tokens[start:end] of one sentence."""

    start: int
    end: int
    sentence: int
    typo: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What of a claim was heard, in the window of sentences first..last where most of it stands."""

    groups: tuple[Hit | None, ...]
    needed: int
    first: int = 0
    last: int = 0
    contrary: bool = False
    """Enough groups were heard, but only by counting words that stand under a negation."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.groups if hit)

    @property
    def coverage(self) -> float:
        """Share 0..1 of the needed groups that were heard."""
        return min(1.0, len(self.hits) / self.needed)

    @property
    def complete(self) -> bool:
        return len(self.hits) >= self.needed


@dataclass(frozen=True, slots=True)
class Pattern:
    """A claim made ready for listening."""

    groups: tuple[tuple[Phrase | Quantity, ...], ...]
    needed: int
    denied: frozenset[str]
    """Stems that the claim itself denies ("periods do not overlap"): a denial beside them is no objection."""


def pattern(claim: Claim) -> Pattern:
    """Compile a claim; costs about a millisecond."""
    groups = tuple(tuple(p for way in group for p in _phrases(way)) for group in claim.says)
    needed = min(claim.at_least or len(groups), len(groups))
    return Pattern(groups, needed, _denied(read(claim.statement).tokens))


def _denied(statement: Sequence[Token]) -> frozenset[str]:
    negating = negation.negators(statement)
    under = (i for i in range(len(statement)) if negation.before(statement, i, negating, ()))
    return frozenset(statement[i].stem for i in under if lexicon.weight(statement[i].stem) > 0)


def _phrases(way: str | Quantity) -> tuple[Phrase | Quantity, ...]:
    if isinstance(way, Quantity):
        return (way,)
    words = [token.word for token in read(way).tokens]
    slim = tuple(word for word in words if word not in _ARTICLES) if "/" not in way else tuple(words)
    slim = slim or tuple(words)
    if not slim:
        return ()
    joined = "".join(slim)
    # "fine tun" also hears "finetuning".
    return (slim, (joined,)) if len(slim) == 2 and len(joined) >= 7 else (slim,)


class Ear:
    """Hears a fixed set of patterns; the words they are made of are looked up once per distinct word of an answer."""

    def __init__(self, patterns: Iterable[Pattern], vocabulary: frozenset[str]) -> None:
        """`vocabulary`: stems of the problem's own texts, which misspelt words are also corrected to."""
        self._vocabulary = vocabulary
        self._words: set[str] = set()
        for pattern in patterns:
            for group in pattern.groups:
                self._words.update(word for way in group if isinstance(way, tuple) for word in way)
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._long: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            self._stems[stem(word)].append(word)
            if len(word) >= _TYPO:
                self._long[word[0]].append(word)
        self._correct: dict[str, list[str]] = defaultdict(list)
        for stemmed in sorted(vocabulary):
            if len(stemmed) >= _TYPO - 1:
                self._correct[stemmed[0]].append(stemmed)

    def listen(self, text: Text) -> Sound:
        """Where each word of the patterns stands in the text."""
        at: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        memo: dict[str, tuple[tuple[str, bool], ...]] = {}
        for index, token in enumerate(text.tokens):
            if token.word not in memo:
                memo[token.word] = self._heard_in(token)
            for word, typo in memo[token.word]:
                at[word].append((index, typo))
        for index, (left, right) in enumerate(pairwise(text.tokens)):
            joined = left.word + right.word
            if len(joined) >= 7 and left.sentence == right.sentence:
                for word in self._prefixes(joined):
                    if len(word) > max(len(left.word), _TYPO):
                        at[word].append((index, False))
        return Sound(text, at, numbers.numbers(text.tokens))

    def stems(self, tokens: Iterable[Token]) -> frozenset[str]:
        """The stems of tokens that carry meaning, misspelt ones corrected to the problem's vocabulary."""
        found = set()
        for stemmed in {token.stem for token in tokens}:
            if lexicon.weight(stemmed) > 0:
                found.add(self._corrected(stemmed))
        return frozenset(found)

    def _corrected(self, stemmed: str) -> str:
        if len(stemmed) < _TYPO or stemmed in self._vocabulary or lexicon.known(stemmed):
            return stemmed
        for candidate in self._correct.get(stemmed[0], ()):
            if OSA.distance(stemmed, candidate, score_cutoff=1) <= 1:
                return candidate
        return stemmed

    def _heard_in(self, token: Token) -> tuple[tuple[str, bool], ...]:
        sure = set(self._stems.get(token.stem, ()))
        sure.update(self._prefixes(token.word))
        if sure or len(token.word) < _TYPO or lexicon.known(token.stem) or token.stem in self._vocabulary:
            return tuple((word, False) for word in sorted(sure))
        close = (word for word in self._long.get(token.word[0], ()) if _misspelt(token.word[:60], word))
        return tuple((word, True) for word in close)

    def _prefixes(self, word: str) -> list[str]:
        found = [word[:size] for size in range(_PREFIX, min(len(word), 24) + 1) if word[:size] in self._words]
        if word in self._words and len(word) < _PREFIX:
            found.append(word)
        return [prefix for prefix in found if prefix == word or prefix not in lexicon.GLUE]


class Sound:
    """A text with the places of every pattern word and every number in it."""

    def __init__(
        self, text: Text, at: dict[str, list[tuple[int, bool]]], quantities: tuple[numbers.Number, ...]
    ) -> None:
        self.text = text
        self._at = at
        self._numbers = quantities
        self._negators = negation.negators(text.tokens)
        self._framed = frozenset(i for i, s in enumerate(text.plain) if negation.framed(s) or negation.refused(s))

    def heard(self, pattern: Pattern, ignored: frozenset[int] = frozenset(), reach: int = 1) -> Heard:
        """The best window of up to `reach` + 1 sentences; sentences in `ignored` are no evidence."""
        found = [[h for way in group for h in self._hits(way) if h.sentence not in ignored] for group in pattern.groups]
        own = {index for hits in found for hit in hits for index in range(hit.start, hit.end)}
        judged = [
            [self._with_polarity(hit, pattern, own, later) for hit in hits]
            for hits, later in zip(found, _later_groups(found), strict=True)
        ]
        heard = self._best([[h for h in hits if not h.negated] for hits in judged], pattern.needed, reach)
        if heard.complete:
            return heard
        loose = self._best(judged, pattern.needed, reach)
        if not loose.complete:
            return heard
        return Heard(loose.groups, loose.needed, loose.first, loose.last, contrary=True)

    def lacks_figure(self, claim: Pattern, heard: Heard) -> bool:
        """Whether the claim cannot do without a number that was not heard: digits have no other words for them."""
        lacking = claim.needed == len(claim.groups) and any(
            hit is None and all(isinstance(way, Quantity) for way in group)
            for group, hit in zip(claim.groups, heard.groups, strict=True)
        )
        return lacking and not numbers.spelt_out(self.text.tokens)

    def _with_polarity(self, hit: Hit, pattern: Pattern, own: set[int], later: dict[int, int]) -> Hit:
        negated = hit.sentence in self._framed
        tokens = self.text.tokens
        if not negated and pattern.denied.isdisjoint(token.stem for token in tokens[hit.start : hit.end]):
            negated = negation.before(tokens, hit.start, self._negators, own) or (
                # "accuracy is not enough, it misleads": a denial before the last word of the claim is no denial of it.
                hit.start >= later.get(hit.sentence, 0) and negation.after(tokens, hit.end, own)
            )
        return Hit(hit.start, hit.end, hit.sentence, hit.typo, negated) if negated else hit

    def _best(self, groups: Sequence[Sequence[Hit]], needed: int, reach: int) -> Heard:
        by_sentence: dict[int, dict[int, Hit]] = defaultdict(dict)
        for index, hits in enumerate(groups):
            for hit in hits:
                known = by_sentence[hit.sentence].get(index)
                if known is None or _rank(hit) > _rank(known):
                    by_sentence[hit.sentence][index] = hit
        best = Heard(tuple(None for _ in groups), needed)
        for first in sorted(by_sentence):
            window: dict[int, Hit] = {}
            for last in range(first, first + reach + 1):
                if last > first and last not in by_sentence:
                    continue
                for index, hit in by_sentence[last].items():
                    window.setdefault(index, hit)
                if min(len(window), needed) > min(len(best.hits), needed) or (
                    last == first == best.first and len(window) > len(best.hits)
                ):
                    best = Heard(tuple(window.get(i) for i in range(len(groups))), needed, first, last)
        return best

    def _hits(self, way: Phrase | Quantity) -> list[Hit]:
        tokens = self.text.tokens
        if isinstance(way, Quantity):
            return [
                Hit(n.start, n.end, tokens[n.start].sentence) for n in self._numbers if numbers.fits(way, n, tokens)
            ]
        hits = []
        for start, typo in self._at.get(way[0], ()):
            end, misspelt = self._follow(way, start, typo)
            if end:
                negated = len(way) > 1 and any(
                    i in self._negators and tokens[i].word not in way for i in range(start, end)
                )
                hits.append(Hit(start, end, tokens[start].sentence, misspelt, negated))
        return hits

    def _follow(self, way: Phrase, start: int, typo: bool) -> tuple[int, bool]:
        """The end of a phrase that starts at a token, or 0."""
        sentence = self.text.tokens[start].sentence
        position = start
        for word in way[1:]:
            gap = 1 if position in self._negators else GAP
            following = [
                (i, t)
                for i, t in self._at.get(word, ())
                if position < i <= position + 1 + gap and self.text.tokens[i].sentence == sentence
            ]
            if not following:
                return 0, False
            position, wrong = following[0]
            typo = typo or wrong
        return position + 1, typo


def _later_groups(found: Sequence[Sequence[Hit]]) -> list[dict[int, int]]:
    """For each group: by sentence, where the last hit of any other group begins."""
    later: list[dict[int, int]] = [{} for _ in found]
    for index, hits in enumerate(found):
        for hit in hits:
            for other, last in enumerate(later):
                if other != index:
                    last[hit.sentence] = max(hit.start, last.get(hit.sentence, 0))
    return later


def _rank(hit: Hit) -> tuple[bool, bool, int]:
    return (not hit.negated, not hit.typo, hit.end - hit.start)


def _misspelt(word: str, meant: str) -> bool:
    """Whether a word is one edit away from a word or from a longer word that begins with it."""
    size = len(meant)
    return any(OSA.distance(word[:cut], meant, score_cutoff=1) <= 1 for cut in (size, size + 1, size - 1))
