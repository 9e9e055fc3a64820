"""What is offered while somebody types the value of an option or field, drawn from the content. It knows nobody."""

from __future__ import annotations

from collections.abc import Callable

from bot.catalogue import Catalogue
from bot.door import naming
from bot.door.messages import LIMITS, Choice, clip
from bot.members import fields
from bot.vocabulary import worth_offering

Suggest = Callable[[str, str], tuple[Choice, ...]]


def suggesting(bank: Catalogue) -> Suggest:
    """Kind of option or field, and what is typed -> up to 25 values, likeliest first; the first ones for no text.

    Nothing for a kind whose values are not a closed set.
    """
    offered = worth_offering(bank)

    def suggest(kind: str, typed: str) -> tuple[Choice, ...]:
        if kind == "zone":
            return tuple(Choice(z, z) for z in fields.nearest_zones(typed, LIMITS.CHOICES))
        names = next((names for known, names in offered.items() if known == kind), {})
        shown = naming.labels(names)
        near = naming.ranked(typed, names, LIMITS.CHOICES)
        return tuple(Choice(value, clip(shown[value], LIMITS.CHOICE_LABEL)) for value in near)

    return suggest
