"""Who is named on a week's board and what the team aims at. Pure: points by member in, places and figures out.

It knows neither names nor where points come from. Whoever calls gives it the points of those who are on the board, and
of nobody else: so nothing that is shown tells of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from statistics import median

from bot.model import MemberId

FEWEST = 5
"""So many have to be active on a board for anybody to be named."""
MANY = 12
"""From so many on, the top half is shown, or MOST of it; of fewer, the first TOP_OF_FEW."""
TOP_OF_FEW = 3
MOST = 10
HISTORY = 4
"""Weeks of which a median or an average is taken."""
ACTIVE_WEEKS = 2
"""So many of them have to have brought points for somebody to be compared with themselves."""
MOST_IMPROVED = 3
"""More than so many who improved equally are not named."""
AIM = 0.9
"""The team's goal as a share of its average."""
MORE = 1.1
"""A member's next goal as a multiple of their usual week."""


@dataclass(frozen=True, slots=True)
class Place:
    place: int
    """From 1; those with equal points have the same, and the next one counts them all: 1, 2, 2, 4."""
    member: MemberId
    points: int


def active(points: Mapping[MemberId, int]) -> dict[MemberId, int]:
    """Those who have any points."""
    return {member: n for member, n in points.items() if n > 0}


def is_told(points: Mapping[MemberId, int]) -> bool:
    """Whether enough are active for places to be told at all."""
    return len(active(points)) >= FEWEST


def places(points: Mapping[MemberId, int]) -> tuple[Place, ...]:
    """Who is named, highest first and equals in no order that means anything.

    Equals are named together or not at all: where they do not all fit, it ends before them.
    """
    playing = active(points)
    if not is_told(points):
        return ()
    fit = TOP_OF_FEW if len(playing) < MANY else min(MOST, len(playing) // 2)
    ranked = sorted(playing.values(), reverse=True)
    end = fit
    while end and ranked[end] == ranked[end - 1]:
        end -= 1
    least = ranked[end - 1] if end else ranked[0] + 1
    named = sorted((m for m, n in playing.items() if n >= least), key=lambda m: (-playing[m], m))
    return tuple(Place(ranked.index(playing[m]) + 1, m, playing[m]) for m in named)


def place_of(points: Mapping[MemberId, int], member: MemberId) -> int | None:
    """Where somebody stands, for their own eyes; None without points, or among so few that it would tell of others."""
    own = points.get(member, 0)
    if own <= 0 or not is_told(points):
        return None
    return 1 + sum(n > own for n in points.values())


def usual(earlier: Sequence[int]) -> float | None:
    """A member's usual week, of the points of their last HISTORY weeks; None where too few of them brought any.

    Weeks before the first of these that brought any are left out: nobody has improved by having begun.
    """
    weeks = list(earlier[:HISTORY])
    while weeks and weeks[-1] <= 0:
        weeks.pop()
    return float(median(weeks)) if sum(n > 0 for n in weeks) >= ACTIVE_WEEKS else None


def most_improved(points: Mapping[MemberId, int], earlier: Mapping[MemberId, Sequence[int]]) -> tuple[MemberId, ...]:
    """Who rose most above their own usual week, equals together; nobody where that is true of many.

    By how much is for nobody else: with points that were seen in other weeks it would give away those of this one.
    """
    if not is_told(points):
        return ()
    risen = {m: n - before for m, n in active(points).items() if (before := usual(earlier.get(m, ()))) is not None}
    most = max(risen.values(), default=0.0)
    if most <= 0:
        return ()
    first = sorted(m for m, rise in risen.items() if rise == most)
    return tuple(first) if len(first) <= MOST_IMPROVED else ()


def team_goal(cleared: Sequence[int], learners: int, stated: int) -> int:
    """Due concepts that a team aims to clear in a week.

    `cleared`: those of the whole weeks before, newest first; with fewer than HISTORY of them, or none cleared, it is
    what the cohort stated for each person.
    """
    weeks = cleared[:HISTORY]
    if len(weeks) < HISTORY or not sum(weeks):
        return max(1, stated * learners)
    return max(1, floor(AIM * sum(weeks) / HISTORY + 0.5))


def next_goal(earlier: Sequence[int]) -> int | None:
    """Points that a member may aim at: a tenth more than their usual week; None for who has no usual week yet."""
    before = usual(earlier)
    return None if before is None else max(1, floor(MORE * before + 0.5))
