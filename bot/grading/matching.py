"""Which of the author's ways to say a thing an answer holds, and where. It decides hearing, not verdicts.

A way is a word, a stem or a phrase whose words stand in order with small gaps, or a quantity. A claim is heard where
enough of its groups stand in one sentence or in two neighbouring ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.catalogue.problem import Claim, Quantity
from bot.grading import lexicon, negation, numbers
from bot.grading.text import Text, Token, read, stem

GAP = 2
"""Foreign words allowed between two words of a phrase."""

_PREFIX = 4
_TYPO = 6
_JOINED = 7
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
    own: tuple[int, ...] = ()
    """Positions of the way's own words, without those in the gaps between them."""


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

    @property
    def clear(self) -> bool:
        """Heard whole and not denied."""
        return self.complete and not self.contrary


@dataclass(frozen=True, slots=True)
class Pattern:
    """A claim made ready for listening."""

    groups: tuple[tuple[Phrase | Quantity, ...], ...]
    needed: int
    denied: frozenset[str]
    """Stems that the claim itself denies ("periods do not overlap"): a denial beside them is no objection."""
    also: tuple[Pattern, ...] = ()
    """Other sets of groups that say the same."""

    @property
    def sets(self) -> tuple[Pattern, ...]:
        """The pattern and its others, any of which may be heard."""
        return (self, *self.also)


def pattern(claim: Claim) -> Pattern:
    """Compile a claim; costs about a millisecond."""
    denied = _denied(read(claim.statement).tokens)
    first, *others = (
        Pattern(tuple(tuple(filter(None, map(_phrase, group))) for group in groups), needed, denied)
        for groups, needed in claim.sets
    )
    return replace(first, also=tuple(others))


def _denied(statement: Sequence[Token]) -> frozenset[str]:
    negating = negation.negators(statement)
    under = (i for i in range(len(statement)) if negation.before(statement, i, negating, ()))
    return frozenset(statement[i].stem for i in under if lexicon.weight(statement[i].stem) > 0)


def _phrase(way: str | Quantity) -> Phrase | Quantity | None:
    """A way without its articles, unless one of two words is an article: "a month" is not "three months"."""
    if isinstance(way, Quantity):
        return way
    words = tuple(token.word for token in read(way).tokens)
    slim = tuple(word for word in words if word not in _ARTICLES)
    return slim if len(slim) > 1 and "/" not in way else words or None


def _joined(way: Phrase) -> str:
    """Two words written as one, or nothing: "fine tun" also hears "finetuning"."""
    return joined if len(way) == 2 and len(joined := "".join(way)) >= _JOINED else ""


class Ear:
    """Hears a fixed set of patterns; the words they are made of are looked up once per distinct word of an answer."""

    def __init__(self, patterns: Iterable[Pattern], vocabulary: frozenset[str]) -> None:
        """`vocabulary`: stems of the problem's own texts, which misspelt words are also corrected to."""
        self._vocabulary = vocabulary
        sets = (one for pattern in patterns for one in pattern.sets)
        ways = {way for one in sets for group in one.groups for way in group if isinstance(way, tuple)}
        self._words = {word for way in ways for word in way}
        # No stem and no typo leads to them: "missing all" in one word is nobody's "missing".
        self._joined = {joined for way in ways if (joined := _joined(way))}
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
        written_as_one: dict[str, list[int]] = defaultdict(list)
        for index, token in enumerate(text.tokens):
            if token.word not in memo:
                memo[token.word] = self._heard_in(token)
            for word, typo in memo[token.word]:
                at[word].append((index, typo))
            for joined in _beginnings(token.word, self._joined):
                written_as_one[joined].append(index)
        for index, (left, right) in enumerate(pairwise(text.tokens)):
            joined = left.word + right.word
            if len(joined) >= _JOINED and left.sentence == right.sentence:
                for word in self._prefixes(joined):
                    if len(word) > max(len(left.word), _TYPO):
                        at[word].append((index, False))
        return Sound(text, at, written_as_one, numbers.numbers(text.tokens))

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
        found = _beginnings(word, self._words)
        if word in self._words and len(word) < _PREFIX:
            found.append(word)
        return [prefix for prefix in found if prefix == word or prefix not in lexicon.GLUE]


