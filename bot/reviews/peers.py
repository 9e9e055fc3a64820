"""When peers have settled a point between them, and how many more have to speak. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.model import Decision, MemberId, Ruling

VOICES = 2
"""Peers who settle a point by saying the same of it."""


def settled(points: Iterable[str], votes: Sequence[Mapping[str, Ruling]]) -> dict[str, Ruling]:
    """What the votes, in the order in which they were given, settle.

    Two who agree; after two who differ the third, whose voice decides.
    """
    found: dict[str, Ruling] = {}
    for point in points:
        said = _said(point, votes)
        if len(said) > VOICES or (len(said) == VOICES and said[0].state is said[1].state):
            found[point] = said[-1]
    return found


def disputed(points: Iterable[str], votes: Sequence[Mapping[str, Ruling]]) -> bool:
    """Whether two have differed on a point and nobody has decided between them."""
    return any(len(_said(p, votes)) == VOICES and p not in settled((p,), votes) for p in points)


def needed(points: Iterable[str], votes: Sequence[Mapping[str, Ruling]]) -> int:
    """How many more peers have to speak before every open point can be settled, at least 1."""
    return max((max(1, VOICES - len(_said(p, votes))) for p in points), default=1)


def upheld(agreed: Mapping[str, Ruling], given: Iterable[Decision]) -> list[MemberId]:
    """Whose voice settled something: they spoke of a point that was agreed on, and of none differently."""
    return [
        d.reviewer
        for d in given
        if (spoken := agreed.keys() & d.points) and all(d.points[p].state is agreed[p].state for p in spoken)
    ]


def _said(point: str, votes: Sequence[Mapping[str, Ruling]]) -> list[Ruling]:
    return [vote[point] for vote in votes if point in vote]
