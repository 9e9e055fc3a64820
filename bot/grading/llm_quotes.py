"""Whether a quote stands in an answer, word for word. It knows nothing of criteria or of who quotes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.model import Quote

FEWEST = 3
"""Words that a quote must have, unless it is the whole answer."""


def locate(answer: str, quote: str, unusable: Sequence[Quote] = ()) -> Quote | None:
    """The first place where `quote` stands in `answer`, white space and case aside; None where it does not.

    A quote begins and ends between words, has at least FEWEST of them or is the whole answer, and shares no
    character with the parts of the answer that are `unusable`.
    """
    wanted, _ = _flat(quote)
    held, origin = _flat(answer)
    if not wanted or not any(map(str.isalnum, wanted)):
        return None
    if wanted != held and sum(any(map(str.isalnum, word)) for word in wanted.split()) < FEWEST:
        return None
    at = held.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        start, behind = origin[at], origin[end - 1] + 1
        if (
            not _within_word(held, at)
            and not _within_word(held, end)
            and not any(start < part.end and part.start < behind for part in unusable)
        ):
            return Quote(answer[start:behind], start, behind)
        at = held.find(wanted, at + 1)
    return None


def _flat(text: str) -> tuple[str, list[int]]:
    """The text without case and with single spaces; of each character, where it stands in the text."""
    out: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        if character.isspace():
            if out and out[-1] != " ":
                out.append(" ")
                origin.append(index)
            continue
        for piece in character.casefold():
            out.append(piece)
            origin.append(index)
    if out and out[-1] == " ":
        out.pop()
    return "".join(out), origin[: len(out)]


def _within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _of_word(text[at - 1]) and _of_word(text[at])


def _of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.combining(character) > 0
