"""Where a long text is broken. It knows neither messages nor platforms: what a character weighs is told to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

_BREAKS = tuple(map(re.compile, (r"\n\s*\n", r"\n", r"[.!?…]\s|[。！？]", r"\s")))


def cut(text: str, most: int) -> list[str]:
    """Pieces of at most so many characters, which together are the text; broken as `cuts` says."""
    return [text[start:end] for start, end in cuts(text, [1] * len(text), most)]


def cuts(text: str, weights: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Start and end of pieces that weigh at most so much, by what each character weighs.

    Broken behind a paragraph, else a line, a sentence, a word; in a word only where it is longer than half a piece. A
    character that weighs more by itself is a piece of its own.
    """
    upto = list(accumulate(weights, initial=0))
    start = 0
    while start < len(text):
        end = max(bisect_right(upto, upto[start] + most) - 1, start + 1)
        if end < len(text):
            end = start + _break(text[start:end])
        yield start, end
        start = end


def _break(window: str) -> int:
    for kind in _BREAKS:
        ends = [found.end() for found in kind.finditer(window)]
        if ends and ends[-1] > len(window) // 2:
            return ends[-1]
    return len(window)
