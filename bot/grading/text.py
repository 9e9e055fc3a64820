"""From raw text to tokens and sentences that remember where they stand. It knows nothing of problems or criteria.

Matching works on normalised words; evidence is always cut from the text as it was typed,
so every quote is `text[start:end]`, whatever was normalised in between.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import snowballstemmer  # type: ignore[import-untyped]

from bot.model import Quote


def spell(word: str) -> str:
    """One spelling for both sides of the Atlantic: optimize and optimise, modeling and modelling, behavior."""
    if len(word) < 5:
        return word
    return word.replace("z", "s").replace("our", "or").replace("ll", "l")


def word_set(line: str) -> frozenset[str]:
    """The words of a line, spelt as `read` spells them."""
    return frozenset(spell(word) for word in line.split())


READ = 4000
"""Characters that are read; a door takes shorter answers, and what is beyond is no evidence."""

LONG = 240
"""Characters after which a sentence is quoted by the clause."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_WORD = re.compile(r"\d+(?:[,\u202f]\d{3})*(?:\.\d+)?(?:e-?\d+)?|[^\W\d_]+(?:'[^\W\d_]+|\d+)*|[%$€£₹+#]")
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s|$)|\n+|;(?=\s)|[。！？；]|(?<=\s)[•·▪](?=\s)")
_ABBREVIATIONS = word_set("""e.g i.e vs etc approx cf incl resp eg ie no fig st mr ms dr""")
_CLAUSE = re.compile(
    r"[,:;()–—]|\s-\s|->|=>|→|\b(?:but|because|so|while|whereas|although|though|which)\b", re.IGNORECASE
)
_CONTRACTIONS = {
    "cannot": ("can", "not"), "cant": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"),
    "wont": ("will", "not"), "shan't": ("shall", "not"), "dont": ("do", "not"), "doesnt": ("does", "not"),
    "didnt": ("did", "not"), "isnt": ("is", "not"), "arent": ("are", "not"), "wasnt": ("was", "not"),
    "shouldnt": ("should", "not"), "wouldnt": ("would", "not"), "couldnt": ("could", "not"), "hasnt": ("has", "not"),
    "havent": ("have", "not"), "gonna": ("going", "to"), "wanna": ("want", "to"),
}  # fmt: skip
_SHORT = {"'s": "", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}


@dataclass(frozen=True, slots=True)
class Token:
    """A normalised word with its stem, where it stands in the text, and the numbers of its sentence and clause."""

    word: str
    stem: str
    start: int
    end: int
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut into sentences and tokens."""

    raw: str
    sentences: tuple[Quote, ...]
    tokens: tuple[Token, ...]
    plain: tuple[str, ...]
    """The sentences in lower case, without invisible characters and other disguises."""
    bounds: tuple[tuple[int, int], ...]
    """Of each sentence: the positions of its first token and behind its last."""

    def words_of(self, sentence: int) -> tuple[Token, ...]:
        """The tokens of a sentence."""
        first, behind = self.bounds[sentence]
        return self.tokens[first:behind]

    def span(self, first: int, last: int) -> Quote:
        """The quote from the start of sentence `first` to the end of sentence `last`."""
        start, end = self.sentences[first].start, self.sentences[last].end
        return Quote(self.raw[start:end], start, end)


def sentences(answer: str) -> tuple[Quote, ...]:
    """The answer's sentences, long ones by the clause, in order: what a learner may point to as evidence."""
    found: list[Quote] = []
    for sentence in read(answer).sentences:
        found.extend(clauses(sentence) if len(sentence.text) > LONG else (sentence,))
    return tuple(found)


def clauses(sentence: Quote, shortest: int = 60) -> tuple[Quote, ...]:
    """A sentence cut at clause breaks into pieces of at least `shortest` characters."""
    cuts = [0]
    for mark in _CLAUSE.finditer(sentence.text):
        at = mark.start() if mark.group()[0].isalpha() else mark.end()
        if at - cuts[-1] >= shortest and len(sentence.text) - at >= shortest // 2:
            cuts.append(at)
    edges = [*cuts, len(sentence.text)]
    pieces = (_trim(sentence.text, a, b) for a, b in pairwise(edges))
    return tuple(Quote(sentence.text[a:b], sentence.start + a, sentence.start + b) for a, b in pieces if a < b)


def read(raw: str) -> Text:
    """Sentences and tokens of the first READ characters of `raw`. Any string will do."""
    flat, origin = _flatten(raw[:READ])
    cut: list[Quote] = []
    plain: list[str] = []
    bounds: list[tuple[int, int]] = []
    tokens: list[Token] = []
    clause = 0
    for start, end in _sentence_spans(flat):
        breaks = [start + mark.end() for mark in _CLAUSE.finditer(flat[start:end])]
        clause += 1
        first = len(tokens)
        for match in _WORD.finditer(flat, start, end):
            while breaks and breaks[0] <= match.start():
                breaks.pop(0)
                clause += 1
            a, b = origin[match.start()], origin[match.end() - 1] + 1
            tokens += [Token(word, stem(word), a, b, len(cut), clause) for word in _expand(match.group())]
        if len(tokens) > first:
            bounds.append((first, len(tokens)))
            a, b = _trim(raw, origin[start], origin[end - 1] + 1)
            cut.append(Quote(raw[a:b], a, b))
            plain.append(flat[start:end].strip())
    return Text(raw, tuple(cut), tuple(tokens), tuple(plain), tuple(bounds))


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """Snowball's English stem of a lower-case word, with British and American spelling made one."""
    return word if len(word) > 40 or not word.isascii() else spell(_stemmer.stemWord(spell(word)))


_stemmer = snowballstemmer.stemmer("english")


def _expand(match: str) -> tuple[str, ...]:
    """A matched word as the words it stands for: don't is do not."""
    if match in _CONTRACTIONS:
        return _CONTRACTIONS[match]
    if match[0].isdigit():
        return (match.replace(",", "").replace("\u202f", ""),)
    if "'" in match:
        if match.endswith("n't") and len(match) > 3:
            return (match[:-3], "not")
        for ending, full in _SHORT.items():
            if match.endswith(ending) and len(match) > len(ending):
                return (match[: -len(ending)], full) if full else (match[: -len(ending)],)
    return (spell(match[:60]),)


def _flatten(raw: str) -> tuple[str, list[int] | range]:
    """Lower case, compatibility forms and plain apostrophes, without invisible characters; and each one's origin."""
    if raw.isascii():
        return raw.lower(), range(len(raw))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(raw):
        if _INVISIBLE.match(character):
            continue
        plain = "'" if character in "’‘ʼ`´" else unicodedata.normalize("NFKC", character).lower()
        for piece in plain:
            characters.append(piece)
            origin.append(index)
    return "".join(characters), origin


def _sentence_spans(flat: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _END.finditer(flat):
        before = flat[max(start, mark.start() - 8) : mark.start()].split()
        if mark.group() == "." and before and before[-1].lstrip("(") in _ABBREVIATIONS:
            continue
        if mark.end() > start:
            spans.append((start, mark.end()))
        start = mark.end()
    if start < len(flat):
        spans.append((start, len(flat)))
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without surrounding white space and list markers."""
    while start < end and (text[start].isspace() or text[start] in "-*•·,;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return start, end