class Sound:
    """A text with the places of every pattern word and every number in it."""

    def __init__(
        self,
        text: Text,
        at: dict[str, list[tuple[int, bool]]],
        written_as_one: dict[str, list[int]],
        quantities: tuple[numbers.Number, ...],
    ) -> None:
        self.text = text
        self._at = at
        self._written_as_one = written_as_one
        self._numbers = quantities
        self._known: dict[Phrase | Quantity, list[Hit]] = {}
        self._negators = negation.negators(text.tokens)
        self._framed = frozenset(i for i, s in enumerate(text.plain) if negation.framed(s) or negation.refused(s))

    def heard(self, pattern: Pattern, ignored: frozenset[int] = frozenset(), reach: int = 1) -> Heard:
        """The best window of up to `reach` + 1 sentences; sentences in `ignored` are no evidence."""
        best = self._heard(pattern, ignored, reach)
        for other in pattern.also:
            if best.clear:
                return best
            heard = self._heard(other, ignored, reach)
            if (heard.clear, heard.contrary, heard.coverage) > (best.clear, best.contrary, best.coverage):
                best = heard
        return best

    def _heard(self, pattern: Pattern, ignored: frozenset[int], reach: int) -> Heard:
        found = [[h for h in self._hits_of(group) if h.sentence not in ignored] for group in pattern.groups]
        own = {index for hits in found for hit in hits if not hit.negated for index in hit.own}
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
        lacking = (
            not claim.also
            and claim.needed == len(claim.groups)
            and any(
                hit is None and all(isinstance(way, Quantity) for way in group)
                for group, hit in zip(claim.groups, heard.groups, strict=True)
            )
        )
        return lacking and not numbers.spelt_out(self.text.tokens)

    def _with_polarity(self, hit: Hit, pattern: Pattern, own: set[int], later: dict[int, int]) -> Hit:
        negated = hit.negated or hit.sentence in self._framed
        tokens = self.text.tokens
        if not negated and pattern.denied.isdisjoint(token.stem for token in tokens[hit.start : hit.end]):
            negated = negation.before(tokens, hit.start, self._negators, own) or (
                # "accuracy is not enough, it misleads": a denial before the last word of the claim is no denial of it.
                hit.start >= later.get(hit.sentence, 0) and negation.after(tokens, hit.end, own)
            )
        return replace(hit, negated=True) if negated else hit

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

    def share(self, patterns: Iterable[Pattern], ignored: frozenset[int]) -> tuple[float, int]:
        """The share 0..1 of the answer's meaning words that are ways of the patterns, and how many words those are."""
        ways = {way for pattern in patterns for one in pattern.sets for group in one.groups for way in group}
        own = {index for hit in self._hits_of(ways) for index in hit.own}
        meaning = [
            index
            for index, token in enumerate(self.text.tokens)
            if lexicon.weight(token.stem) > 0 and token.sentence not in ignored
        ]
        return sum(index in own for index in meaning) / max(1, len(meaning)), len(meaning)

    def _hits_of(self, ways: Iterable[Phrase | Quantity]) -> list[Hit]:
        hits: list[Hit] = []
        for way in ways:
            # Most ways begin with a word that the text does not hold.
            if isinstance(way, Quantity) or way[0] in self._at or self._written_as_one:
                if way not in self._known:
                    self._known[way] = self._find(way)
                hits += self._known[way]
        return hits

    def _find(self, way: Phrase | Quantity) -> list[Hit]:
        tokens = self.text.tokens
        if isinstance(way, Quantity):
            fitting = (n for n in self._numbers if numbers.fits(way, n, tokens))
            return [Hit(n.start, n.end, tokens[n.start].sentence, own=tuple(range(n.start, n.end))) for n in fitting]
        hits = [Hit(at, at + 1, tokens[at].sentence, own=(at,)) for at in self._written_as_one.get(_joined(way), ())]
        for start, typo in self._at.get(way[0], ()):
            own, misspelt = self._follow(way, start, typo)
            if own:
                negated = self._turned(own)
                hits.append(Hit(start, own[-1] + 1, tokens[start].sentence, misspelt, negated, own))
        return hits

    def _turned(self, own: tuple[int, ...]) -> bool:
        """Whether a denial stands in the gaps of a phrase, or takes back its "only": "not only apply"."""
        gaps = (i for i in range(own[0], own[-1]) if i not in own)
        limits = (i - 1 for i in own if i - 1 not in own)
        return any(i in self._negators for i in gaps) or any(negation.limits(self.text.tokens, i) for i in limits)

    def _follow(self, way: Phrase, start: int, typo: bool) -> tuple[tuple[int, ...], bool]:
        """The positions of a phrase's words from its first at `start` on, or none; and whether one is misspelt."""
        sentence = self.text.tokens[start].sentence
        own = [start]
        for word in way[1:]:
            # An article belongs to the next word or so, and a denial to the next but one.
            gap = 1 if own[-1] in self._negators or way[0] in _ARTICLES else GAP
            following = [
                (i, t)
                for i, t in self._at.get(word, ())
                if own[-1] < i <= own[-1] + 1 + gap and self.text.tokens[i].sentence == sentence
            ]
            if not following:
                return (), False
            own.append(following[0][0])
            typo = typo or following[0][1]
        return tuple(own), typo


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


def _beginnings(word: str, known: Collection[str]) -> list[str]:
    """The known words that a word begins with."""
    return [word[:size] for size in range(_PREFIX, min(len(word), 24) + 1) if word[:size] in known]


def _misspelt(word: str, meant: str) -> bool:
    """Whether a word is one edit away from a word or from a longer word that begins with it."""
    size = len(meant)
    return any(OSA.distance(word[:cut], meant, score_cutoff=1) <= 1 for cut in (size, size + 1, size - 1))
