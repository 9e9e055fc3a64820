"""Which of a closed set of names a text means, however it is spelt. Pure; it knows no names of its own.

A set of names is a mapping: what may be typed -> the value it means. The first name of a value is the one shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.errors import UsageError

Names = Mapping[str, str]

SHORT, LONG = 3, 8
"""Letters: up to SHORT a word is spelt exactly, from LONG on it may have two slips, between them one."""
LIKE = 75
"""Out of 100, from which a name is worth asking for."""
LISTED = 12
"""So many values are named in a refusal; of more, an example will do."""


def find(text: str, names: Names, *, near: bool = True) -> str | None:
    """The value that a text means; None where nothing, or more than one, is meant.

    Case, hyphens, spaces and a plural never matter; `near` also lets slips of the keyboard pass.
    """
    index: dict[str, str] = {}
    for name, value in names.items():
        index.setdefault("".join(_words_of(name)), value)
    typed = _words(text)
    if exact := index.get("".join(typed)):
        return exact
    if not near or not typed:
        return None
    slips: dict[str, int] = {}
    for name, value in names.items():
        count = _slips(typed, _words_of(name))
        if count is not None:
            slips[value] = min(count, slips.get(value, count))
    best = [value for value, count in slips.items() if count == min(slips.values())]
    return best[0] if len(best) == 1 else None


def meant(text: str, names: Names, noun: str, *, near: bool = True) -> str:
    """The value that a text means. Raises UsageError that names the nearest, or what is known."""
    if (found := find(text, names, near=near)) is not None:
        return found
    raise UsageError(f"I know no {noun} called “{short(text)}”. {remedy(text, {noun: names})}")


def remedy(text: str, sets: Mapping[str, Names]) -> str:
    """What to write in place of a text that means nothing; `sets` gives the names by their noun."""
    wanted = " ".join(_words(text))
    shown = [labels(names) for names in sets.values()]
    near = [
        (_likeness(wanted, name), label[value])
        for names, label in zip(sets.values(), shown, strict=True)
        for name, value in names.items()
    ]
    score, nearest = max(near, key=lambda scored: scored[0], default=(0, ""))
    if score >= LIKE:
        return f"Did you mean “{nearest}”?"
    if few := [", ".join(label.values()) for label in shown if len(label) <= LISTED]:
        return f"Choose from {'; or '.join(few)}."
    return f"Name a {next(iter(sets))} such as {', '.join(list(shown[0].values())[:3])}."


def _likeness(wanted: str, name: str) -> float:
    """0..100: how much a text is like a name, or like one longer word of it."""
    words = _words_of(name)
    return max([fuzz.ratio(wanted, " ".join(words)), *(fuzz.ratio(wanted, w) for w in words if len(w) > SHORT)])


def labels(names: Names) -> dict[str, str]:
    """Value -> the name that is shown."""
    shown: dict[str, str] = {}
    for name, value in names.items():
        shown.setdefault(value, name)
    return shown


def ranked(typed: str, names: Names, most: int) -> list[str]:
    """The values that the beginning of a name may mean, likeliest first; all of them, in order, for no text."""
    wanted = " ".join(_words(typed))
    if not wanted:
        return list(labels(names))[:most]
    best: dict[str, float] = {}
    shown = labels(names)
    for name, value in names.items():
        unseen = 0 if shown[value] == name else 0.5  # what is seen to match goes before what does so by another name
        best[value] = min(_distance(wanted, " ".join(_words_of(name))) + unseen, best.get(value, 100))
    near = sorted((d, n, v) for n, (v, d) in enumerate(best.items()) if d < 40)
    return [value for _, _, value in near][:most]


def _distance(wanted: str, name: str) -> float:
    """0 for the same, less than 10 for a beginning, up to 100."""
    if wanted == name:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in f" {name}":
        return 2
    return 100 - fuzz.WRatio(wanted, name)


def short(text: str) -> str:
    """A text as a refusal repeats it."""
    return text if len(text) <= 40 else text[:39] + "…"


def _words(text: str) -> tuple[str, ...]:
    """Lower-case words without signs and without the plural's s."""
    words = re.findall(r"\w+", text.casefold().replace("_", " "))
    return tuple(w[:-1] if len(w) > SHORT and w[-1] == "s" and w[-2] != "s" else w for w in words)


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    """The words of a known name: asked for at every look-up, and never changing."""
    return _words(name)


def _slips(typed: Sequence[str], name: Sequence[str]) -> int | None:
    """How many keys were missed, word by word; None where it is another name."""
    if len(typed) != len(name):
        return None
    total = 0
    for a, b in zip(typed, name, strict=True):
        allowed = 0 if min(len(a), len(b)) <= SHORT else 1 if min(len(a), len(b)) < LONG else 2
        count = OSA.distance(a, b)
        if count > allowed:
            return None
        total += count
    return total
