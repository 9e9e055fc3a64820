"""Words, sentences, syllables and overlaps of a text, and whether it says a claim. Pure functions of strings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.catalogue.problem import Claim, Quantity

_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.M | re.S)
_CODE = re.compile(r"`[^`\n]+`")
_LIST_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+", re.M)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')\]*]*\s+(?=[\"“'(\[*]*[A-Z0-9])|\n\s*\n|:\s*\n")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|etc|approx|no)\.", re.I)
_VOWELS = re.compile(r"[aeiouy]+")

_SMALL = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "get",
        "gets",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "like",
        "made",
        "make",
        "may",
        "me",
        "more",
        "most",
        "much",
        "must",
        "my",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "same",
        "say",
        "says",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "use",
        "used",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "will",
        "with",
        "without",
        "would",
        "you",
        "your",
    ]
)
"""Words without a subject: nobody can write an answer without them."""

_WHOLE_WORD = 3
"""A way whose last word has at most so many letters is heard as a whole word, a longer one as a stem."""


def without_code(text: str, instead: str = " ") -> str:
    """The text without fenced blocks, and with `instead` for inline code."""
    return _CODE.sub(instead, _FENCE.sub("\n\n", text))


def spoken(text: str) -> str:
    """Lower-case words and numbers with one space between them and around them: what is compared."""
    return " " + re.sub(r"[\W_]+", " ", text.lower()).strip() + " "


def words(text: str) -> list[str]:
    return spoken(text).split()


def runs(text: str, length: int) -> list[tuple[str, ...]]:
    """All runs of `length` words, in order."""
    all_words = words(text)
    return [tuple(all_words[i : i + length]) for i in range(len(all_words) - length + 1)]


def overlap(text: str, other: str, length: int) -> float:
    """The share, 0..1, of the text's runs of `length` words that stand in the other text."""
    own, known = runs(text, length), set(runs(other, length))
    return sum(run in known for run in own) / len(own) if own else 0.0


def jaccard(text: str, other: str) -> float:
    """Common words by all words, 0..1."""
    a, b = set(words(text)), set(words(other))
    return len(a & b) / len(a | b) if a | b else 1.0


def says_way(way: str, said: str) -> bool:
    """Whether a way to say something occurs in `said`, a text that went through `spoken`."""
    term = spoken(way).rstrip()
    if not term.strip():
        return False
    whole = len(term.rpartition(" ")[2]) <= _WHOLE_WORD
    return (term + " " if whole else term) in said


def heard(claim: Claim, text: str) -> list[str] | None:
    """The words with which two sentences in a row of the text say the claim: one way of each group that a set needs."""
    parts = sentences(text)
    for first, second in zip(parts, [*parts[1:], ""], strict=True):
        near = f"{first} {second}"
        said = spoken(near)
        for groups, needed in claim.sets:
            ways = (next((_shown(way) for way in group if _occurs(way, said, near)), None) for group in groups)
            found = [way for way in ways if way is not None]
            if len(found) >= needed:
                return list(dict.fromkeys(found))
    return None


def keywords(claims: Iterable[Claim], text: str) -> list[str]:
    """The ways of these claims that the text has; numbers and ways of nothing but small words are no keywords."""
    said = spoken(text)
    ways = (way for claim in claims for way in claim.ways if isinstance(way, str))
    return list(dict.fromkeys(way for way in ways if says_way(way, said) and not _SMALL.issuperset(words(way))))


def _occurs(way: str | Quantity, said: str, text: str) -> bool:
    if isinstance(way, str):
        return says_way(way, said)
    allowed = abs(way.number) * way.tolerance + 1e-9
    near = any(abs(value - way.number) <= allowed for value in numbers(text))
    return near and (not way.unit or any(sign.strip().lower() in text.lower() for sign in way.unit))


def _shown(way: str | Quantity) -> str:
    return way if isinstance(way, str) else f"{way.number:g}"


_NUMBER = re.compile(
    r"(?<![\w.,])(?<![A-Z]-)(?<![A-Za-z]\d-)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ \u00a0\u202f]?(k|thousand|m|mn|million|bn|b|billion)\b)?",
    re.I,
)
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9}


def numbers(text: str) -> list[float]:
    """The numbers of a text, code and list markers aside; "8.5k" gives 8500. Names such as GPT-4 and p95 hold none."""
    return [value * scale for _, value, scale in figures(text)]


def figures(text: str) -> list[tuple[str, float, float]]:
    """The numbers of a text as they are written, their plain value, and the factor that a word behind them means."""
    found = []
    for match in _NUMBER.finditer(_LIST_ITEM.sub("", without_code(text))):
        scale = _SCALE.get((match[2] or "").lower(), 1.0)
        found.append((match[0].strip(), float(match[1].replace(",", "")), scale))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown text; a list item without a full stop is one too. Code counts as one word."""
    plain = _ABBREVIATION.sub(lambda m: m[0].replace(".", ""), without_code(text, "code"))
    lines = _LIST_ITEM.sub("\n\n", plain)
    return [" ".join(part.split()) for part in _SENTENCE_END.split(lines) if words(part)]


def syllables(word: str) -> int:
    """A count by vowel groups, at least 1; digits and capitals (LLM) count as one."""
    if not word.islower() or not word.isalpha():
        return 1 if word.isupper() or not word.isalpha() else syllables(word.lower())
    count = len(_VOWELS.findall(word))
    if re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouscxzgh]es$", word):
        count -= 1
    return max(1, count)


def reading_grade(text: str, terms: frozenset[str]) -> float:
    """Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid et al. 1975).

    Words in `terms` (lower case) are what the learner came to learn and count two syllables at most.
    """
    parts = [re.findall(r"[^\W_]+(?:['’][^\W_]+)?", sentence) for sentence in sentences(text)]
    count = sum(map(len, parts))
    if not count:
        return 0.0
    spoken_syllables = sum(
        min(2, syllables(word)) if word.lower() in terms else syllables(word) for part in parts for word in part
    )
    return 0.39 * count / len(parts) + 11.8 * spoken_syllables / count - 15.59
