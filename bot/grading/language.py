"""Whether words are English, as far as the grader can read them. It names no other language and judges nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.grading import lexicon
from bot.grading.text import Token, word_set

OTHER_SCRIPT, LETTERS, SYLLABLE = 0.25, 4, 3
"""Share of letters of other scripts, so many at the least. Terms are English in every language, so much of a sentence
in Russian may be Latin letters. A sign of Chinese, Japanese or Korean counts for so many letters."""

UNKNOWN, GLUE, SHORTEST = 0.5, 0.2, 4
"""Share of words that are neither everyday English nor the problem's, at the least, and of English function words, at
the most, where a single word of another language settles it; in so many words at the least. Honest answers to the
bank's problems have .25 unknown words at the most."""

_OTHER = word_set(
    """der das und ist nicht ein eine mit für auf von zu wird werden sind oder wenn aber sich wie ich wir les des
    est une dans que qui avec sur pas ne sont ce cette nous vous être avoir du et mais el los las una es por
    para del como más pero su sus lo esto esta está hay muy cuando porque il gli che della nel non è di sono
    più questo questa anche quando perché os uma não com é em são mas isso também muito pelo pela het een niet voor
    zijn dat wordt ook maar aan als jest nie że się na jak są dla tego przez ale lub ve bir bu için ile değil olarak
    daha çok gibi ama yang dan untuk dengan tidak adalah dari ini itu pada akan juga och att det som är inte på för
    zuerst dann danach würde weil d'abord ensuite puis je primero luego después yo primeiro depois eu prima poi con
    eerst daarna zou ik de najpierw potem önce sonra pertama lalu saya först sedan jag vi ja og ikke jeg
    og af til så og hogy nem az egy és într este și pentru cu nu mai la și nejdřív pak jsem je že se aby"""
)
"""Function words of languages that learners slip into, none of them an English word."""
_ENDINGS = ("a", "i", "o", "u")
"""Letters that few English words end with."""
_ENGLISH_ALSO = frozenset({"i", "a", "it's"})


def foreign(tokens: Sequence[Token], vocabulary: Collection[str] = frozenset()) -> bool:
    """Whether the tokens are in another language; `vocabulary`: stems that the problem's own texts hold."""
    letters = [c for token in tokens for c in token.word if c.isalpha()]
    others = sum(SYLLABLE if c > "\u2e80" else 1 for c in letters if c > "\u036f")
    if others >= LETTERS and others > OTHER_SCRIPT * len(letters):
        return True
    words = [token for token in tokens if token.word[0].isalpha()]
    other = sum(token.word in _OTHER for token in words)
    english = sum(token.word in lexicon.GLUE or token.word in _ENGLISH_ALSO for token in words)
    if other >= 3 and other > 2 * english and other >= 0.12 * len(words):
        return True
    if len(words) < SHORTEST or english > max(1, GLUE * len(words)):
        return False
    strange = [t.word for t in words if not lexicon.known(t.stem) and t.stem not in vocabulary]
    if len(strange) < UNKNOWN * len(words):
        return False
    return any(token.word in _OTHER for token in words) or any(
        not word.isascii() or word.endswith(_ENDINGS) for word in strange
    )
