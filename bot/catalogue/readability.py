"""Whether a text reads easily: short sentences, plain words. It knows no file."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue.fault import Finding, short
from bot.catalogue.prose import reading_grade, sentences, words

GRADE = 11.0
SENTENCE_WORDS = 30


def long_sentences(field: str, text: str) -> Iterator[Finding]:
    """No sentence of more than 30 words."""
    for sentence in sentences(text):
        count = len(sentence.split())
        if count > SENTENCE_WORDS:
            yield Finding(
                field,
                f"the sentence “{short(sentence)}” has {count} words, at most {SENTENCE_WORDS} are allowed",
                "make two of it",
            )


def hard_words(field: str, text: str, terms: frozenset[str]) -> Iterator[Finding]:
    """School grade 11 or below; words in `terms` (lower case) are what the reader came to learn."""
    grade = reading_grade(text, terms)
    if grade > GRADE:
        hard = sorted({w for w in words(text) if w not in terms and len(w) > 9}, key=lambda w: (-len(w), w))[:4]
        mostly = f", and plainer words for {', '.join(f'“{word}”' for word in hard)}" if hard else ""
        yield Finding(
            field,
            f"reads at school grade {grade:.1f} (Flesch-Kincaid), at most {GRADE:.0f} is allowed",
            f"use shorter sentences{mostly}",
        )
