"""The language of cues in content/postings.yaml, and where cues stand in a sentence. Pure.

Words side by side, in one clause; articles and possessives between them are passed over. A word of four letters or more
is a stem, a dot ends it; `a|b` is one or the other; "..." stands for up to GAP words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.catalogue.role import Postings
from bot.grading.text import Token, spell, word_set
from bot.model import Role

GAP = 4
"""Words that "..." may stand for."""

Kind = Literal["title", "strong", "usual"]

_STEM = 4
_PASSED = word_set("a an the our your their its his her my this that these those")
_ARTICLES = 2
"""So many of them, at the most."""
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Cue:
    role: Role
    kind: Kind
    words: tuple[frozenset[str], ...]
    """For each of its words, the keys one of which a token must have."""
    gaps: tuple[bool, ...]
    """For each, whether "..." stands before it."""


@dataclass(frozen=True, slots=True)
class Hit:
    role: Role
    kind: Kind
    own: tuple[int, ...]
    """Positions of the cue's words among the tokens it was heard in."""


def cue(role: Role, kind: Kind, line: str) -> Cue:
    """A cue as it is written. Raises ValueError for a word that is more than letters and digits."""
    words: list[frozenset[str]] = []
    gaps: list[bool] = []
    gap = False
    for piece in line.split():
        if piece == "...":
            gap = True
            continue
        words.append(frozenset(_key(word) for word in piece.split("|")))
        gaps.append(gap)
        gap = False
    return Cue(role, kind, tuple(words), tuple(gaps))


def _key(word: str) -> str:
    plain = word.rstrip(".")
    if not plain.isalnum():
        raise ValueError(f"a cue's word is letters and digits, not {word!r}")
    return f"{spell(plain)}." if word.endswith(".") or len(plain) < _STEM else spell(plain)


class Cues:
    """All cues, ready to be heard."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._by_first: dict[str, list[Cue]] = defaultdict(list)
        known: set[str] = set()
        for one in cues:
            known.update(*one.words)
            for key in one.words[0]:
                self._by_first[key].append(one)
        self._known = frozenset(known)
        self._memo: dict[str, frozenset[str]] = {}

    def heard(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every cue that stands in the tokens of one sentence."""
        keys = [self._keys(token.word) for token in tokens]
        return [
            Hit(one.role, one.kind, own)
            for index, here in enumerate(keys)
            for key in here
            for one in self._by_first.get(key, ())
            if (own := _match(one, keys, tokens, index))
        ]

    def _keys(self, word: str) -> frozenset[str]:
        """Under which keys of cues a word is known."""
        if word not in self._memo:
            if len(self._memo) > _REMEMBERED:
                self._memo.clear()
            whole = {f"{word}.", f"{word.removesuffix('s')}."}
            stems = {word[:length] for length in range(_STEM, len(word) + 1)}
            self._memo[word] = frozenset(whole | stems) & self._known
        return self._memo[word]


def _match(one: Cue, keys: Sequence[frozenset[str]], tokens: Sequence[Token], first: int) -> tuple[int, ...]:
    """The positions of a cue's words from `first` on; none where it does not stand there."""
    own = [first]
    for words, gap in zip(one.words[1:], one.gaps[1:], strict=True):
        before = own[-1]
        left = GAP if gap else 0
        for at in range(before + 1, min(len(keys), before + 2 + GAP + _ARTICLES)):
            if not words.isdisjoint(keys[at]):
                break
            left -= tokens[at].word not in _PASSED
            if left < 0:
                return ()
        else:
            return ()
        if not gap and tokens[at].clause != tokens[before].clause:
            return ()
        own.append(at)
    return tuple(own)


def cues_of(postings: Postings) -> Cues:
    """The cues of content/postings.yaml; made once."""
    return _compiled(tuple((role, c.titles, c.strong, c.usual) for role, c in postings.cues.items()))


@lru_cache(maxsize=4)
def _compiled(given: tuple[tuple[Role, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]) -> Cues:
    kinds: tuple[Kind, ...] = ("title", "strong", "usual")
    return Cues(
        cue(role, kind, line)
        for role, *by_kind in given
        for kind, lines in zip(kinds, by_kind, strict=True)
        for line in lines
    )
