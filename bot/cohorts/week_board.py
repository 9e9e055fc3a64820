"""A cohort's board of one week, read from the ledger: who is named, how far the team is, who is thanked.

What may be shown is decided by `standings`; this looks up what those rules need. It knows no words and no channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from bot.cohort_model import Cohort
from bot.cohorts import standings, weeks
from bot.cohorts.thanks import thanked
from bot.cohorts.weeks import Own, Week
from bot.model import CohortId, MemberId
from bot.store import standings as totals
from bot.store.session import Tx
from bot.store.standings import Span, Tally

ALONE = 1
"""So many learners are no team, whose week is a single person's."""


@dataclass(frozen=True, slots=True)
class WeekBoard:
    """What everybody in the cohort may see of a week."""

    cohort: CohortId
    name: str
    """The cohort's."""
    week: Week
    zone: str
    state: Literal["so_far", "provisional", "final"]
    places: tuple[tuple[int, str, int], ...]
    """(place, name, points), highest first; names are untrusted text of any length."""
    level: bool
    """Enough are active, but so many are level that nobody is named."""
    improved: tuple[str, ...]
    cleared: int
    """Due concepts, by all learners together."""
    goal: int | None
    """None in a week of which the cohort existed only a part."""
    thanks: tuple[str, ...]
    is_last: bool = False
    """The cohort's last day lies in it."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing yet that is worth telling anybody."""
        return not (self.places or self.level or self.improved or self.cleared or self.thanks)

    @property
    def content(self) -> str:
        """Tells whether two boards say the same; at most 16 characters."""
        return sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look into the ledger gives: a week of a cohort and those before it, newest first."""

    cohort: Cohort
    weeks: tuple[Week, ...]
    tallies: Sequence[Tally]

    def points(self, n: int) -> dict[MemberId, int]:
        """The points of the n-th week, of those who are on its board.

        Whoever comes, or changes how they appear, after a board was final is on later ones only: nobody is
        found out by an old board that changes.
        """
        week = self.weeks[n]
        there = (t for t in self.tallies if t.on_board and t.joined_at < week.ends_at and t.said_at < week.final_at)
        return {t.member: t.points[n] for t in there}

    def earlier(self, n: int) -> dict[MemberId, Sequence[int]]:
        """The points of the whole weeks of the cohort before the n-th, newest first."""
        whole = sum(w.starts_at >= weeks.began(self.cohort) for w in self.weeks[n + 1 :])
        return {t.member: t.points[n + 1 : n + 1 + whole] for t in self.tallies}

    def cleared(self, n: int) -> int:
        week = self.weeks[n]
        return sum(t.cleared[n] for t in self.tallies if _was_in(t, week))

    def learners(self, n: int) -> int:
        """Those who learn in it at the end of the n-th week."""
        week = self.weeks[n]
        return sum(_was_in(t, week) and (t.left_at is None or t.left_at >= week.ends_at) for t in self.tallies)

    @property
    def is_team(self) -> bool:
        return self.learners(0) > ALONE


def _was_in(one: Tally, week: Week) -> bool:
    """Those who leave stay in the team's count of their weeks: what is missing from it would tell what was theirs."""
    return one.joined_at < week.ends_at and (one.left_at is None or one.left_at > week.starts_at)


def spans(of: Cohort | Own, asked: Sequence[Week]) -> list[Span]:
    return [
        Span(weeks.before(of, w).starts_at, w.starts_at, w.ends_at, w.starts_at + weeks.GRACE, w.final_at)
        for w in asked
    ]


def look(tx: Tx, cohort: Cohort, week: Week, boards: int = 1) -> Reading:
    """All that the boards of so many weeks need, of which the given one is the newest."""
    asked = weeks.weeks_until(cohort, week, boards + standings.HISTORY)
    return Reading(cohort, asked, totals.tallies(tx, cohort.id, spans(cohort, asked)))


def board_of(tx: Tx, found: Reading, now: datetime, n: int = 0) -> WeekBoard:
    """The board of the n-th week of what was found."""
    cohort, week = found.cohort, found.weeks[n]
    points = found.points(n)
    named = standings.places(points)
    improved = standings.most_improved(points, found.earlier(n))
    called = totals.names(tx, cohort.id, [*(p.member for p in named), *improved])
    places = [(p.place, called.get(p.member, ""), p.points) for p in named]
    return WeekBoard(
        cohort=cohort.id,
        name=cohort.name,
        week=week,
        zone=weeks.zone_on(cohort, week.monday),
        state="so_far" if now < week.ends_at else "provisional" if now < week.final_at else "final",
        places=tuple(sorted(places, key=lambda p: (p[0], p[1].casefold()))),
        level=not named and standings.is_told(points),
        improved=tuple(sorted((called.get(m, "") for m in improved), key=str.casefold)),
        cleared=found.cleared(n),
        goal=_goal(found, n) if found.learners(n) > ALONE else None,
        thanks=thanked(tx, cohort, week),
        is_last=cohort.ends_on is not None and 0 <= (cohort.ends_on - week.monday).days < 7,
    )


def _goal(found: Reading, n: int) -> int | None:
    since = weeks.began(found.cohort)
    if found.weeks[n].starts_at < since:
        return None
    before = range(n + 1, n + 1 + standings.HISTORY)
    whole = [found.cleared(m) for m in before if found.weeks[m].starts_at >= since]
    return standings.team_goal(whole, found.learners(n), found.cohort.goal)
